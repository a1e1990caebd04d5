import { describeField, type FieldProblem } from "@/lib/problem";
import { t, text } from "@/lib/words";

import { cellsOf, compute, type Facts, type Initiator, isRequired, type PreparedForm, visibleFields } from "./lib/form";
import { normalise } from "./lib/normalise";
import type { FormSchema } from "./lib/schema";
import { validate } from "./lib/validate";
import { asPeriod, asRows, type Rights, type Values } from "./model";

/** What a form looks like with what is typed: the server's rules, run here while someone types. */
export interface CheckedValues {
  /** As they would be sent. */
  values: Values;
  /** With computed fields and working time. */
  counted: Values;
  errors: FieldProblem[];
  required: ReadonlySet<string>;
  invisible: ReadonlySet<string>;
  /** Of each table, row by row: which cells are part of it, and which must be filled in. */
  rows: ReadonlyMap<string, readonly RowMarks[]>;
}

export interface RowMarks {
  shown: ReadonlySet<string>;
  required: ReadonlySet<string>;
}

interface Question {
  form: PreparedForm;
  typed: Values;
  rights: Rights;
  initiator: Initiator;
  /** Values as the server last counted them: where it learned how long a period is. */
  told: Values | undefined;
}

export function checkValues({ form, typed, rights, initiator, told }: Question): CheckedValues {
  const facts: Facts = { initiator, working: (field, period) => workingTime(told?.[field.id], period) };
  const values = normalise(form, typed) as Values;
  const counted = compute(form, values, facts) as Values;
  const visible = visibleFields(form, counted, initiator);
  const tables = form.fields.filter((field) => field.type === "table");
  return {
    values,
    counted,
    errors: validate(form, counted, named(rights), "submit", facts),
    required: new Set(form.fields.filter((field) => isRequired(form, field, counted, initiator)).map((field) => field.id)),
    rows: new Map(
      tables.map((table) => [table.id, asRows(counted[table.id]).map((row) => cellsOf(form, table, counted, row, initiator))]),
    ),
    invisible: new Set(form.fields.filter((field) => !visible.has(field.id)).map((field) => field.id)),
  };
}

/** Only what is well formed: what the server can be asked about before the form is complete. */
export function wellFormed(form: PreparedForm, typed: Values, rights: Rights, initiator: Initiator): Values {
  const values = normalise(form, typed) as Values;
  const facts: Facts = { initiator, working: () => undefined };
  const wrong = new Set(validate(form, values, named(rights), "draft", facts).map((error) => fieldOf(error.field)));
  return Object.fromEntries(Object.entries(values).filter(([field]) => !wrong.has(field)));
}

/** What is wrong, in words; in a table with the row and the column: "row 3, amount: required". */
export function describeAt({ fields }: FormSchema, error: FieldProblem): string {
  const [table, row, cell] = error.field.replace(/^values\./, "").split(".");
  const field = fields.find((known) => known.id === table);
  const why = describeField(error);
  if (row === undefined || field?.type !== "table") return why;
  const column = text(field.columns?.find((known) => known.id === cell)?.label);
  return column ? t("forms.in_cell", { row, column, why }) : t("forms.in_row", { row, why });
}

/** What is wrong in the cells of tables, by `items.3.amount`. */
export function cellErrors(errors: readonly FieldProblem[]): Record<string, string> {
  const inCells = errors.filter((error) => /^values\.[^.]+\.[0-9]+/.test(error.field));
  return Object.fromEntries(inCells.map((error) => [error.field.replace(/^values\./, ""), describeField(error)]));
}

/** Paths come as `values.days` or `days`; a path into a value (`values.period.to`) belongs to its field. */
export function fieldOf(path: string): string {
  return path.replace(/^values\./, "").split(".")[0] ?? "";
}

function named({ others, fields }: Rights) {
  return { ...(others ? { others } : {}), ...(fields ? { fields } : {}) };
}

function workingTime(told: unknown, period: { from: unknown; to: unknown }) {
  const { from, to, days, hours } = asPeriod(told);
  const same = JSON.stringify([from, to]) === JSON.stringify([period.from, period.to]);
  return same && days !== undefined && hours !== undefined ? { days, hours } : undefined;
}
