/** What whoever administers a flow does with its running cases; each with a reason that stands on the page and in the trace. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import type { Locator } from "playwright-core";

import { agree, decision, opinion, openFrom, steps } from "../src/leave.ts";
import { look, picture } from "../src/look.ts";
import { type Operation, opens, picks } from "../src/operations.ts";
import type { Person } from "../src/person.ts";
import { type Stage, test } from "../src/stage.ts";
import { type Asked, asksFor, publishes } from "../src/tasks.ts";

const STOCK_COUNT = readFileSync(new URL("../flows/stock-count.flow.yaml", import.meta.url), "utf8");

/** Somebody asks for a stock count, and names the administrator in a comment: he reads what he takes part in, not all. */
async function asksForCount(stage: Stage, administrator: Person, what: string): Promise<Asked> {
  const [count] = await asksFor(stage, "suting", "e-05-stock-count", [{ what, pieces: "21" }]);
  assert.ok(count);
  const { person } = await administrator.asks<{ person: { id: string } }>("GET", "/session");
  const suTing = await stage.enters("suting");
  await suTing.asks("POST", `/cases/${count.id}/comments`, { text: "请管理员处理", mentions: [person.id] });
  await suTing.page.context().close();
  return count;
}

/** Writes why, and sends the dialog. */
async function says(person: Person, dialog: Locator, operation: Operation, why: string): Promise<void> {
  await dialog.getByLabel(person.t("workflow.operation_words"), { exact: true }).fill(why);
  await dialog.getByRole("button", { name: person.t(`workflow.${operation}`), exact: true }).click();
  await person.isTold(`workflow.did_${operation}`);
  await dialog.waitFor({ state: "hidden" });
}

interface Kept {
  payload?: { events?: { event: string; words?: { text: string } }[] };
}

/** What was said about the case, by what happened, as the trace keeps it. */
async function reasons(administrator: Person, id: string, events: string[]): Promise<(string | undefined)[]> {
  const { items } = await administrator.asks<{ items: Kept[] }>("GET", `/trace?stream=workflow/case/${id}&limit=100`);
  const kept = items.flatMap((entry) => entry.payload?.events ?? []);
  return events.map((event) => kept.find((each) => each.event === event)?.words?.text);
}

// proves: FLOW-15, TRACE-01, TRACE-03, TRACE-07, TRACE-09
test("an administrator puts a value right, and stops the case for a while: whoever decides meanwhile is told why not", async (stage) => {
  await publishes(stage, STOCK_COUNT);
  const gaoXiang = await stage.enters("gaoxiang");
  const count = await asksForCount(stage, gaoXiang, "显示器");

  // What does not fit is said at the field, what is missing below it, and what was typed stays.
  await gaoXiang.goto(`/cases/${count.id}`);
  const repair = await opens(gaoXiang, "repair", "head");
  await gaoXiang.choose(repair.getByLabel(gaoXiang.t("workflow.repair_field")), "数量");
  const pieces = repair.getByLabel(gaoXiang.t("workflow.repair_value"));
  await pieces.fill("1200");
  await repair.getByRole("button", { name: gaoXiang.t("workflow.repair") }).click();
  await gaoXiang.sees(repair.getByText(gaoXiang.t("workflow.operation_words_missing")));
  gaoXiang.expects(422);
  await repair.getByLabel(gaoXiang.t("workflow.operation_words"), { exact: true }).fill("两个数字写反了");
  await repair.getByRole("button", { name: gaoXiang.t("workflow.repair") }).click();
  await gaoXiang.sees(repair.getByRole("alert").getByText("500"));
  await look(gaoXiang, "operating/1-repair-refused");
  await pieces.fill("12");
  await says(gaoXiang, repair, "repair", "两个数字写反了");
  const repairs = gaoXiang.page.getByRole("region", { name: gaoXiang.t("workflow.repairs") });
  await gaoXiang.sees(repairs.getByText("两个数字写反了"));
  assert.deepEqual([await repairs.locator("del").innerText(), await repairs.locator("ins").innerText()], ["21", "12"]);
  await look(gaoXiang, "operating/2-repaired");

  // His page hears nothing of the stop: it shows what was, and keeps what he typed.
  const late = await stage.enters("tangfeng", { device: "phone" });
  await late.page.routeWebSocket(/\/live/, () => undefined);
  await openFrom(late, "waiting", count.number);
  await late.sees(late.page.getByText("两个数字写反了"));
  await opinion(late).fill("数量已核对");

  await says(gaoXiang, await opens(gaoXiang, "halt", "head"), "halt", "仓库正在搬迁");
  await gaoXiang.sees(gaoXiang.page.getByRole("alert").getByText("仓库正在搬迁"));
  await look(gaoXiang, "operating/3-suspended");

  late.expects(409);
  await decision(late, "approve").click();
  await late.sees(late.page.getByRole("log").getByText(late.t("workflow.stands_still", { reason: "仓库正在搬迁" })));
  await late.sees(late.page.getByRole("alert").getByText("仓库正在搬迁"));
  await late.seesNot(decision(late, "approve"));
  await look(late, "operating/4-suspended-on-a-phone");

  await gaoXiang.page.getByRole("alert").getByRole("button", { name: gaoXiang.t("workflow.go_on") }).click();
  await says(gaoXiang, gaoXiang.page.getByRole("dialog", { name: gaoXiang.t("workflow.go_on") }), "go_on", "搬迁已结束");
  await gaoXiang.sees("搬迁已结束");
  const tangFeng = await stage.enters("tangfeng");
  await openFrom(tangFeng, "waiting", count.number);
  await agree(tangFeng, "数量已核对");
  const guMingzhe = await stage.enters("gumingzhe");
  await openFrom(guMingzhe, "waiting", count.number);
  for (const words of ["两个数字写反了", "仓库正在搬迁", "搬迁已结束"]) await guMingzhe.sees(words);
  await look(guMingzhe, "operating/5-all-of-it-is-told");
  await agree(guMingzhe);
  assert.deepEqual(await reasons(gaoXiang, count.id, ["repaired", "halted", "continued"]), ["两个数字写反了", "仓库正在搬迁", "搬迁已结束"]);
});

