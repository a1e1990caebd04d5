/** The organisation changes: by an order with all that hangs on it, by a spreadsheet, and by an administrator of a part. */
import assert from "node:assert/strict";

import type { Locator } from "playwright-core";

import { LEAVE } from "../src/leave.ts";
import { look, lookWithListOpen } from "../src/look.ts";
import type { Person } from "../src/person.ts";
import { test } from "../src/stage.ts";

const TRADE = { zh: "青岚贸易有限公司（示例）", path: "青岚集团（示例） / 青岚贸易有限公司（示例）" };
const EAST = { zh: "华东组", path: `${TRADE.path} / 销售部 / 华东组` };

interface Node {
  id: string;
  name: { zh: string };
  children: Node[];
}

/** The names above a department, from the top. */
async function above(person: Person, name: string): Promise<string[]> {
  const { items } = await person.asks<{ items: Node[] }>("GET", "/units");
  const find = (nodes: Node[], way: string[]): string[] | undefined => {
    for (const node of nodes) {
      const found = node.name.zh === name ? way : find(node.children, [...way, node.name.zh]);
      if (found) return found;
    }
    return undefined;
  };
  return find(items, []) ?? [];
}

/** Asks for half a day of leave, past the page; the case's number. */
async function asksForLeave(person: Person): Promise<string> {
  const { items } = await person.asks<{ items: { id: string; name: { zh: string } }[] }>("GET", "/flows");
  const flow = items.find((each) => each.name.zh === LEAVE.zh)?.id;
  const day = { date: "2026-12-02", half: "am" };
  const values = { kind: "personal", period: { from: day, to: day }, reason: "办理落户" };
  const { id } = await person.asks<{ id: string }>("POST", "/cases", { flow, values, confirmed: true });
  return (await person.asks<{ number: string }>("GET", `/cases/${id}`)).number;
}

/** The dialog that adds a change to an order, with its kind chosen. */
async function change(person: Person, kind: "move_department" | "leave") {
  await person.exactly("orders.add_change").click();
  const dialog = person.page.getByRole("dialog", { name: person.t("orders.add_change") });
  await person.pick(dialog.getByLabel(person.t("orders.change"), { exact: true }), person.t(`orders.kind.${kind}`));
  return {
    label: (word: string) => dialog.getByLabel(person.t(word), { exact: true }),
    add: async () => {
      await dialog.getByRole("button", { name: person.t("orders.add_change") }).click();
      await person.isTold("orders.saved");
      await dialog.waitFor({ state: "hidden" });
    },
  };
}

async function issue(person: Person): Promise<void> {
  await person.exactly("orders.issue").click();
  await person.page.getByRole("dialog", { name: person.t("orders.issue") }).getByRole("button", { name: person.t("orders.issue") }).click();
  await person.isTold("orders.issued");
  await person.sees(person.page.getByRole("heading", { level: 1 }).getByText(person.t("orders.state.applied"), { exact: true }));
}

