import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";

import { expectAccessible } from "@/test/axe";
import { CASE, task, tasks, view } from "@/test/cast";
import { type Asked, on } from "@/test/contract";
import { open } from "@/test/render";
import { server } from "@/test/server";

const OTHER = tasks[1]!;

const rows = async () => within(await screen.findByRole("list", { name: "待我处理" })).findAllByRole("button");

/** The server hands out one case for each of the two rows, and keeps what was decided. */
function house() {
  const decided: string[] = [];
  server.use(
    on("get", "/tasks", () => ({ items: tasks.filter((row) => !decided.includes(row.id)) })),
    on("get", "/cases/{id}", ({ params }) =>
      params.id === CASE
        ? view
        : { ...view, id: OTHER.case_id, title: { zh: "费用报销 · 何静" }, tasks: [{ ...task, id: OTHER.id, can: ["approve", "reject", "transfer"] }] },
    ),
    on("post", "/tasks/{id}/approval", ({ params }) => {
      decided.push(String(params.id));
      return { id: CASE };
    }),
  );
  return decided;
}

test("one row is reached with Tab; j, k and the arrows move the focus, and the open one is named", async () => {
  const { user } = open("/inbox/waiting");
  const [first, second] = await rows();
  expect(first).toHaveAttribute("tabindex", "0");
  expect(second).toHaveAttribute("tabindex", "-1");
  await user.keyboard("j");
  expect(first).toHaveFocus();
  await user.keyboard("j");
  expect(second).toHaveFocus();
  expect(second).toHaveAttribute("tabindex", "0");
  expect(first).toHaveAttribute("tabindex", "-1");
  await user.keyboard("{ArrowUp}");
  expect(first).toHaveFocus();
  await user.keyboard("{End}");
  expect(second).toHaveFocus();
  await user.keyboard("k{Enter}");
  await screen.findByRole("article", { name: "请假申请 · 林晓" });
  expect((await rows())[0]).toHaveAttribute("aria-current", "true");
  expect((await rows())[1]).not.toHaveAttribute("aria-current");
  await expectAccessible();
});

test("after a decision the focus is on the next one, and the next key decides about that", async () => {
  const decided = house();
  const { user } = open("/inbox/waiting");
  await rows();
  await user.keyboard("j{Enter}");
  await screen.findByRole("article", { name: "请假申请 · 林晓" });
  await user.keyboard("a");
  await screen.findByRole("article", { name: "费用报销 · 何静" });
  await waitFor(async () => expect(await rows()).toHaveLength(1));
  expect((await rows())[0]).toHaveFocus();
  await user.keyboard("a");
  expect(await screen.findByText("没有待办事项")).toBeInTheDocument();
  expect(decided).toEqual([`${CASE}.2`, OTHER.id]);
});

test("a key decides about nothing that is not open: on another row it opens that one", async () => {
  const decided = house();
  const { user } = open(`/inbox/waiting/${CASE}`);
  await screen.findByRole("article", { name: "请假申请 · 林晓" });
  await rows();
  await user.keyboard("ja");
  await screen.findByRole("article", { name: "费用报销 · 何静" });
  expect(decided).toEqual([]);
  // A key that is held down is one decision at most.
  await user.keyboard("{a>3/}");
  await waitFor(() => expect(decided).toEqual([OTHER.id]));
});

test("keys do nothing while somebody types; Escape leaves the field, Ctrl Enter agrees from it", async () => {
  const decided = house();
  const { user } = open(`/inbox/waiting/${CASE}`);
  const opinion = await screen.findByRole("textbox", { name: "意见" });
  await user.keyboard("o");
  expect(opinion).toHaveFocus();
  await user.keyboard("ajar");
  expect(opinion).toHaveValue("ajar");
  expect(decided).toEqual([]);
  expect(screen.queryByRole("dialog")).toBeNull();
  await user.keyboard("{Escape}");
  expect(opinion).not.toHaveFocus();
  await user.keyboard("o{Control>}{Enter}{/Control}");
  await waitFor(() => expect(decided).toEqual([`${CASE}.2`]));
});

// proves: FLOW-22
test("r asks whether it is sent back or refused, and Ctrl Enter in it does that and nothing else", async () => {
  const decided = house();
  let rejected: Asked | undefined;
  server.use(
    on("post", "/tasks/{id}/rejection", (asked) => {
      rejected = asked;
      return { id: CASE };
    }),
  );
  const { user } = open(`/inbox/waiting/${CASE}`);
  await screen.findByRole("textbox", { name: "意见" });
  await user.keyboard("r");
  const dialog = await screen.findByRole("dialog", { name: "退回或不同意" });
  await waitFor(() => expect(within(dialog).getByRole("radio", { name: "退回修改" })).toBeChecked());
  await user.click(within(dialog).getByRole("radio", { name: "不同意，事项结束" }));
  await user.click(within(dialog).getByRole("textbox", { name: "不同意的原因" }));
  await user.keyboard("{Control>}{Enter}{/Control}");
  expect(await within(dialog).findByText("请写明不同意的原因")).toBeInTheDocument();
  await user.keyboard("超出编制{Control>}{Enter}{/Control}");
  await waitFor(() => expect(rejected?.body).toMatchObject({ text: "超出编制" }));
  expect(decided).toEqual([]);
});

test("the dialog of returning and refusing has a name for every control", async () => {
  house();
  const { user } = open(`/inbox/waiting/${CASE}`);
  await screen.findByRole("textbox", { name: "意见" });
  await user.keyboard("r");
  await screen.findByRole("dialog", { name: "退回或不同意" });
  await expectAccessible();
});

test("t transfers where that may be done, and is no key where it may not", async () => {
  house();
  const { user } = open(`/inbox/waiting/${CASE}`);
  await screen.findByRole("textbox", { name: "意见" });
  await user.keyboard("t");
  expect(screen.queryByRole("dialog")).toBeNull();
  await user.keyboard("j{Enter}");
  await screen.findByRole("article", { name: "费用报销 · 何静" });
  await user.keyboard("t");
  expect(await screen.findByRole("dialog", { name: "转办" })).toBeInTheDocument();
});

test("the question mark names every key that works here", async () => {
  house();
  const { user } = open(`/inbox/waiting/${OTHER.case_id}`);
  await screen.findByRole("textbox", { name: "意见" });
  await user.keyboard("?");
  const help = await screen.findByRole("dialog", { name: "键盘快捷键" });
  for (const key of ["下一条", "上一条", "打开", "选择", "搜索", "同意", "转办", "写意见", "不同意"]) {
    expect(within(help).getByText(key)).toBeInTheDocument();
  }
});
