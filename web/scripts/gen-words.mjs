// The server's sentences as TypeScript modules, one a locale: the platform's and the modules' locales/{zh-CN,en}.json merged, keys sorted.
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

export const LOCALES = ["zh-CN", "en"];

/** Reads the platform's and every module's catalog of one locale; a key that two of them claim is an error. */
export async function mergedWords(root, locale) {
  const merged = {};
  const modules = (await readdir(join(root, "modules"))).sort().map((module) => join("modules", module));
  for (const owner of ["platform/api", ...modules]) {
    const path = join(root, owner, "locales", `${locale}.json`);
    if (!existsSync(path)) continue;
    for (const [code, sentence] of Object.entries(JSON.parse(await readFile(path, "utf8")))) {
      if (code in merged) throw new Error(`${path}: "${code}" has a sentence in another module already`);
      merged[code] = sentence;
    }
  }
  return Object.fromEntries(Object.entries(merged).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What only the server says: the mistakes of flow packages come to the client as sentences. */
const SERVER_ONLY = /^workflow\.package\./;

/**
 * Whose sentences the first page may say, by the first part of their codes (codes of one part are the platform's). The
 * rest is fetched once that page is on its way.
 */
const FIRST = ["access", "api", "files", "forms", "notify", "store", "workflow"];
const isFirst = (code) => !code.includes(".") || FIRST.includes(code.slice(0, code.indexOf(".")));

/** One locale's sentences as a module: those of the first page, or the rest. */
export async function wordsSource(root, locale, part) {
  const wanted = ([code]) => !SERVER_ONLY.test(code) && isFirst(code) === (part === "first");
  const words = Object.entries(await mergedWords(root, locale)).filter(wanted);
  const table = JSON.stringify(Object.fromEntries(words), null, 2);
  return `/** What the server may say, by code. */\nexport const words: Record<string, string> = ${table};\n`;
}

/** The table of locales: each is fetched when it is read. */
export function localesSource() {
  const tables = { serverWords: "by locale: what the first page needs", restOfServerWords: "by locale: the rest" };
  const part = { serverWords: "gen", restOfServerWords: "rest.gen" };
  return Object.entries(tables)
    .map(([table, what]) => {
      const entries = LOCALES.map((locale) => `  "${locale}": () => import("./words.${locale}.${part[table]}"),\n`);
      return `/** What the server may say, ${what}. */\nexport const ${table} = {\n${entries.join("")}};\n`;
    })
    .join("");
}
