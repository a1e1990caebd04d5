import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";

import { expectAccessible } from "@/test/axe";
import { CASE, HE, task, view } from "@/test/cast";
import { type Asked, on, refuse } from "@/test/contract";
import { open } from "@/test/render";
import { server } from "@/test/server";

const withTask = (more: Partial<typeof task>) => on("get", "/cases/{id}", { ...view, tasks: [{ ...task, ...more }] });
const EVERYTHING = ["approve", "reject", "return", "transfer", "delegate", "consult", "add_signer", "hold", "terminate"];

async function openMore(user: ReturnType<typeof open>["user"], operation: string, at = 0) {
  const menus = await screen.findAllByRole("button", { name: "更多" });
  await user.click(menus.at(at)!);
  await user.click(within(screen.getByRole("menu", { name: "更多" })).getByRole("menuitem", { name: operation }));
  return screen.findByRole("dialog");
}

// proves: FLOW-15, FLOW-16
test("a transfer asks whom and why, and says at the fields what is missing", async () => {
  let sent: Asked | undefined;
  server.use(
    withTask({ can: EVERYTHING }),
    on("post", "/tasks/{id}/transfer", (asked) => {
      sent = asked;
      return { id: CASE };
    }),
  );
  const { user } = open(`/inbox/waiting/${CASE}`);
  const dialog = await openMore(user, "转办", -1);
  await user.click(within(dialog).getByRole("button", { name: "转办" }));
  expect(within(dialog).getByText("请选择人员")).toBeInTheDocument();
  expect(within(dialog).getByText("请填写说明")).toBeInTheDocument();
  expect(sent).toBeUndefined();
  await expectAccessible();
});

// proves: FLOW-15
test("signers are added before, beside or after me", async () => {
  server.use(withTask({ can: EVERYTHING }));
  const { user } = open(`/inbox/waiting/${CASE}`);
  const dialog = await openMore(user, "加签", -1);
  expect(within(dialog).getByRole("radio", { name: "在我之前（前加签）" })).toBeChecked();
  await user.click(within(dialog).getByRole("radio", { name: "在我之后（后加签）" }));
  expect(within(dialog).getByRole("radio", { name: "在我之后（后加签）" })).toBeChecked();
});

// proves: TIME-17
test("what is put on hold is sent with its reason; on hold it says since when and why", async () => {
  let sent: Asked | undefined;
  server.use(
    withTask({ can: EVERYTHING }),
    on("post", "/tasks/{id}/hold", (asked) => {
      sent = asked;
      return { id: CASE };
    }),
  );
  const { user } = open(`/inbox/waiting/${CASE}`);
  const dialog = await openMore(user, "暂存待办", -1);
  await user.type(within(dialog).getByRole("textbox", { name: "说明" }), "等预算");
  server.use(withTask({ can: ["approve", "end_hold"], held: { since: "2026-11-20T01:00:00Z", reason: "等预算" } }));
  await user.click(within(dialog).getByRole("button", { name: "暂存待办" }));
  expect(await screen.findByText("已暂存")).toBeInTheDocument();
  expect(sent?.body).toEqual({ text: "等预算", attachments: [] });
  expect(await screen.findByText(/起暂存：等预算/)).toBeInTheDocument();
});

// proves: FLOW-39
test("the cases that it opened stand over the form, with a link where the reader may open them, and why one failed", async () => {
  const other = { number: "20261120-AAAAAA", title: { zh: "部门意见 · 何静" }, activation: 2, may_open: true } as const;
  const reason = { code: "workflow.call_incomplete", fields: [{ field: "values.subject", code: "forms.required" }] };
  const called = [
    { ...other, no: 1, case: "01ABCDEFGHJKMNPQRSTVWXYZ00", status: "completed" as const },
    { ...other, no: 2, case: "01ABCDEFGHJKMNPQRSTVWXYZ01", status: "running" as const, title: { zh: "部门意见 · 许静" }, may_open: false },
    { no: 3, number: "", title: { zh: "" }, activation: 2, by: HE.id, may_open: false, reason },
  ];
  let sent: Asked | undefined;
  server.use(
    on("get", "/cases/{id}", { ...view, called, tasks: [{ ...task, purpose: "mend", can: ["complete", "try_again"], words_to_agree: 1 }] }),
    on("post", "/tasks/{id}/retry", (request) => {
      sent = request;
      return { id: CASE };
    }),
  );
  const { user } = open(`/inbox/waiting/${CASE}`);
  const section = await screen.findByRole("region", { name: "子流程" });
  expect(within(section).getByRole("link", { name: "部门意见 · 何静" })).toHaveAttribute("href", "/cases/01ABCDEFGHJKMNPQRSTVWXYZ00");
  expect(within(section).queryByRole("link", { name: "部门意见 · 许静" })).toBeNull();
  expect(within(section).getByText("部门意见 · 许静")).toBeInTheDocument();
  expect(section).toHaveTextContent("带入的内容不符合那张表单的要求");
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: /办理完成/ }));
  expect(await screen.findByText(/请写明意见/)).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "重试" }));
  expect(await screen.findByText(/已重试/)).toBeInTheDocument();
  expect(sent?.params).toMatchObject({ id: task.id });
});

