/**
 * The words of the client. Page text lives in `modules/<name>/words/<locale>.ts`; what the server may say
 * (refusals, events, reasons) comes generated from the server's own catalogs. One locale is loaded at a time.
 *
 * The keys are typed: `app/words/index.ts` merges the modules' catalogs and declares them here.
 */

export const LOCALES = ["zh-CN", "en"] as const;
export type Locale = (typeof LOCALES)[number];

/** Filled by declaration merging in `app/words`: key → sentence. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- an interface is what can be merged into
export interface Catalog {}

export type Word = Extract<keyof Catalog, string>;
export type Args = Record<string, unknown>;

/** A name that an organisation wrote, in one or two languages. */
export interface Text {
  zh: string;
  en?: string | null;
}

/** Sentences by key: the client's own, and what the server may say. */
interface Words {
  pages: Record<string, string>;
  server: Record<string, string>;
}

const NONE: Words = { pages: {}, server: {} };

let locale: Locale = "zh-CN";
let first = NONE;
/** Looked into after the first ones: thousands of words are found faster than copied. */
let rest = NONE;

export function currentLocale(): Locale {
  return locale;
}

/** Puts a loaded catalog in force. The caller renders the tree anew. */
export function installCatalog(next: Locale, pages: Words["pages"], server: Words["server"]) {
  locale = next;
  first = { pages, server };
  rest = NONE;
}

/** More of a locale's words. */
export interface MoreWords extends Words {
  locale: Locale;
}

let whole: Promise<void> = Promise.resolve();

/** Adds what is still on its way to the catalog in force, unless the reader switched to another language meanwhile. */
export function extendCatalog(more: Promise<MoreWords>) {
  whole = more.then((words) => {
    if (words.locale === locale) rest = words;
  });
  // Whoever waits for it is told; until somebody does, nobody has to be.
  whole.catch(() => undefined);
}

function ofPages(key: string): string | undefined {
  return first.pages[key] ?? rest.pages[key];
}

function ofServer(code: string): string | undefined {
  return first.server[code] ?? rest.server[code] ?? (code.startsWith("problem.") ? ofPages(code) : undefined);
}

/**
 * Done when every word of the language in force is there. What may say any of them waits for it: a refusal, and a page
 * that is not the first one.
 */
export function allWords(): Promise<void> {
  return whole;
}

/** The sentence of this key in the reader's language, `{name}` replaced by `args.name`. */
export function t(word: Word, args?: Args): string {
  return fill(ofPages(word) ?? word, args);
}

/**
 * The sentence of a code that the server sent. Arguments that are themselves `Text` are read in the
 * reader's language. An unknown code is shown as it is: better than silence.
 */
export function say(code: string, args?: Args): string {
  return fill(ofServer(code) ?? code, args);
}

/** Is there a sentence for this code? */
export function knows(code: string): boolean {
  return ofServer(code) !== undefined;
}

/** An organisation's own name of something, in the reader's language where it was given. */
export function text(value: Text | string | null | undefined): string {
  if (value == null) return "";
  if (typeof value === "string") return value;
  return (locale === "en" && value.en) || value.zh;
}

/** `{n}` is the argument; `{n:person|people}` the first word where it is one, else the second. */
const PLACEHOLDER = /\{(\w+)(?::([^|{}]*)\|([^|{}]*))?\}/g;

function fill(sentence: string, args?: Args): string {
  if (!args) return sentence;
  return sentence.replace(PLACEHOLDER, (placeholder: string, name: string, one?: string, many?: string) => {
    if (!(name in args)) return placeholder;
    if (one !== undefined && many !== undefined) return Number(args[name]) === 1 ? one : many;
    return spoken(args[name]);
  });
}

function spoken(value: unknown): string {
  if (value == null) return "";
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return listed(value.map(spoken));
  if (typeof value === "object") {
    if ("zh" in value && typeof value.zh === "string") return text({ ...value, zh: value.zh });
    if ("name" in value) return spoken(value.name);
  }
  return JSON.stringify(value);
}

/** Several things in a row, as the reader's language separates them. */
export function listed(words: readonly string[]): string {
  return words.join(locale === "en" ? ", " : "、");
}
