/** What waits, cleared: by keyboard, several at once, and on a phone. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import type { Locator } from "playwright-core";

import { decision, opinion } from "../src/leave.ts";
import { look } from "../src/look.ts";
import type { Person } from "../src/person.ts";
import { test } from "../src/stage.ts";
import { asksFor, asksForLeave, publishes } from "../src/tasks.ts";

const KEY_REQUEST = readFileSync(new URL("../flows/key-request.flow.yaml", import.meta.url), "utf8");

const waiting = (person: Person): Locator => person.page.getByRole("list", { name: person.t("workflow.list_waiting") });
const rows = (person: Person): Locator => waiting(person).getByRole("listitem");

/** The case that is open beside the list; none when the address names none. */
const openCase = (person: Person): string => new URL(person.page.url()).pathname.split("/")[3] ?? "";

/** The decision was made: another case is open, or none is left. */
async function goesOn(person: Person, from: string): Promise<void> {
  await person.page.waitForURL((url) => !url.pathname.includes(from));
  await person.settled();
  if (openCase(person)) await opinion(person).waitFor();
}

// proves: FLOW-37, FLOW-22, FLOW-18
test("thirty tasks are cleared by keyboard: one key each, words where they are due, nothing typed by accident", async (stage) => {
  await asksForLeave(stage, "xiatian", 15, "办理证件");
  await asksForLeave(stage, "liangbo", 15, "接待家人");
  const jiang = await stage.enters("jiangyinuo", {}, "/inbox/waiting");
  await rows(jiang).nth(29).waitFor();
  const all = await rows(jiang).count();

  await jiang.page.keyboard.press("?");
  await jiang.page.getByRole("dialog", { name: jiang.t("ui.keyboard_help") }).waitFor();
  await jiang.page.keyboard.press("Escape");
  await jiang.page.getByRole("dialog").waitFor({ state: "hidden" });

  // The first is opened; the focus stays in the list and says which one is open.
  for (const key of ["j", "j", "k", "Enter"]) await jiang.page.keyboard.press(key);
  await opinion(jiang).waitFor();
  assert.equal(await jiang.page.locator("[data-key][aria-current=true]").count(), 1);
  assert.equal(await jiang.page.evaluate(() => document.activeElement?.getAttribute("aria-current")), "true");
  await look(jiang, "inbox/1-two-panes");

  for (let left = all; left > 0; left -= 1) {
    const now = openCase(jiang);
    assert.ok(now, `a case is open while ${left} wait`);
    if (left === all - 3) await returnsByKey(jiang);
    else if (left === all - 5) await transfersByKey(jiang, "宋扬");
    else if (left % 7 === 0) await agreesWithWords(jiang, `同意，第 ${left} 件`);
    else await jiang.page.keyboard.press("a");
    await goesOn(jiang, now);
  }
  await jiang.sees(jiang.t("workflow.nothing_waits"));
  await look(jiang, "inbox/2-nothing-waits");

  // Each is decided once, as the keys said.
  const { items } = await jiang.asks<{ items: { id: string }[] }>("GET", "/tasks");
  assert.deepEqual(items, []);
  const song = await stage.enters("songyang");
  const his = await song.asks<{ items: { initiator: { name: string } }[] }>("GET", "/tasks");
  assert.ok(his.items.some((row) => ["夏天", "梁博"].includes(row.initiator.name)), "one was transferred");
});

async function returnsByKey(person: Person): Promise<void> {
  await person.page.keyboard.press("r");
  const dialog = person.page.getByRole("dialog", { name: person.t("workflow.return_or_reject") });
  await dialog.waitFor();
  await look(person, "inbox/1a-return-or-reject");
  await person.page.waitForFunction(() => document.activeElement?.tagName === "TEXTAREA");
  // Letters are words here: nothing is agreed to.
  await person.page.keyboard.type("a 请写明时间");
  await person.page.keyboard.press("Control+Enter");
  await person.isTold("workflow.did_return");
}

async function transfersByKey(person: Person, name: string): Promise<void> {
  await person.page.keyboard.press("t");
  const dialog = person.page.getByRole("dialog", { name: person.t("workflow.transfer") });
  await dialog.waitFor();
  await person.page.waitForFunction(() => document.activeElement?.getAttribute("role") === "combobox");
  await person.page.keyboard.type(name);
  await person.page.locator(".ant-select-dropdown:visible .ant-select-item-option", { hasText: name }).first().waitFor();
  await person.page.keyboard.press("Enter");
  await dialog.getByLabel(person.t("workflow.operation_words"), { exact: true }).focus();
  await person.page.keyboard.type("请您代为审批");
  await person.page.keyboard.press("Control+Enter");
  await person.isTold("workflow.did_transfer");
}

async function agreesWithWords(person: Person, words: string): Promise<void> {
  await person.page.keyboard.press("o");
  await person.page.keyboard.type(words);
  await person.page.keyboard.press("Control+Enter");
}