// proves: FLOW-15, FLOW-31, TRACE-01, TRACE-07, TRACE-09
test("a task is handed over, at the case and from the desk; the case is moved, and ended for good", async (stage) => {
  await publishes(stage, STOCK_COUNT);
  const gaoXiang = await stage.enters("gaoxiang");
  const count = await asksForCount(stage, gaoXiang, "打印机");

  // At the case: whose task, to whom, and why. Who began it cannot decide it.
  await gaoXiang.goto(`/cases/${count.id}`);
  const handing = await opens(gaoXiang, "hand_over", "head");
  await handing.getByRole("button", { name: gaoXiang.t("workflow.hand_over") }).click();
  await gaoXiang.sees(handing.getByText(gaoXiang.t("workflow.operation_nobody")));
  await gaoXiang.sees(handing.getByText("唐峰 · 采购主管核对"));
  await picks(gaoXiang, handing, "苏婷", "workflow.hand_over_to");
  await handing.getByLabel(gaoXiang.t("workflow.operation_words"), { exact: true }).fill("主管外出");
  gaoXiang.expects(409);
  await handing.getByRole("button", { name: gaoXiang.t("workflow.hand_over") }).click();
  await gaoXiang.sees(gaoXiang.page.getByRole("log").getByText(gaoXiang.t("workflow.own_case", { person: "苏婷" })));
  await picture(gaoXiang, "operating/6-hand-over-refused");
  await picks(gaoXiang, handing, "邓佳", "workflow.hand_over_to");
  await says(gaoXiang, handing, "hand_over", "主管外出");
  const dengJia = await stage.enters("dengjia", { device: "phone", locale: "en" });
  await openFrom(dengJia, "waiting", count.number);
  await dengJia.sees(dengJia.page.getByText("主管外出"));
  await look(dengJia, "operating/7-handed-over-on-a-phone");
  await agree(dengJia);

  // From the desk, where what is written in the case is not shown.
  const monitored = await gaoXiang.asks<{ flow: string; name: { zh: string } }[]>("GET", "/monitored_flows");
  await gaoXiang.goto(`/admin/running?flow=${monitored.find(({ name }) => name.zh === "盘点申请")?.flow}`);
  const list = gaoXiang.page.getByRole("list", { name: gaoXiang.t("workflow.running_cases") });
  await list.getByRole("listitem").filter({ hasText: count.number }).click();
  const panel = gaoXiang.page.getByRole("dialog").first();
  await panel.getByRole("button", { name: gaoXiang.t("workflow.running_hand_over", { person: "顾明哲" }) }).click();
  const giving = gaoXiang.page.getByRole("dialog", { name: gaoXiang.t("workflow.running_hand_over", { person: "顾明哲" }) });
  await picks(gaoXiang, giving, "沈若兰", "workflow.hand_over_to");
  await look(gaoXiang, "operating/8-handed-over-from-the-desk");
  await says(gaoXiang, giving, "hand_over", "总监出国");
  await gaoXiang.sees(panel.getByText("沈若兰"));

  // Back to the first step: what waited ends, and the route says so.
  await gaoXiang.goto(`/cases/${count.id}`);
  const moving = await opens(gaoXiang, "move", "head");
  await gaoXiang.choose(moving.getByLabel(gaoXiang.t("workflow.move_to")), "采购主管核对");
  await look(gaoXiang, "operating/9-move");
  await says(gaoXiang, moving, "move", "数量要重新核对");
  await gaoXiang.sees("数量要重新核对");
  const way = await steps(gaoXiang);
  assert.ok(way.some(({ state, words }) => state === "present" && /采购主管核对.*唐峰/.test(words)), JSON.stringify(way));
  assert.ok(way.some(({ words }) => words.includes("沈若兰") && words.includes(gaoXiang.t("workflow.closing.case_moved"))), JSON.stringify(way));
  await look(gaoXiang, "operating/10-moved");

  await says(gaoXiang, await opens(gaoXiang, "terminate_case", "head"), "terminate_case", "改为年底统一盘点");
  const suTing = await stage.enters("suting", { device: "phone" }, `/cases/${count.id}`);
  await suTing.sees(suTing.page.getByRole("heading", { level: 1 }).getByText(suTing.t("workflow.status.terminated"), { exact: true }));
  for (const words of ["主管外出", "总监出国", "数量要重新核对", "改为年底统一盘点"]) await suTing.sees(words);
  await look(suTing, "operating/11-ended-on-a-phone");
  assert.deepEqual(await reasons(gaoXiang, count.id, ["moved", "terminated"]), ["数量要重新核对", "改为年底统一盘点"]);
});
