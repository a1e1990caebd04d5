import { screen, waitFor, within } from "@testing-library/react";
import { delay, http, HttpResponse } from "msw";
import { expect, test } from "vitest";

import { expectAccessible } from "@/test/axe";
import { CASE, task, tasks, view } from "@/test/cast";
import { type Asked, on } from "@/test/contract";
import { open } from "@/test/render";
import { server } from "@/test/server";

const OTHER = tasks[1]!;

/** The case of a row, with this to do about it. */
const caseOf = (id: unknown, part: Partial<typeof task> = {}) =>
  id === CASE ? { ...view, tasks: [task] } : { ...view, id: OTHER.case_id, tasks: [{ ...task, id: OTHER.id, ...part }] };

async function chooseBoth(path = "/inbox/waiting") {
  const opened = open(path);
  await screen.findByRole("list", { name: "待我处理" });
  await opened.user.click(screen.getByRole("button", { name: "批量" }));
  await opened.user.click(screen.getByRole("button", { name: "全选" }));
  expect(screen.getByText("已选 2 项")).toBeInTheDocument();
  return opened;
}

async function openBatch(user: Awaited<ReturnType<typeof chooseBoth>>["user"]) {
  await user.click(screen.getByRole("button", { name: "一并同意" }));
  const dialog = await screen.findByRole("dialog", { name: "一并同意 2 项" });
  await waitFor(() => expect(within(dialog).queryByText("正在查看…")).toBeNull());
  return dialog;
}

const rowsOf = (dialog: HTMLElement) => within(within(dialog).getByRole("list", { name: "所选事项" })).getAllByRole("listitem");

test("several are agreed to with one opinion, each with a key of its own and a result of its own", async () => {
  const asked: Asked[] = [];
  let decided = false;
  server.use(
    on("get", "/tasks", () => ({ items: decided ? [] : tasks })),
    on("get", "/cases/{id}", ({ params }) => caseOf(params.id)),
    on("post", "/tasks/{id}/approval", (each) => {
      asked.push(each);
      decided = asked.length === 2;
      return { id: CASE };
    }),
  );
  const { user } = await chooseBoth();
  const dialog = await openBatch(user);
  await user.click(within(dialog).getByRole("button", { name: "填入“同意”" }));
  await expectAccessible();
  await user.click(within(dialog).getByRole("button", { name: "同意 2 项" }));
  expect(await within(dialog).findByText("已同意 2 项，未成 0 项，未提交 0 项。")).toBeInTheDocument();
  expect(asked.map((each) => each.params.id).sort()).toEqual([`${CASE}.2`, OTHER.id].sort());
  expect(asked.map((each) => each.body)).toEqual([
    { text: "同意", attachments: [], values: {} },
    { text: "同意", attachments: [], values: {} },
  ]);
  expect(new Set(asked.map((each) => each.headers.get("idempotency-key"))).size).toBe(2);
  await user.click(within(dialog).getAllByRole("button", { name: "关闭" }).at(-1)!);
  expect(await screen.findByText("没有待办事项")).toBeInTheDocument();
});

test("what is refused says why and stays chosen; what the others did is done", async () => {
  let decided = false;
  server.use(
    on("get", "/tasks", () => ({ items: decided ? tasks.slice(1) : tasks })),
    on("get", "/cases/{id}", ({ params }) => caseOf(params.id)),
    http.post("*/api/v1/tasks/:id/approval", ({ params }) => {
      if (params.id === OTHER.id) {
        return HttpResponse.json(
          { type: "about:blank", title: "", status: 409, code: "workflow.task_ended", args: {} },
          { status: 409, headers: { "content-type": "application/problem+json" } },
        );
      }
      decided = true;
      return HttpResponse.json({ id: CASE });
    }),
  );
  const { user } = await chooseBoth();
  const dialog = await openBatch(user);
  await user.click(within(dialog).getByRole("button", { name: "同意 2 项" }));
  expect(await within(dialog).findByText("已同意 1 项，未成 1 项，未提交 0 项。")).toBeInTheDocument();
  const rows = rowsOf(dialog);
  expect(rows[0]).toHaveTextContent("已同意");
  expect(rows[1]).toHaveTextContent("未成");
  expect(rows[1]).toHaveTextContent("这项待办已经处理或已经失效");
  expect(within(rows[1]!).getByRole("link", { name: "打开" })).toHaveAttribute("href", `/inbox/waiting/${OTHER.case_id}`);
  await expectAccessible();
  await user.click(within(dialog).getAllByRole("button", { name: "关闭" }).at(-1)!);
  expect(await screen.findByText("已选 1 项")).toBeInTheDocument();
  expect(screen.getByRole("checkbox", { name: "选择 何静 的费用报销" })).toBeChecked();
});

// proves: FLOW-18 (several at once)
test("a node that wants words or fields is told beforehand and is not sent", async () => {
  const sent: unknown[] = [];
  server.use(
    on("get", "/cases/{id}", ({ params }) => caseOf(params.id, { words_to_agree: 4 })),
    on("post", "/tasks/{id}/approval", ({ params }) => {
      sent.push(params.id);
      return { id: CASE };
    }),
  );
  const { user } = await chooseBoth();
  const dialog = await openBatch(user);
  expect(rowsOf(dialog)[1]).toHaveTextContent("需逐项办理");
  expect(rowsOf(dialog)[1]).toHaveTextContent("此节点的意见至少 4 个字。");
  expect(within(dialog).getByText(/有 1 项需逐项办理/)).toBeInTheDocument();
  // Words enough, and it may go with the others.
  await user.type(within(dialog).getByRole("textbox", { name: "意见（用于每一项）" }), "情况属实");
  expect(rowsOf(dialog)[1]).toHaveTextContent("可以提交");
  await user.clear(within(dialog).getByRole("textbox", { name: "意见（用于每一项）" }));
  await user.click(within(dialog).getByRole("button", { name: "同意 1 项" }));
  expect(await within(dialog).findByText("已同意 1 项，未成 0 项，未提交 1 项。")).toBeInTheDocument();
  expect(sent).toEqual([`${CASE}.2`]);
});

