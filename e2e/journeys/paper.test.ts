/** A long leave on paper: printed at the desk, signed by hand, and back as a scan, also from a phone's camera. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import type { Locator } from "playwright-core";

import { decision, openFrom, routeIs, status } from "../src/leave.ts";
import { look } from "../src/look.ts";
import type { Person } from "../src/person.ts";
import { test } from "../src/stage.ts";
import { asksFor, publishes } from "../src/tasks.ts";

const PAPER = readFileSync(new URL("../../presets/patterns/paper-route.flow.yaml", import.meta.url), "utf8");

/** The browser's own dialog is nobody's here: it counts that it was asked for. */
async function printsToSign(person: Person, place: Locator): Promise<void> {
  await person.page.evaluate(() => {
    window.print = () => document.body.setAttribute("data-printed", "yes");
  });
  await place.getByRole("button", { name: person.t("workflow.print_to_sign") }).click();
  await person.page.locator("body[data-printed]").waitFor();
  await person.page.evaluate(() => document.body.removeAttribute("data-printed"));
}

const signing = (person: Person): Locator => person.page.getByRole("dialog", { name: person.t("workflow.sign_title") });

async function records(person: Person, verb: "approve" | "complete", signer?: string): Promise<void> {
  const dialog = signing(person);
  if (signer) await dialog.getByText(signer).first().waitFor();
  await person.pickDay(dialog.getByLabel(person.t("workflow.signed_day")), await today(person));
  const buffer = await person.page.screenshot({ clip: { x: 0, y: 0, width: 200, height: 120 } });
  await dialog.locator("input[type=file]").setInputFiles({ name: "signed.png", mimeType: "image/png", buffer });
  await dialog.getByText("signed.png").waitFor();
  await look(person, `paper/${verb}-with-the-scan`);
  await dialog.getByRole("button", { name: person.t(`workflow.${verb}`) }).click();
  await person.isTold(`workflow.did_${verb}`);
}

/** Where the house stands. */
async function today(person: Person): Promise<string> {
  return person.page.evaluate(() => new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(new Date()));
}

// proves: FLOW-35, MOB-01
test("a long leave is printed, signed on paper and comes back as a scan at every step", async (stage) => {
  await publishes(stage, PAPER);
  const period = { from: { date: "2026-11-23" }, to: { date: "2026-11-27" } };
  const [leave] = await asksFor(stage, "linxiao", "pattern-paper-route", [{ period, reason: "探亲" }]);
  assert.ok(leave);

  const superior = await stage.enters("zhaoqing");
  await openFrom(superior, "waiting", leave.number);
  await superior.sees(superior.page.getByText(superior.t("workflow.paper_not_printed")));
  await look(superior, "paper/1-to-be-printed");
  await printsToSign(superior, superior.page.getByRole("main"));
  await superior.sees(superior.page.getByText(superior.t("workflow.paper_printed", { n: 1 })));
  await decision(superior, "approve").click();
  await records(superior, "approve");

  // Personnel records on a phone what the manager signed on the same sheet.
  const personnel = await stage.enters("fangyue", { device: "phone" });
  await openFrom(personnel, "waiting", leave.number);
  await look(personnel, "paper/2-recorded-on-a-phone");
  await decision(personnel, "complete").click();
  await records(personnel, "complete", "许静");

  const linXiao = await stage.enters("linxiao", {}, `/cases/${leave.id}`);
  await linXiao.sees(status(linXiao, "status.completed"));
  await routeIs(linXiao, [
    { state: "past", person: "林晓" },
    { state: "past", person: "赵晴" },
    { state: "past", person: "方悦" },
  ]);
  await linXiao.sees(linXiao.page.getByText("signed.png").first());
  await look(linXiao, "paper/3-signed");
  await linXiao.page.emulateMedia({ media: "print" });
  await look(linXiao, "paper/4-the-sheet");
});
