/** The administrator: flows come in, are published and retired; rules change; people are looked after; all of it traced. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { look, picture } from "../src/look.ts";
import type { Person } from "../src/person.ts";
import { test } from "../src/stage.ts";

const PACKAGE = readFileSync(new URL("../flows/visitor-pass.flow.yaml", import.meta.url), "utf8");
const NAME = "访客登记";

// proves: FLOW-02, FLOW-06
test("a flow package with a mistake is shown its line; corrected it is published, started and retired", async (stage) => {
  const gaoXiang = await stage.enters("gaoxiang", {}, "/admin/flows");
  await look(gaoXiang, "administration/1-flows");
  await gaoXiang.exactly("workflow.import").click();
  const dialog = gaoXiang.page.getByRole("dialog", { name: gaoXiang.t("workflow.import_title") });
  const chooser = dialog.locator("input[type=file]");
  const give = async (text: string) => {
    await chooser.setInputFiles({ name: "visitor-pass.flow.yaml", mimeType: "text/yaml", buffer: Buffer.from(text) });
    await dialog.locator(".ant-modal-footer, footer").getByRole("button", { name: gaoXiang.t("workflow.import") }).click();
  };

  // A post that nobody has: the line is named, and going there marks it.
  const wrong = PACKAGE.replace("post: admin_manager", "post: admin_manger");
  const line = wrong.split("\n").findIndex((each) => each.includes("admin_manger")) + 1;
  await give(wrong);
  const problem = dialog.getByRole("alert").getByRole("listitem").first();
  await problem.waitFor();
  assert.match(await problem.innerText(), new RegExp(gaoXiang.t("workflow.line", { line, column: "(\\d+)" })));
  assert.match(await problem.innerText(), /admin_manager/, "it says which post was probably meant");
  await problem.getByRole("button").click();
  const marked = await dialog.locator("textarea").evaluate((area: HTMLTextAreaElement) => area.value.slice(area.selectionStart, area.selectionEnd));
  assert.match(marked, /admin_manger/);
  await look(gaoXiang, "administration/2-a-mistake-by-line");

  await give(PACKAGE);
  await gaoXiang.isTold("workflow.imported_as");
  await dialog.waitFor({ state: "hidden" });

  // Nobody can start it before it is published.
  const xiaTian = await stage.enters("xiatian", { device: "phone" }, "/start");
  const card = xiaTian.page.getByRole("link", { name: NAME });
  assert.equal(await card.count(), 0);

  const block = gaoXiang.page.getByRole("region", { name: NAME });
  await block.getByRole("button", { name: gaoXiang.t("workflow.publish"), exact: true }).click();
  await gaoXiang.page.getByRole("dialog").getByRole("button", { name: gaoXiang.t("workflow.publish"), exact: true }).click();
  await gaoXiang.isTold("workflow.did_publish");
  await block.getByText(gaoXiang.t("workflow.version_published"), { exact: true }).waitFor();
  await look(gaoXiang, "administration/3-published");

  await xiaTian.goto("/start");
  await card.click();
  await xiaTian.page.locator('[data-field="visitor"] input').fill("客人甲");
  await xiaTian.page.locator('[data-field="guests"] input').fill("0");
  await xiaTian.page.locator('[data-field="guests"] input').blur();
  await xiaTian.sees(xiaTian.page.locator('[data-field="guests"]').getByRole("alert"));
  await look(xiaTian, "administration/4-a-new-form");
  await xiaTian.page.locator('[data-field="guests"] input').fill("3");
  await xiaTian.page.locator("#accuracy").check();
  await xiaTian.page.getByRole("button", { name: new RegExp(`^${xiaTian.t("workflow.submit")}`) }).click();
  await xiaTian.page.waitForURL(/\/(inbox\/started|cases)\/[^/]+$/);
  await xiaTian.sees("郑凯");

  await block.getByRole("button", { name: gaoXiang.t("workflow.retire"), exact: true }).click();
  await gaoXiang.page.getByRole("dialog").getByRole("button", { name: gaoXiang.t("workflow.retire"), exact: true }).click();
  await gaoXiang.isTold("workflow.did_retire");
  await xiaTian.goto("/start");
  await xiaTian.sees(xiaTian.page.getByRole("link").first());
  assert.equal(await card.count(), 0, "a retired flow is not offered");
});

// proves: RULE-21
test("a clause is changed with a reason, holds at once, and the trace has the old and the new value", async (stage) => {
  const gaoXiang = await stage.enters("gaoxiang");
  await hasClauses(gaoXiang);
  await gaoXiang.goto("/admin/clauses");
  await look(gaoXiang, "administration/5-clauses");
  const list = gaoXiang.page.getByRole("list", { name: gaoXiang.t("rulebook.clauses") });
  const clause = list.getByRole("listitem").filter({ hasText: "催办" }).first();
  await clause.click();
  const panel = gaoXiang.page.getByRole("dialog");
  await panel.waitFor();
  await look(gaoXiang, "administration/6-a-clause");
  const value = panel.locator("input[inputmode=numeric]").first();
  const old = await value.inputValue();
  const next = String(Number(old) + 7);
  await value.fill(next);
  await panel.getByRole("button", { name: gaoXiang.t("ui.save") }).click();
  await gaoXiang.sees(panel.getByText(gaoXiang.t("rulebook.reason_missing")));
  await panel.getByLabel(gaoXiang.t("rulebook.reason"), { exact: true }).fill("试行一个月");
  await panel.getByRole("button", { name: gaoXiang.t("ui.save") }).click();
  await gaoXiang.isTold("rulebook.changed");

  await gaoXiang.goto("/admin/clauses");
  await list.getByRole("listitem").filter({ hasText: "催办" }).first().click();
  await panel.waitFor();
  assert.equal(await panel.locator("input[inputmode=numeric]").first().inputValue(), next);
  await look(gaoXiang, "administration/7-old-and-new");

  // The trace shows who changed what, from what to what, and why.
  await gaoXiang.goto("/admin/trace");
  const entry = gaoXiang.page.getByRole("list", { name: gaoXiang.t("trace.trace") }).getByRole("listitem").filter({ hasText: "rulebook" }).first();
  await entry.getByRole("button", { name: gaoXiang.t("trace.show") }).click();
  const payload = await entry.locator("pre").innerText();
  assert.match(payload, new RegExp(`\\b${old}\\b`));
  assert.match(payload, new RegExp(`\\b${next}\\b`));
  assert.match(payload, /试行一个月/);
  await look(gaoXiang, "administration/8-trace");
});

/** The product's careful values, written down as clauses of the group, if nobody has done it yet. */
async function hasClauses(administrator: Person): Promise<void> {
  const { items } = await administrator.asks<{ items: unknown[] }>("GET", "/clauses");
  if (items.length > 0) return;
  const units = await administrator.asks<{ items: { id: string }[] }>("GET", "/units");
  await administrator.asks("POST", "/rulebook_presets/default/load", { unit: units.items[0]?.id });
}

