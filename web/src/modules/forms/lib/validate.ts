import { isDate } from "./civil-date";
import { absolute, compare, type Decimal, readDecimal, writeDecimal } from "./decimal";
import { cellsOf, type Facts, isRequired, offeredOptions, type PreparedForm, visibleFields } from "./form";
import { accepts, follows } from "./formats";
import { isAddress, isLocation, tooLongAddress, wrongAddress } from "./places";
import {
  allOptions,
  type FieldRight,
  type FieldRights,
  fillsItself,
  type FormField,
  type FormOption,
  type FormValues,
  MAX_BYTES,
  MAX_SCALE,
  maxCount,
  maxLength,
  maxOf,
  maxRows,
  mayWrite,
  mayWriteRows,
  minOf,
  NUMBER_LIMIT,
  rightOf,
  scaleOf,
} from "./schema";
import { isBlank, isId, isReversed, readPeriod, rowsOf, strings } from "./values";

/** A draft must be of the right types and sizes; what is submitted must also be complete and within all limits. */
export type Mode = "draft" | "submit";

export interface ValueError {
  /** `values.<id>`, or `values` for all together. */
  readonly field: string;
  /** The key of the sentence. */
  readonly code: string;
  readonly args?: Readonly<Record<string, string | number>>;
}

/**
 * Everything wrong with the values, for somebody with these rights: he is asked to fill and mend only what he may write.
 * Expects normal and computed values. The server says the same, and its word counts.
 */
export function validate(
  form: PreparedForm,
  values: FormValues,
  rights: FieldRights,
  mode: Mode,
  facts: Facts,
): ValueError[] {
  const errors: ValueError[] = Object.keys(values)
    .filter((id) => !form.fields.some((field) => field.id === id))
    .map((name) => ({ field: "values", code: "forms.unknown_field", args: { name } }));
  if (new TextEncoder().encode(JSON.stringify(values)).length > MAX_BYTES) {
    errors.push({ field: "values", code: "forms.too_big", args: { limit: MAX_BYTES } });
  }
  const visible = visibleFields(form, values, facts.initiator);
  const offered = offeredOptions(form, values, facts.initiator);
  for (const field of form.fields) {
    const right = rightOf(rights, field.id);
    const value = Object.hasOwn(values, field.id) ? values[field.id] : undefined;
    if (!isBlank(value)) {
      if (field.type === "table") {
        if (mayWriteRows(rights, field)) errors.push(...wrongRows(form, field, value, values, rights, mode, facts));
        continue;
      }
      if (!mayWrite(right) && !field.computed && !field.set) continue;
      const found = wrong(field, value, mode, offered.get(field.id));
      if (found) errors.push({ field: `values.${field.id}`, ...found });
    } else if (mode === "submit" && visible.has(field.id) && mustFill(form, field, right, values, facts)) {
      errors.push({ field: `values.${field.id}`, code: "forms.required" });
    }
  }
  return errors;
}

function mustFill(form: PreparedForm, field: FormField, right: FieldRight, values: FormValues, facts: Facts): boolean {
  if (!mayWrite(right) || fillsItself(field) || field.type === "switch") return false;
  return right === "required" || isRequired(form, field, values, facts.initiator);
}

/** Everything wrong with a table that is there. Rows are named as people count them: `values.items.3.amount`. */
function wrongRows(
  form: PreparedForm,
  table: FormField,
  value: unknown,
  values: FormValues,
  rights: FieldRights,
  mode: Mode,
  facts: Facts,
): ValueError[] {
  const place = `values.${table.id}`;
  const rows = rowsOf(value);
  if (!rows) return [{ field: place, code: "forms.not_rows" }];
  const [count, most, least] = [rows.length, maxRows(table), table.min_rows ?? 0];
  if (count > most) return [{ field: place, code: "forms.too_many_rows", args: { limit: most, count } }];
  const few = mode === "submit" && count < least;
  return [
    ...(few ? [{ field: place, code: "forms.too_few_rows", args: { limit: least, count } }] : []),
    ...rows.flatMap((row, index) => wrongRow(form, table, row, `${place}.${index + 1}`, values, rights, mode, facts)),
  ];
}