// proves: FLOW-18, FLOW-37
test("several are agreed to at once: one was withdrawn meanwhile and says so, one wants words of its own", async (stage) => {
  const leave = await asksForLeave(stage, "luodan", 4, "陪同体检");
  await publishes(stage, KEY_REQUEST);
  const [key] = await asksFor(stage, "luodan", "e-02-key-request", [{ room: "凭证库" }]);
  const heXin = await stage.enters("hexin", {}, "/inbox/waiting");
  await rows(heXin).nth(4).waitFor();
  const all = await rows(heXin).count();

  await heXin.exactly("workflow.choose_several").click();
  await heXin.exactly("workflow.choose_all").click();
  await heXin.sees(heXin.t("workflow.chosen", { n: all }));
  await look(heXin, "inbox/3-chosen");
  await heXin.exactly("workflow.batch").click();
  const dialog = heXin.page.getByRole("dialog", { name: heXin.t("workflow.batch_title", { n: all }) });
  const result = (words: string) => dialog.getByRole("listitem").filter({ hasText: words });

  // Told before anything is sent: this node wants an opinion.
  await result(heXin.t("workflow.batch_apart")).first().waitFor();
  assert.equal(await result(heXin.t("workflow.batch_apart")).count(), 1);
  await look(heXin, "inbox/4-told-beforehand");

  // Meanwhile one of them is taken back by whoever asked for it.
  const luoDan = await stage.enters("luodan");
  await luoDan.asks("POST", `/cases/${leave[1]?.id}/withdrawal`, {});

  heXin.expects(409, 404, 403);
  await dialog.getByRole("button", { name: heXin.t("workflow.batch_agree", { n: all - 1 }) }).click();
  await heXin.sees(dialog.getByText(heXin.t("workflow.batch_result", { done: all - 2, refused: 1, left: 1 })));
  const refused = result(heXin.t("workflow.batch_refused"));
  assert.equal(await refused.count(), 1);
  assert.ok((await refused.getByRole("link").getAttribute("href"))?.includes(leave[1]?.id ?? "?"), "the refused one is the withdrawn one");
  await look(heXin, "inbox/5-a-result-for-each");

  // What was not done stays chosen, as long as it waits.
  await dialog.getByRole("button", { name: heXin.t("ui.close") }).last().click();
  await heXin.sees(heXin.t("workflow.chosen", { n: 1 }));
  const left = await heXin.asks<{ items: { case_id: string }[] }>("GET", "/tasks");
  assert.deepEqual(left.items.map((row) => row.case_id), [key?.id]);
  for (const at of [0, 2, 3]) {
    const view = await luoDan.asks<{ opinions: { verdict: string }[] }>("GET", `/cases/${leave[at]?.id}`);
    assert.deepEqual(view.opinions.map((said) => said.verdict), ["approved"]);
  }

  // With words it goes with a tap on a phrase.
  await rows(heXin).first().getByRole("button").click();
  await heXin.page.getByRole("button", { name: heXin.t("workflow.quick_say", { words: heXin.t("workflow.quick_agree") }) }).click();
  await decision(heXin, "approve").click();
  await heXin.isTold("workflow.did_approve");
});


// proves: MOB-01, FLOW-37
test("the same on a phone: the list, the case, the next one, and what is new to whoever asked", async (stage) => {
  const asked = await asksForLeave(stage, "xiexiaoyu", 3, "照顾老人");
  const lu = await stage.enters("luwenqing", { device: "phone" }, `/inbox/waiting?q=${encodeURIComponent("谢小雨")}`);
  await rows(lu).nth(2).waitFor();
  const all = await rows(lu).count();

  // A filter that she needs every morning has a name from now on.
  await lu.exactly("workflow.filter_save").click();
  const naming = lu.page.getByRole("dialog", { name: lu.t("workflow.filter_save") });
  await naming.getByRole("textbox").fill("出纳");
  await naming.getByRole("button", { name: lu.t("ui.save") }).click();
  await lu.goto("/inbox/waiting");
  await lu.page.getByRole("link", { name: "出纳" }).click();
  await lu.page.waitForURL(/q=/);
  await look(lu, "inbox/6-phone-list");

  // Xie has looked at her case before anything happened.
  const xie = await stage.enters("xiexiaoyu", {}, `/cases/${asked[0]?.id}`);
  await xie.sees(xie.t("workflow.not_looked_at"));
  await xie.goto("/inbox/started");

  await rows(lu).first().getByRole("button").click();
  await lu.sees(lu.t("workflow.why_me"));
  await lu.sees(lu.t("workflow.comes_next"));
  await look(lu, "inbox/7-phone-case");
  const count = await decided(lu, async () => {
    await lu.page.getByRole("button", { name: lu.t("workflow.quick_say", { words: lu.t("workflow.quick_rules") }) }).click();
    await decision(lu, "approve").click();
  });
  assert.equal(count, all);
  await lu.page.getByRole("button", { name: lu.t("workflow.back_to_list") }).click();
  await lu.page.waitForURL(/\/inbox\/waiting\?/);

  await xie.goto(`/cases/${asked[0]?.id}`);
  const news = xie.page.getByRole("listitem").filter({ hasText: xie.like("workflow.since_last_look") });
  await xie.sees(news.filter({ hasText: "陆文清" }).filter({ hasText: xie.t("workflow.quick_rules") }));
  await look(xie, "inbox/9-what-is-new");
});

/** Decides one after the other until none is left; how many there were. */
async function decided(person: Person, decide: () => Promise<void>): Promise<number> {
  for (let n = 1; ; n += 1) {
    await decide();
    const after = person.page.getByRole("heading", { name: new RegExp(`^(${person.t("workflow.decided_more")}|${person.t("workflow.decided_all")})$`) });
    await after.waitFor();
    if (n === 1) await look(person, "inbox/8-phone-after");
    const next = person.page.getByRole("button", { name: new RegExp(person.t("workflow.next_one")) });
    if ((await after.innerText()) === person.t("workflow.decided_all")) return n;
    await next.click();
    await opinion(person).waitFor();
  }
}
