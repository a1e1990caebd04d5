/** Somebody who is given the right finds the cases of a form by what stands in it, puts them in order and takes them away as a file. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import type { Locator } from "playwright-core";

import { look } from "../src/look.ts";
import type { Person } from "../src/person.ts";
import { test } from "../src/stage.ts";
import { asksFor, publishes } from "../src/tasks.ts";

const PURCHASE = readFileSync(new URL("../../presets/003-a/d003-a-purchase-request.flow.yaml", import.meta.url), "utf8");
const FORM = "采购申请";
const GOODS = "物品名称";
const AMOUNT = "预计金额（元）";
const READER = { name: "江婉荷", login: "jiangwanhe" };

const purchase = (goods: string, quantity: string, price: string) => ({ goods, quantity, unit: "台", price, needed_on: "2026-12-08", reason: "会议室更新" });

/** An administrator gives the right to query one form over the whole group, for a reason. */
async function givesTheRight(gaoXiang: Person): Promise<void> {
  await gaoXiang.goto("/admin/query-rights");
  await gaoXiang.exactly("workflow.give_query_right").click();
  const drawer = gaoXiang.page.getByRole("dialog");
  await gaoXiang.pick(drawer.getByRole("combobox", { name: gaoXiang.t("access.to_person") }), READER.name);
  await gaoXiang.pick(drawer.getByRole("combobox", { name: gaoXiang.t("workflow.filter_flow") }), FORM);
  await gaoXiang.choose(drawer.getByRole("combobox", { name: gaoXiang.t("access.scope") }), gaoXiang.t("access.scope.all"));
  await drawer.getByLabel(gaoXiang.t("access.reason")).fill("年度采购统计");
  await look(gaoXiang, "query/1-the-right-is-given");
  await drawer.getByRole("button", { name: gaoXiang.t("workflow.give_query_right") }).click();
  await gaoXiang.isTold("workflow.query_right_given");
}

const found = (person: Person): Locator =>
  person.page.getByRole("list", { name: person.t("workflow.query_cases") }).getByRole("listitem");

/** What is found are the cases with these goods, in this order. */
async function finds(person: Person, ...goods: string[]): Promise<void> {
  let shown: string[] = [];
  for (const until = Date.now() + 15_000; Date.now() < until; await person.page.waitForTimeout(100)) {
    shown = await found(person).allInnerTexts();
    if (shown.length === goods.length && goods.every((each, at) => shown[at]?.includes(each))) return;
  }
  assert.deepEqual(shown, goods);
}

async function fills(person: Person, label: string, value: string): Promise<void> {
  const box = person.page.getByRole("textbox", { name: label });
  await box.fill(value);
  await box.press("Enter");
}

// proves: PERM-08, MOB-01
test("whoever is given the right finds cases by what the form holds, and takes them away as a file", async (stage) => {
  await publishes(stage, PURCHASE);
  const [canvas, stand, board] = ["查询幕布", "查询幕布支架（落地式，可升降）", "查询白板"] as const;
  await asksFor(stage, "linxiao", "d003-a-purchase-request", [purchase(canvas, "1", "800"), purchase(stand, "2", "4000"), purchase(board, "1", "9000")]);

  const reader = await stage.enters(READER.login, {}, "/query");
  await reader.sees(reader.t("workflow.no_query_rights"));
  const gaoXiang = await stage.enters("gaoxiang");
  await givesTheRight(gaoXiang);

  await reader.goto("/query");
  await reader.page.getByRole("combobox", { name: reader.t("workflow.filter_flow") }).selectOption({ label: FORM });
  await fills(reader, reader.t("workflow.query_begins", { field: GOODS }), "查询");
  await finds(reader, board, stand, canvas);
  await fills(reader, reader.t("workflow.query_begins", { field: GOODS }), "查询幕布");
  await finds(reader, stand, canvas);
  await reader.page.getByRole("combobox", { name: reader.t("workflow.query_sort") }).selectOption({ label: reader.t("workflow.query_sort_up", { field: AMOUNT }) });
  await finds(reader, canvas, stand);
  await look(reader, "query/2-found-and-in-order");
  await fills(reader, reader.t("workflow.query_from", { field: AMOUNT }), "5000");
  await finds(reader, stand);

  const coming = reader.page.waitForEvent("download");
  await reader.page.getByRole("link", { name: reader.t("workflow.export_csv") }).click();
  const file = readFileSync(await (await coming).path(), "utf8");
  assert.ok(file.includes(stand) && file.includes("8000"), "the file holds what was found");
  assert.ok(!file.includes(board) && !file.includes(`${canvas},`), "and nothing else");

  // The same question on a phone, by its address.
  const { pathname, search } = new URL(reader.page.url());
  const phone = await stage.enters(READER.login, { device: "phone" }, pathname + search);
  await finds(phone, stand);
  await look(phone, "query/3-on-a-phone");
  await found(phone).first().getByRole("button").click();
  await phone.page.waitForURL(/\/cases\/./);
  await phone.sees(stand);

  const grants = await gaoXiang.asks<{ id: string; subject_name?: { zh: string } }[]>("GET", "/grants");
  const given = grants.find((grant) => grant.subject_name?.zh === READER.name);
  assert.ok(given, "the right stands among the grants");
  // The open pages ask again, and are told that there is nothing for them any more.
  phone.expects(403, 404);
  reader.expects(403, 404);
  await gaoXiang.asks("DELETE", `/grants/${given.id}`);
  await reader.goto("/query");
  await reader.sees(reader.t("workflow.no_query_rights"));
});
