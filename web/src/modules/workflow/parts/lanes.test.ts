import { expect, test } from "vitest";

import type { Step } from "../api";
import { laid, type Laid } from "./lanes";

function step(node: string, within: [string, string][] = [], more: Partial<Step> = {}): Step {
  return { when: "present", kind: "approve", node, round: 0, superseded: false, suspended: false, people: [], within: within.map(([node, branch]) => ({ node, branch })), ...more };
}

function fork(node: string, branches: string[], within: [string, string][] = []): Step {
  return step(node, within, { kind: "parallel", lanes: branches.map((branch) => ({ branch, state: { state: "open" } })) });
}

function told(items: readonly Laid[]): unknown[] {
  return items.map(({ step, lanes }) => (lanes ? { [step.node]: lanes.map(({ items }) => told(items)) } : step.node));
}

// proves: FLOW-28, FLOW-38
test("steps of branches that are walked at the same time stand below their node, each in its branch", () => {
  const steps = [
    step("draft"),
    fork("sign", ["sales", "legal"]),
    step("s1", [["sign", "sales"]]),
    fork("inner", ["x", "y"], [["sign", "legal"]]),
    step("x1", [["sign", "legal"], ["inner", "x"]]),
    step("s2", [["sign", "sales"]]),
    step("start"),
    step("last"),
  ];
  expect(told(laid(steps))).toEqual(["draft", { sign: [["s1", "s2"], [{ inner: [["x1"], []] }]] }, "start", "last"]);
});

test("what comes after a return belongs to the later visit of the node", () => {
  const steps = [fork("sign", ["a", "b"]), step("a1", [["sign", "a"]]), step("draft"), fork("sign", ["a", "b"]), step("a1", [["sign", "a"]])];
  expect(told(laid(steps))).toEqual([{ sign: [["a1"], []] }, "draft", { sign: [["a1"], []] }]);
});

test("what still comes in a branch whose node was visited before stands in it", () => {
  const steps = [fork("sign", ["a"]), step("tail"), step("a2", [["sign", "a"]], { when: "future" })];
  expect(told(laid(steps))).toEqual([{ sign: [["a2"]] }, "tail"]);
});
