import { type FieldProblem } from "@/lib/problem";

import { compute, type Facts, type Initiator, isRequired, type PreparedForm, visibleFields } from "./lib/form";
import { normalise } from "./lib/normalise";
import { validate } from "./lib/validate";
import { asPeriod, type Rights, type Values } from "./model";

/** What a form looks like with what is typed: the server's rules, run here while someone types. */
export interface CheckedValues {
  /** As they would be sent. */
  values: Values;
  /** With computed fields and working time. */
  counted: Values;
  errors: FieldProblem[];
  required: ReadonlySet<string>;
  invisible: ReadonlySet<string>;
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
  return {
    values,
    counted,
    errors: validate(form, counted, named(rights), "submit", facts),
    required: new Set(form.fields.filter((field) => isRequired(form, field, counted, initiator)).map((field) => field.id)),
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
