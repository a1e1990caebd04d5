import { type Decimal, readDecimal } from "../decimal";
import { MAX_SOURCE, type Operator, type Span } from "./ast";
import { exprError, Fault, write } from "./error";

export type Token =
  | { readonly is: "number"; readonly value: Decimal }
  | { readonly is: "text"; readonly value: string }
  /** A name, or names joined by dots. */
  | { readonly is: "path"; readonly path: string }
  | { readonly is: "operator"; readonly operator: Operator }
  | { readonly is: "true" | "false" | "null" | "&&" | "||" | "!" | "?" | ":" | "," | "(" | ")" | "[" | "]" | "end" };

export type Placed = Token & { readonly span: Span };

/** What Chinese input methods type, and signs that mathematics writes, where the language wants ASCII. */
const INSTEAD: Readonly<Record<string, string>> = {
  "（": "(", "）": ")", "【": "[", "】": "]", "［": "[", "］": "]", "，": ",", "、": ",", "。": ".", "．": ".",
  "：": ":", "？": "?", "！": "!", "“": '"', "”": '"', "‘": "'", "’": "'", "＂": '"', "＜": "<", "＞": ">",
  "＝": "=", "＋": "+", "－": "-", "＊": "*", "／": "/", "％": "%", "＆": "&", "｜": "|", "×": "*", "÷": "/",
  "≥": ">=", "≤": "<=", "≠": "!=",
};

const OPERATORS = ["==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%"] as const;
const SIGNS = ["&&", "||", "!", "?", ":", ",", "(", ")", "[", "]"] as const;
const WORDS: Readonly<Record<string, string>> = { and: "&&", AND: "&&", or: "||", OR: "||", not: "!", NOT: "!" };

export function tokens(source: string): Placed[] {
  if ([...source].length > MAX_SOURCE) {
    throw new Fault(exprError(source, { start: 0, end: source.length }, "too_long", { limit: MAX_SOURCE }));
  }
  const found: Placed[] = [];
  let at = 0;
  for (;;) {
    at = after(/[ \t\r\n\u3000]*/y, source, at);
    const placed = next(source, at);
    found.push(placed);
    if (placed.is === "end") return found;
    at = placed.span.end;
  }
}

function next(source: string, start: number): Placed {
  const letter = source.charAt(start);
  if (letter === "") return { is: "end", span: { start, end: start } };
  if (/[0-9]/.test(letter)) return numberAt(source, start);
  if (letter === '"' || letter === "'") return textAt(source, start, letter);
  if (/[A-Za-z_]/.test(letter)) return nameAt(source, start);
  return signAt(source, start);
}

function numberAt(source: string, start: number): Placed {
  const span = { start, end: after(/[0-9]+(\.[0-9]*)?[A-Za-z0-9_]*/y, source, start) };
  const written = source.slice(span.start, span.end);
  const value = readDecimal(written);
  if (!value) throw new Fault(exprError(source, span, "bad_number", { found: written }));
  return { is: "number", value, span };
}

const ESCAPES: Readonly<Record<string, string>> = { '"': '"', "'": "'", "\\": "\\", n: "\n", t: "\t" };

function textAt(source: string, start: number, quote: string): Placed {
  let value = "";
  let at = start + 1;
  for (;;) {
    const letter = source.charAt(at);
    if (letter === "" || letter === "\n") throw new Fault(exprError(source, { start, end: at }, "unclosed_text"));
    if (letter === quote) return { is: "text", value, span: { start, end: at + 1 } };
    if (letter === "\\") {
      const escaped = ESCAPES[source.charAt(at + 1)];
      if (escaped === undefined) throw new Fault(exprError(source, { start: at, end: at + 2 }, "bad_escape"));
      value += escaped;
      at += 2;
    } else {
      value += letter;
      at += 1;
    }
  }
}

function nameAt(source: string, start: number): Placed {
  const span = { start, end: after(/[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*/y, source, start) };
  const path = source.slice(span.start, span.end);
  const word = Object.hasOwn(WORDS, path) ? WORDS[path] : undefined;
  if (word !== undefined) throw new Fault(exprError(source, span, "word_operator", { found: path }, write(word)));
  if (path === "true" || path === "false" || path === "null") return { is: path, span };
  if (path === "in") return { is: "operator", operator: "in", span };
  return { is: "path", path, span };
}

function signAt(source: string, start: number): Placed {
  const operator = OPERATORS.find((sign) => source.startsWith(sign, start));
  if (operator) return { is: "operator", operator, span: { start, end: start + operator.length } };
  const sign = SIGNS.find((sign) => source.startsWith(sign, start));
  if (sign) return { is: sign, span: { start, end: start + sign.length } };

  const found = String.fromCodePoint(source.codePointAt(start) ?? 0);
  const refuse = (code: string, instead?: string) =>
    exprError(source, { start, end: start + found.length }, code, { found }, instead === undefined ? undefined : write(instead));
  const ascii = INSTEAD[found];
  if (ascii !== undefined) throw new Fault(refuse("full_width", ascii));
  if (found === "=") throw new Fault(refuse("single_equals", "=="));
  throw new Fault(refuse("unexpected", found === "&" ? "&&" : found === "|" ? "||" : undefined));
}

/** Where a match that starts at `at` ends. */
function after(pattern: RegExp, source: string, at: number): number {
  pattern.lastIndex = at;
  return at + (pattern.exec(source)?.[0].length ?? 0);
}