// proves: ORG-02, ORG-03, ORG-10, ORG-13
test("an order moves a department and lets somebody leave; the successor has the task, and a counter-order brings all back", async (stage) => {
  const jiangChuan = await stage.enters("jiangchuan");
  const number = await asksForLeave(jiangChuan);

  const gaoXiang = await stage.enters("gaoxiang", {}, "/admin/orders");
  await gaoXiang.exactly("orders.new").click();
  const draft = gaoXiang.page.getByRole("dialog", { name: gaoXiang.t("orders.new") });
  await draft.getByLabel(gaoXiang.t("orders.title"), { exact: true }).fill("贸易公司销售架构调整");
  await draft.getByLabel(gaoXiang.t("orders.basis"), { exact: true }).fill("人字〔2026〕12号");
  await gaoXiang.pick(draft.getByLabel(gaoXiang.t("orders.unit"), { exact: true }), TRADE.zh, "贸易");
  await draft.getByRole("button", { name: gaoXiang.t("ui.save") }).click();
  await gaoXiang.page.waitForURL(/\/admin\/orders\/./);
  const order = gaoXiang.page.url();

  const moving = await change(gaoXiang, "move_department");
  await gaoXiang.pick(moving.label("orders.department"), EAST.path, "华东组");
  await gaoXiang.pick(moving.label("orders.to"), TRADE.path, "贸易");
  await moving.add();
  const leaving = await change(gaoXiang, "leave");
  await gaoXiang.pick(leaving.label("orders.person"), "白露");
  await gaoXiang.pick(leaving.label("orders.successor"), "秦岳");
  await leaving.add();

  // What would come of it, before it does.
  await gaoXiang.exactly("orders.preview").click();
  const before = gaoXiang.page.getByRole("list", { name: gaoXiang.t("orders.before") });
  await gaoXiang.sees(before.getByText(gaoXiang.t("orders.chart_moved_before", { name: TRADE.zh })));
  await gaoXiang.sees(before.getByText("调出：白露"));
  const after = gaoXiang.page.getByRole("list", { name: gaoXiang.t("orders.after") });
  await gaoXiang.sees(after.getByText(gaoXiang.t("orders.chart_moved_after", { name: "销售部" })));
  await gaoXiang.sees(gaoXiang.page.getByText(gaoXiang.like("orders.item.task_to_successor", { person: "白露", successor: "秦岳", number })));
  await look(gaoXiang, "organisation/1-preview");
  assert.deepEqual((await above(gaoXiang, EAST.zh)).at(-1), "销售部", "a preview changes nothing");

  await issue(gaoXiang);
  assert.deepEqual((await above(gaoXiang, EAST.zh)).at(-1), TRADE.zh);

  // Who takes over finds the task in the inbox, on a phone.
  const qinYue = await stage.enters("qinyue", { device: "phone" }, `/inbox/waiting?q=${encodeURIComponent(number)}`);
  await qinYue.sees(qinYue.page.getByRole("listitem").filter({ hasText: "江川" }));
  await look(qinYue, "organisation/2-the-successor");

  // What hangs on it is ticked one by one, then it is verified.
  const checklist = gaoXiang.page.getByRole("region", { name: gaoXiang.t("orders.checklist") });
  await look(gaoXiang, "organisation/3-checklist");
  const open = checklist.locator("input[type=checkbox]:not(:checked)");
  for (let left = await open.count(); left > 0; left -= 1) {
    // It is ticked when the server has it, not when it is tapped.
    await open.first().click();
    await gaoXiang.page.waitForFunction(
      (rest) => document.querySelectorAll("section li input[type=checkbox]:not(:checked)").length < rest,
      left,
    );
  }
  await gaoXiang.exactly("orders.verify").click();
  await gaoXiang.isTold("orders.verified");

  // The counter-order, on the phone of whoever issued it.
  const phone = await stage.enters("gaoxiang", { device: "phone" }, new URL(order).pathname);
  await phone.exactly("orders.counter").click();
  await phone.page.waitForURL((url) => url.pathname.startsWith("/admin/orders/") && url.href !== order);
  await phone.sees(phone.t("orders.counter_of"));
  await phone.exactly("orders.preview").click();
  await phone.sees(phone.page.getByRole("list", { name: phone.t("orders.after") }).getByText("调入：白露"));
  await look(phone, "organisation/4-counter-order");
  await issue(phone);
  assert.deepEqual((await above(gaoXiang, EAST.zh)).at(-1), "销售部");
  await gaoXiang.goto("/people?q=白露");
  await gaoXiang.sees(gaoXiang.page.getByRole("listitem").filter({ hasText: "白露" }));
});

const HEADINGS = "姓名,工号,手机,单位编码,部门编码,岗位编码";
const RIGHT = "顾小满,QL9001,19900009001,qinglan,it,it_engineer";

