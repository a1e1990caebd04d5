/** Four departments sign at the same time: one has a signer added, one returns it. And a claim that comes back to the phone. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { agree, confirm, decision, field, numberOf, openFrom, routeIs, status, steps, submit } from "../src/leave.ts";
import { look } from "../src/look.ts";
import { opens, picks } from "../src/operations.ts";
import type { Person } from "../src/person.ts";
import { test } from "../src/stage.ts";
import { asksFor, publishes } from "../src/tasks.ts";

const JOINT_PLAN = readFileSync(new URL("../flows/joint-plan.flow.yaml", import.meta.url), "utf8");

/** Returns it in words, to go on as the dialog proposes. */
async function returns(person: Person, words: string): Promise<void> {
  await decision(person, "return").click();
  const dialog = person.page.getByRole("dialog", { name: person.t("workflow.return_title") });
  await dialog.getByLabel(person.t("workflow.return_opinion")).fill(words);
  await look(person, "countersign/return");
  await dialog.getByRole("button", { name: person.t("workflow.return") }).click();
  await person.isTold("workflow.did_return");
}

// proves: FLOW-06, FLOW-07, FLOW-19, FLOW-22, FLOW-38
test("four departments countersign; one adds a signer, one returns it, and nobody signs twice", async (stage) => {
  await publishes(stage, JOINT_PLAN);
  const values = { subject: "机房搬迁", content: "七月完成" };
  const [plan] = await asksFor(stage, "linxiao", "e-03-joint-plan", [values]);
  assert.ok(plan);

  // Finance asks its accountant first, who signs on a phone.
  const finance = await stage.enters("luwenqing");
  await openFrom(finance, "waiting", plan.number);
  await look(finance, "countersign/1-four-at-once");
  const dialog = await opens(finance, "add_signer");
  await picks(finance, dialog, "罗丹");
  await dialog.getByLabel(finance.t("workflow.operation_words"), { exact: true }).fill("请核对预算");
  await dialog.getByRole("button", { name: finance.t("workflow.add_signer") }).click();
  await finance.isTold("workflow.did_add_signer");

  // Personnel returns it straight back to itself; the others are not disturbed.
  const personnel = await stage.enters("xujing");
  await openFrom(personnel, "waiting", plan.number);
  await returns(personnel, "请写明搬迁期间的值班安排");

  const administration = await stage.enters("zhengkai");
  await openFrom(administration, "waiting", plan.number);
  await agree(administration, "场地已安排");
  const accountant = await stage.enters("luodan", { device: "phone" });
  await openFrom(accountant, "waiting", plan.number);
  await look(accountant, "countersign/2-the-added-signer-on-a-phone");
  await agree(accountant, "预算内");

  const linXiao = await stage.enters("linxiao", { device: "phone" });
  await openFrom(linXiao, "waiting", plan.number);
  await linXiao.sees(linXiao.page.getByText("请写明搬迁期间的值班安排").first());
  await look(linXiao, "countersign/3-returned-on-a-phone");
  await field(linXiao, "content").locator("textarea").fill("七月完成，搬迁期间由研发部值班");
  await confirm(linXiao);
  await decision(linXiao, "resubmit").click();
  await linXiao.isTold("workflow.did_resubmit");

  // Administration has signed and is not asked again; personnel has it back, finance after its accountant.
  assert.deepEqual((await administration.asks<{ items: { number: string }[] }>("GET", `/tasks?q=${plan.number}`)).items, []);
  await openFrom(personnel, "waiting", plan.number);
  await personnel.sees(personnel.page.getByText("七月完成，搬迁期间由研发部值班").first());
  await agree(personnel, "已看过值班安排");
  await openFrom(finance, "waiting", plan.number);
  await agree(finance);
  const research = await stage.enters("chenmo");
  await openFrom(research, "waiting", plan.number);
  await agree(research);
  const generalManager = await stage.enters("zhouyuanhang");
  await openFrom(generalManager, "waiting", plan.number);
  await agree(generalManager, "同意搬迁");

  await linXiao.goto(`/cases/${plan.id}`);
  await linXiao.sees(status(linXiao, "status.completed"));
  const way = await steps(linXiao);
  assert.ok(way.every((step) => step.state === "past"), JSON.stringify(way));
  await look(linXiao, "countersign/4-completed-on-a-phone");
  const view = await linXiao.asks<{ opinions: { verdict: string; person: string }[] }>("GET", `/cases/${plan.id}`);
  const signed = view.opinions.filter((said) => said.verdict === "approved").map((said) => said.person);
  assert.equal(signed.length, 6, "four departments, the added signer and the general manager");
  assert.equal(new Set(signed).size, 6, "each signed once");
});

// proves: F-17, FLOW-22, MOB-01
test("a returned claim is corrected on a phone, with the missing invoice, and goes straight back", async (stage) => {
  const desk = await stage.enters("linxiao", {}, "/start");
  await desk.page.getByRole("link", { name: "报销申请", exact: false }).first().click();
  await field(desk, "details").locator("textarea").waitFor();
  await desk.choose(field(desk, "kind").getByRole("combobox"), "差旅费");
  await field(desk, "amount").locator("input").fill("2380.60");
  await field(desk, "invoices").locator("input").fill("6");
  await field(desk, "details").locator("textarea").fill("出差杭州的车票和住宿");
  await attaches(desk, "车票.png");
  const id = await submit(desk);
  const number = await numberOf(desk, id);

  const chenMo = await stage.enters("chenmo");
  await openFrom(chenMo, "waiting", number);
  await agree(chenMo);
  const luoDan = await stage.enters("luodan");
  await openFrom(luoDan, "waiting", number);
  await returns(luoDan, "住宿费缺一张发票");

  const phone = await stage.enters("linxiao", { device: "phone" });
  await openFrom(phone, "waiting", number);
  await phone.sees(phone.page.getByRole("alert").getByText("住宿费缺一张发票"));
  await field(phone, "amount").locator("input").fill("2380.6");
  await field(phone, "invoices").locator("input").fill("7");
  await attaches(phone, "住宿发票.png");
  await look(phone, "countersign/5-a-claim-on-a-phone");
  await confirm(phone);
  await decision(phone, "resubmit").click();
  await phone.isTold("workflow.did_resubmit");

  // Back at the accountant without the department in between, with both invoices, and what was changed.
  await openFrom(luoDan, "waiting", number);
  for (const name of ["车票.png", "住宿发票.png"]) await luoDan.sees(field(luoDan, "files").getByText(name));
  await look(luoDan, "countersign/6-the-claim-is-back");
  await agree(luoDan, "票据已齐");
  await phone.goto(`/cases/${id}`);
  await routeIs(phone, [
    { state: "past", person: "林晓" },
    { state: "past", person: "陈墨" },
    { state: "past", person: "罗丹" },
    { state: "past", person: "林晓" },
    { state: "present", person: "何欣" },
    { state: "future", person: "陆文清" },
    { state: "future", person: "顾明哲" },
    { state: "future", person: "周远航" },
    { state: "future", person: "谢小雨" },
  ]);
  // Others clear that inbox in journeys of their own.
  await phone.asks("POST", `/cases/${id}/withdrawal`, {});
});

async function attaches(person: Person, name: string): Promise<void> {
  const buffer = await person.page.screenshot({ clip: { x: 0, y: 0, width: 200, height: 120 } });
  await field(person, "files").locator("input[type=file]").setInputFiles({ name, mimeType: "image/png", buffer });
  await field(person, "files").getByText(name).waitFor();
}
