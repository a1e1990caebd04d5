/** A secretary's day: two hats in one inbox; one leave begun for the leader, three tasks decided, one refused (TIME-11). */
import assert from "node:assert/strict";

import { agree, field, fillIn, halfDay, LEAVE, numberOf, openForm, openFrom, opinion, submit } from "../src/leave.ts";
import { look } from "../src/look.ts";
import { test } from "../src/stage.ts";

interface Task {
  id: string;
  on_behalf_of?: { name: string };
}

// proves: TIME-11, TRACE-09, PERM-11
test("a secretary acts for the leader under both names, and never in his own case", async (stage) => {
  const linXiao = await stage.enters("linxiao");
  const numbers: string[] = [];
  for (const reason of ["看牙", "搬家", "开家长会"]) {
    await openForm(linXiao);
    await fillIn(linXiao, halfDay(reason));
    numbers.push(await numberOf(linXiao, await submit(linXiao)));
  }

  const zhaoQing = await stage.enters("zhaoqing", {}, "/agents");
  await zhaoQing.page.getByRole("button", { name: zhaoQing.t("workflow.agency_give") }).click();
  const drawer = zhaoQing.page.getByRole("dialog", { name: zhaoQing.t("workflow.agency_give") });
  await drawer.getByRole("combobox", { name: zhaoQing.t("workflow.agency_agent") }).fill("吴桐");
  await zhaoQing.page.locator(".ant-select-dropdown:visible .ant-select-item-option", { hasText: "吴桐" }).first().click();
  const lastDay = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
  await zhaoQing.pickDay(drawer.getByLabel(zhaoQing.t("workflow.agency_to")), lastDay);
  await drawer.getByLabel(zhaoQing.t("workflow.agency_start")).check();
  await look(zhaoQing, "agents/1-name-an-agent");
  await drawer.getByRole("button", { name: zhaoQing.t("workflow.agency_give") }).click();
  await zhaoQing.isTold("workflow.agency_did_give");
  await look(zhaoQing, "agents/2-my-agents");

  const wuTong = await stage.enters("wutong");
  const hats = await wuTong.asks<{ hats: { principal: { id: string; name: string }; waiting: number }[] }>("GET", "/counts");
  const hat = hats.hats[0];
  assert.ok(hat, "he acts for her");
  assert.deepEqual([hat.principal.name, hat.waiting >= 3], ["赵晴", true]);

  // One leave for the leader: hers, handed in by him.
  await wuTong.goto(`/start?hat=${hat.principal.id}`);
  await wuTong.page.getByRole("link", { name: wuTong.named(LEAVE.zh, LEAVE.en) }).click();
  await field(wuTong, "reason").locator("textarea").waitFor();
  await wuTong.sees(wuTong.like("workflow.filling_for"));
  await fillIn(wuTong, halfDay("体检"));
  await wuTong.page.locator("#accuracy").check();
  await wuTong.page.getByRole("button", { name: new RegExp(`^${wuTong.t("workflow.submit")}`) }).click();
  await wuTong.page.waitForURL(/\/inbox\/done\/[^/?]+/);
  const begun = new URL(wuTong.page.url()).pathname.split("/").pop() ?? "";
  await look(wuTong, "agents/3-begun-for-her");
  const view = await zhaoQing.asks<{ initiator: { person: string; on_behalf_of: string } }>("GET", `/cases/${begun}`);
  assert.equal(view.initiator.on_behalf_of, hat.principal.id);

  // Three tasks for her: two agreed to, one refused.
  for (const number of numbers.slice(0, 2)) {
    await openFrom(wuTong, "waiting", number);
    await wuTong.sees(wuTong.like("workflow.you_act_for"));
    await look(wuTong, "agents/4-two-hats");
    await agree(wuTong, "同意");
  }
  await openFrom(wuTong, "waiting", numbers[2] ?? "");
  await opinion(wuTong).fill("当天有发布，请改期");
  await wuTong.page.locator("footer").getByRole("button", { name: wuTong.t("workflow.reject"), exact: true }).click();
  await wuTong.settled();

  // His own case waits for her, and not for him.
  await openForm(wuTong);
  await fillIn(wuTong, halfDay("办证"));
  const own = await submit(wuTong);
  const waiting = await wuTong.asks<{ items: Task[] }>("GET", "/tasks?hat=" + hat.principal.id);
  assert.ok(!waiting.items.some((task) => task.id.startsWith(own)), "nothing of his own case waits for him");

  const onThePhone = await stage.enters("zhaoqing", { device: "phone" }, "/inbox/done");
  await onThePhone.sees(onThePhone.page.getByText("吴桐").first());
  await look(onThePhone, "agents/5-done-for-me-on-a-phone");
});
