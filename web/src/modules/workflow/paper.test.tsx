import { screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { expectAccessible } from "@/test/axe";
import { CASE, HE, SUN, task, tasks, view, ZHAO } from "@/test/cast";
import { type Asked, on } from "@/test/contract";
import { open } from "@/test/render";
import { server } from "@/test/server";

type Paper = NonNullable<(typeof task)["paper"]>;

const paper = (more: Partial<Paper> = {}): Paper => ({ signers: [], edition: null, is_current: false, earliest: null, types: ["pdf", "jpeg"], ...more });

// proves: FLOW-35
test("a step on paper is printed first, and agreeing asks for the scan and the day", async () => {
  const sent: Asked[] = [];
  let printed = false;
  server.use(
    on("get", "/cases/{id}", () => ({
      ...view,
      values: { ...view.values, number: "A-1" },
      tasks: [{ ...task, rights: { others: "read" as const }, paper: paper(printed ? { edition: 1, is_current: true, earliest: "2026-11-20", signers: [HE, SUN] } : {}) }],
      rights: { others: "read" as const },
      edition: printed ? 1 : null,
    })),
    on("post", "/tasks/{id}/printing", () => {
      printed = true;
      return { id: CASE };
    }),
    on("post", "/tasks/{id}/approval", (asked) => {
      sent.push(asked);
      return { id: CASE };
    }),
  );
  const print = vi.spyOn(window, "print").mockImplementation(() => undefined);
  const { user } = open(`/inbox/waiting/${CASE}`);
  expect(await screen.findByText("表单还没有打印。")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: /^同意/ }));
  const early = await screen.findByRole("dialog", { name: "登记纸质签字" });
  expect(within(early).getByRole("button", { name: "同意" })).toBeDisabled();
  await user.click(within(early).getByRole("button", { name: "打印签字" }));
  await waitFor(() => expect(print).toHaveBeenCalledOnce());
  expect(screen.getByText(/待签第 1 版/)).toBeInTheDocument();
  await user.click(within(early).getByRole("button", { name: "取消" }));

  await user.click(screen.getByRole("button", { name: /^同意/ }));
  const dialog = await screen.findByRole("dialog", { name: "登记纸质签字" });
  await user.click(within(dialog).getByRole("button", { name: "同意" }));
  for (const lack of ["请选择这是谁的签字。", "请填写签字日期。", "请上传签字件扫描。"]) expect(within(dialog).getByText(lack)).toBeInTheDocument();
  expect(sent).toEqual([]);
  await expectAccessible();
  print.mockRestore();
});

// proves: FLOW-35
test("lists, opinions and the route say that something is on paper, by whom and who recorded it", async () => {
  const signed = { signed_by: SUN.id, signed_on: "2026-11-20", scan: [], edition: 2 };
  const opinions = view.opinions.map((said, index) => (index === 0 ? { ...said, paper: signed } : said));
  server.use(
    on("get", "/tasks", { items: [{ ...tasks[0]!, on_paper: true }, ...tasks.slice(1)] }),
    on("get", "/cases/{id}", { ...view, opinions, route: { ...view.route, steps: view.route.steps.map((step) => (step.node === "gm" ? { ...step, on_paper: true } : step)) } }),
  );
  open(`/inbox/waiting/${CASE}`);
  const list = await screen.findByRole("list", { name: "待我处理" });
  expect(within(list).getByText("纸质")).toBeInTheDocument();
  expect(await screen.findByText(new RegExp(`^${SUN.name} .*纸质签字（第 2 版） 由 ${ZHAO.name} 登记$`))).toBeInTheDocument();
  expect(within(screen.getByRole("list", { name: "流程走向" })).getByText("纸质")).toBeInTheDocument();
});

// proves: FLOW-35, FORM-15
test("the sheet of a case that ended says how and by whom, and no more that it is to be signed", async () => {
  const ended = { status: "completed" as const, finished_at: "2026-11-20T06:00:00Z", tasks: [], edition: 2 };
  server.use(on("get", "/cases/{id}", { ...view, ...ended, route: { ...view.route, steps: view.route.steps.slice(0, 2) } }));
  open(`/cases/${CASE}`);
  expect(await screen.findByText(/^已完成，2026年11月20日/)).toBeInTheDocument();
  expect(screen.getByText(new RegExp(`^部门主管：${ZHAO.name} 已同意，2026年11月20日`))).toBeInTheDocument();
  expect(screen.getByText(new RegExp(`^编号 ${view.number} .*核对地址`))).toBeInTheDocument();
  expect(screen.queryByText(/待签第/)).toBeNull();
});
