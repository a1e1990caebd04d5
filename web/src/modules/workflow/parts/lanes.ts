import type { Step } from "../api";

type Lane = NonNullable<Step["lanes"]>[number];

/** A step, with what stands in its branches if they are walked at the same time. */
export interface Laid {
  step: Step;
  lanes?: { lane: Lane; items: Laid[] }[];
}

export type Branching = Laid & Required<Pick<Laid, "lanes">>;

/** It holds branches, and nobody is asked at it. */
export function isBranching(step: Step): boolean {
  return step.kind === "branch" || step.kind === "parallel" || step.kind === "inclusive";
}

/** The steps as they stand to one another: those in branches that are walked at the same time below their node. */
export function laid(steps: readonly Step[], depth = 0): Laid[] {
  const items: Laid[] = [];
  // A return may visit a node again: what comes after belongs to its last visit.
  const last = new Map<string, { item: Laid; within: Map<string, Step[]> }>();
  const all: { item: Laid; within: Map<string, Step[]> }[] = [];
  for (const step of steps) {
    const lane = step.within?.[depth];
    const around = lane && last.get(lane.node);
    if (lane && around) {
      const inside = around.within.get(lane.branch) ?? [];
      inside.push(step);
      around.within.set(lane.branch, inside);
      continue;
    }
    if (step.kind === "branch") continue;
    const item: Laid = { step };
    items.push(item);
    if (step.lanes && step.lanes.length > 0) {
      const branching = { item, within: new Map<string, Step[]>() };
      last.set(step.node, branching);
      all.push(branching);
    }
  }
  for (const { item, within } of all) {
    item.lanes = (item.step.lanes ?? []).map((lane) => ({ lane, items: laid(within.get(lane.branch) ?? [], depth + 1) }));
  }
  return items;
}
