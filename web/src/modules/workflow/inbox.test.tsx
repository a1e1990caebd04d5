import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";

import { expectAccessible } from "@/test/axe";
import { CASE, tasks } from "@/test/cast";
import { type Asked, cut, on, refuse } from "@/test/contract";
import { open } from "@/test/render";
import { server } from "@/test/server";

// proves: FLOW-37
test("the inbox is the first page: who, what, the deciding facts, unread marked", async () => {
  open("/");
  const list = await screen.findByRole("list", { name: "待我处理" });
  const rows = await within(list).findAllByRole("button");
  expect(rows).toHaveLength(2);
  expect(rows[0]).toHaveTextContent("林晓请假申请");
  expect(rows[0]).toHaveTextContent("3 天");
  expect(rows[0]).toHaveTextContent("年假");
  expect(within(rows[0]!).getByRole("img", { name: "未读" })).toBeInTheDocument();
  expect(rows[1]).toHaveTextContent("¥ 1,280.00");
  expect(within(rows[1]!).queryByRole("img", { name: "未读" })).toBeNull();
  expect(screen.getByRole("status", { name: "" })).toHaveTextContent("示例数据");
  await expectAccessible();
});

test("the keyboard moves, opens and agrees; then the next task is there", async () => {
  let approved: Asked | undefined;
  let decided = false;
  server.use(
    on("get", "/tasks", () => ({ items: decided ? tasks.slice(1) : tasks })),
    on("post", "/tasks/{id}/approval", (asked) => {
      approved = asked;
      decided = true;
      return { id: CASE };
    }),
  );
  const { user, router } = open("/");
  await screen.findByRole("list", { name: "待我处理" });
  await user.keyboard("j{Enter}");
  await screen.findByRole("article", { name: "请假申请 · 林晓" });
  await user.keyboard("a");
  // The line goes away by itself: it is looked for first.
  expect(await screen.findByText("已同意：请假申请 · 林晓")).toBeInTheDocument();
  expect(approved).toBeDefined();
  expect(approved?.params.id).toBe(`${CASE}.2`);
  expect(approved?.body).toMatchObject({ text: "", attachments: [] });
  expect(approved?.headers.get("idempotency-key")).toMatch(/^[0-9a-f-]{36}$/);
  await waitFor(() => expect(router.state.location.pathname).toBe(`/inbox/waiting/${tasks[1]!.case_id}`), { timeout: 15_000 });
});

// proves: RULE-21
test("a rule that only warns is said beside what was done", async () => {
  const broken = { field: "opinion.min_length", code: "workflow.broken.opinion.min_length", args: { characters: 2, asked: 5, clause: "第三条" } };
  server.use(on("post", "/tasks/{id}/approval", () => ({ id: CASE, warnings: [broken] })));
  const { user } = open("/");
  await screen.findByRole("list", { name: "待我处理" });
  await user.keyboard("j{Enter}");
  await screen.findByRole("article", { name: "请假申请 · 林晓" });
  await user.keyboard("a");
  expect(await screen.findByText("已同意：请假申请 · 林晓")).toBeInTheDocument();
  expect(screen.getByText("意见只有 2 字，规定（第三条）要求至少 5 字。已提交，并记录在案。")).toBeInTheDocument();
});

test("search and filter stand in the address and are asked of the server", async () => {
  const asked: string[] = [];
  server.use(
    on("get", "/tasks", ({ query }) => {
      asked.push(query.toString());
      return { items: query.get("q") ? [] : tasks };
    }),
  );
  const { user, router } = open("/inbox/waiting");
  await screen.findAllByText("林晓");
  await user.keyboard("/");
  await user.keyboard("linx");
  expect(await screen.findByText("没有找到“linx”")).toBeInTheDocument();
  expect(router.state.location.searchStr).toBe("?q=linx");
  await user.selectOptions(screen.getByRole("combobox", { name: "流程" }), "费用报销");
  await waitFor(() => expect(asked.at(-1)).toMatch(/q=linx&flow=\w+/));
});

test("an empty inbox says what to do next", async () => {
  server.use(on("get", "/tasks", { items: [] }));
  open("/inbox/waiting");
  expect(await screen.findByText("没有待办事项")).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "发起事项" })).toBeEnabled();
  const several = screen.queryByRole("button", { name: /^批\s?量$/ });
  expect(several, "there is nothing to choose of").toBeNull();
});

test("a list that cannot be read says why and is read again on demand", async () => {
  server.use(cut("get", "/tasks"));
  const { user } = open("/inbox/waiting");
  expect(await screen.findByText(/网络不通/)).toBeInTheDocument();
  server.use(on("get", "/tasks", { items: tasks }));
  await user.click(screen.getByRole("button", { name: "重试" }));
  expect(await screen.findAllByText("林晓")).not.toHaveLength(0);
});

test("what others said on the way is read with the case, and why it came to me", async () => {
  open(`/inbox/waiting/${CASE}`);
  const record = await screen.findByRole("article", { name: "请假申请 · 林晓" });
  expect(within(record).getAllByText("注意交接").length).toBeGreaterThan(0);
  expect(within(record).getAllByText(/在青禾集团担任人事经理/)).not.toHaveLength(0);
  const map = within(record).getByRole("list", { name: "流程走向" });
  const steps = within(map).getAllByRole("listitem");
  expect(steps).toHaveLength(4);
  expect(steps[1]).toHaveTextContent("部门主管已完成2 小时赵敏已同意");
  expect(steps[2]).toHaveTextContent("人事经理进行中周岚（我）为何是我");
  expect(steps[3]).toHaveTextContent("总经理预计孙启明");
  expect(within(record).getByText("交接清单已发")).toBeInTheDocument();
  await expectAccessible();
});

test("a decision that the rules refuse is explained, and nothing is shown as made", async () => {
  server.use(refuse("post", "/tasks/{id}/approval", { status: 409, code: "workflow.task_ended" }));
  const { user } = open(`/inbox/waiting/${CASE}`);
  await user.click(await screen.findByRole("button", { name: "同意" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("这项待办已经处理或已经失效");
  expect(screen.queryByText(/已同意：/)).toBeNull();
});

test("a decision sent again after a broken connection carries the same key", async () => {
  const keys: (string | null)[] = [];
  server.use(
    http.post("*/api/v1/tasks/:id/approval", ({ request }) => {
      keys.push(request.headers.get("idempotency-key"));
      return keys.length === 1 ? HttpResponse.error() : HttpResponse.json({ id: CASE });
    }),
  );
  const { user } = open(`/inbox/waiting/${CASE}`);
  await user.click(await screen.findByRole("button", { name: "同意" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("网络不通");
  await user.click(screen.getByRole("button", { name: "同意" }));
  expect(await screen.findByText("已同意：请假申请 · 林晓")).toBeInTheDocument();
  expect(keys).toHaveLength(2);
  expect(keys[0]).toBe(keys[1]);
});
