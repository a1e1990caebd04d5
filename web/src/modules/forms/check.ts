import { describeField, type FieldProblem } from "@/lib/problem";
import { t, text } from "@/lib/words";

import { cellsOf, compute, type Facts, follow, type Initiator, isRequired, type Offered, offeredOptions, type PreparedForm, visibleFields } from "./lib/form";
import { normalise } from "./lib/normalise";
import { type FormField, type FormSchema, mayWrite, rightOf } from "./lib/schema";
import { validate } from "./lib/validate";
import { asList, asPeriod, asRows, plainRights, type Rights, type Values } from "./model";
import { recordOf } from "./records";

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
  /** Of each choice that depends on others, what can be chosen now. */
  offered: Offered;
}

export interface RowMarks {
  shown: ReadonlySet<string>;
  required: ReadonlySet<string>;
  /** Of each choice in the row that depends on others, what can be chosen now. */
  offered: Offered;
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
  const facts = factsOf(initiator, told);
  const values = normalise(form, typed) as Values;
  const counted = { ...known(form, compute(form, values, facts), values, rights), ...filledUnwritten(form, values, rights, told) };
  const visible = visibleFields(form, counted, initiator);
  const tables = form.fields.filter((field) => field.type === "table");
  return {
    values,
    counted,
    errors: validate(form, counted, plainRights(rights), "submit", facts),
    required: new Set(form.fields.filter((field) => isRequired(form, field, counted, initiator)).map((field) => field.id)),
    rows: new Map(
      tables.map((table) => [table.id, asRows(counted[table.id]).map((row) => cellsOf(form, table, counted, row, initiator))]),
    ),
    offered: offeredOptions(form, counted, initiator),
    invisible: new Set(form.fields.filter((field) => !visible.has(field.id)).map((field) => field.id)),
  };
}

function factsOf(initiator: Initiator, told: Values | undefined): Facts {
  return { initiator, working: (field, period) => workingTime(told?.[field.id], period), record: recordOf };
}

/** What a record fills that he may read and not write: it is shown, and left to the server. */
function filledUnwritten(form: PreparedForm, values: Values, rights: Rights, told: Values | undefined): Values {
  const each = form.fields.flatMap(({ id }): [string, unknown][] => {
    const fill = form.rules.get(id)?.fill;
    if (!fill || mayWrite(rightOf(plainRights(rights), id))) return [];
    const chosen = asList(values[fill.record])[0];
    const record = chosen === undefined ? undefined : recordOf(chosen);
    const value = record ? normalise(form, { [id]: record[fill.theirs] })[id] : told?.[id];
    return value === undefined ? [] : [[id, value]];
  });
  return Object.fromEntries(each);
}

/** What is computed from what is hidden from the reader is as the server counted it. */
function known(form: PreparedForm, counted: Values, values: Values, rights: Rights): Values {
  const unknown = form.fields.filter((field) => field.computed != null && readsHidden(form, field, rights));
  return Object.fromEntries(
    Object.entries({ ...counted, ...Object.fromEntries(unknown.map(({ id }) => [id, values[id]])) }).filter(([, value]) => value !== undefined),
  );
}

/**
 * What is typed, with what follows from it (联动): each field that is set by others, where something changed that it
 * reads. What cannot be known here, because it reads what is hidden from the reader, is left to the server.
 */
export function linked({ form, typed, rights, initiator, told }: Question, before: Before | undefined): Values {
  const isFilled = ({ id }: FormField) => form.rules.get(id)?.fill !== undefined && mayWrite(rightOf(plainRights(rights), id));
  const setters = form.fields.filter((field) => field.set != null || isFilled(field) || field.columns?.some((column) => column.set != null));
  if (setters.length === 0) return typed;
  const then = before && compute(form, normalise(form, before.typed), factsOf(initiator, before.told));
  const normal = normalise(form, typed);
  const values = follow(form, normal, { before: then, sent: typed }, factsOf(initiator, told));
  const next: Values = { ...typed };
  for (const field of setters) {
    if (readsHidden(form, field, rights)) continue;
    if (field.type === "table") next[field.id] = linkedRows(field, typed[field.id], normal[field.id], values[field.id]);
    else if (!same(values[field.id], normal[field.id])) {
      if (values[field.id] === undefined) delete next[field.id];
      else next[field.id] = values[field.id];
    } else if (before && isBlankNow(typed, field.id) && !isBlankNow(before.typed, field.id)) next[field.id] = null;
  }
  return next;
}

/** What was typed before, and what the server had told of it. */
interface Before {
  typed: Values;
  told: Values | undefined;
}

/** What was taken out by hand of fields that are set: said to the server, or it would set them. */
export function takenOut(form: FormSchema, typed: Values): Values {
  const filled = new Set(form.fields.flatMap((field) => Object.keys(field.fill ?? {})));
  const gone = form.fields.filter((field) => (field.set || filled.has(field.id)) && field.id in typed && isBlankNow(typed, field.id));
  return Object.fromEntries(gone.map((field) => [field.id, null]));
}

function linkedRows(table: FormField, typed: unknown, normal: unknown, values: unknown): unknown {
  if (!Array.isArray(typed)) return typed;
  const [were, are] = [asRows(normal), asRows(values)];
  const setIn = (index: number) =>
    (table.columns ?? []).filter((column) => column.set && !same(were[index]?.[column.id], are[index]?.[column.id]));
  if (!are.some((_, index) => setIn(index).length > 0)) return typed;
  return asRows(typed).map((row, index) => {
    const cells = setIn(index).map((column) => [column.id, are[index]?.[column.id]] as const);
    return { ...row, ...Object.fromEntries(cells) };
  });
}

function readsHidden(form: PreparedForm, field: FormField, rights: Rights): boolean {
  const keys = [field.id, ...(field.columns ?? []).map((column) => `${field.id}.${column.id}`)];
  const rules = keys.map((key) => form.rules.get(key)).flatMap((rule) => [rule?.set, rule?.setWhen, rule?.computed]);
  const record = form.rules.get(field.id)?.fill?.record;
  const read = [...rules.flatMap((rule) => [...(rule?.dependsOn ?? [])]), ...(record === undefined ? [] : [`form.${record}`])];
  const hidden = (path: string) => {
    const key = path.startsWith("row.") ? `${field.id}.${path.slice("row.".length)}` : path.slice("form.".length);
    return !path.startsWith("initiator.") && rightOf(plainRights(rights), key) === "hidden";
  };
  return read.some(hidden);
}

const same = (left: unknown, right: unknown) => JSON.stringify(left ?? null) === JSON.stringify(right ?? null);

const isBlankNow = (values: Values, id: string) => values[id] == null || values[id] === "";

/** Only what is well formed: what the server can be asked about before the form is complete. */
export function wellFormed(form: PreparedForm, typed: Values, rights: Rights, initiator: Initiator): Values {
  const values = normalise(form, typed) as Values;
  const facts: Facts = { initiator, working: () => undefined };
  const wrong = new Set(validate(form, values, plainRights(rights), "draft", facts).map((error) => fieldOf(error.field)));
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

function workingTime(told: unknown, period: { from: unknown; to: unknown }) {
  const { from, to, days, hours } = asPeriod(told);
  const same = JSON.stringify([from, to]) === JSON.stringify([period.from, period.to]);
  return same && days !== undefined && hours !== undefined ? { days, hours } : undefined;
}
