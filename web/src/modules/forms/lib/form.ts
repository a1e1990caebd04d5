import { readDecimal, round, whole, writeDecimal } from "./decimal";
import { type Checked, compile } from "./expr/check";
import { evaluate, holds, type Scope } from "./expr/eval";
import { type Env, initiatorEnv, isList, type Type, type Variable, variable } from "./expr/types";
import { jsonOf, NULL, type Value, valueOf } from "./expr/value";
import { normalise, withPlaces } from "./normalise";
import {
  allOptions,
  computable,
  fillsItself,
  type FormField,
  type FormOption,
  type FormSchema,
  type FormValues,
  maxCount,
  maxRows,
  MAX_SCALE,
  MAX_STEPS,
  scaleOf,
  settable,
} from "./schema";
import { changedRules, isTakenOut, type Since, valueIn } from "./linkage";
import { type FormPeriod, isReversed, readPeriod, rowsOf } from "./values";

/** Whoever starts the case, under the appointment he acts in: what `initiator.…` reads. */
export interface Initiator {
  readonly person?: string;
  readonly name?: string;
  readonly unit?: string;
  readonly department?: string;
  readonly post?: string;
  readonly rank?: string | null;
  readonly rank_level?: number | null;
}

/** Working days and hours in a period, as the server told them of these ends. Nothing: it was not asked yet. */
export type Working = (field: FormField, period: FormPeriod) => { readonly days: string; readonly hours: string } | undefined;

/** What a related record has that fills other fields. Nothing: it is not known yet, and the server fills them. */
export type RecordOf = (id: string) => FormValues | undefined;

export interface Facts {
  readonly initiator: Initiator;
  readonly working: Working;
  readonly record?: RecordOf;
}

export interface Rules {
  readonly requiredWhen?: Checked;
  readonly visibleWhen?: Checked;
  readonly computed?: Checked;
  readonly set?: Checked;
  readonly setWhen?: Checked;
  /** By option. */
  readonly optionsWhen?: ReadonlyMap<string, Checked>;
  /** The field whose record fills it, and with what of it. */
  readonly fill?: { readonly record: string; readonly theirs: string };
}

/** A form whose expressions are typed, with the order in which they are evaluated. */
export interface PreparedForm extends FormSchema {
  readonly env: Env;
  /** By field, and by `table.column`. */
  readonly rules: ReadonlyMap<string, Rules>;
  readonly order: readonly FormField[];
  /** By table: its columns, each after those of its row that it is computed from or shown by. */
  readonly columnOrder: ReadonlyMap<string, readonly FormField[]>;
}

/**
 * Makes a form ready to take values. The server publishes no form with problems, so an expression that
 * does not check is one of a newer server: it is left out here, and the server decides.
 */
export function prepare(form: FormSchema): PreparedForm {
  const env = form.fields.filter((field) => field.type !== "description").reduce((env, field) => {
    for (const [path, known] of columnVariables(field)) env.set(path, known);
    return env.set(`form.${field.id}`, variableOf(field));
  }, initiatorEnv());
  const rules = new Map(form.fields.map((field): [string, Rules] => [field.id, { ...rulesOf(field, env), ...filledBy(form, field) }]));
  const columnOrder = new Map<string, readonly FormField[]>();
  for (const table of form.fields) {
    const columns = table.columns ?? [];
    const rowEnv = columns.reduce((env, column) => env.set(`row.${column.id}`, variableOf(column)), new Map(env));
    const rowRules = new Map(columns.map((column): [string, Rules] => [column.id, rulesOf(column, rowEnv)]));
    for (const [id, rule] of rowRules) rules.set(`${table.id}.${id}`, rule);
    columnOrder.set(table.id, inOrder(columns, (column) => reads([rowRules.get(column.id)], "row")));
  }
  const needs = (field: FormField) =>
    reads([rules.get(field.id), ...(field.columns ?? []).map((column) => rules.get(`${field.id}.${column.id}`))], "form");
  return { ...form, env, rules, order: inOrder(form.fields, needs), columnOrder };
}

/** Reads values of the form and facts of its initiator. */
export function scopeOf(form: PreparedForm, values: FormValues, initiator: Initiator): Scope {
  return (path) => {
    if (path.startsWith("initiator.")) return initiatorValue(initiator, path.slice("initiator.".length));
    const known = form.env.get(path);
    if (!known || !path.startsWith("form.")) return NULL;
    const [id = "", column] = path.slice("form.".length).split(".");
    if (column === undefined) return read(known.type, own(values, id));
    return valueOf(known.type, (rowsOf(own(values, id)) ?? []).map((row) => own(row, column) ?? null));
  };
}

