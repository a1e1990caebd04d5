import type { Schemas } from "@/api/client";

import { rightOf } from "./lib/schema";

export type Form = Schemas["Form"];
export type Field = Schemas["Field"];
type Option = NonNullable<Field["options"]>[number];
export type Cell = Schemas["Cell"];
export type Right = Schemas["Right"];
export type Rights = Schemas["Rights"];

/** The right on a field, or on a column as `items.price`. */
export function rightIn(rights: Rights, field: string) {
  return rightOf(plainRights(rights), field);
}

export function plainRights({ others, fields }: Rights) {
  return { ...(others ? { others } : {}), ...(fields ? { fields } : {}) };
}

/** A choice as it can be chosen from now: without the options that other fields rule out. What is chosen stays in sight. */
export function asOffered(field: Field, value: unknown, offered: ReadonlySet<string> | undefined): Field {
  if (!offered) return field;
  const chosen = asList(value);
  const now = (options: Option[]): Option[] =>
    options
      .filter(({ id }) => offered.has(id) || chosen.includes(id))
      .map((option) => (option.options?.length ? { ...option, options: now(option.options) } : option));
  return { ...field, options: now(field.options ?? []) };
}

/** Field id → value; a field without a value is absent. */
export type Values = Record<string, unknown>;

export interface Moment {
  date: string;
  half?: "am" | "pm";
  time?: string;
}

/** A period; `days` and `hours` are the server's, in working time of the initiator's calendar. */
export interface Period {
  from?: Moment;
  to?: Moment;
  days?: string;
  hours?: string;
}

/** Nothing was filled in, or only one end of a period. */
export function isEmpty(value: unknown): boolean {
  if (value == null || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value === "boolean") return false;
  if (typeof value === "object") {
    const { from, to } = asPeriod(value);
    return "from" in value || "to" in value ? !from || !to : Object.keys(value).length === 0;
  }
  return false;
}

export function asText(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

export function asList(value: unknown): string[] {
  if (Array.isArray(value)) return value.filter((item): item is string => typeof item === "string");
  return typeof value === "string" && value ? [value] : [];
}

/** The rows of a table. */
export function asRows(value: unknown): Values[] {
  return Array.isArray(value) ? value.filter((row): row is Values => typeof row === "object" && row !== null) : [];
}

export function asPeriod(value: unknown): Period {
  return typeof value === "object" && value !== null ? value : {};
}