// proves: FLOW-40, FLOW-11
test("what the case does in modules stands over the form: what it made, what was only recorded, and why something was refused", async () => {
  const asked_at = "2026-11-20T03:00:00Z";
  const of = { activation: 3, node: "act", asked_at };
  const effects = [
    {
      ...of, effect: "organisation.transfer", name: { zh: "调岗" }, did: { zh: "已起草调整令" }, module: { zh: "组织调整令" }, state: "done",
      made: { label: { zh: "调整令“调岗申请”" }, link: "/admin/orders/01ABCDEFGHJKMNPQRSTVWXYZ00" },
    },
    { ...of, activation: 4, effect: "attendance.leave", name: { zh: "请假记入考勤" }, module: { zh: "考勤" }, state: "declared" },
    {
      ...of, activation: 5, effect: "organisation.leave", name: { zh: "离职" }, module: { zh: "组织调整令" }, state: "refused",
      reason: { code: "workflow.effect_of_nothing" },
    },
  ];
  server.use(on("get", "/cases/{id}", { ...view, effects, tasks: [{ ...task, purpose: "mend", can: ["complete", "try_again"], words_to_agree: 1 }] }));
  open(`/inbox/waiting/${CASE}`);
  const section = await screen.findByRole("region", { name: "办理效果" });
  expect(within(section).getByRole("link", { name: "调整令“调岗申请”" })).toHaveAttribute("href", "/admin/orders/01ABCDEFGHJKMNPQRSTVWXYZ00");
  expect(section).toHaveTextContent("调岗已起草调整令");
  expect(section).not.toHaveTextContent("已完成");
  expect(section).toHaveTextContent("“考勤”模块尚未启用");
  expect(section).toHaveTextContent("所涉及的人、部门或事项已不存在");
  expect(screen.getByRole("button", { name: "重试" })).toBeInTheDocument();
  await expectAccessible();
});

// proves: FLOW-25, FLOW-40
test("what only the system can do is tried again, led back or ended, and never said to be done", async () => {
  const effects = [
    {
      activation: 3, node: "delete_case", asked_at: "2026-11-20T03:00:00Z", effect: "flows.delete_case", name: { zh: "删除原审批" },
      module: { zh: "流程管理" }, state: "refused", reason: { code: "workflow.changed_since", args: { number: "20261120-AAAAAA" } },
    },
  ];
  const asked = { ...task, purpose: "mend" as const, can: ["try_again", "return", "terminate"], words_to_agree: 1 };
  server.use(on("get", "/cases/{id}", { ...view, effects, tasks: [asked] }));
  open(`/inbox/waiting/${CASE}`);
  expect(await screen.findByRole("button", { name: "重试" })).toBeInTheDocument();
  expect(screen.getByRole("button", { name: /退回/ })).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: /办理完成/ })).toBeNull();
  expect(screen.queryByPlaceholderText(/另行办理|另行处理/)).toBeNull();
  await expectAccessible();
});

// proves: FLOW-15
test("a refusal stays in the dialog's page and loses nothing", async () => {
  server.use(withTask({ can: EVERYTHING }), refuse("post", "/tasks/{id}/termination", { status: 409, code: "workflow.task_ended" }));
  const { user } = open(`/inbox/waiting/${CASE}`);
  const dialog = await openMore(user, "终止", -1);
  await user.type(within(dialog).getByRole("textbox", { name: "说明" }), "重复提交");
  await user.click(within(dialog).getByRole("button", { name: "终止" }));
  expect(await screen.findByText(/这项待办已经处理或已经失效/)).toBeInTheDocument();
  expect(within(dialog).getByRole("textbox", { name: "说明" })).toHaveValue("重复提交");
});

// proves: FLOW-15, TRACE-09
test("whom I asked stands over the form, and I can do without them", async () => {
  let sent: Asked | undefined;
  const asked = { task: task.id, signer: `${CASE}.9`, person: HE.id, how: "before" as const, can: ["remove_signer"] };
  server.use(
    on("get", "/cases/{id}", { ...view, tasks: [], asked: [asked], can: ["comment"] }),
    on("post", "/tasks/{id}/signer_removal", (request) => {
      sent = request;
      return { id: CASE };
    }),
  );
  const { user } = open(`/cases/${CASE}`);
  const section = await screen.findByRole("region", { name: "已邀请，等待答复" });
  expect(section).toHaveTextContent("何静前加签");
  await user.click(within(section).getByRole("button", { name: "减签：何静" }));
  const dialog = await screen.findByRole("dialog");
  await user.type(within(dialog).getByRole("textbox", { name: "说明" }), "不必了");
  await user.click(within(dialog).getByRole("button", { name: "减签" }));
  expect(await screen.findByText("已减签")).toBeInTheDocument();
  expect(sent?.body).toEqual({ signer: `${CASE}.9`, text: "不必了" });
  await expectAccessible();
});