// proves: ORG-01, ORG-23
test("people are found by pinyin, changed in a side panel, and a stale panel is refused", async (stage) => {
  const gaoXiang = await stage.enters("gaoxiang", {}, "/admin/people");
  await look(gaoXiang, "administration/9-people");
  const people = gaoXiang.page.getByRole("list", { name: gaoXiang.t("directory.people") });
  for (const typed of ["何欣", "hexin", "hx"]) {
    await gaoXiang.page.getByPlaceholder(gaoXiang.t("directory.search")).fill(typed);
    await gaoXiang.page.waitForURL((url) => url.searchParams.get("q") === typed);
    await people.getByRole("listitem").filter({ hasText: "何欣" }).waitFor();
  }
  await people.getByRole("listitem").filter({ hasText: "何欣" }).click();
  const panel = gaoXiang.page.getByRole("dialog");
  await panel.getByLabel(gaoXiang.t("directory.mobile")).waitFor();
  await look(gaoXiang, "administration/10-a-person");

  // Another administrator's window, opened before the change.
  const other = await gaoXiang.tab();
  // It hears of nothing meanwhile.
  await other.page.routeWebSocket(/\/live/, () => undefined);
  await other.page.goto(gaoXiang.page.url());
  const stale = other.page.getByRole("dialog");
  await stale.getByLabel(other.t("directory.mobile")).waitFor();

  await panel.getByLabel(gaoXiang.t("directory.mobile")).fill("19900000999");
  await panel.getByRole("button", { name: gaoXiang.t("ui.save") }).click();
  await gaoXiang.isTold("directory.changed");
  other.expects(412);
  await stale.getByLabel(other.t("directory.mobile")).fill("19900000888");
  await stale.getByRole("button", { name: other.t("ui.save") }).click();
  await other.sees(other.page.getByRole("log").getByText(other.t("stale")));
  await picture(other, "administration/11-stale");

  // Whoever may not look after people has neither the place nor the page.
  const linXiao = await stage.enters("linxiao");
  assert.equal(await linXiao.page.getByRole("link", { name: linXiao.t("app.admin_people") }).count(), 0);
  linXiao.expects(403);
  assert.equal((await linXiao.ask("GET", "/trace")).status, 403);
});