// proves: ORG-01, ACC-07
test("a spreadsheet with faults is shown them by row; put right it is carried out, and who is new signs in and changes the password", async (stage) => {
  const gaoXiang = await stage.enters("gaoxiang", {}, "/admin/import");
  const give = async (...rows: string[]) => {
    const buffer = Buffer.from(`${[HEADINGS, ...rows].join("\n")}\n`);
    await gaoXiang.page.getByLabel(gaoXiang.t("imports.choose"), { exact: true }).setInputFiles({ name: "people.csv", mimeType: "text/csv", buffer });
    await gaoXiang.exactly("imports.look").click();
    await gaoXiang.page.waitForURL(/import=/);
  };
  await give(RIGHT, "顾大雪,QL9002,not-a-number,qinglan,no-such-department,it_engineer");
  const rows = gaoXiang.page.getByRole("list", { name: gaoXiang.t("imports.rows") });
  const wrong = rows.getByRole("listitem").filter({ hasText: "顾大雪" });
  await wrong.getByText(gaoXiang.t("imports.fault_at", { line: 3 })).waitFor();
  await gaoXiang.sees(wrong.getByText("no-such-department"));
  await gaoXiang.sees(wrong.getByText("not-a-number"));
  assert.ok(await gaoXiang.exactly("imports.apply").isDisabled(), "what is wrong is not carried out");
  await look(gaoXiang, "organisation/5-faults-by-row");

  await gaoXiang.exactly("imports.again").click();
  await give(RIGHT);
  await gaoXiang.sees(rows.getByRole("listitem").filter({ hasText: "顾小满" }).getByText(gaoXiang.t("imports.status.new"), { exact: true }));
  await look(gaoXiang, "organisation/6-what-it-would-do");
  await gaoXiang.exactly("imports.apply").click();
  await gaoXiang.sees(gaoXiang.like("imports.done_facts", { people: 1 }));

  await gaoXiang.goto("/admin/accounts");
  await gaoXiang.exactly("access.open_account").click();
  const opening = gaoXiang.page.getByRole("dialog", { name: gaoXiang.t("access.open_account") });
  await gaoXiang.pick(opening.getByLabel(gaoXiang.t("access.account_person"), { exact: true }), "顾小满");
  await opening.getByLabel(gaoXiang.t("access.login"), { exact: true }).fill("guxiaoman");
  await opening.getByRole("button", { name: gaoXiang.t("access.open_account") }).click();
  const initial = await gaoXiang.page.getByTestId("one-time-password").innerText();

  const guXiaoman = await stage.stranger({ device: "phone" }, "guxiaoman");
  await guXiaoman.goto("/sign-in");
  await guXiaoman.signIn(initial.trim());
  await guXiaoman.page.waitForURL(/\/password/);
  const next = "Kranich&Reiher7";
  await guXiaoman.page.getByLabel(guXiaoman.t("access.current_password"), { exact: true }).fill(initial.trim());
  await guXiaoman.page.getByLabel(guXiaoman.t("access.new_password"), { exact: true }).fill(next);
  await guXiaoman.page.getByLabel(guXiaoman.t("access.new_password_again"), { exact: true }).fill(next);
  await guXiaoman.exactly("access.change_password").click();
  await guXiaoman.page.waitForURL(/\/inbox\//);
  await guXiaoman.isTold("access.password_changed");
});

// proves: PERM-02, PERM-03, PERM-04
test("who administers a part sees and changes that part only, and why he may is shown as a chain", async (stage) => {
  const gaoXiang = await stage.enters("gaoxiang", {}, "/admin/grants");
  await gaoXiang.exactly("access.give").click();
  const giving = gaoXiang.page.getByRole("dialog", { name: gaoXiang.t("access.give") });
  const label = (word: string) => giving.getByLabel(gaoXiang.t(word), { exact: true });
  await gaoXiang.pick(giving.getByRole("combobox", { name: gaoXiang.t("access.account_person") }), "余敏");
  await gaoXiang.choose(giving.getByRole("combobox", { name: gaoXiang.t("access.role") }), "部门管理员");
  await gaoXiang.choose(label("access.scope"), gaoXiang.t("access.scope.unit_and_below"));
  await gaoXiang.pick(label("access.place"), TRADE.path, "贸易");
  await label("access.reason").fill("贸易公司自行管理账号");
  await lookWithListOpen(gaoXiang, "organisation/7-a-grant");
  await giving.getByRole("button", { name: gaoXiang.t("access.give") }).click();
  await gaoXiang.isTold("access.given");

  const yuMin = await stage.enters("yumin", { device: "phone", locale: "en" }, "/admin/people?q=江川");
  await yuMin.sees(yuMin.page.getByRole("listitem").filter({ hasText: "江川" }));
  await yuMin.goto("/admin/accounts");
  const accounts = yuMin.page.getByRole("list", { name: yuMin.t("access.accounts") });
  await yuMin.sees(accounts.getByRole("listitem").filter({ hasText: "qinyue" }));
  assert.equal(await accounts.getByRole("listitem").filter({ hasText: "linxiao" }).count(), 0, "nobody outside is listed");
  await look(yuMin, "organisation/8-a-part-only");
  // Beyond it nothing opens: what is not there for her is not found, what she may not give is refused.
  yuMin.expects(403, 404, 409);
  const all = await gaoXiang.asks<{ items: { id: string; login: string; person: { id: string } }[] }>("GET", "/accounts?q=linxiao");
  const linXiao = all.items.find((each) => each.login === "linxiao");
  assert.ok(linXiao);
  assert.equal((await yuMin.ask("GET", `/accounts/${linXiao.id}`)).status, 404);
  const lock = await yuMin.ask("POST", `/accounts/${linXiao.id}/lock`, { reason: "越权" });
  assert.equal(lock.status, 404, JSON.stringify(lock.body));

  // Why she may: the grant, its place, who gave it and on what grounds.
  await gaoXiang.goto("/admin/accounts?q=yumin");
  await gaoXiang.page.getByRole("list", { name: gaoXiang.t("access.accounts") }).getByRole("listitem").filter({ hasText: "余敏" }).click();
  const rights = gaoXiang.page.getByRole("dialog").getByRole("list", { name: gaoXiang.t("access.rights"), exact: true });
  const named = gaoXiang.page.locator("summary", { hasText: gaoXiang.t("access.manage") });
  const held = rights.locator(":scope > li").filter({ has: named });
  await held.locator("summary").click();
  const chain = held.getByRole("list", { name: gaoXiang.t("access.because") });
  await gaoXiang.sees(chain.getByText("部门管理员"));
  await gaoXiang.sees(chain.getByText(gaoXiang.t("access.grounds", { reason: "贸易公司自行管理账号" })));
  await gaoXiang.sees(chain.getByText(gaoXiang.t("access.given_by", { name: "高翔" })));
  await look(gaoXiang, "organisation/9-why-she-may");

  // An open list of choices is announced with its name, on a page and in a drawer.
  await gaoXiang.goto("/admin/who-may");
  await openList(gaoXiang, gaoXiang.page.getByRole("combobox").first());
  await lookWithListOpen(gaoXiang, "organisation/10-an-open-list");
  await gaoXiang.goto("/admin/query-rights");
  await gaoXiang.page.getByRole("button", { name: gaoXiang.t("workflow.give_query_right") }).click();
  await openList(gaoXiang, gaoXiang.page.getByRole("dialog").getByRole("combobox", { name: gaoXiang.t("workflow.filter_flow") }));
  await lookWithListOpen(gaoXiang, "organisation/11-an-open-list-in-a-drawer");
});

async function openList(person: Person, box: Locator): Promise<void> {
  await box.click();
  await person.page.getByRole("listbox", { name: person.t("ui.choices") }).first().waitFor({ state: "attached" });
}
