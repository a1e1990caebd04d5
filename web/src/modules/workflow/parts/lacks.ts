import { type CheckedValues, describeAt, fieldOf } from "@/modules/forms/check";
import { isEmpty } from "@/modules/forms/model";
import { type FieldProblem, type Problem } from "@/lib/problem";
import { t, text } from "@/lib/words";

import type { StartView } from "../api";

/** One thing that keeps the form from being submitted. */
export interface Lack {
  kind: "missing" | "wrong" | "choice";
  /** The field, or the node for which people are to be chosen. */
  id: string;
  label: string;
  why: string;
}

interface Question {
  start: Pick<StartView, "form" | "choices">;
  checked: CheckedValues;
  choices: Record<string, string[]>;
  /** What the server refused at the last submit; it stands until something is changed. */
  refused: Problem | undefined;
}

/** Everything that is missing or wrong, in the order of the form: the server's rules, and what it refused besides. */
export function whatLacks({ start, checked, choices, refused }: Question): Lack[] {
  const found = new Map<string, FieldProblem>();
  for (const error of [...checked.errors, ...(refused?.fields ?? [])]) {
    const field = fieldOf(error.field);
    if (!found.has(field)) found.set(field, error);
  }
  const fields = start.form.fields.flatMap((field): Lack[] => {
    const error = found.get(field.id);
    const kind = isEmpty(checked.values[field.id]) ? "missing" : "wrong";
    return error ? [{ kind, id: field.id, label: text(field.label), why: describeAt(start.form, error) }] : [];
  });
  const unchosen = start.choices
    .filter((choice) => (choices[choice.node] ?? []).length < choice.min)
    .map((choice): Lack => ({ kind: "choice", id: choice.node, label: text(choice.name), why: t("ui.required") }));
  return [...fields, ...unchosen];
}
