/** A payment names a supplier of the register: its account comes along, and whoever may not see the supplier does not find it. */
import { readFileSync } from "node:fs";

import { submit } from "../src/leave.ts";
import { look } from "../src/look.ts";
import type { Person } from "../src/person.ts";
import { type Stage, test } from "../src/stage.ts";
import { asksFor, publishes } from "../src/tasks.ts";

const pattern = (name: string) => readFileSync(new URL(`../../presets/patterns/${name}.flow.yaml`, import.meta.url), "utf8");
const CLOUD = "云杉办公设备（示例）";
const BIRCH = "白桦文具（示例）";
const supplier = (name: string, account: string, level: string) => ({ name, credit_code: "91330100MA0000000X", bank: "示例银行文三路支行", account, level });

/** Finance finds these registrations in order. */
async function approves(stage: Stage, cases: string[]): Promise<void> {
  const finance = await stage.enters("luwenqing");
  const { items } = await finance.asks<{ items: { id: string }[] }>("GET", "/tasks?limit=200");
  for (const { id } of items.filter((task) => cases.some((each) => task.id.startsWith(each)))) {
    await finance.asks("POST", `/tasks/${id}/approval`, { text: "同意" });
  }
  await finance.page.context().close();
}

async function opensForm(person: Person): Promise<void> {
  const { items } = await person.asks<{ items: { id: string; code: string }[] }>("GET", "/flows");
  await person.goto(`/start/${items.find((each) => each.code === "pattern-named-record")?.id ?? ""}`);
}

const box = (person: Person) => person.page.getByRole("combobox", { name: person.named("供应商", "Supplier") });

// proves: FORM-01, FORM-04, MOB-01
test("a supplier of the register is found by those who may see it, and its account comes along", async (stage) => {
  await publishes(stage, pattern("supplier-register"));
  await publishes(stage, pattern("named-record"));
  const registered = await asksFor(stage, "linxiao", "pattern-supplier-register", [supplier(CLOUD, "622200010001", "preferred"), supplier(BIRCH, "622200010002", "approved")]);
  await approves(stage, registered.map((each) => each.id));

  const linXiao = await stage.enters("linxiao");
  await opensForm(linXiao);
  await box(linXiao).click();
  await box(linXiao).pressSequentially("示例");
  await linXiao.sees(linXiao.page.getByTitle(BIRCH));
  await look(linXiao, "records/1-found-by-a-part-of-the-name");
  await linXiao.page.getByTitle(BIRCH).click();
  await linXiao.sees("622200010002");
  await linXiao.pick(box(linXiao), CLOUD, "云杉");
  await linXiao.sees("622200010001");
  await linXiao.seesNot("622200010002");
  await linXiao.page.getByRole("textbox", { name: "付款金额" }).fill("1200");
  await linXiao.page.getByRole("textbox", { name: "用途" }).fill("打印纸");
  await look(linXiao, "records/2-the-account-came-along");
  const id = await submit(linXiao);

  const zhaoQing = await stage.enters("zhaoqing", {}, `/cases/${id}`);
  await zhaoQing.sees(CLOUD);
  await look(zhaoQing, "records/3-as-its-superior-reads-it");

  // On a phone; and somebody who has no part in the register finds nothing in it.
  const phone = await stage.enters("linxiao", { device: "phone", locale: "en" });
  await opensForm(phone);
  await box(phone).click();
  await phone.sees(phone.page.getByTitle(CLOUD));
  await look(phone, "records/4-on-a-phone");
  await phone.page.getByTitle(BIRCH).click();
  await phone.sees("622200010002");
  await look(phone, "records/5-chosen-on-a-phone");
  const other = await stage.enters("wutong");
  await opensForm(other);
  await box(other).click();
  await other.sees(other.t("forms.no_record_found"));
});