// proves: FLOW-26
test("who is asked for advice replies, and must say something", async () => {
  let sent: Asked | undefined;
  server.use(
    withTask({ purpose: "advise", can: ["advise"], words_to_agree: 0 }),
    on("post", "/tasks/{id}/advice", (asked) => {
      sent = asked;
      return { id: CASE };
    }),
  );
  const { user } = open(`/inbox/waiting/${CASE}`);
  const reply = await screen.findByRole("button", { name: /回复/ });
  await user.click(reply);
  expect(sent).toBeUndefined();
  await user.type(screen.getByRole("textbox", { name: "意见" }), "可以");
  await user.click(reply);
  expect(await screen.findByText("已回复：请假申请 · 林晓")).toBeInTheDocument();
  expect(sent?.body).toMatchObject({ text: "可以" });
});

// proves: FLOW-15
test("a decision is taken back from the page of the case", async () => {
  let sent: Asked | undefined;
  server.use(
    on("get", "/cases/{id}", { ...view, tasks: [], can: ["take_back", "copy"], to_take_back: `${CASE}.2` }),
    on("post", "/tasks/{id}/take_back", (asked) => {
      sent = asked;
      return { id: CASE };
    }),
  );
  const { user } = open(`/cases/${CASE}`);
  const dialog = await openMore(user, "取回");
  await user.click(within(dialog).getByRole("button", { name: "取回" }));
  expect(await screen.findByText("已取回")).toBeInTheDocument();
  expect(sent?.params.id).toBe(`${CASE}.2`);
});

// proves: FLOW-15, PERM-14
test("an administrator chooses the step to move to", async () => {
  let sent: Asked | undefined;
  server.use(
    on("get", "/cases/{id}", {
      ...view,
      tasks: [],
      can: ["move", "terminate_case"],
      destinations: [
        { node: "start", name: { zh: "发起人", en: "Initiator" } },
        { node: "hr", name: { zh: "人事经理", en: "HR manager" } },
      ],
    }),
    on("post", "/cases/{id}/move", (asked) => {
      sent = asked;
      return { id: CASE };
    }),
  );
  const { user } = open(`/cases/${CASE}`);
  const dialog = await openMore(user, "跳转");
  await user.type(within(dialog).getByRole("textbox", { name: "说明" }), "信息有误");
  await user.click(within(dialog).getByRole("button", { name: "跳转" }));
  expect(await screen.findByText("已跳转")).toBeInTheDocument();
  expect(sent?.body).toEqual({ to: "start", text: "信息有误" });
});

// proves: FLOW-06, FLOW-15
test("who may abstain does so without a word", async () => {
  let sent: Asked | undefined;
  server.use(
    withTask({ can: ["approve", "reject", "abstain"] }),
    on("post", "/tasks/{id}/abstention", (asked) => {
      sent = asked;
      return { id: CASE };
    }),
  );
  const { user } = open(`/inbox/waiting/${CASE}`);
  await user.click(await screen.findByRole("button", { name: "弃权" }));
  await screen.findByText(/^已弃权：/);
  expect(sent?.body).toEqual({ text: "", attachments: [] });
});

// proves: FLOW-15, PERM-14
test("an administrator says whose task goes to whom, and why", async () => {
  let sent: Asked | undefined;
  server.use(
    on("get", "/cases/{id}", { ...view, tasks: [], can: ["hand_over", "move"] }),
    on("post", "/tasks/{id}/hand_over", (asked) => {
      sent = asked;
      return { id: CASE };
    }),
  );
  const { user } = open(`/cases/${CASE}`);
  const dialog = await openMore(user, "移交");
  expect(within(dialog).getByText("周岚 · 人事经理")).toBeInTheDocument();
  await user.click(within(dialog).getByRole("button", { name: "移交" }));
  expect(within(dialog).getByText("请选择人员")).toBeInTheDocument();
  expect(sent).toBeUndefined();
  await user.click(within(dialog).getByRole("combobox", { name: "移交给" }));
  await user.click(await screen.findByTitle("何静"));
  await user.type(within(dialog).getByRole("textbox", { name: "说明" }), "周岚外出");
  await user.click(within(dialog).getByRole("button", { name: "移交" }));
  expect(await screen.findByText("已移交")).toBeInTheDocument();
  expect(sent?.params.id).toBe(`${CASE}.2`);
  expect(sent?.body).toEqual({ to: HE.id, text: "周岚外出" });
});

// proves: FLOW-15, MOB-01
test("what was typed as an opinion is still there when a suspended case goes on", async () => {
  const halt = { since: "2026-11-20T05:00:00Z", by: { person: HE.id }, reason: "金额待核实" };
  server.use(withTask({}));
  const { user, queries } = open(`/cases/${CASE}`);
  await user.type(await screen.findByRole("textbox", { name: "意见" }), "同意付款");
  server.use(on("get", "/cases/{id}", { ...view, halt, tasks: [task] }));
  await queries.invalidateQueries();
  expect(await screen.findByText(/挂起：金额待核实/)).toBeInTheDocument();
  expect(screen.queryByRole("textbox", { name: "意见" })).toBeNull();
  server.use(withTask({}));
  await queries.invalidateQueries();
  expect(await screen.findByRole("textbox", { name: "意见" })).toHaveValue("同意付款");
});
