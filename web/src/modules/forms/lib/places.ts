import { isDate } from "./civil-date";
import { absolute, compare, readDecimal, whole } from "./decimal";
import { isObject } from "./expr/value";
import { type FormField, MAX_SCALE, PRECISIONS, type Precision } from "./schema";

/** The parts of an address, in order, with the most characters of each. */
const PARTS = [
  ["province", 40],
  ["city", 40],
  ["district", 40],
  ["street", 200],
  ["postcode", 6],
] as const;

export type Address = Partial<Record<(typeof PARTS)[number][0], string>>;

/** Where a device was, in degrees and metres, and when it said so. */
export interface Location {
  readonly latitude: string;
  readonly longitude: string;
  readonly accuracy: string;
  readonly taken_at: string;
}

/** Its parts in one order, trimmed, without empty ones. Nothing where none is left. */
export function normalAddress(value: unknown, trim: (text: string) => string): unknown {
  if (!isAddress(value)) return value;
  const parts = PARTS.map(([part]) => [part, trim(value[part] ?? "")] as const).filter(([, text]) => text !== "");
  return parts.length === 0 ? null : Object.fromEntries(parts);
}

export function isAddress(value: unknown): value is Address {
  return isObject(value) && Object.entries(value).every(([name, part]) => PARTS.some(([known]) => known === name) && typeof part === "string");
}

export function tooLongAddress(value: unknown) {
  if (!isAddress(value)) return undefined;
  const found = PARTS.map(([part, limit]) => ({ limit, length: [...(value[part] ?? "")].length })).find(({ limit, length }) => length > limit);
  return found && { code: "forms.address_too_long", args: found };
}

/** What an address of this precision lacks, or a postcode that is none. Some cities have no districts: none is asked for. */
export function wrongAddress(field: FormField, value: unknown) {
  if (!isAddress(value)) return undefined;
  const reaches = (precision: Precision) => PRECISIONS.indexOf(field.precision ?? "street") >= PRECISIONS.indexOf(precision);
  if (value.province === undefined || (reaches("city") && value.city === undefined)) return { code: "forms.address_without_city" };
  if (reaches("street") && value.street === undefined) return { code: "forms.address_without_street" };
  return value.postcode === undefined || /^[0-9]{6}$/.test(value.postcode) ? undefined : { code: "forms.bad_postcode" };
}

/** Degrees with at most six places, metres, and an instant in universal time: `2026-11-23T01:30:00Z`. */
export function isLocation(value: unknown): value is Location {
  if (!isObject(value) || Object.keys(value).length !== 4) return false;
  const { latitude, longitude, accuracy, taken_at } = value;
  return within(latitude, 90) && within(longitude, 180) && within(accuracy, 10_000_000, false) && isInstant(taken_at);
}

function within(value: unknown, limit: number, both = true): boolean {
  const number = typeof value === "string" ? readDecimal(value) : null;
  if (!number || number.scale > MAX_SCALE) return false;
  return compare(both ? absolute(number) : number, whole(limit)) <= 0 && (both || compare(number, whole(0)) >= 0);
}

function isInstant(value: unknown): boolean {
  const parts = typeof value === "string" ? /^(.{10})T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z$/.exec(value) : null;
  return parts?.[1] !== undefined && isDate(parts[1]);
}
