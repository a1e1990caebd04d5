import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";

import { expectAccessible } from "@/test/axe";
import { CASE, SUN, task, tasks, view } from "@/test/cast";
import { type Asked, on, refuse } from "@/test/contract";
import { open } from "@/test/render";
import { server } from "@/test/server";

const withTask = (more: Partial<typeof task>, of: Partial<typeof view> = {}) =>
  on("get", "/cases/{id}", { ...view, ...of, tasks: [{ ...task, ...more }] });

// proves: FLOW-07, FLOW-15
test("a task that waits at several is claimed before anything else can be done with it", async () => {
  let claimed = false;
  server.use(
    withTask({ can: ["claim"] }),
    on("get", "/tasks", { items: [{ ...tasks[0]!, to_claim: true }] }),
    on("post", "/tasks/{id}/claim", () => {
      claimed = true;
      return { id: CASE };
    }),
  );
  const { user } = open(`/inbox/waiting/${CASE}`);
  expect(await screen.findByText(/先抢办的人办理/)).toBeInTheDocument();
  const claim = screen.getByRole("button", { name: "抢办" });
  expect(screen.queryByRole("textbox", { name: "意见" })).toBeNull();
  expect(await screen.findByText("待抢办")).toBeInTheDocument();
  await expectAccessible();
  server.use(withTask({ can: ["approve", "give_back"] }));
  await user.click(claim);
  expect(await screen.findByText("已抢办，由您办理")).toBeInTheDocument();
  expect(claimed).toBe(true);
  expect(await screen.findByRole("button", { name: /^同意/ })).toBeInTheDocument();
});

// proves: FLOW-15
test("who comes second is told", async () => {
  server.use(withTask({ can: ["claim"] }), refuse("post", "/tasks/{id}/claim", { status: 409, code: "workflow.claimed_by", args: { person: SUN.id } }));
  const { user } = open(`/inbox/waiting/${CASE}`);
  await user.click(await screen.findByRole("button", { name: "抢办" }));
  expect(await screen.findByText(/这项待办已由 .* 抢办/)).toBeInTheDocument();
});

// proves: FLOW-15
test("what was claimed is given back with a reason", async () => {
  let sent: Asked | undefined;
  server.use(
    withTask({ can: ["approve", "give_back"] }),
    on("post", "/tasks/{id}/return_to_pool", (asked) => {
      sent = asked;
      return { id: CASE };
    }),
  );
  const { user } = open(`/inbox/waiting/${CASE}`);
  await user.click((await screen.findAllByRole("button", { name: "更多" })).at(-1)!);
  await user.click(within(screen.getByRole("menu", { name: "更多" })).getByRole("menuitem", { name: "放回" }));
  const dialog = await screen.findByRole("dialog");
  await user.click(within(dialog).getByRole("button", { name: "放回" }));
  expect(sent).toBeUndefined();
  await user.type(within(dialog).getByRole("textbox", { name: "说明" }), "外出");
  await user.click(within(dialog).getByRole("button", { name: "放回" }));
  expect(await screen.findByText("已放回")).toBeInTheDocument();
  expect(sent?.body).toMatchObject({ text: "外出" });
});

// proves: FLOW-15, TRACE-09
test("a suspended case says since when, by whom and why, and offers no decision; an administrator lets it go on", async () => {
  let sent: Asked | undefined;
  const halt = { since: "2026-11-20T05:00:00Z", by: { person: SUN.id }, reason: "金额待核实" };
  server.use(
    withTask({ can: [] }, { stage: "halted", halt, can: ["comment", "go_on"] }),
    on("get", "/tasks", { items: [{ ...tasks[0]!, halted: true }] }),
    on("post", "/cases/{id}/continuation", (asked) => {
      sent = asked;
      return { id: CASE };
    }),
  );
  const { user } = open(`/inbox/waiting/${CASE}`);
  expect(await screen.findByText(/孙启明 于 .* 挂起：金额待核实/)).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: /^同意/ })).toBeNull();
  expect(screen.getAllByText("已挂起").length).toBeGreaterThan(1);
  await expectAccessible();
  await user.click((await screen.findAllByRole("button", { name: "更多" })).at(-1)!);
  await user.click(within(screen.getByRole("menu", { name: "更多" })).getByRole("menuitem", { name: "恢复办理" }));
  const dialog = await screen.findByRole("dialog");
  await user.type(within(dialog).getByRole("textbox", { name: "说明" }), "已核实");
  await user.click(within(dialog).getByRole("button", { name: "恢复办理" }));
  expect(await screen.findByText("已恢复办理")).toBeInTheDocument();
  expect(sent?.body).toMatchObject({ text: "已核实" });
});