/** What expressions of one row read: its cells as `row.…`, and all that the form reads. */
function rowScope(form: Scope, table: FormField, row: FormValues): Scope {
  return (path) => {
    if (!path.startsWith("row.")) return form(path);
    const id = path.slice("row.".length);
    const column = table.columns?.find((known) => known.id === id);
    return column ? read(variableOf(column).type, own(row, id)) : NULL;
  };
}

/** What stands in a field. A switch that nobody touched is off. */
function read(type: Type, json: unknown): Value {
  return type === "bool" && json === undefined ? { type: "bool", value: false } : valueOf(type, json);
}

/** Takes out what is not part of the form, puts in working time, computes computed fields. Expects normal values. */
export function compute(form: PreparedForm, values: FormValues, facts: Facts): FormValues {
  return derive(form, values, undefined, facts);
}

/** The same of values that were changed, with what is set by others (联动). */
export function follow(form: PreparedForm, values: FormValues, since: Since, facts: Facts): FormValues {
  return derive(form, values, since, facts);
}

function derive(form: PreparedForm, values: FormValues, since: Since | undefined, facts: Facts): FormValues {
  const derived: Record<string, unknown> = { ...values };
  const put = (id: string, value: unknown) => {
    if (value === undefined) delete derived[id];
    else derived[id] = value;
  };
  for (const field of form.order) {
    const rules = form.rules.get(field.id);
    const scope = scopeOf(form, derived, facts.initiator);
    if (rules?.visibleWhen && !holds(rules.visibleWhen, scope)) put(field.id, undefined);
    else if (rules?.computed) put(field.id, written(field, evaluate(rules.computed, scope)));
    else if (rules?.set) {
      if (since && isDue(form, field, derived, since, facts.initiator)) put(field.id, written(field, evaluate(rules.set, scope)));
    } else if (rules?.fill) {
      if (since && isDue(form, field, derived, since, facts.initiator)) fill(form, field, rules.fill, derived, facts, put);
    } else if (field.type === "period" && field.id in derived) put(field.id, measured(field, derived[field.id], facts.working));
    else if (field.type === "table" && field.id in derived) put(field.id, derivedRows(form, field, derived, since, facts.initiator));
  }
  return derived;
}

/** 带入: it takes what the chosen record has. What is not known fills nothing, and empties nothing. */
function fill(form: PreparedForm, field: FormField, { record, theirs }: NonNullable<Rules["fill"]>, values: FormValues, facts: Facts, put: (id: string, value: unknown) => void): void {
  const chosen = (own(values, record) as readonly string[] | undefined)?.[0];
  const known = chosen === undefined ? {} : facts.record?.(chosen);
  if (known) put(field.id, normalise(form, { [field.id]: own(known, theirs) })[field.id]);
}

function filledBy(form: FormSchema, field: FormField): Pick<Rules, "fill"> {
  const by = form.fields.find((other) => other.fill && Object.hasOwn(other.fill, field.id));
  const theirs = by?.fill?.[field.id];
  return by && theirs !== undefined ? { fill: { record: by.id, theirs } } : {};
}

function derivedRows(form: PreparedForm, table: FormField, values: FormValues, since: Since | undefined, initiator: Initiator): unknown {
  const scope = scopeOf(form, values, initiator);
  return rowsOf(values[table.id])?.map((kept, index) => {
    const row: Record<string, unknown> = { ...kept };
    const put = (id: string, cell: unknown) => {
      if (cell === undefined) delete row[id];
      else row[id] = cell;
    };
    for (const column of form.columnOrder.get(table.id) ?? []) {
      const rules = form.rules.get(`${table.id}.${column.id}`);
      const own = rowScope(scope, table, row);
      if (rules?.visibleWhen && !holds(rules.visibleWhen, own)) put(column.id, undefined);
      else if (rules?.computed) put(column.id, written(column, evaluate(rules.computed, own)));
      else if (rules?.set && since && isCellDue(form, { table, column, index, row }, own, since, initiator)) put(column.id, written(column, evaluate(rules.set, own)));
    }
    return row;
  }) ?? values[table.id];
}

/** Is the field to be set now? */
function isDue(form: PreparedForm, field: FormField, values: FormValues, since: Since, initiator: Initiator): boolean {
  const rules = form.rules.get(field.id) ?? {};
  const before = since.before ?? {};
  const [now, then] = [scopeOf(form, values, initiator), scopeOf(form, before, initiator)];
  const byHand = valueIn(values, field.id) !== valueIn(before, field.id) || isTakenOut(since.sent, before, field.id);
  const isOther = rules.fill !== undefined && valueIn(values, rules.fill.record) !== valueIn(before, rules.fill.record);
  const changed = since.before === undefined || isOther || changedRules(rules, then, now);
  return changed && !byHand && (!rules.setWhen || holds(rules.setWhen, now));
}

interface CellAt {
  readonly table: FormField;
  readonly column: FormField;
  readonly index: number;
  readonly row: FormValues;
}

