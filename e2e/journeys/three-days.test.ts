/** Three days of leave: returned, corrected on a phone, urged, commented on, agreed by keyboard (003-f, F-01). */
import assert from "node:assert/strict";

import { agree, confirm, decision, field, fillIn, fillPeriod, numberOf, openForm, openFrom, opinion, paper, routeIs, status, steps, submit, threeDays } from "../src/leave.ts";
import { look, picture } from "../src/look.ts";
import type { Person } from "../src/person.ts";
import { type Stage, test } from "../src/stage.ts";

// proves: F-01, FLOW-03, FLOW-04, FLOW-12, FLOW-15, FLOW-22, FLOW-28, FLOW-38, FORM-13, FORM-14
test("three days of leave: returned with words, corrected on the phone, agreed by keyboard", async (stage) => {
  const linXiao = await stage.enters("linxiao");
  await openForm(linXiao);
  // Before the length is known the way depends on it, and says so.
  await linXiao.sees(linXiao.like("workflow.depends_on"));
  await look(linXiao, "three-days/1-depends-on-the-length");
  await fillIn(linXiao, threeDays("回老家看望父母"));
  await linXiao.sees(field(linXiao, "period").getByText(linXiao.t("forms.working_days", { n: "3" })));
  await look(linXiao, "three-days/2-filled-in");
  const id = await submit(linXiao);
  const number = await numberOf(linXiao, id);
  await routeIs(linXiao, [
    { state: "past", person: "林晓" },
    { state: "present", person: "赵晴" },
    { state: "future", person: "许静" },
    { state: "future", person: "周远航" },
    { state: "future", person: "方悦" },
  ]);

  const zhaoQing = await returnedWithWords(stage, number);
  const phone = await correctedOnThePhone(stage, number);

  // Straight back to whom it came from, and it is there without a reload.
  await zhaoQing.sees(decision(zhaoQing, "approve"));
  await zhaoQing.sees(paper(zhaoQing).getByText("回老家看望父母，已安排吴桐交接"));
  await zhaoQing.page.keyboard.press("a");
  await zhaoQing.isTold("workflow.did_approve");

  const xuJing = await stage.enters("xujing");
  await urged(phone, xuJing, number);
  await openFrom(xuJing, "waiting", number);
  await commentsWithAFile(xuJing, linXiao);
  await agree(xuJing, "年假余额充足");

  const zhouYuanhang = await stage.enters("zhouyuanhang");
  await decidedWithTheKeyboardAlone(zhouYuanhang, number);

  await linXiao.sees(status(linXiao, "status.completed"));
  await look(linXiao, "three-days/8-completed");
  for (const words of ["请写清交接安排", "年假余额充足", "同意，早去早回"]) await linXiao.sees(words);
  const past = await steps(linXiao);
  assert.ok(past.every((step) => step.state === "past" || step.state === "skipped"), JSON.stringify(past));

  const fangYue = await stage.enters("fangyue", { device: "phone" });
  await openFrom(fangYue, "copied", number);
  await fangYue.sees(status(fangYue, "status.completed"));
  await look(fangYue, "three-days/9-copy");

  // What is finished cannot be withdrawn: no button, and the server says why to whoever asks all the same.
  assert.equal(await linXiao.exactly("workflow.withdraw").count(), 0);
  linXiao.expects(409);
  const refused = await linXiao.ask("POST", `/cases/${id}/withdrawal`, {});
  assert.equal(refused.status, 409, JSON.stringify(refused.body));
});

async function returnedWithWords(stage: Stage, number: string): Promise<Person> {
  const zhaoQing = await stage.enters("zhaoqing");
  await openFrom(zhaoQing, "waiting", number);
  await zhaoQing.page.keyboard.press("r");
  const dialog = zhaoQing.page.getByRole("dialog", { name: zhaoQing.t("workflow.return_title") });
  await dialog.waitFor();
  await dialog.getByRole("button", { name: zhaoQing.t("workflow.return") }).click();
  await zhaoQing.sees(dialog.getByText(zhaoQing.t("workflow.return_opinion_missing")));
  await look(zhaoQing, "three-days/3-return-wants-words");
  await dialog.getByLabel(zhaoQing.t("workflow.return_opinion")).fill("请写清交接安排");
  await dialog.getByRole("button", { name: zhaoQing.t("workflow.return") }).click();
  await zhaoQing.isTold("workflow.did_return");
  await openFrom(zhaoQing, "done", number);
  return zhaoQing;
}

async function correctedOnThePhone(stage: Stage, number: string): Promise<Person> {
  const phone = await stage.enters("linxiao", { device: "phone" });
  await openFrom(phone, "waiting", number);
  await phone.sees(status(phone, "stage.at_initiator"));
  await phone.sees(phone.page.getByRole("alert").getByText("请写清交接安排"));
  await look(phone, "three-days/4-returned");
  await field(phone, "reason").locator("textarea").fill("回老家看望父母，已安排吴桐交接");
  await confirm(phone);
  await decision(phone, "resubmit").click();
  await phone.isTold("workflow.did_resubmit");
  return phone;
}

