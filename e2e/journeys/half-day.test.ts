/** Half a day of leave: filled in on a phone, agreed twice at desks, copied to two people, followed live (003-f, F-01). */
import assert from "node:assert/strict";

import {
  PERSONAL,
  agree,
  decision,
  field,
  fillIn,
  halfDay,
  numberOf,
  openForm,
  openFrom,
  paper,
  routeIs,
  status,
  submit,
} from "../src/leave.ts";
import { look } from "../src/look.ts";
import type { Person } from "../src/person.ts";
import type { Seat } from "../src/seat.ts";
import { type Stage, test } from "../src/stage.ts";

// proves: F-01, FLOW-01, FLOW-04, FLOW-08, FLOW-11, FORM-13, FORM-14, MOB-01
test("half a day of leave, from a phone to its end, in Chinese", (stage) => halfADay(stage, { locale: "zh-CN", scheme: "light" }));

// proves: F-01, MOB-01
test("half a day of leave, from a phone to its end, in English and in the dark", (stage) =>
  halfADay(stage, { locale: "en", scheme: "dark" }));

async function halfADay(stage: Stage, seat: Pick<Seat, "locale" | "scheme">): Promise<void> {
  const name = (page: string) => `half-day/${page}`;
  const reason = seat.locale === "en" ? "Registering a change of address" : "上午去办理落户手续";
  const linXiao = await stage.enters("linxiao", { ...seat, device: "phone" });

  // On the bus: fills it in, and what is typed is kept as a draft without being asked.
  await openForm(linXiao);
  await look(linXiao, name("1-empty-form"));
  await fillIn(linXiao, halfDay(reason));
  await linXiao.sees(linXiao.like("workflow.draft_saved"));
  await linXiao.sees(field(linXiao, "period").getByText(linXiao.t("forms.working_days", { n: "0.5" })));
  // Where it would go stands there before it is sent: the supervisor, HR, then copies only.
  for (const predicted of ["赵晴", "许静", "周远航", "方悦"]) await linXiao.sees(linXiao.page.locator("ol").getByText(predicted));
  await look(linXiao, name("2-filled-in"));

  await continuesTheDraft(linXiao, reason);
  const id = await submit(linXiao);
  const number = await numberOf(linXiao, id);
  await linXiao.sees(status(linXiao, "status.running"));
  await routeIs(linXiao, [
    { state: "past", person: "林晓" },
    { state: "present", person: "赵晴" },
    { state: "future", person: "许静" },
    { state: "future", person: "周远航" },
  ]);
  await look(linXiao, name("3-sent"));

  // Two actions from the list to the decision.
  const zhaoQing = await stage.enters("zhaoqing", seat);
  await openFrom(zhaoQing, "waiting", number);
  await zhaoQing.sees(zhaoQing.t("workflow.why_me"));
  await look(zhaoQing, name("4-supervisor"));
  await agree(zhaoQing, zhaoQing.named("同意，注意交接", "Fine, hand over your work"));

  // The phone on the bus hears of it by itself.
  await routeIs(linXiao, [
    { state: "past", person: "林晓" },
    { state: "past", person: "赵晴" },
    { state: "present", person: "许静" },
    { state: "future", person: "周远航" },
  ]);
  await linXiao.sees(paper(linXiao).getByText(linXiao.named("同意，注意交接", "Fine, hand over your work")));

  const xuJing = await stage.enters("xujing", seat);
  await openFrom(xuJing, "waiting", number);
  await agree(xuJing);

  await linXiao.sees(status(linXiao, "status.completed"));
  await linXiao.seesNot(decision(linXiao, "approve"));
  await look(linXiao, name("5-completed"));

  await isCopied(stage, "zhouyuanhang", number, seat);
  const fangYue = await isCopied(stage, "fangyue", number, seat);
  await look(fangYue, name("6-copy"));
  await linXiao.sees(linXiao.t("workflow.read_of", { read: 2, all: 2 }));

  // Each message leads to what it is about.
  await linXiao.goto("/notifications");
  const message = await linXiao.sees(linXiao.page.getByRole("listitem").filter({ hasText: number }));
  await message.click();
  await linXiao.page.waitForURL(new RegExp(id));
  await linXiao.sees(status(linXiao, "status.completed"));
}

/** Leaves the form, finds the draft in its list with everything in it, and goes on. */
async function continuesTheDraft(person: Person, reason: string): Promise<void> {
  const kept = await person.asks<{ items: { id: string; values: { reason?: string } }[] }>("GET", "/drafts");
  const draft = kept.items.find((each) => each.values.reason === reason);
  assert.ok(draft, "what was typed is kept");
  await person.goto("/inbox/drafts");
  const drafts = person.page.getByRole("list", { name: person.t("workflow.list_drafts") });
  // She has others, of journeys that run meanwhile.
  const link = drafts.locator(`a[href*="${draft.id}"]`);
  // Which of them it is can be seen without opening it.
  await person.sees(link.getByText(person.named(PERSONAL.zh, PERSONAL.en)));
  await look(person, "half-day/2-draft");
  await link.click();
  await person.page.waitForURL(/draft=/);
  const written = field(person, "reason").locator("textarea");
  await written.waitFor();
  assert.equal(await written.inputValue(), reason);
  await person.sees(field(person, "period").getByText(person.t("forms.working_days", { n: "0.5" })));
}

/** Somebody finds the copy unread, and opening it is reading it. */
async function isCopied(stage: Stage, login: string, number: string, seat: Partial<Seat>): Promise<Person> {
  const person = await stage.enters(login, seat);
  await openFrom(person, "copied", number);
  await person.sees(status(person, "status.completed"));
  assert.equal(await decision(person, "approve").count(), 0, "a copy asks for no decision");
  return person;
}
