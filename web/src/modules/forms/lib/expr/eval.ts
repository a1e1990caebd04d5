import { daysBetween, isDate } from "../civil-date";
import * as decimal from "../decimal";
import { type FunctionName, MAX_LIST, MAX_TEXT, type Node, type Operator } from "./ast";
import type { Checked } from "./check";
import { MEMBER_NAMES } from "./types";
import { boolValue, memberOf, NULL, numberValue, type Value } from "./value";

/** Where the values of variables come from. What it does not know is null; a list that is empty is an empty list. */
export type Scope = (path: string) => Value;

/** Evaluation is total: whatever has no value is null. It is bounded: the check refused what could take too long. */
export function evaluate(checked: Checked, scope: Scope): Value {
  return valueAt(checked.expr.root, scope);
}

/** A condition holds where it is true. Null is not true. */
export function holds(checked: Checked, scope: Scope): boolean {
  const value = evaluate(checked, scope);
  return value.type === "bool" && value.value;
}

function valueAt(node: Node, scope: Scope): Value {
  switch (node.is) {
    case "null":
      return NULL;
    case "bool":
      return { type: "bool", value: node.value };
    case "number":
      return { type: "number", value: node.value };
    case "text":
      return { type: "text", value: node.value };
    case "path":
      return variable(node.path, scope);
    case "list":
      return { type: "list", value: node.parts.map((part) => valueAt(part, scope)) };
    case "not": {
      const value = valueAt(node.inner, scope);
      return value.type === "bool" ? { type: "bool", value: !value.value } : NULL;
    }
    case "negate": {
      const value = valueAt(node.inner, scope);
      return value.type === "number" ? numberValue(decimal.negate(value.value)) : NULL;
    }
    case "all":
      return decidedBy(node.parts, false, scope);
    case "any":
      return decidedBy(node.parts, true, scope);
    case "binary":
      return binary(node.operator, valueAt(node.left, scope), valueAt(node.right, scope));
    case "choose": {
      const condition = valueAt(node.condition, scope);
      return valueAt(condition.type === "bool" && condition.value ? node.first : node.second, scope);
    }
    case "call":
      return call(node.name, node.parts.map((part) => valueAt(part, scope)));
  }
}

function variable(path: string, scope: Scope): Value {
  const own = sound(scope(path));
  const dot = path.lastIndexOf(".");
  const member = path.slice(dot + 1);
  if (own.type !== "null" || !(MEMBER_NAMES as readonly string[]).includes(member)) return own;
  return memberOf(scope(path.slice(0, dot)), member);
}

/** A value within the language's limits. */
function sound(value: Value): Value {
  return value.type === "list" && value.value.length > MAX_LIST ? NULL : value;
}

/** Kleene's `||` (decided by one `true`) and `&&` (decided by one `false`). */
function decidedBy(parts: readonly Node[], decisive: boolean, scope: Scope): Value {
  let unknown = false;
  for (const part of parts) {
    const value = valueAt(part, scope);
    if (value.type !== "bool") unknown = true;
    else if (value.value === decisive) return value;
  }
  return unknown ? NULL : { type: "bool", value: !decisive };
}

function binary(operator: Operator, left: Value, right: Value): Value {
  switch (operator) {
    case "+":
      return left.type === "text" && right.type === "text" ? joined(left.value, right.value) : numbers(left, right, decimal.add);
    case "-":
      return numbers(left, right, decimal.subtract);
    case "*":
      return numbers(left, right, decimal.multiply);
    case "/":
      return numbers(left, right, decimal.divide);
    case "%":
      return numbers(left, right, decimal.remainder);
    case "in":
      return within(left, right);
    case "==":
      return boolValue(equal(left, right));
    case "!=": {
      const same = equal(left, right);
      return boolValue(same === undefined ? undefined : !same);
    }
    default:
      return boolValue(ordered(operator, order(left, right)));
  }
}

