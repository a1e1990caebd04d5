import { render, screen, within } from "@testing-library/react";
import { expect, test } from "vitest";

import { expectAccessible } from "@/test/axe";

import type { Route, Step } from "../api";
import { RouteMap } from "./route-map";
import type { Story } from "./story";

const story: Story = { person: (id) => id, node: (key) => key, field: (id) => id };

function step(node: string, more: Partial<Step> = {}): Step {
  return { when: "present", kind: "approve", node, name: { zh: node }, round: 0, superseded: false, suspended: false, people: [], ...more };
}

const lane = (branch: string): Partial<Step> => ({ within: [{ node: "sign", branch }] });

const route: Route = {
  steps: [
    step("起草", { when: "past" }),
    step("会签", {
      kind: "parallel",
      node: "sign",
      join: { at_least: 2 },
      lanes: [
        { branch: "finance", name: { zh: "财务" }, state: { state: "walked" } },
        { branch: "legal", name: { zh: "法务" }, state: { state: "open" } },
      ],
    }),
    step("财务审核", { when: "past", ...lane("finance") }),
    step("法务审核", lane("legal")),
    step("总经理", { when: "future" }),
  ],
};

// proves: FLOW-28, FLOW-38
test("branches that are walked at the same time stand beside each other, each with its steps and how far it is", async () => {
  render(
    <main>
      <RouteMap route={route} story={story} />
    </main>,
  );
  const lanes = within(screen.getByRole("list", { name: "会签" })).getAllByRole("listitem");
  const [finance, , legal] = lanes;
  expect(finance).toHaveTextContent("财务已完成");
  expect(finance).toHaveTextContent("财务审核");
  expect(legal).toHaveTextContent("法务办理中");
  expect(legal).toHaveTextContent("法务审核");
  expect(legal).not.toHaveTextContent("总经理");
  expect(screen.getByText("满 2 个分支即继续")).toBeInTheDocument();
  await expectAccessible();
});

test("folded, it names a node at which somebody is waited for and not the branches", () => {
  render(<RouteMap route={route} story={story} folded />);
  expect(screen.getByRole("button")).toHaveTextContent("法务审核");
});

// proves: FLOW-11, FLOW-28
test("a step that waits for a time says until when and since when, and one to come how long", async () => {
  const at = "2026-11-23T01:00:00Z";
  const until = "2026-11-30T01:00:00Z";
  const waiting: Route = {
    steps: [
      step("公示", { kind: "wait", when: "past", end: "arrived", waits: { until: "2025-03-01T01:00:00Z" } }),
      step("撤下的公示", { kind: "wait", when: "past", end: "returned", waits: { until } }),
      step("等待生效", { kind: "wait", opened_at: at, waits: { until } }),
      step("冷静期", { kind: "wait", when: "future", waits: { span: { amount: 3, unit: "working_days" } } }),
      step("到期", { kind: "wait", when: "future", waits: { until } }),
    ],
  };
  render(
    <main>
      <RouteMap route={waiting} story={story} />
    </main>,
  );
  const [over, calledOff, now, span, later] = screen.getAllByRole("listitem");
  expect(over).toHaveTextContent("等到 2025年3月1日");
  expect(calledOff).not.toHaveTextContent("等到");
  expect(now).toHaveTextContent(/自 .+ 起等待，到 .+/);
  expect(span).toHaveTextContent("到达后等待3 个工作日");
  expect(later).toHaveTextContent("等到");
  await expectAccessible();
});

// proves: FLOW-06, FLOW-07, FLOW-38
test("where votes are counted, the step says how many are needed and how they stand", async () => {
  const closed = (code: "approved" | "undisclosed") =>
    ({ state: "closed", at: "2026-11-23T01:00:00Z", how: { code } }) as const;
  const voted: Route = {
    steps: [
      step("评审", {
        quorum: { percent: 60 },
        tally: { needed: 3, yes: 2, no: 1, abstained: 0, open: 2 },
        people: [
          { person: "陈墨", why: [], turn: 1, state: closed("approved") },
          { person: "吴桐", why: [], turn: 2, state: closed("undisclosed") },
        ],
      }),
    ],
  };
  render(
    <main>
      <RouteMap route={voted} story={story} />
    </main>,
  );
  expect(screen.getByText("60% 同意即通过")).toBeInTheDocument();
  expect(screen.getByText("同意 2（需 3）；不同意 1；未表态 2")).toBeInTheDocument();
  expect(screen.getByText("已表态，节点办结后公开")).toBeInTheDocument();
  await expectAccessible();
});