test("a try after a broken connection carries the key of the first", async () => {
  const keys: (string | null)[] = [];
  server.use(
    on("get", "/tasks", { items: [tasks[0]!] }),
    http.post("*/api/v1/tasks/:id/approval", ({ request }) => {
      keys.push(request.headers.get("idempotency-key"));
      return keys.length === 1 ? HttpResponse.error() : HttpResponse.json({ id: CASE });
    }),
  );
  const { user } = open("/inbox/waiting");
  await screen.findByRole("list", { name: "待我处理" });
  await user.keyboard("jx");
  await user.click(screen.getByRole("button", { name: "一并同意" }));
  const dialog = await screen.findByRole("dialog", { name: "一并同意 1 项" });
  await user.click(await within(dialog).findByRole("button", { name: "同意 1 项" }));
  expect(await within(dialog).findByText(/网络不通/)).toBeInTheDocument();
  await user.click(within(dialog).getByRole("button", { name: "再试 1 项" }));
  expect(await within(dialog).findByText("已同意 1 项，未成 0 项，未提交 0 项。")).toBeInTheDocument();
  expect(keys).toHaveLength(2);
  expect(keys[0]).toBe(keys[1]);
});

test("it shows how far it is and can be stopped: what is not sent yet stays", async () => {
  const many = Array.from({ length: 8 }, (_, index) => ({ ...OTHER, id: `0many${index}.1`, case_id: `0many${index}` }));
  let n = 0;
  server.use(
    on("get", "/tasks", { items: many }),
    on("get", "/cases/{id}", ({ params }) => ({ ...view, id: String(params.id), tasks: [{ ...task, id: `${String(params.id)}.1` }] })),
    http.post("*/api/v1/tasks/:id/approval", async () => {
      n += 1;
      await delay(150);
      return HttpResponse.json({ id: CASE });
    }),
  );
  const { user } = open("/inbox/waiting");
  await screen.findByRole("list", { name: "待我处理" });
  await user.click(screen.getByRole("button", { name: "批量" }));
  await user.click(screen.getByRole("button", { name: "全选" }));
  await user.click(screen.getByRole("button", { name: "一并同意" }));
  const dialog = await screen.findByRole("dialog", { name: "一并同意 8 项" });
  await user.click(await within(dialog).findByRole("button", { name: "同意 8 项" }));
  expect(await within(dialog).findByRole("progressbar")).toHaveAttribute("max", "8");
  await user.click(within(dialog).getByRole("button", { name: "停止" }));
  expect(await within(dialog).findByText(/^已同意 [3-7] 项，未成 0 项，未提交 [1-5] 项。$/)).toBeInTheDocument();
  const sent = n;
  expect(sent).toBeLessThan(8);
  await user.click(within(dialog).getAllByRole("button", { name: "关闭" }).at(-1)!);
  expect(await screen.findByText(`已选 ${8 - sent} 项`)).toBeInTheDocument();
});

// proves: FLOW-11
test("what is to be carried out is completed, and what is to be approved is approved, with the same opinion", async () => {
  const paths: string[] = [];
  const say = (path: "approval" | "completion") => () => {
    paths.push(path);
    return { id: CASE };
  };
  server.use(
    on("get", "/cases/{id}", ({ params }) => caseOf(params.id, { purpose: "handle", can: ["complete", "return"] })),
    on("post", "/tasks/{id}/approval", say("approval")),
    on("post", "/tasks/{id}/completion", say("completion")),
  );
  const { user } = await chooseBoth();
  const dialog = await openBatch(user);
  await user.click(within(dialog).getByRole("button", { name: "同意 2 项" }));
  expect(await within(dialog).findByText("已同意 2 项，未成 0 项，未提交 0 项。")).toBeInTheDocument();
  expect(paths.sort()).toEqual(["approval", "completion"]);
});

// proves: FLOW-15, FLOW-16
test("several are rejected with a reason; without one nothing is sent, and what cannot be rejected stands apart", async () => {
  const asked: Asked[] = [];
  server.use(
    on("get", "/cases/{id}", ({ params }) => caseOf(params.id, { purpose: "handle", can: ["complete"] })),
    on("post", "/tasks/{id}/rejection", (each) => {
      asked.push(each);
      return { id: CASE };
    }),
  );
  const { user } = await chooseBoth();
  const dialog = await openBatch(user);
  await user.click(within(dialog).getByText("不同意"));
  expect(rowsOf(dialog)[0]).toHaveTextContent("此节点须写明意见");
  expect(rowsOf(dialog)[1]).toHaveTextContent("此项不能在这里不同意");
  expect(within(dialog).queryByRole("button", { name: /不同意 \d 项/ })).toBeNull();
  await user.type(within(dialog).getByRole("textbox"), "预算不足");
  await expectAccessible();
  await user.click(within(dialog).getByRole("button", { name: "不同意 1 项" }));
  expect(await within(dialog).findByText("已不同意 1 项，未成 0 项，未提交 1 项。")).toBeInTheDocument();
  expect(asked.map((each) => each.body)).toEqual([{ text: "预算不足", attachments: [] }]);
});
