import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { compute, follow, type Initiator, prepare, visibleFields, type Working } from "./form";
import { normalise } from "./normalise";
import type { FieldRights, FormSchema, FormValues } from "./schema";
import { type Mode, validate, type ValueError } from "./validate";
import type { PeriodEnd } from "./values";

interface Case {
  name: string;
  form: string;
  values: FormValues;
  /** What stood there before; null where the form is new. */
  before?: FormValues | null;
  rights?: FieldRights;
  mode?: Mode;
  errors?: ValueError[];
  gives?: FormValues;
  visible?: string[];
}

interface Vectors {
  initiator: Initiator;
  working: Record<string, [days: string, hours: string]>;
  records: Record<string, FormValues>;
  forms: Record<string, FormSchema>;
  cases: Case[];
}

const FILE = "../../../../../modules/forms/vectors/validate.json";

/** The server runs the same file: modules/forms/src/tests/vectors.rs. */
const vectors = JSON.parse(readFileSync(join(import.meta.dirname, FILE), "utf8")) as Vectors;

const working: Working = (_, { from, to }) => {
  const end = ({ date, half, time }: PeriodEnd) => [date, half ?? time].filter(Boolean).join(" ");
  const told = vectors.working[`${end(from)}/${end(to)}`];
  return told && { days: told[0], hours: told[1] };
};

test("there are vectors to run", () => {
  expect(vectors.cases.length).toBeGreaterThanOrEqual(60);
});

// proves: FORM-02, FORM-03, FORM-04, FORM-05
test.each(vectors.cases.map((vector) => [vector.name, vector] as const))("%s", (_, vector) => {
  const schema = vectors.forms[vector.form];
  if (!schema) throw new Error(`no form ${vector.form}`);
  const form = prepare(schema);
  const facts = { initiator: vectors.initiator, working, record: (id: string) => vectors.records[id] };
  const taken = (values: FormValues) => compute(form, normalise(form, values), facts);
  const before = vector.before ? taken(vector.before) : undefined;
  const values =
    vector.before === undefined
      ? taken(vector.values)
      : follow(form, normalise(form, vector.values), { before, sent: vector.values }, facts);
  const errors = validate(form, values, vector.rights ?? { others: "write" }, vector.mode ?? "submit", facts);

  expect(errors).toEqual(vector.errors ?? []);
  if (vector.gives) expect(values).toEqual(vector.gives);
  if (vector.visible) expect([...visibleFields(form, values, vectors.initiator)]).toEqual(vector.visible);
});

test("doing it twice changes nothing", () => {
  for (const vector of vectors.cases) {
    const form = vectors.forms[vector.form];
    if (!form) throw new Error(`no form ${vector.form}`);
    const once = normalise(form, vector.values);
    expect(normalise(form, once)).toEqual(once);
  }
});
