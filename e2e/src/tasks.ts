/** Tasks for somebody's inbox, made past the pages: for journeys that are about what waits, and not about asking for it. */
import assert from "node:assert/strict";

import { LEAVE } from "./leave.ts";
import type { Stage } from "./stage.ts";

export interface Asked {
  id: string;
  number: string;
}

/** Somebody asks for half a day of leave, so many times; the cases, the first first. */
export async function asksForLeave(stage: Stage, login: string, times: number, reason: string): Promise<Asked[]> {
  const values = (n: number) => ({
    kind: "personal",
    period: { from: { date: "2026-12-01", half: "am" }, to: { date: "2026-12-01", half: "am" } },
    reason: `${reason}（${n}）`,
  });
  return asksFor(stage, login, LEAVE.code, Array.from({ length: times }, (_, index) => values(index + 1)));
}

/** Somebody hands in a form, once with each of these values. */
export async function asksFor(stage: Stage, login: string, code: string, all: Record<string, unknown>[]): Promise<Asked[]> {
  const person = await stage.enters(login);
  const { items } = await person.asks<{ items: { id: string; code: string }[] }>("GET", "/flows");
  const flow = items.find((each) => each.code === code);
  if (!flow) throw new Error(`${login} may start no flow ${code}`);
  const asked: Asked[] = [];
  for (const values of all) {
    const { id } = await person.asks<{ id: string }>("POST", "/cases", { flow: flow.id, values, confirmed: true });
    asked.push({ id, number: (await person.asks<{ number: string }>("GET", `/cases/${id}`)).number });
  }
  await person.page.context().close();
  return asked;
}

/** An administrator brings a flow package in and publishes it. */
export async function publishes(stage: Stage, text: string): Promise<void> {
  const gaoXiang = await stage.enters("gaoxiang");
  const { version } = await gaoXiang.asks<{ version?: { id: string } | null }>("POST", "/flow_packages", { text });
  assert.ok(version, "the package is in order");
  await gaoXiang.asks("POST", `/flow_versions/${version.id}/publication`);
  await gaoXiang.page.context().close();
}