function joined(left: string, right: string): Value {
  const value = left + right;
  return [...value].length > MAX_TEXT ? NULL : { type: "text", value };
}

type Compute = (left: decimal.Decimal, right: decimal.Decimal) => decimal.Decimal | null;

function numbers(left: Value, right: Value, compute: Compute): Value {
  return left.type === "number" && right.type === "number" ? numberValue(compute(left.value, right.value)) : NULL;
}

/** Nothing where either has no value, or they are of kinds that do not compare. */
function equal(left: Value, right: Value): boolean | undefined {
  if (left.type === "number" && right.type === "number") return decimal.compare(left.value, right.value) === 0;
  if (left.type === "text" && right.type === "text") return left.value === right.value;
  if (left.type === "date" && right.type === "date") return left.value === right.value;
  if (left.type === "bool" && right.type === "bool") return left.value === right.value;
  return undefined;
}

function order(left: Value, right: Value): number | undefined {
  if (left.type === "number" && right.type === "number") return decimal.compare(left.value, right.value);
  if (left.type === "date" && right.type === "date") return left.value < right.value ? -1 : left.value > right.value ? 1 : 0;
  return undefined;
}

function ordered(operator: "<" | "<=" | ">" | ">=", order: number | undefined): boolean | undefined {
  if (order === undefined) return undefined;
  switch (operator) {
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
  }
}

/** True where one element equals; else null where one has no value; else false. */
function within(value: Value, list: Value): Value {
  if (list.type !== "list" || value.type === "null") return NULL;
  let unknown = false;
  for (const part of list.value) {
    const same = equal(value, part);
    if (same) return { type: "bool", value: true };
    if (same === undefined) unknown = true;
  }
  return unknown ? NULL : { type: "bool", value: false };
}

function call(name: FunctionName, given: readonly Value[]): Value {
  const [first = NULL, second = NULL] = given;
  switch (name) {
    case "is_null":
      return { type: "bool", value: first.type === "list" ? first.value.length === 0 : first.type === "null" };
    case "size":
      if (first.type === "list") return numberValue(decimal.whole(first.value.length));
      return first.type === "text" ? numberValue(decimal.whole([...first.value].length)) : NULL;
    case "sum":
    case "min":
    case "max":
      if (given.length > 1) return aggregate(name, given);
      return first.type === "list" ? aggregate(name, first.value) : NULL;
    case "abs":
      return first.type === "number" ? numberValue(decimal.absolute(first.value)) : NULL;
    case "round":
      return numbers(first, second, decimal.round);
    case "contains":
      return texts(first, second, (all, part) => all.includes(part));
    case "starts_with":
      return texts(first, second, (all, part) => all.startsWith(part));
    case "ends_with":
      return texts(first, second, (all, part) => all.endsWith(part));
    case "date":
      return first.type === "text" && isDate(first.value) ? { type: "date", value: first.value } : NULL;
    case "days_between":
      if (first.type !== "date" || second.type !== "date") return NULL;
      return numberValue(decimal.whole(daysBetween(first.value, second.value)));
    case "coalesce":
      return given.find((value) => value.type !== "null") ?? NULL;
  }
}

function texts(all: Value, part: Value, ask: (all: string, part: string) => boolean): Value {
  return all.type === "text" && part.type === "text" ? { type: "bool", value: ask(all.value, part.value) } : NULL;
}

/** What has no value is left out: the sum of nothing is 0, the smallest and largest of nothing is null. */
function aggregate(name: "sum" | "min" | "max", parts: readonly Value[]): Value {
  const present = parts.filter((part) => part.type !== "null");
  if (name === "sum") {
    return present.reduce((sum, part) => numbers(sum, part, decimal.add), numberValue(decimal.ZERO));
  }
  const sign = name === "min" ? -1 : 1;
  const better = (best: Value, part: Value) => (order(part, best) === sign ? part : best);
  const [first, ...rest] = present;
  return first ? rest.reduce(better, first) : NULL;
}
