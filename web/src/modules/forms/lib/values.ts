import { isDate } from "./civil-date";
import { isObject } from "./expr/value";
import type { FormField, Granularity } from "./schema";

/** One end of a period: a day, and with it the half (of `half_day`) or the minute (of `hour`). */
export interface PeriodEnd {
  readonly date: string;
  readonly half?: "am" | "pm";
  readonly time?: string;
}

export interface FormPeriod {
  readonly granularity: Granularity;
  readonly from: PeriodEnd;
  readonly to: PeriodEnd;
}

const PERIOD_KEYS = ["from", "to", "days", "hours"];

/** Reads a period of the field's granularity. Nothing: it is not one. */
export function readPeriod(field: FormField, json: unknown): FormPeriod | undefined {
  const granularity = field.granularity ?? "day";
  if (!isObject(json) || !Object.keys(json).every((key) => PERIOD_KEYS.includes(key))) return undefined;
  const [from, to] = [readEnd(granularity, json.from), readEnd(granularity, json.to)];
  return from && to && { granularity, from, to };
}

/** Goes back in time; a period of hours must last. */
export function isReversed({ granularity, from, to }: FormPeriod): boolean {
  const key = (end: PeriodEnd) => `${end.date} ${end.half ?? end.time ?? ""}`;
  return granularity === "hour" ? key(from) >= key(to) : key(from) > key(to);
}

function readEnd(granularity: Granularity, json: unknown): PeriodEnd | undefined {
  if (!isObject(json)) return undefined;
  const { date, half, time } = json;
  if (typeof date !== "string" || !isDate(date) || Object.keys(json).length !== (granularity === "day" ? 1 : 2)) return undefined;
  switch (granularity) {
    case "day":
      return { date };
    case "half_day":
      return half === "am" || half === "pm" ? { date, half } : undefined;
    case "hour":
      return typeof time === "string" && /^([01][0-9]|2[0-3]):[0-5][0-9]$/.test(time) ? { date, time } : undefined;
  }
}

export function strings(json: unknown): string[] | undefined {
  return Array.isArray(json) && json.every((part) => typeof part === "string") ? json : undefined;
}

/** The rows of a table: each, like a form, column id → value. */
export function rowsOf(json: unknown): Record<string, unknown>[] | undefined {
  return Array.isArray(json) && json.every(isObject) ? json : undefined;
}

/** Nothing was filled in. */
export function isBlank(json: unknown): boolean {
  return json == null || json === "" || (Array.isArray(json) && json.length === 0);
}

/** 26 characters of the id alphabet, of which the first holds three bits. */
export function isId(text: string): boolean {
  return /^[0-7][0-9a-hjkmnp-tv-z]{25}$/.test(text);
}