function wrongRow(
  form: PreparedForm,
  table: FormField,
  row: FormValues,
  place: string,
  values: FormValues,
  rights: FieldRights,
  mode: Mode,
  facts: Facts,
): ValueError[] {
  const columns = table.columns ?? [];
  const name = Object.keys(row).find((id) => !columns.some((column) => column.id === id));
  if (name !== undefined) return [{ field: place, code: "forms.unknown_field", args: { name } }];
  const blank = columns.every((column) => column.computed != null || isBlank(row[column.id]));
  if (mode === "submit" && blank) return [{ field: place, code: "forms.blank_row" }];
  const { required, shown, offered } = cellsOf(form, table, values, row, facts.initiator);
  return columns.flatMap((column): ValueError[] => {
    const cell = Object.hasOwn(row, column.id) ? row[column.id] : undefined;
    const right = rightOf(rights, `${table.id}.${column.id}`);
    const must = mayWrite(right) && (required.has(column.id) || (right === "required" && mustBeFillable(column, shown)));
    const missing: Wrong = mode === "submit" && must ? { code: "forms.required" } : undefined;
    const told = mayWrite(right) || column.computed != null || column.set != null;
    const found = isBlank(cell) ? missing : told ? wrong(column, cell, mode, offered.get(column.id)) : undefined;
    return found ? [{ field: `${place}.${column.id}`, ...found }] : [];
  });
}

/** A cell that somebody fills in, and that is part of its row. */
function mustBeFillable(column: FormField, shown: ReadonlySet<string>): boolean {
  return !fillsItself(column) && column.type !== "switch" && shown.has(column.id);
}

type Wrong = Omit<ValueError, "field"> | undefined;

/** The first thing wrong with a value that is there. */
function wrong(field: FormField, value: unknown, mode: Mode, offered: ReadonlySet<string> | undefined): Wrong {
  const inForm = misshapen(field, value) ?? tooLarge(field, value);
  return mode === "draft" ? inForm : (inForm ?? notOffered(value, offered) ?? outOfBounds(field, value));
}

/** An option that other fields do not let one choose now. */
function notOffered(value: unknown, offered: ReadonlySet<string> | undefined): Wrong {
  if (!offered) return undefined;
  const chosen = typeof value === "string" ? [value] : (strings(value) ?? []);
  return chosen.every((id) => offered.has(id)) ? undefined : { code: "forms.option_not_offered" };
}

function misshapen(field: FormField, value: unknown): Wrong {
  const ids = () => strings(value)?.every(isId) ?? false;
  const unless = (well: boolean, code: string): Wrong => (well ? undefined : { code });
  switch (field.type) {
    case "text":
    case "serial":
    case "long_text":
      return unless(typeof value === "string", "forms.not_text");
    case "switch":
      return unless(typeof value === "boolean", "forms.not_switch");
    case "table":
      return unless(rowsOf(value) !== undefined, "forms.not_rows");
    case "number":
    case "rating":
    case "money":
      return unless(decimal(value) !== null, "forms.not_number");
    case "date":
      return unless(typeof value === "string" && isDate(value), "forms.not_date");
    case "period":
      return unless(readPeriod(field, value) !== undefined, "forms.not_period");
    case "choice":
      return unless(typeof value === "string", "forms.not_choice");
    case "choices":
    case "cascade":
      return unless(strings(value) !== undefined, "forms.not_choice");
    case "person":
      return unless(ids(), "forms.not_persons");
    case "attachment":
    case "image":
    case "handwriting":
      return unless(ids(), "forms.not_files");
    case "case":
      return unless(ids(), "forms.not_cases");
    case "record":
      return unless(ids(), "forms.not_records");
    case "department":
      return unless(ids(), "forms.not_departments");
    case "post":
      return unless(ids(), "forms.not_posts");
    case "unit":
      return unless(ids(), "forms.not_units");
    case "description":
      return { code: "forms.takes_no_value" };
    case "address":
      return unless(isAddress(value), "forms.not_address");
    case "location":
      return unless(isLocation(value), "forms.not_location");
  }
}