// proves: FLOW-38
test("a step that acts says what came of it, and is not called done where it was only recorded", () => {
  const act = (node: string, activation: number, state: string, when: Step["when"] = "past") =>
    step(node, { kind: "act", when, activation, waits: { effect: { effect: "orders.transfer", state } } });
  const effect = { node: "", effect: "orders.transfer", name: { zh: "调岗" }, module: { zh: "组织" }, asked_at: "2026-11-23T01:00:00Z" };
  const effects = [
    { ...effect, activation: 1, state: "done", did: { zh: "已起草调整令" } },
    { ...effect, activation: 2, state: "declared" },
    { ...effect, activation: 3, state: "refused" },
  ];
  const steps = [act("起草", 1, "done"), act("预订", 2, "declared"), act("登记", 3, "refused", "present")];
  render(<RouteMap route={{ steps }} story={story} effects={effects} />);
  const [drafted, booked, entered] = screen.getAllByRole("listitem");
  expect(drafted).toHaveTextContent("已起草调整令");
  expect(booked).toHaveTextContent("已登记");
  expect(booked).not.toHaveTextContent("已完成");
  expect(entered).toHaveTextContent("未能办成");
});

// proves: FLOW-22, FLOW-38
test("a step that came back to the same person is no countersigning", () => {
  const closed = (code: "returned" | "approved") => ({ state: "closed", at: "2026-11-23T01:00:00Z", how: { code } }) as const;
  const people = (["returned", "approved"] as const).map((code, turn) => ({ person: "罗丹", why: [], turn, state: closed(code) }));
  render(
    <main>
      <RouteMap route={{ steps: [step("会计审核", { quorum: "all", people })] }} story={story} />
    </main>,
  );
  expect(screen.getAllByText("罗丹")).not.toHaveLength(0);
  expect(screen.queryByText("会签（所有人同意）")).toBeNull();
});

// proves: FLOW-28, TRACE-09
test("who got a copy on the way does not decide there, and who handed a task over stands behind it", () => {
  const closed = { state: "closed" as const, at: "2026-11-20T03:00:00Z", by: { person: "高翔" }, how: { code: "handed_over" as const, to: "邓佳" } };
  const people: Step["people"] = [
    { person: "唐峰", why: [], turn: 1, task: 1, state: closed },
    { person: "邓佳", why: [], turn: 1, task: 2, state: { state: "open" } },
    { person: "马建", why: [{ code: "mentioned_by", person: "唐峰" }], turn: 1, read_at: "2026-11-20T04:00:00Z" },
  ];
  const steps = [step("核对", { quorum: "all", people })];
  const { unmount } = render(<RouteMap route={{ steps }} story={story} folded />);
  expect(screen.getByRole("button")).toHaveTextContent("现在：核对（邓佳）");
  unmount();
  render(<RouteMap route={{ steps }} story={story} />);
  const map = screen.getByRole("list", { name: "流程走向" });
  expect(map).toHaveTextContent("已移交给 邓佳由 高翔 操作");
  expect(map).toHaveTextContent("马建抄送已阅");
  expect(map).not.toHaveTextContent("会签");
});

// proves: FLOW-28, FLOW-38
test("where a case was led elsewhere or ended is marked, and that it stands still", () => {
  const steps = [step("核对", { when: "past", end: "jumped" }), step("审批", { when: "past", end: "terminated" }), step("复核")];
  render(<RouteMap route={{ steps }} story={story} halted />);
  const marks = within(screen.getByRole("list", { name: "流程走向" })).getAllByRole("listitem").map((item) => item.dataset["turned"]);
  expect(marks).toEqual(["back", "ended", undefined]);
  expect(screen.getByText("已挂起")).toBeInTheDocument();
});
