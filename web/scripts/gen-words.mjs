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

/** One locale's sentences as a module. */
export async function wordsSource(root, locale) {
  const words = Object.entries(await mergedWords(root, locale)).filter(([code]) => !SERVER_ONLY.test(code));
  const table = JSON.stringify(Object.fromEntries(words), null, 2);
  return `/** What the server may say, by code. */\nexport const words: Record<string, string> = ${table};\n`;
}

/** The table of locales: each is fetched when it is read. */
export function localesSource() {
  const entries = LOCALES.map((locale) => `  "${locale}": () => import("./words.${locale}.gen"),\n`);
  return `/** What the server may say, by locale. */\nexport const serverWords = {\n${entries.join("")}};\n`;
}