/** Limits of storage: they hold for drafts too. */
function tooLarge(field: FormField, value: unknown): Wrong {
  switch (field.type) {
    case "text":
    case "serial":
    case "long_text": {
      const [length, limit] = [[...String(value)].length, maxLength(field)];
      return length > limit ? { code: "forms.too_long", args: { limit, length } } : undefined;
    }
    case "number":
    case "rating":
    case "money":
      return tooManyDigits(field, decimal(value));
    case "choice":
      return unknownOption(field, [String(value)]);
    case "choices":
      return unknownOption(field, strings(value) ?? []) ?? tooMany(field, value);
    case "cascade":
      return unknownStep(field, strings(value) ?? []);
    case "person":
    case "image":
    case "attachment":
    case "department":
    case "post":
    case "unit":
    case "case":
    case "record":
    case "handwriting":
      return tooMany(field, value);
    case "address":
      return tooLongAddress(value);
    default:
      return undefined;
  }
}

function tooManyDigits(field: FormField, number: Decimal | null): Wrong {
  const limit = readDecimal(NUMBER_LIMIT);
  if (!number || !limit) return undefined;
  if (compare(absolute(number), limit) >= 0) return { code: "forms.too_many_digits", args: { limit: NUMBER_LIMIT } };
  const places = scaleOf(field) ?? MAX_SCALE;
  return number.scale > places ? { code: "forms.too_precise", args: { limit: places } } : undefined;
}

function unknownOption(field: FormField, chosen: readonly string[]): Wrong {
  const option = chosen.find((id) => !field.options?.some((known) => known.id === id));
  return option === undefined ? undefined : { code: "forms.unknown_option", args: { option } };
}

/** The first step of a cascade that does not lie below the one before. */
function unknownStep(field: FormField, way: readonly string[]): Wrong {
  let options: readonly FormOption[] = field.options ?? [];
  for (const id of way) {
    const option = options.find((known) => known.id === id);
    if (!option) return { code: "forms.unknown_option", args: { option: id } };
    options = option.options ?? [];
  }
  return undefined;
}

/** More could be chosen below. */
function stopsEarly(field: FormField, way: readonly string[]): boolean {
  const last = allOptions(field.options).find((option) => option.id === way[way.length - 1]);
  return (last?.options?.length ?? 0) > 0;
}

function tooMany(field: FormField, value: unknown): Wrong {
  const [count, limit] = [strings(value)?.length ?? 0, maxCount(field)];
  return count > limit ? { code: "forms.too_many", args: { limit, count } } : undefined;
}

/** Limits of the matter: they hold for what is handed in. */
function outOfBounds(field: FormField, value: unknown): Wrong {
  switch (field.type) {
    case "text":
      return badlyWritten(field, String(value));
    case "address":
      return wrongAddress(field, value);
    case "cascade":
      return stopsEarly(field, strings(value) ?? []) ? { code: "forms.choose_further" } : undefined;
    case "number":
    case "rating":
    case "money":
      return outside(field, decimal(value));
    case "date": {
      const date = String(value);
      if (field.earliest && date < field.earliest) return { code: "forms.too_early", args: { limit: field.earliest } };
      return field.latest && date > field.latest ? { code: "forms.too_late", args: { limit: field.latest } } : undefined;
    }
    case "period": {
      const period = readPeriod(field, value);
      return period && isReversed(period) ? { code: "forms.period_reversed" } : undefined;
    }
    default:
      return undefined;
  }
}

function badlyWritten(field: FormField, text: string): Wrong {
  if (field.format && !accepts(field.format, text)) return { code: `forms.format_${field.format}` };
  if (field.pattern && !follows(field.pattern, text)) return { code: "forms.wrong_pattern", args: { pattern: field.pattern } };
  return undefined;
}

function outside(field: FormField, number: Decimal | null): Wrong {
  const bound = (written: string | null | undefined) => (written == null ? null : readDecimal(written));
  const [min, max] = [bound(minOf(field)), bound(maxOf(field))];
  if (!number) return undefined;
  if (min && compare(number, min) < 0) return { code: "forms.too_small", args: { limit: writeDecimal(min) } };
  return max && compare(number, max) > 0 ? { code: "forms.too_large", args: { limit: writeDecimal(max) } } : undefined;
}

function decimal(value: unknown): Decimal | null {
  return typeof value === "string" ? readDecimal(value) : null;
}
