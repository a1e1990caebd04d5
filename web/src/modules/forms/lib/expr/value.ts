import { isDate } from "../civil-date";
import { type Decimal, readDecimal, writeDecimal } from "../decimal";
import { isList, isRef, type Type } from "./types";

export type Value =
  | { readonly type: "null" }
  | { readonly type: "bool"; readonly value: boolean }
  | { readonly type: "number"; readonly value: Decimal }
  /** Also a reference, by its code, and a file, by its id. */
  | { readonly type: "text"; readonly value: string }
  /** `2026-11-21` */
  | { readonly type: "date"; readonly value: string }
  | { readonly type: "period"; readonly value: PeriodValue }
  | { readonly type: "list"; readonly value: readonly Value[] };

export interface PeriodValue {
  readonly from: string;
  readonly to: string;
  /** Working time; `null` until the server has told it. */
  readonly days: Decimal | null;
  readonly hours: Decimal | null;
}

export const NULL: Value = { type: "null" };

/** Reads a form's JSON as what the type says. What does not fit is null; an absent list is empty. */
export function valueOf(type: Type, json: unknown): Value {
  if (isList(type)) {
    return { type: "list", value: Array.isArray(json) ? json.map((part) => valueOf(type.list, part)) : [] };
  }
  if (type === "bool") return typeof json === "boolean" ? { type: "bool", value: json } : NULL;
  if (type === "number") return numberValue(typeof json === "string" ? readDecimal(json) : null);
  if (type === "date") return typeof json === "string" && isDate(json) ? { type: "date", value: json } : NULL;
  if (type === "text" || type === "file" || isRef(type)) return typeof json === "string" ? { type: "text", value: json } : NULL;
  if (type === "period") return periodValue(json);
  // Of what stands in it nothing can be asked: that it is there is enough.
  if (type === "record") return typeof json === "string" || isObject(json) ? { type: "text", value: "…" } : NULL;
  return NULL;
}

/** As a form's JSON has it: decimals and dates are strings. */
export function jsonOf(value: Value): unknown {
  switch (value.type) {
    case "null":
      return null;
    case "number":
      return writeDecimal(value.value);
    case "list":
      return value.value.map(jsonOf);
    case "period": {
      const { from, to, days, hours } = value.value;
      const amounts = { ...(days && { days: writeDecimal(days) }), ...(hours && { hours: writeDecimal(hours) }) };
      return { from: { date: from }, to: { date: to }, ...amounts };
    }
    default:
      return value.value;
  }
}

export function numberValue(number: Decimal | null): Value {
  return number ? { type: "number", value: number } : NULL;
}

export function boolValue(value: boolean | undefined): Value {
  return value === undefined ? NULL : { type: "bool", value };
}

export function memberOf(value: Value, member: string): Value {
  if (value.type !== "period") return NULL;
  switch (member) {
    case "days":
      return numberValue(value.value.days);
    case "hours":
      return numberValue(value.value.hours);
    case "from":
      return { type: "date", value: value.value.from };
    case "to":
      return { type: "date", value: value.value.to };
    default:
      return NULL;
  }
}

function periodValue(json: unknown): Value {
  if (!isObject(json)) return NULL;
  const day = (end: unknown) => (isObject(end) && typeof end.date === "string" && isDate(end.date) ? end.date : undefined);
  const amount = (written: unknown) => (typeof written === "string" ? readDecimal(written) : null);
  const [from, to] = [day(json.from), day(json.to)];
  if (from === undefined || to === undefined) return NULL;
  return { type: "period", value: { from, to, days: amount(json.days), hours: amount(json.hours) } };
}

export function isObject(json: unknown): json is Record<string, unknown> {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}
