/** A supervisor makes others take part: a signer before him, on a phone; on hold; transferred; taken back (F-01). */
import assert from "node:assert/strict";

import { agree, decision, fillIn, halfDay, numberOf, openForm, openFrom, opinion, status, submit } from "../src/leave.ts";
import { look } from "../src/look.ts";
import { opens, picks } from "../src/operations.ts";
import { test } from "../src/stage.ts";

// proves: FLOW-15, FLOW-16, FLOW-19, TIME-17, TRACE-09
test("a signer is added, it comes back, is held, decided, taken back and transferred", async (stage) => {
  const linXiao = await stage.enters("linxiao");
  await openForm(linXiao);
  await fillIn(linXiao, halfDay("带孩子体检"));
  const id = await submit(linXiao);
  const number = await numberOf(linXiao, id);

  const zhaoQing = await stage.enters("zhaoqing");
  await openFrom(zhaoQing, "waiting", number);
  const signers = await opens(zhaoQing, "add_signer");
  await signers.getByRole("button", { name: zhaoQing.t("workflow.add_signer") }).click();
  await zhaoQing.sees(signers.getByText(zhaoQing.t("workflow.operation_nobody")));
  await picks(zhaoQing, signers, "周远航");
  await signers.getByLabel(zhaoQing.t("workflow.operation_words"), { exact: true }).fill("请周总先过目");
  await look(zhaoQing, "passing-on/1-add-a-signer");
  await signers.getByRole("button", { name: zhaoQing.t("workflow.add_signer") }).click();
  await zhaoQing.isTold("workflow.did_add_signer");
  await zhaoQing.goto(`/cases/${id}`);
  await zhaoQing.sees(zhaoQing.page.getByRole("region", { name: zhaoQing.t("workflow.asked") }).getByText("周远航"));
  await look(zhaoQing, "passing-on/2-asked");

  const zhouYuanhang = await stage.enters("zhouyuanhang", { device: "phone" });
  await openFrom(zhouYuanhang, "waiting", number);
  await zhouYuanhang.sees(zhouYuanhang.page.getByText("赵晴").first());
  await look(zhouYuanhang, "passing-on/3-the-signer-on-a-phone");
  await opens(zhouYuanhang, "consult").then(async (dialog) => {
    await look(zhouYuanhang, "passing-on/4-consult-on-a-phone");
    await dialog.getByRole("button", { name: zhouYuanhang.t("ui.cancel") }).click();
  });
  await agree(zhouYuanhang, "可以");

  await openFrom(zhaoQing, "waiting", number);
  const hold = await opens(zhaoQing, "hold");
  await hold.getByLabel(zhaoQing.t("workflow.operation_words"), { exact: true }).fill("等排班表");
  await hold.getByRole("button", { name: zhaoQing.t("workflow.hold") }).click();
  await zhaoQing.isTold("workflow.did_hold");
  await openFrom(zhaoQing, "waiting", number);
  await zhaoQing.sees(zhaoQing.like("workflow.held_since"));
  await look(zhaoQing, "passing-on/5-on-hold");
  await agree(zhaoQing);

  await zhaoQing.goto(`/cases/${id}`);
  const back = await opens(zhaoQing, "take_back", "head");
  await back.getByRole("button", { name: zhaoQing.t("workflow.take_back") }).click();
  await zhaoQing.isTold("workflow.did_take_back");
  await opinion(zhaoQing).waitFor();

  const transfer = await opens(zhaoQing, "transfer");
  await picks(zhaoQing, transfer, "许静");
  await transfer.getByLabel(zhaoQing.t("workflow.operation_words"), { exact: true }).fill("我今天外出");
  await transfer.getByRole("button", { name: zhaoQing.t("workflow.transfer") }).click();
  await zhaoQing.isTold("workflow.did_transfer");
  const xuJing = await stage.enters("xujing");
  await openFrom(xuJing, "waiting", number);
  await xuJing.sees(decision(xuJing, "approve"));
  await look(xuJing, "passing-on/6-transferred");
  await agree(xuJing);

  await linXiao.goto(`/cases/${id}`);
  await linXiao.sees(status(linXiao, "status.completed"));
  for (const words of ["请周总先过目", "等排班表", "我今天外出"]) await linXiao.sees(words);
  const view = await linXiao.asks<{ opinions: { verdict: string }[] }>("GET", `/cases/${id}`);
  const verdicts = view.opinions.map((said) => said.verdict);
  assert.deepEqual(verdicts, ["signers_added", "approved", "held", "approved", "taken_back", "transferred", "approved"]);
});
