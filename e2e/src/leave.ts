/** The sample's leave request (003-f, F-01), as people fill it in and find it. */
import assert from "node:assert/strict";

import type { Locator } from "playwright-core";

import type { Person } from "./person.ts";

/** The flow as the gallery names it, and as its package does. */
export const LEAVE = { code: "f-01-leave", zh: "请假申请", en: "Leave request" };

/** Kinds of leave, as the form's list shows them. */
export const ANNUAL = { zh: "年休假", en: "Annual leave" };
export const PERSONAL = { zh: "事假", en: "Personal leave" };
export const SICK = { zh: "病假", en: "Sick leave" };

export interface HalfDay {
  date: string;
  half: "am" | "pm";
}

export interface Leave {
  kind: { zh: string; en: string };
  from: HalfDay;
  to: HalfDay;
  reason: string;
}

const MORNING: HalfDay = { date: "2026-11-24", half: "am" };

/** The morning of one working day. */
export const halfDay = (reason: string): Leave => ({ kind: PERSONAL, from: MORNING, to: MORNING, reason });

/** Three working days, Monday to Wednesday. */
export const threeDays = (reason: string): Leave => ({
  kind: ANNUAL,
  from: { date: "2026-11-23", half: "am" },
  to: { date: "2026-11-25", half: "pm" },
  reason,
});

/** One field of the form, with its label, its value or control, and its error. */
export const field = (person: Person, id: string): Locator => person.page.locator(`[data-field="${id}"]`);

/** Finds the form among all that may be started, and opens it. */
export async function openForm(person: Person): Promise<void> {
  await person.goto("/start");
  await person.page.getByRole("link", { name: person.named(LEAVE.zh, LEAVE.en) }).click();
  await person.page.waitForURL(/\/start\/./);
  await field(person, "reason").locator("textarea").waitFor();
}

export async function fillIn(person: Person, leave: Leave): Promise<void> {
  await chooseKind(person, leave.kind);
  await fillPeriod(person, leave.from, leave.to);
  await field(person, "reason").locator("textarea").fill(leave.reason);
}

export async function chooseKind(person: Person, kind: Leave["kind"]): Promise<void> {
  await person.choose(field(person, "kind").getByRole("combobox"), person.named(kind.zh, kind.en));
}

export async function fillPeriod(person: Person, from: HalfDay, to: HalfDay): Promise<void> {
  const ends = field(person, "period");
  const dates = ends.locator(".ant-picker input");
  const halves = ends.getByRole("combobox");
  for (const [at, end] of [from, to].entries()) {
    await person.pickDay(dates.nth(at), end.date);
    await person.choose(halves.nth(at), person.t(end.half === "am" ? "forms.morning" : "forms.afternoon"));
  }
}

/** Confirms that everything is true, and sends it; the case's id. */
export async function submit(person: Person): Promise<string> {
  await confirm(person);
  await submitButton(person).click();
  return submitted(person);
}

export async function confirm(person: Person): Promise<void> {
  await person.page.locator("#accuracy").check();
}

export const submitButton = (person: Person): Locator =>
  person.page.getByRole("button", { name: new RegExp(`^${person.t("workflow.submit")}`) });

/** The case that the page shows after it was sent. */
export async function submitted(person: Person): Promise<string> {
  await person.page.waitForURL(/\/(inbox\/started|cases)\/[^/]+$/);
  const id = new URL(person.page.url()).pathname.split("/").pop();
  assert.ok(id, "the address names the case");
  await person.settled();
  return id;
}

/** The case's number, as its page shows it. */
export async function numberOf(person: Person, id: string): Promise<string> {
  return (await person.asks<{ number: string }>("GET", `/cases/${id}`)).number;
}

/** Finds a case in a list of the inbox by its number, and opens it. */
export async function openFrom(person: Person, list: "waiting" | "done" | "started" | "copied", number: string): Promise<void> {
  await person.goto(`/inbox/${list}?q=${encodeURIComponent(number)}`);
  const row = person.page.getByRole("list", { name: person.t(`workflow.list_${list}`) }).getByRole("listitem");
  await row.first().waitFor();
  assert.equal(await row.count(), 1, `${person.login} finds ${number} once under ${list}`);
  await row.first().click();
  await person.page.waitForURL(new RegExp(`/inbox/${list}/.`));
  await person.settled();
}

/** The paper with its opinion boxes. */
export const paper = (person: Person): Locator => person.page.getByRole("group", { name: person.named(LEAVE.zh, LEAVE.en) });

/** The route with its steps; on a phone it is folded until it is tapped. */
export async function route(person: Person): Promise<Locator> {
  const steps = person.page.getByRole("list", { name: person.t("workflow.route") });
  if (person.isOnPhone && !(await steps.isVisible())) {
    await person.page.locator("button[aria-expanded=false]:not([aria-haspopup])").first().click();
  }
  await steps.waitFor();
  return steps.locator(":scope > li");
}

/** What the route says of each step: its state, and the words. */
export async function steps(person: Person): Promise<{ state: string; words: string }[]> {
  const lines = await route(person);
  return lines.evaluateAll((items) =>
    items.map((item) => ({ state: item.getAttribute("data-state") ?? "", words: (item as HTMLElement).innerText.replaceAll("\n", " ") })),
  );
}

export type Step = { state: string; person: string };

/** The route's steps are these, in this order, each with that person. */
export async function routeIs(person: Person, expected: Step[]): Promise<void> {
  let shown: { state: string; words: string }[] = [];
  for (const until = Date.now() + 10_000; Date.now() < until; await person.page.waitForTimeout(100)) {
    shown = await steps(person);
    if (shown.length === expected.length && expected.every((step, at) => shown[at]?.state === step.state && shown[at].words.includes(step.person))) {
      return;
    }
  }
  assert.deepEqual(shown, expected, "the route");
}

/** Where the page says the case is, beside its title. */
export const status = (person: Person, word: "status.running" | "stage.at_initiator" | "status.completed" | "status.rejected" | "status.withdrawn"): Locator =>
  person.page.getByRole("heading", { level: 1 }).getByText(person.t(`workflow.${word}`), { exact: true });

/** A button of the bar that never scrolls away; the quick opinions beside it say the same words. */
export const decision = (person: Person, word: "approve" | "complete" | "return" | "reject" | "resubmit"): Locator =>
  person.page.locator("footer button.ant-btn").getByText(person.t(`workflow.${word}`), { exact: true });

export const opinion = (person: Person): Locator => person.page.getByRole("textbox", { name: person.t("workflow.opinion"), exact: true });

/** Writes an opinion and agrees. */
export async function agree(person: Person, words = ""): Promise<void> {
  if (words) await opinion(person).fill(words);
  await decision(person, "approve").click();
  await person.isTold("workflow.did_approve");
}