/** Is the cell to be set now? A row that stood there before stays as it is, wherever it stands now. */
function isCellDue(form: PreparedForm, { table, column, index, row }: CellAt, now: Scope, since: Since, initiator: Initiator): boolean {
  const rules = form.rules.get(`${table.id}.${column.id}`) ?? {};
  const before = since.before ?? {};
  const formThen = scopeOf(form, before, initiator);
  const rowsThen = rowsOf(own(before, table.id)) ?? [];
  const stood = (then: FormValues) =>
    valueIn(then, column.id) === valueIn(row, column.id) && !changedRules(rules, rowScope(formThen, table, then), now);
  if (rowsThen.some(stood)) return false;
  const ownThen = rowsThen[index] ?? {};
  const sent = rowsOf(own(since.sent, table.id))?.[index];
  const byHand = valueIn(row, column.id) !== valueIn(ownThen, column.id) || (sent !== undefined && isTakenOut(sent, ownThen, column.id));
  return !byHand && (!rules.setWhen || holds(rules.setWhen, now));
}

/** The columns of a row that are part of it, and those of them that must be filled in. Expects computed values. */
export function cellsOf(form: PreparedForm, table: FormField, values: FormValues, row: FormValues, initiator: Initiator) {
  const scope = rowScope(scopeOf(form, values, initiator), table, row);
  const shown = (table.columns ?? []).filter((column) => {
    const condition = form.rules.get(`${table.id}.${column.id}`)?.visibleWhen;
    return !condition || holds(condition, scope);
  });
  const must = shown.filter((column) => {
    if (fillsItself(column) || column.type === "switch") return false;
    const condition = form.rules.get(`${table.id}.${column.id}`)?.requiredWhen;
    return column.required || (condition !== undefined && holds(condition, scope));
  });
  return {
    shown: new Set(shown.map((column) => column.id)),
    required: new Set(must.map((column) => column.id)),
    offered: offeredBy(form, (table.columns ?? []).map((column) => [`${table.id}.${column.id}`, column]), scope),
  };
}

/** Of each choice that depends on others, the options that can be chosen now. Expects computed values. */
export function offeredOptions(form: PreparedForm, values: FormValues, initiator: Initiator): Offered {
  return offeredBy(form, form.fields.map((field) => [field.id, field]), scopeOf(form, values, initiator));
}

/** By field or column; one that is not there offers all it has. */
export type Offered = ReadonlyMap<string, ReadonlySet<string>>;

function offeredBy(form: PreparedForm, fields: readonly (readonly [key: string, field: FormField])[], scope: Scope): Offered {
  return new Map(
    fields.flatMap(([key, field]): [string, ReadonlySet<string>][] => {
      const when = form.rules.get(key)?.optionsWhen;
      if (!when) return [];
      return [[field.id, new Set(offeredAmong(field.options ?? [], when, scope))]];
    }),
  );
}

/** Those whose condition holds; of a cascade at every step, and no step below which nothing can be chosen. */
function offeredAmong(options: readonly FormOption[], when: ReadonlyMap<string, Checked>, scope: Scope): string[] {
  return options.flatMap((option) => {
    if (!holdsOrIsNone(when.get(option.id), scope)) return [];
    const below = offeredAmong(option.options ?? [], when, scope);
    return option.options?.length && below.length === 0 ? [] : [option.id, ...below];
  });
}

function holdsOrIsNone(condition: Checked | undefined, scope: Scope): boolean {
  return condition === undefined || holds(condition, scope);
}

/** The ids of fields that are part of the form with these values. Expects computed values. */
export function visibleFields(form: PreparedForm, values: FormValues, initiator: Initiator): Set<string> {
  const scope = scopeOf(form, values, initiator);
  const shown = form.fields.filter((field) => {
    const condition = form.rules.get(field.id)?.visibleWhen;
    return !condition || holds(condition, scope);
  });
  return new Set(shown.map((field) => field.id));
}

/** Must the field be filled in, by whoever may write it? Expects computed values. */
export function isRequired(form: PreparedForm, field: FormField, values: FormValues, initiator: Initiator): boolean {
  if (field.required) return true;
  const condition = form.rules.get(field.id)?.requiredWhen;
  return condition !== undefined && holds(condition, scopeOf(form, values, initiator));
}

/** The names that these rules read of the form or of their row: where one changes, what is computed may change. */
function reads(rules: readonly (Rules | undefined)[], of: "form" | "row"): string[] {
  const paths = rules.flatMap((rule) => [rule?.computed, rule?.visibleWhen, rule?.set, rule?.setWhen]).flatMap((rule) => [...(rule?.dependsOn ?? [])]);
  const records = of === "form" ? rules.flatMap((rule) => rule?.fill?.record ?? []) : [];
  return [...paths.filter((path) => path.startsWith(`${of}.`)).map((path) => path.split(".")[1] ?? ""), ...records];
}

