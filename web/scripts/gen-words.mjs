// The server's sentences as one TypeScript module: the platform's and the modules' locales/{zh-CN,en}.json merged, keys sorted.
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

export async function wordsSource(root) {
  const entries = await Promise.all(LOCALES.map(async (locale) => [locale, await mergedWords(root, locale)]));
  const words = JSON.stringify(Object.fromEntries(entries), null, 2);
  return `/** What the server may say, by locale and code. */\nexport const serverWords: Record<"zh-CN" | "en", Record<string, string>> = ${words};\n`;
}
