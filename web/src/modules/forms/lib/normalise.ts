import { readDecimal, writeDecimal } from "./decimal";
import { isObject } from "./expr/value";
import { normaliseFormat } from "./formats";
import { normalAddress } from "./places";
import { type FormField, type FormSchema, type FormValues, scaleOf } from "./schema";
import { isBlank, readPeriod, rowsOf, strings } from "./values";

/**
 * One way of writing for each value: trimmed texts, decimals with the field's places, lists without repetition,
 * no empty values. What is not of its type stays as it is, for validation to tell. Doing it twice changes nothing.
 */
export function normalise(form: FormSchema, values: FormValues): FormValues {
  const fields = new Map(form.fields.map((field) => [field.id, field]));
  const each = Object.entries(values).map(([id, value]): [string, unknown] => {
    const field = fields.get(id);
    return [id, field ? normal(field, value) : value];
  });
  return Object.fromEntries(each.filter(([, value]) => !isBlank(value)));
}

function normal(field: FormField, value: unknown): unknown {
  switch (field.type) {
    case "switch":
    case "description":
    case "location":
      return value;
    case "address":
      return normalAddress(value, trim);
    case "table":
      return normalRows(field, value);
    case "text":
    case "serial":
      return text(value, (text) => oneLine(field, text));
    case "long_text":
      return text(value, (text) => text.replace(/\r\n/g, "\n"));
    case "number":
    case "money":
    case "rating":
      return number(field, text(value, (text) => text));
    case "date":
    case "choice":
      return text(value, (text) => text);
    case "period":
      return period(field, value);
    default:
      return list(field, value);
  }
}

/**
 * Each cell as its column writes it, without empty ones and without what is computed anyway; empty rows at the end go.
 * Those between others stay, so that the third row remains the third.
 */
function normalRows(table: FormField, value: unknown): unknown {
  const rows = rowsOf(value);
  if (!rows) return value;
  const columns = new Map((table.columns ?? []).map((column) => [column.id, column]));
  const normalised = rows.map((row) => {
    const each = Object.entries(row).flatMap(([id, cell]): [string, unknown][] => {
      const column = columns.get(id);
      if (column?.computed != null) return [];
      return [[id, column ? normal(column, cell) : cell]];
    });
    return Object.fromEntries(each.filter(([, cell]) => !isBlank(cell)));
  });
  while (normalised.length > 0 && Object.keys(normalised[normalised.length - 1] ?? {}).length === 0) normalised.pop();
  return normalised;
}

function text(value: unknown, then: (text: string) => string): unknown {
  return typeof value === "string" ? trim(then(trim(value))) : value;
}

/** Named one by one, since languages differ in what they call white space. */
function trim(text: string): string {
  return text.replace(/^[ \t\r\n\u00a0\u3000\ufeff]+|[ \t\r\n\u00a0\u3000\ufeff]+$/g, "");
}

function oneLine(field: FormField, text: string): string {
  const line = text.replace(/\r\n|\r|\n/g, " ");
  return field.format ? normaliseFormat(field.format, line) : line;
}

function number(field: FormField, value: unknown): unknown {
  const number = typeof value === "string" ? readDecimal(value) : null;
  return number ? withPlaces(writeDecimal(number), scaleOf(field) ?? 0) : value;
}

/** Zeros up to the field's places. More places than it has stay, for validation to tell. */
export function withPlaces(number: string, places: number): string {
  const has = number.split(".")[1]?.length ?? 0;
  if (has >= places) return number;
  return number + (has === 0 ? "." : "") + "0".repeat(places - has);
}

/** Only its ends and the working time in it, in one order. */
function period(field: FormField, value: unknown): unknown {
  const period = readPeriod(field, value);
  if (!period || !isObject(value)) return value;
  const { days, hours } = value;
  const amounts = Object.entries({ days, hours }).flatMap(([name, amount]) => {
    const number = typeof amount === "string" ? readDecimal(amount) : null;
    return number ? [[name, writeDecimal(number)] as const] : [];
  });
  return { from: period.from, to: period.to, ...Object.fromEntries(amounts) };
}

/** Each once: options in the order of the form, persons and files in the order in which they were given. */
function list(field: FormField, value: unknown): unknown {
  const parts = strings(value);
  if (!parts) return value;
  const once = [...new Set(parts.map(trim).filter((part) => part !== ""))];
  if (field.type !== "choices") return once;
  const options = field.options ?? [];
  const place = (id: string) => {
    const index = options.findIndex((option) => option.id === id);
    return index < 0 ? options.length : index;
  };
  return once.sort((left, right) => place(left) - place(right));
}