function rulesOf(field: FormField, env: Env): Rules {
  const read = (source: string | null | undefined, wanted: Type | undefined): Checked | undefined => {
    if (source == null || wanted === undefined) return undefined;
    const result = compile(source, env, wanted);
    return "checked" in result ? result.checked : undefined;
  };
  const requiredWhen = read(field.required_when, "bool");
  const visibleWhen = read(field.visible_when, "bool");
  const computed = read(field.computed, computable(field.type));
  const set = read(field.set, settable(field.type));
  const setWhen = read(field.set_when, "bool");
  const optionsWhen = new Map(
    Object.entries(field.options_when ?? {}).flatMap(([option, source]): [string, Checked][] => {
      const condition = read(source, "bool");
      return condition ? [[option, condition]] : [];
    }),
  );
  return {
    ...(requiredWhen && { requiredWhen }),
    ...(visibleWhen && { visibleWhen }),
    ...(computed && { computed }),
    ...(set && { set }),
    ...(setWhen && { setWhen }),
    ...(optionsWhen.size > 0 && { optionsWhen }),
  };
}

/** Fields, each after those that it is computed from or shown by. What runs in a circle comes last. */
function inOrder(fields: readonly FormField[], reads: (field: FormField) => string[]): FormField[] {
  const needs = new Map(
    fields.map((field) => [field.id, reads(field).filter((id) => fields.some((other) => other.id === id))]),
  );
  const order: FormField[] = [];
  const placed = new Set<string>();
  while (order.length < fields.length) {
    const rest = fields.filter((field) => !placed.has(field.id));
    const next = rest.find((field) => needs.get(field.id)?.every((id) => placed.has(id))) ?? rest[0];
    if (!next) break;
    placed.add(next.id);
    order.push(next);
  }
  return order;
}

function variableOf(field: FormField): Variable {
  const options = allOptions(field.options).map((option) => option.id);
  switch (field.type) {
    case "text":
    case "serial":
    case "long_text":
      return variable("text");
    case "choice":
      return variable("text", { options });
    case "choices":
      return variable({ list: "text" }, { options, maxItems: maxCount(field) });
    case "cascade":
      return variable({ list: "text" }, { options, maxItems: MAX_STEPS });
    case "switch":
      return variable("bool");
    case "table":
      return variable({ list: "row" }, { maxItems: maxRows(field) });
    case "number":
    case "money":
    case "rating":
      return variable("number");
    case "date":
    case "period":
      return variable(field.type);
    case "person":
      return variable({ list: "person" }, { maxItems: maxCount(field) });
    case "attachment":
    case "image":
    case "handwriting":
      return variable({ list: "file" }, { maxItems: maxCount(field) });
    case "department":
    case "post":
    case "unit":
    case "case":
    case "record":
      return variable({ list: "record" }, { maxItems: maxCount(field) });
    case "address":
    case "location":
    case "description":
      return variable("record");
  }
}

/** The columns of a table as expressions outside of it see them: all cells of one, as a list. */
function columnVariables(table: FormField): [string, Variable][] {
  return (table.columns ?? []).flatMap((column): [string, Variable][] => {
    const { type, options } = variableOf(column);
    return isList(type) ? [] : [[`form.${table.id}.${column.id}`, variable({ list: type }, { options, maxItems: maxRows(table) })]];
  });
}

function initiatorValue(initiator: Initiator, what: string): Value {
  if (what === "rank_level") {
    return initiator.rank_level == null ? NULL : { type: "number", value: whole(initiator.rank_level) };
  }
  const value = own(initiator as Readonly<Record<string, unknown>>, what);
  return typeof value === "string" && value !== "" ? { type: "text", value } : NULL;
}

/** What an expression gave, as the field writes it: numbers rounded to its places. Nothing where it has no value. */
function written(field: FormField, value: Value): unknown {
  if (value.type === "null" || (value.type === "text" && value.value === "")) return undefined;
  if (value.type !== "number") return jsonOf(value);
  const rounded = round(value.value, whole(scaleOf(field) ?? MAX_SCALE));
  return rounded ? withPlaces(writeDecimal(rounded), scaleOf(field) ?? 0) : undefined;
}

/** The period with the working time in it. */
function measured(field: FormField, value: unknown, working: Working): unknown {
  const period = readPeriod(field, value);
  if (!period) return value;
  const amounts = isReversed(period) ? undefined : working(field, period);
  const plain = (amount: string) => {
    const number = readDecimal(amount);
    return number ? writeDecimal(number) : amount;
  };
  return {
    from: period.from,
    to: period.to,
    ...(amounts && { days: plain(amounts.days), hours: plain(amounts.hours) }),
  };
}

function own(values: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(values, key) ? values[key] : undefined;
}
