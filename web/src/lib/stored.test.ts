import { beforeEach, expect, test } from "vitest";

import { keepOnlyFor, mine, readStored, writeStored } from "./stored";

beforeEach(() => {
  localStorage.clear();
  keepOnlyFor(undefined);
});

// proves: ACC-20 (what was typed; the cookie is proven on the server)
test("what one person typed is gone for the next, and after signing out; the browser's own settings stay", () => {
  writeStored("hanlin.theme", "dark");
  keepOnlyFor("lin");
  const typed = mine("typed.leave");
  writeStored(typed, "five days");
  keepOnlyFor("lin");
  expect(readStored(mine("typed.leave"))).toBe("five days");

  keepOnlyFor("zhao");
  expect(readStored(mine("typed.leave"))).toBeNull();
  expect(readStored(typed)).toBeNull();

  writeStored(mine("typed.leave"), "one day");
  keepOnlyFor(undefined);
  expect(Object.keys(localStorage)).toEqual(["hanlin.theme"]);
});

// proves: ACC-20 (a browser that forbids storage)
test("where storage is forbidden, what is kept for this page goes the same way", () => {
  const real = Object.getOwnPropertyDescriptor(globalThis, "localStorage");
  const forbid = () => {
    throw new DOMException("forbidden", "SecurityError");
  };
  Object.defineProperty(globalThis, "localStorage", { configurable: true, get: forbid });
  try {
    keepOnlyFor("lin");
    const typed = mine("typed.leave");
    writeStored(typed, "five days");
    expect(readStored(typed)).toBe("five days");
    keepOnlyFor("zhao");
    expect(readStored(typed)).toBeNull();
  } finally {
    if (real) Object.defineProperty(globalThis, "localStorage", real);
  }
});
