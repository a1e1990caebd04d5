/** What must not happen: sent twice, lost, left by accident, wrongly filled in, decided too late. */
import assert from "node:assert/strict";

import { chooseKind, confirm, decision, field, fillIn, fillPeriod, halfDay, numberOf, openForm, openFrom, opinion, SICK, status, submit, submitButton, submitted, threeDays } from "../src/leave.ts";
import { look, picture } from "../src/look.ts";
import type { Person } from "../src/person.ts";
import { test } from "../src/stage.ts";

// proves: FLOW-01, FORM-03, FORM-06
test("a form says at its fields what is wrong, and a double click sends it once", async (stage) => {
  const wuTong = await stage.enters("wutong");
  await openForm(wuTong);

  // Nothing filled in: each duty is named at the button, and the button leads to the first.
  await submitButton(wuTong).click();
  await wuTong.sees(wuTong.like("workflow.lacking", { n: 3 }));
  await wuTong.sees(field(wuTong, "reason").getByRole("alert"));
  await look(wuTong, "refusals/1-empty");

  // An end before the beginning, and sick leave of two days without a certificate.
  await fillIn(wuTong, threeDays("发烧"));
  await chooseKind(wuTong, SICK);
  await wuTong.sees(field(wuTong, "evidence").getByRole("alert"));
  await look(wuTong, "refusals/2-evidence-is-due");
  await fillPeriod(wuTong, { date: "2026-11-24", half: "pm" }, { date: "2026-11-24", half: "am" });
  await wuTong.sees(field(wuTong, "period").getByText(wuTong.t("forms.period_reversed")));
  await look(wuTong, "refusals/3-reversed");
  await fillPeriod(wuTong, { date: "2026-11-24", half: "am" }, { date: "2026-11-24", half: "am" });

  const before = await started(wuTong);
  // A slow network: the second click falls while the first is still on its way.
  await wuTong.page.route("**/api/v1/cases", async (route) => {
    await new Promise((done) => setTimeout(done, 700));
    await route.continue();
  });
  await confirm(wuTong);
  await submitButton(wuTong).dblclick();
  const id = await submitted(wuTong);
  assert.deepEqual((await started(wuTong)).filter((each) => !before.includes(each)), [id]);
});

const started = async (person: Person): Promise<string[]> =>
  (await person.asks<{ items: { id: string }[] }>("GET", "/cases?list=started")).items.map((row) => row.id);

// proves: MOB-01
test("a dropped network keeps what is typed, and leaving it asks", async (stage) => {
  const wuTong = await stage.enters("wutong", { device: "phone" });
  wuTong.expects(0);
  await openForm(wuTong);
  await fillIn(wuTong, halfDay("去银行"));
  await wuTong.sees(wuTong.like("workflow.draft_saved"));

  await wuTong.page.context().setOffline(true);
  const reason = field(wuTong, "reason").locator("textarea");
  await reason.fill("去银行办理房贷手续");
  await wuTong.sees(wuTong.like("workflow.draft_kept"));
  await picture(wuTong, "refusals/4-offline");

  // Leaving now would leave the words in this browser only: it asks, and "no" stays.
  await wuTong.page.getByRole("button", { name: wuTong.t("ui.back"), exact: true }).click();
  const question = wuTong.page.getByRole("dialog", { name: wuTong.t("workflow.leave_sure") });
  await question.waitFor();
  await picture(wuTong, "refusals/5-leaving");
  await question.getByRole("button", { name: wuTong.t("ui.cancel") }).click();
  await question.waitFor({ state: "hidden" });
  assert.equal(await reason.inputValue(), "去银行办理房贷手续");

  // Sending it in the gap says what happened; with the network back the same button sends it once.
  await confirm(wuTong);
  await submitButton(wuTong).click();
  await wuTong.sees(wuTong.like("workflow.kept_typed"));
  await wuTong.page.context().setOffline(false);
  await wuTong.page.getByRole("button", { name: new RegExp(`^(${wuTong.t("ui.retry")}|${wuTong.t("workflow.submit")})`) }).click();
  const id = await submitted(wuTong);
  const sent = await wuTong.asks<{ values: Record<string, unknown> }>("GET", `/cases/${id}`);
  assert.equal(sent.values["reason"], "去银行办理房贷手续");
});

// proves: FLOW-15, FLOW-23, FLOW-37
test("a rejection wants words and ends the case; a withdrawn one is nobody's task any more", async (stage) => {
  const wuTong = await stage.enters("wutong");
  await openForm(wuTong);
  await fillIn(wuTong, halfDay("私事"));
  const rejected = await submit(wuTong);

  const zhaoQing = await stage.enters("zhaoqing", { device: "phone" });
  await openFrom(zhaoQing, "waiting", await numberOf(wuTong, rejected));
  await decision(zhaoQing, "reject").click();
  await zhaoQing.sees(zhaoQing.page.getByRole("alert").getByText(zhaoQing.t("workflow.opinion_missing")));
  await look(zhaoQing, "refusals/6-rejection-wants-words");
  await opinion(zhaoQing).fill("当天有版本上线");
  await decision(zhaoQing, "reject").click();
  await zhaoQing.isTold("workflow.did_reject");
  await wuTong.sees(status(wuTong, "status.rejected"));
  await wuTong.sees("当天有版本上线");
  await look(wuTong, "refusals/7-rejected");

  await openForm(wuTong);
  await fillIn(wuTong, halfDay("看房"));
  const withdrawn = await submit(wuTong);
  const number = await numberOf(wuTong, withdrawn);
  // The supervisor's page hears nothing of what happens meanwhile: it shows what was.
  const late = await stage.enters("zhaoqing");
  await late.page.routeWebSocket(/\/live/, () => undefined);
  await openFrom(late, "waiting", number);
  await late.sees(decision(late, "approve"));

  await wuTong.exactly("workflow.withdraw").click();
  const sure = wuTong.page.getByRole("dialog", { name: wuTong.t("workflow.withdraw_sure") });
  await sure.getByRole("button", { name: wuTong.t("workflow.withdraw") }).click();
  await wuTong.isTold("workflow.did_withdraw");
  await wuTong.sees(status(wuTong, "status.withdrawn"));
  await look(wuTong, "refusals/8-withdrawn");

  late.expects(409, 412);
  await decision(late, "approve").click();
  const words = await late.sees(late.page.getByRole("log").getByRole("alert"));
  assert.doesNotMatch(await words.innerText(), /[a-z]+\.[a-z_]+|undefined|\{/);
  await picture(late, "refusals/9-decided-too-late");
});

// proves: FLOW-11
test("nobody else sees the case, by list, by address or by its number", async (stage) => {
  const wuTong = await stage.enters("wutong");
  await openForm(wuTong);
  await fillIn(wuTong, halfDay("体检"));
  const id = await submit(wuTong);
  const number = await numberOf(wuTong, id);

  const dengJia = await stage.enters("dengjia", { locale: "en" });
  dengJia.expects(404);
  await dengJia.goto(`/cases/${id}`);
  await dengJia.sees(dengJia.t("not_found"));
  await look(dengJia, "refusals/10-not-yours");
  for (const list of ["done", "started", "copied"]) {
    const found = await dengJia.asks<{ items: unknown[] }>("GET", `/cases?list=${list}&q=${encodeURIComponent(number)}`);
    assert.deepEqual(found.items, [], list);
  }
  const refused = await dengJia.ask("POST", `/cases/${id}/comments`, { text: "?" });
  assert.equal(refused.status, 404);
});
