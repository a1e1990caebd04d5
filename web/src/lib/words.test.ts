import { expect, test } from "vitest";

import { installCatalog, t, type Word } from "./words";

test("one is one, and several are several", () => {
  installCatalog("en", { sentence: "{n} {n:person has|people have} {what}" }, {});
  const sentence = "sentence" as Word;
  expect(t(sentence, { n: 1, what: "gone" })).toBe("1 person has gone");
  expect(t(sentence, { n: "1", what: "gone" })).toBe("1 person has gone");
  expect(t(sentence, { n: 0, what: "gone" })).toBe("0 people have gone");
  expect(t(sentence, { n: 12, what: "gone" })).toBe("12 people have gone");
});
