/** A finished approval is cancelled after a sealed backup, and restored from it: at the desk, and on a phone (F-62). */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { agree, decision, field, numberOf, openFrom, status, submit } from "../src/leave.ts";
import { look } from "../src/look.ts";
import type { Person } from "../src/person.ts";
import { type Stage, test } from "../src/stage.ts";
import { type Asked, asksFor, publishes } from "../src/tasks.ts";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const BOOKING = read("../flows/room-booking.flow.yaml");
const CANCELLATION = read("../../presets/002/f-62-approval-cancellation.flow.yaml");

/** A booked room, agreed to: finished, and nothing that is revoked another way. */
async function roomBooked(stage: Stage, superior: Person): Promise<Asked> {
  const [booking] = await asksFor(stage, "linxiao", "e-04-room-booking", [{ room: "三号会议室" }]);
  assert.ok(booking);
  await openFrom(superior, "waiting", booking.number);
  await agree(superior, "同意");
  return booking;
}

/** Fills in the cancellation of that case, and sends it; its number. */
async function asksToCancel(person: Person, booking: Asked): Promise<string> {
  await person.goto("/start");
  await person.page.getByRole("link", { name: "审批撤销" }).click();
  await field(person, "reason").locator("textarea").fill("重复提交");
  const original = field(person, "original").getByRole("combobox");
  await original.click();
  await original.pressSequentially(booking.number);
  await person.page.locator(".ant-select-dropdown:visible .ant-select-item-option", { hasText: booking.number }).click();
  const owner = field(person, "owner").getByRole("combobox");
  await owner.fill("郑凯");
  await person.page.locator(".ant-select-dropdown:visible .ant-select-item-option", { hasText: "郑凯" }).first().click();
  await look(person, "cancellation/1-asked");
  return numberOf(person, await submit(person));
}

async function completes(person: Person, number: string): Promise<void> {
  await openFrom(person, "waiting", number);
  await decision(person, "complete").click();
  await person.isTold("workflow.did_complete");
}

/** The administrator holds the backup against its seal, and restores it for a reason. */
async function restores(person: Person, booking: Asked): Promise<void> {
  await person.goto(`/admin/cancelled?q=${booking.number}`);
  const row = person.page.getByRole("list", { name: person.t("workflow.cancelled") }).getByRole("listitem");
  await row.getByText(booking.number).click();
  const kept = person.page.getByRole("dialog");
  await kept.getByRole("button", { name: person.t("workflow.cancelled_verify") }).click();
  await person.sees(person.like("workflow.cancelled_sound"));
  await look(person, "cancellation/5-verified-on-a-phone");
  await kept.getByRole("button", { name: person.t("workflow.cancelled_restore"), exact: true }).click();
  const dialog = person.page.getByRole("dialog", { name: person.t("workflow.cancelled_restore_of", { number: booking.number }) });
  await dialog.getByLabel(person.t("workflow.cancelled_restore_reason")).fill("撤错了，应撤销另一件");
  await look(person, "cancellation/6-restored-for-a-reason");
  await dialog.getByRole("button", { name: person.t("workflow.cancelled_restore"), exact: true }).click();
  await person.isTold("workflow.did_restore");
}

// proves: F-62, FLOW-25, MOB-01
test("a finished approval is cancelled after its backup, and stands again when it is restored", async (stage) => {
  await publishes(stage, BOOKING);
  await publishes(stage, CANCELLATION);
  const superior = await stage.enters("zhaoqing");
  const booking = await roomBooked(stage, superior);

  const linXiao = await stage.enters("linxiao");
  const number = await asksToCancel(linXiao, booking);
  await openFrom(superior, "waiting", number);
  await look(superior, "cancellation/2-the-superior");
  await agree(superior, "确系重复");
  const owner = await stage.enters("zhengkai");
  await openFrom(owner, "waiting", number);
  await agree(owner);

  // The backup says where it is before anything is deleted.
  const gaoXiang = await stage.enters("gaoxiang");
  await completes(gaoXiang, number);
  await openFrom(gaoXiang, "waiting", number);
  await gaoXiang.sees(field(gaoXiang, "backup").getByText("blobs/"));
  await look(gaoXiang, "cancellation/3-backed-up");
  await linXiao.goto(`/cases/${booking.id}`);
  await linXiao.sees(status(linXiao, "status.completed"));

  // Her page hears of it at once, and asks again.
  linXiao.expects(404, 409, 410);
  await completes(gaoXiang, number);
  await linXiao.goto(`/cases/${booking.id}`);
  await linXiao.sees(linXiao.t("workflow.cancelled_hint"));
  await linXiao.sees(linXiao.page.getByText(number));
  await look(linXiao, "cancellation/4-cancelled");
  const started = await linXiao.asks<{ items: unknown[] }>("GET", `/cases?list=started&q=${booking.number}`);
  assert.deepEqual(started.items, [], "it is in no list any more");

  await restores(await stage.enters("gaoxiang", { device: "phone" }), booking);
  await linXiao.goto(`/cases/${booking.id}`);
  await linXiao.sees(status(linXiao, "status.completed"));
  await linXiao.sees(field(linXiao, "room").getByText("三号会议室"));
  await look(linXiao, "cancellation/7-it-stands-again");
});
