import type { Decimal } from "../decimal";

/** A piece of the source, as strings index it: from `start` up to, not including, `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type Operator = "+" | "-" | "*" | "/" | "%" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "in";

export const FUNCTIONS = {
  size: [1, 1],
  sum: [1, 1000],
  min: [1, 1000],
  max: [1, 1000],
  round: [2, 2],
  abs: [1, 1],
  contains: [2, 2],
  starts_with: [2, 2],
  ends_with: [2, 2],
  date: [1, 1],
  days_between: [2, 2],
  coalesce: [2, 1000],
  is_null: [1, 1],
} as const satisfies Record<string, readonly [fewest: number, most: number]>;

export type FunctionName = keyof typeof FUNCTIONS;

export function isFunction(name: string): name is FunctionName {
  return Object.hasOwn(FUNCTIONS, name);
}

export type Kind =
  | { readonly is: "null" }
  | { readonly is: "bool"; readonly value: boolean }
  /** Never negative: a minus is `negate`. */
  | { readonly is: "number"; readonly value: Decimal }
  | { readonly is: "text"; readonly value: string }
  /** `form.leave.days` */
  | { readonly is: "path"; readonly path: string }
  | { readonly is: "list"; readonly parts: readonly Node[] }
  | { readonly is: "not" | "negate"; readonly inner: Node }
  /** What stands in a row between `&&` or `||`: two or more. */
  | { readonly is: "all" | "any"; readonly parts: readonly Node[] }
  | { readonly is: "binary"; readonly operator: Operator; readonly left: Node; readonly right: Node }
  | { readonly is: "choose"; readonly condition: Node; readonly first: Node; readonly second: Node }
  | { readonly is: "call"; readonly name: FunctionName; readonly parts: readonly Node[] };

export type Node = Kind & { readonly span: Span; readonly depth: number };

export interface Expr {
  readonly root: Node;
  readonly source: string;
}

export const MAX_SOURCE = 4_000;
export const MAX_DEPTH = 64;
export const MAX_STEPS = 10_000;
export const MAX_LIST = 1_000;
export const MAX_TEXT = 100_000;

export function makeNode(kind: Kind, span: Span): Node {
  const depth = 1 + children(kind).reduce((deepest, child) => Math.max(deepest, child.depth), 0);
  return { ...kind, span, depth };
}

/** `&&` or `||` of what stands in a row, as one node. */
export function joinNodes(is: "all" | "any", parts: readonly Node[], span: Span): Node {
  return makeNode({ is, parts: parts.flatMap((part) => (part.is === is ? part.parts : [part])) }, span);
}

function children(kind: Kind): readonly Node[] {
  switch (kind.is) {
    case "not":
    case "negate":
      return [kind.inner];
    case "list":
    case "all":
    case "any":
    case "call":
      return kind.parts;
    case "binary":
      return [kind.left, kind.right];
    case "choose":
      return [kind.condition, kind.first, kind.second];
    default:
      return [];
  }
}
