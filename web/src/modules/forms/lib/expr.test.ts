import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { compile } from "./expr/check";
import { evaluate, type Scope } from "./expr/eval";
import { print } from "./expr/print";
import { type Env, typeName, typeNamed, type Variable, variable } from "./expr/types";
import { jsonOf, NULL, valueOf } from "./expr/value";

interface Case {
  source: string;
  with?: Record<string, unknown>;
  prints?: string;
  [expected: string]: unknown;
}

interface Vectors {
  env: Record<string, { type: string; options?: string[]; max_items?: number }>;
  scope: Record<string, unknown>;
  cases: Case[];
}

const FILE = "../../../../../modules/forms/vectors/expr.json";

/** The server runs the same file: modules/forms/src/tests/vectors.rs. */
const vectors = JSON.parse(readFileSync(join(import.meta.dirname, FILE), "utf8")) as Vectors;

const env: Env = new Map(
  Object.entries(vectors.env).map(([path, described]): [string, Variable] => {
    const type = typeNamed(described.type);
    if (!type) throw new Error(`unknown type ${described.type}`);
    return [path, variable(type, { options: described.options ?? [], maxItems: described.max_items ?? 1000 })];
  }),
);

function scopeOf(values: Record<string, unknown>): Scope {
  return (path) => {
    const known = env.get(path);
    return known ? valueOf(known.type, values[path]) : NULL;
  };
}

test("there are vectors to run", () => {
  expect(vectors.cases.length).toBeGreaterThanOrEqual(150);
});

test.each(vectors.cases.map((vector) => [vector.source, vector] as const))("%s", (_, vector) => {
  const { source, with: changed, prints, ...expected } = vector;
  const result = compile(source, env);
  if ("errors" in result) {
    const [first] = result.errors;
    expect({
      error: first?.code.replace("forms.expr.", ""),
      line: first?.line,
      column: first?.column,
      ...(first?.remedy && { remedy: first.remedy.replacement }),
    }).toEqual(expected);
    return;
  }
  const { checked } = result;
  const value = evaluate(checked, scopeOf({ ...vectors.scope, ...changed }));
  expect({ type: typeName(checked.type), value: jsonOf(value) }).toEqual(expected);
  if (prints !== undefined) expect(print(checked.expr.root)).toBe(prints);
});
