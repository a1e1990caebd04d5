import { asPeriod, type Field, type FieldError, isEmpty, type Values } from "@/modules/forms/model";
import { describeField, type Problem } from "@/lib/problem";
import { t, text } from "@/lib/words";

import type { Prediction, Start } from "../api";

/** One thing that keeps the form from being submitted. */
export interface Lacks {
  kind: "missing" | "wrong" | "choice";
  /** The field, or the node for which people are to be chosen. */
  id: string;
  label: string;
  why: string;
}

interface Question {
  start: Start;
  values: Values;
  choices: Record<string, string[]>;
  prediction: Prediction | undefined;
  /** What the server refused at the last submit; it stands until something is changed. */
  refused: Problem | undefined;
}

/**
 * Everything that is missing or wrong, in the order of the form: what is plainly empty at once, the rest as the
 * server found it with the same rules that it applies to the submission.
 */
export function whatLacks({ start, values, choices, prediction, refused }: Question): Lacks[] {
  const found = byField([...(prediction?.errors ?? []), ...(refused?.fields ?? [])]);
  const lacks: Lacks[] = [];
  for (const field of start.form.fields) {
    if (!writable(start, field)) continue;
    const label = text(field.label);
    if (mustBeFilled(start, field) && lacksValue(field, values[field.id])) {
      lacks.push({ kind: "missing", id: field.id, label, why: t("ui.required") });
    } else {
      const error = found.get(field.id);
      const kind = isEmpty(values[field.id]) ? "missing" : "wrong";
      if (error) lacks.push({ kind, id: field.id, label, why: describeField(error) });
    }
  }
  for (const choice of start.choices) {
    if ((choices[choice.node] ?? []).length === 0) {
      lacks.push({ kind: "choice", id: choice.node, label: text(choice.name), why: t("ui.required") });
    }
  }
  return lacks;
}

/** Paths come as `values.days` or `days`; a path into a value (`values.period.to`) belongs to its field. */
function byField(errors: readonly FieldError[]): Map<string, FieldError> {
  const found = new Map<string, FieldError>();
  for (const error of errors) {
    const field = error.field.replace(/^values\./, "").split(".")[0] ?? "";
    if (!found.has(field)) found.set(field, error);
  }
  return found;
}

function writable(start: Start, field: Field): boolean {
  const right = start.rights[field.id];
  return (right === "write" || right === "required") && !field.computed;
}

function mustBeFilled(start: Start, field: Field): boolean {
  return field.required === true || start.rights[field.id] === "required";
}

function lacksValue(field: Field, value: unknown): boolean {
  if (isEmpty(value)) return true;
  if (field.type !== "period") return false;
  const { from, to } = asPeriod(value);
  return !from || !to;
}
