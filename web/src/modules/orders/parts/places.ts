import type { Text } from "@/lib/words";
import { text } from "@/lib/words";
import type { UnitNode } from "@/modules/directory/api";

import type { OrderChange, OrderTarget } from "../api";

/** A unit or department with the path that leads to it. */
export interface PlaceOption {
  id: string;
  kind: "unit" | "department";
  name: Text;
  label: string;
}

/** Every place of the tree, from the top down. */
export function places(nodes: readonly UnitNode[], above = ""): PlaceOption[] {
  return nodes.flatMap((node) => {
    const label = above ? `${above} / ${text(node.name)}` : text(node.name);
    return [{ id: node.id, kind: node.kind, name: node.name, label }, ...places(node.children, label)];
  });
}

/** The places that earlier changes of an order make. */
export function madeBy(changes: readonly OrderChange[]): { key: string; name: Text }[] {
  return changes.flatMap((change) => ("key" in change ? [{ key: change.key, name: change.name }] : []));
}

/** A key for one more new place: one that none of them has. */
export function freeKey(changes: readonly OrderChange[]): string {
  const taken = new Set(madeBy(changes).map(({ key }) => key));
  let n = 1;
  while (taken.has(`n${n}`)) n += 1;
  return `n${n}`;
}

/** How a target stands in a select: `unit:…`, `department:…`, `new:…`. */
export function targetOf(value: string): OrderTarget {
  const at = value.indexOf(":");
  return { kind: value.slice(0, at), id: value.slice(at + 1) } as OrderTarget;
}
