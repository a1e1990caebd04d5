import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";

import type { Schemas } from "@/api/client";
import { expectAccessible } from "@/test/axe";
import { CASE, FLOW, HE, people, route, view } from "@/test/cast";
import { on } from "@/test/contract";
import { open } from "@/test/render";
import { server } from "@/test/server";

const away: Schemas["Away"] = {
  field: "days",
  from: "2026-12-01",
  until: "2026-12-08",
  needed: true,
  covered: false,
  agents: [],
  refused: true,
  long_from: 5,
};

// proves: TIME-12
test("who asks to be away is told before he sends it, and one tap leads to naming an agent for that time", async () => {
  server.use(
    on("post", "/flows/{id}/prediction", { route, values: {}, people, absence: away }),
    on("get", "/agencies", { given: [], received: [], longest_days: 180 }),
    on("get", "/agency_choices", { flows: [] }),
  );
  const { user } = open(`/start/${FLOW}`);
  const prompt = await screen.findByText(/没有人全程代理您，指定之后才能提交/);
  expect(prompt).toHaveTextContent(/12月1日|2026-12-01/);
  await expectAccessible();
  await user.click(screen.getByRole("link", { name: "指定代理人" }));
  const drawer = await screen.findByRole("dialog");
  expect(within(drawer).getByLabelText("开始日期")).toHaveValue("2026-12-01");
  expect(within(drawer).getByLabelText("结束日期")).toHaveValue("2026-12-08");
});

// proves: TIME-12
test("whoever approves it sees that nobody is named, or who it is", async () => {
  server.use(on("get", "/cases/{id}", { ...view, absence: away }));
  open(`/cases/${CASE}`);
  expect(await screen.findByText(/没有指定代理人/)).toBeInTheDocument();
  await expectAccessible();
});

// proves: TIME-12
test("who acts meanwhile is named with the time", async () => {
  const agents = [{ person: HE.id, from: "2026-11-30T16:00:00Z", until: "2026-12-08T16:00:00Z" }];
  server.use(on("get", "/cases/{id}", { ...view, people: { ...people, [HE.id]: HE }, absence: { ...away, covered: true, agents } }));
  open(`/cases/${CASE}`);
  expect(await screen.findByText(/由 何静 代理/)).toBeInTheDocument();
  expect(screen.queryByText(/没有指定代理人/)).toBeNull();
});