/** The initiator urges; the one who is urged is told; a second time at once is refused with words. */
async function urged(initiator: Person, handler: Person, number: string): Promise<void> {
  await openFrom(initiator, "started", number);
  await initiator.exactly("workflow.urge").click();
  await initiator.isTold("workflow.did_urge");
  await handler.goto("/notifications");
  await handler.sees(handler.page.getByRole("listitem").filter({ hasText: number }).filter({ hasText: "催办" }));
  await look(handler, "three-days/5-notifications");
  const again = initiator.exactly("workflow.urge");
  if (await again.isVisible()) {
    initiator.expects(409);
    await again.click();
    await initiator.sees(initiator.like("workflow.urged_just_now"));
  }
}

/** A comment with a picture: uploaded, shown small, opened, and downloaded as it was. */
async function commentsWithAFile(writer: Person, reader: Person): Promise<void> {
  const image = await writer.page.screenshot({ clip: { x: 0, y: 0, width: 320, height: 200 } });
  const comments = writer.page.getByRole("region", { name: writer.t("workflow.comments") });
  await comments.getByTestId("files").setInputFiles({ name: "车票.png", mimeType: "image/png", buffer: image });
  await comments.getByText("车票.png").waitFor();
  await comments.getByLabel(writer.t("workflow.comment"), { exact: true }).fill("返程车票已看过");
  await comments.getByRole("button", { name: writer.t("workflow.send_comment") }).click();
  await comments.getByText("返程车票已看过").waitFor();
  await look(writer, "three-days/6-comment");

  // Whoever has the case open sees it without a reload, with the picture small.
  const seen = reader.page.getByRole("region", { name: reader.t("workflow.comments") }).getByRole("listitem").filter({ hasText: "返程车票已看过" });
  await seen.waitFor();
  const small = seen.locator("img");
  await small.waitFor();
  assert.ok(await small.evaluate((img: HTMLImageElement) => img.decode().then(() => img.naturalWidth > 0)), "the thumbnail is a picture");
  const address = await seen.getByRole("link").getAttribute("href");
  assert.ok(address);
  const stored = await reader.page.request.get(address);
  assert.equal(stored.status(), 200);
  assert.ok(image.equals(await stored.body()), "what is downloaded is what was uploaded");
  const [opened] = await Promise.all([reader.page.waitForEvent("popup"), seen.getByRole("link").click()]);
  await opened.close();
}

/** From the list to the decision without a mouse. */
async function decidedWithTheKeyboardAlone(person: Person, number: string): Promise<void> {
  await person.goto("/inbox/waiting");
  await person.page.keyboard.press("/");
  await person.page.keyboard.type(number);
  await person.page.waitForURL(/q=/);
  const list = person.page.getByRole("list", { name: person.t("workflow.list_waiting") });
  await list.getByRole("listitem").filter({ hasText: "林晓" }).first().waitFor();
  await person.page.keyboard.press("Escape");
  await person.page.locator("body").click({ position: { x: 700, y: 8 } });
  await person.page.keyboard.press("j");
  await person.page.keyboard.press("Enter");
  await opinion(person).waitFor();
  await picture(person, "three-days/7-general-manager");
  await opinion(person).fill("同意，早去早回");
  await person.page.keyboard.press("Escape");
  await opinion(person).blur();
  await person.page.keyboard.press("a");
  await person.isTold("workflow.did_approve");
}

// proves: FLOW-22
test("a return that changes the length takes the long way, in English", async (stage) => {
  const linXiao = await stage.enters("linxiao", { locale: "en", device: "phone", scheme: "dark" });
  await openForm(linXiao);
  const short = { ...threeDays("Visiting my parents"), to: { date: "2026-11-23", half: "pm" as const } };
  await fillIn(linXiao, short);
  const id = await submit(linXiao);
  const number = await numberOf(linXiao, id);
  const zhaoQing = await stage.enters("zhaoqing", { locale: "en", scheme: "dark" });
  await openFrom(zhaoQing, "waiting", number);
  await decision(zhaoQing, "return").click();
  const dialog = zhaoQing.page.getByRole("dialog", { name: zhaoQing.t("workflow.return_title") });
  await dialog.getByLabel(zhaoQing.t("workflow.return_opinion")).fill("You said three days");
  await picture(zhaoQing, "three-days/return-dialog");
  await dialog.getByRole("button", { name: zhaoQing.t("workflow.return") }).click();
  await zhaoQing.isTold("workflow.did_return");

  await openFrom(linXiao, "waiting", number);
  await fillPeriod(linXiao, threeDays("").from, threeDays("").to);
  await confirm(linXiao);
  await decision(linXiao, "resubmit").click();
  await linXiao.isTold("workflow.did_resubmit");
  await openFrom(linXiao, "started", number);
  const shown = await steps(linXiao);
  assert.ok(shown.some((step) => step.state === "future" && step.words.includes("General manager") && step.words.includes("周远航")), JSON.stringify(shown));
});
