import { readDecimal, round, whole, writeDecimal } from "./decimal";
import { type Checked, compile } from "./expr/check";
import { evaluate, holds, type Scope } from "./expr/eval";
import { type Env, initiatorEnv, type Type, type Variable, variable } from "./expr/types";
import { jsonOf, NULL, type Value, valueOf } from "./expr/value";
import { withPlaces } from "./normalise";
import { computable, type FormField, type FormSchema, type FormValues, maxCount, MAX_SCALE, scaleOf } from "./schema";
import { type FormPeriod, isReversed, readPeriod } from "./values";

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

export interface Facts {
  readonly initiator: Initiator;
  readonly working: Working;
}

interface Rules {
  readonly requiredWhen?: Checked;
  readonly visibleWhen?: Checked;
  readonly computed?: Checked;
}

/** A form whose expressions are typed, with the order in which they are evaluated. */
export interface PreparedForm extends FormSchema {
  readonly env: Env;
  readonly rules: ReadonlyMap<string, Rules>;
  readonly order: readonly FormField[];
}

/**
 * Makes a form ready to take values. The server publishes no form with problems, so an expression that
 * does not check is one of a newer server: it is left out here, and the server decides.
 */
export function prepare(form: FormSchema): PreparedForm {
  const env = form.fields.reduce(
    (env, field) => env.set(`form.${field.id}`, variableOf(field)),
    initiatorEnv(),
  );
  const rules = new Map(form.fields.map((field): [string, Rules] => [field.id, rulesOf(field, env)]));
  return { ...form, env, rules, order: inOrder(form.fields, rules) };
}

/** Reads values of the form and facts of its initiator. */
export function scopeOf(form: PreparedForm, values: FormValues, initiator: Initiator): Scope {
  return (path) => {
    if (path.startsWith("initiator.")) return initiatorValue(initiator, path.slice("initiator.".length));
    const known = form.env.get(path);
    return known && path.startsWith("form.") ? valueOf(known.type, own(values, path.slice("form.".length))) : NULL;
  };
}

/** Takes out what is not part of the form, puts in working time, computes computed fields. Expects normal values. */
export function compute(form: PreparedForm, values: FormValues, facts: Facts): FormValues {
  const computed: Record<string, unknown> = { ...values };
  const put = (id: string, value: unknown) => {
    if (value === undefined) delete computed[id];
    else computed[id] = value;
  };
  for (const field of form.order) {
    const rules = form.rules.get(field.id);
    const scope = scopeOf(form, computed, facts.initiator);
    if (rules?.visibleWhen && !holds(rules.visibleWhen, scope)) put(field.id, undefined);
    else if (rules?.computed) put(field.id, written(field, evaluate(rules.computed, scope)));
    else if (field.type === "period" && field.id in computed) put(field.id, measured(field, computed[field.id], facts.working));
  }
  return computed;
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

/** The fields whose values a rule reads: where one changes, computed fields and required marks may change. */
export function fieldsRead(checked: Checked): string[] {
  return [...checked.dependsOn].filter((path) => path.startsWith("form.")).map((path) => path.slice("form.".length));
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
  return { ...(requiredWhen && { requiredWhen }), ...(visibleWhen && { visibleWhen }), ...(computed && { computed }) };
}

/** Fields, each after those that it is computed from or shown by. What runs in a circle comes last. */
function inOrder(fields: readonly FormField[], rules: ReadonlyMap<string, Rules>): FormField[] {
  const needs = new Map(
    fields.map((field) => {
      const { computed, visibleWhen } = rules.get(field.id) ?? {};
      const read = [computed, visibleWhen].flatMap((rule) => (rule ? fieldsRead(rule) : []));
      return [field.id, read.filter((id) => fields.some((other) => other.id === id))];
    }),
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
  const options = field.options?.map((option) => option.id) ?? [];
  switch (field.type) {
    case "text":
    case "long_text":
      return variable("text");
    case "choice":
      return variable("text", { options });
    case "choices":
      return variable({ list: "text" }, { options, maxItems: maxCount(field) });
    case "number":
    case "money":
      return variable("number");
    case "date":
    case "period":
      return variable(field.type);
    case "person":
      return variable({ list: "person" }, { maxItems: maxCount(field) });
    case "attachment":
      return variable({ list: "file" }, { maxItems: maxCount(field) });
  }
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
