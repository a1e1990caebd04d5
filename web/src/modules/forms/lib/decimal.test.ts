import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { add, compare, type Decimal, divide, multiply, readDecimal, remainder, round, subtract, whole, writeDecimal } from "./decimal";

type Operator = "+" | "-" | "*" | "/" | "%";

const COMPUTE: Record<Operator, (left: Decimal, right: Decimal) => Decimal | null> = {
  "+": add,
  "-": subtract,
  "*": multiply,
  "/": divide,
  "%": remainder,
};

const FILE = "../../../../../modules/forms/vectors/arithmetic.json";
const { cases } = JSON.parse(readFileSync(join(import.meta.dirname, FILE), "utf8")) as {
  cases: [left: string, operator: Operator, right: string, result: string | null][];
};

function decimal(text: string): Decimal {
  const number = readDecimal(text);
  if (!number) throw new Error(`${text} is no decimal`);
  return number;
}

test("decimals are computed to the last digit, as the server computes them", () => {
  const computed = cases.map(([left, operator, right]) => {
    const number = COMPUTE[operator](decimal(left), decimal(right));
    return [left, operator, right, number && writeDecimal(number)];
  });
  expect(cases.length).toBeGreaterThan(500);
  expect(computed).toEqual(cases);
});

test.each([
  ["", null],
  ["-", null],
  ["1.", null],
  [".5", null],
  ["1e3", null],
  ["１", null],
  ["+1", null],
  ["0012.3400", "12.34"],
  ["-0", "0"],
  ["-0.05", "-0.05"],
  ["1234567890123456789012345678", "1234567890123456789012345678"],
  ["12345678901234567890123456789", null],
])("%s reads as %s", (text, written) => {
  const number = readDecimal(text);
  expect(number && writeDecimal(number)).toBe(written);
});

test("halves are rounded away from zero", () => {
  const rounded = ["0.125", "-0.125", "0.1249", "2.675"].map((text) => round(decimal(text), whole(2)));
  expect(rounded.map((number) => number && writeDecimal(number))).toEqual(["0.13", "-0.13", "0.12", "2.68"]);
});

test("numbers compare by what they are worth", () => {
  expect([compare(decimal("1.10"), decimal("1.1")), compare(decimal("-2"), decimal("1")), compare(decimal("10"), decimal("9.99"))]).toEqual([0, -1, 1]);
});
