/**
 * The words as a reader of one language sees them, from the client's and the server's own catalogues: a journey walked
 * in two languages names its buttons once, and a reworded button breaks no journey.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { en as accessEn } from "../../web/src/modules/access/words/en.ts";
import { zh as accessZh } from "../../web/src/modules/access/words/zh-CN.ts";
import { en as contactsEn } from "../../web/src/modules/contacts/words/en.ts";
import { zh as contactsZh } from "../../web/src/modules/contacts/words/zh-CN.ts";
import { en as directoryEn } from "../../web/src/modules/directory/words/en.ts";
import { zh as directoryZh } from "../../web/src/modules/directory/words/zh-CN.ts";
import { en as filesEn } from "../../web/src/modules/files/words/en.ts";
import { zh as filesZh } from "../../web/src/modules/files/words/zh-CN.ts";
import { en as formsEn } from "../../web/src/modules/forms/words/en.ts";
import { zh as formsZh } from "../../web/src/modules/forms/words/zh-CN.ts";
import { en as importsEn } from "../../web/src/modules/imports/words/en.ts";
import { zh as importsZh } from "../../web/src/modules/imports/words/zh-CN.ts";
import { en as notifyEn } from "../../web/src/modules/notify/words/en.ts";
import { zh as notifyZh } from "../../web/src/modules/notify/words/zh-CN.ts";
import { en as ordersEn } from "../../web/src/modules/orders/words/en.ts";
import { zh as ordersZh } from "../../web/src/modules/orders/words/zh-CN.ts";
import { en as rulebookEn } from "../../web/src/modules/rulebook/words/en.ts";
import { zh as rulebookZh } from "../../web/src/modules/rulebook/words/zh-CN.ts";
import { en as traceEn } from "../../web/src/modules/trace/words/en.ts";
import { zh as traceZh } from "../../web/src/modules/trace/words/zh-CN.ts";
import { en as agenciesEn } from "../../web/src/modules/workflow/words/agencies.en.ts";
import { zh as agenciesZh } from "../../web/src/modules/workflow/words/agencies.zh-CN.ts";
import { en as cancelledEn } from "../../web/src/modules/workflow/words/cancelled.en.ts";
import { zh as cancelledZh } from "../../web/src/modules/workflow/words/cancelled.zh-CN.ts";
import { en as endpointsEn } from "../../web/src/modules/workflow/words/endpoints.en.ts";
import { zh as endpointsZh } from "../../web/src/modules/workflow/words/endpoints.zh-CN.ts";
import { en as workflowEn } from "../../web/src/modules/workflow/words/en.ts";
import { zh as workflowZh } from "../../web/src/modules/workflow/words/zh-CN.ts";
import { en as appEn } from "../../web/src/app/words/app.en.ts";
import { zh as appZh } from "../../web/src/app/words/app.zh-CN.ts";
import { en as uiEn } from "../../web/src/ui/words/en.ts";
import { zh as uiZh } from "../../web/src/ui/words/zh-CN.ts";

export type Locale = "zh-CN" | "en";

const zh = {
  ...uiZh, ...appZh, ...accessZh, ...contactsZh, ...directoryZh, ...filesZh, ...formsZh, ...importsZh, ...notifyZh, ...ordersZh,
  ...rulebookZh, ...traceZh, ...workflowZh, ...agenciesZh, ...cancelledZh, ...endpointsZh,
};
const en: Record<keyof typeof zh, string> = {
  ...uiEn, ...appEn, ...accessEn, ...contactsEn, ...directoryEn, ...filesEn, ...formsEn, ...importsEn, ...notifyEn, ...ordersEn,
  ...rulebookEn, ...traceEn, ...workflowEn, ...agenciesEn, ...cancelledEn, ...endpointsEn,
};

/** A key of the client's own words. */
export type Word = keyof typeof zh;
export type Args = Record<string, string | number>;

const pages: Record<Locale, Record<string, string>> = { "zh-CN": zh, en };
const root = fileURLToPath(new URL("../..", import.meta.url));

/** What the server may say, by code. */
function serverWords(locale: Locale): Record<string, string> {
  const words: Record<string, string> = {};
  for (const group of ["platform", "modules"]) {
    for (const module of readdirSync(join(root, group))) {
      try {
        Object.assign(words, JSON.parse(readFileSync(join(root, group, module, "locales", `${locale}.json`), "utf8")));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT" && (error as NodeJS.ErrnoException).code !== "ENOTDIR") throw error;
      }
    }
  }
  return words;
}

const server: Record<Locale, Record<string, string>> = { "zh-CN": serverWords("zh-CN"), en: serverWords("en") };

function sentence(locale: Locale, key: string): string {
  const found = pages[locale][key] ?? server[locale][key];
  if (found === undefined) throw new Error(`there are no words for ${key} in ${locale}`);
  return found;
}

/** `{n}` is the argument; `{n:person|people}` the first word where it is one, else the second. */
const PLACEHOLDER = /\{(\w+)(?::([^|{}]*)\|([^|{}]*))?\}/g;

/** The words with every argument filled in. */
export function words(locale: Locale, key: Word | (string & {}), args: Args = {}): string {
  return sentence(locale, key).replace(PLACEHOLDER, (_, name: string, one?: string, many?: string) => {
    const value = args[name];
    if (value === undefined) throw new Error(`${key} wants {${name}}`);
    if (one !== undefined && many !== undefined) return Number(value) === 1 ? one : many;
    return String(value);
  });
}

/** The words as a pattern: arguments that are not given may be anything. */
export function pattern(locale: Locale, key: Word | (string & {}), args: Args = {}): RegExp {
  const parts = sentence(locale, key).split(/(\{\w+(?::[^|{}]*\|[^|{}]*)?\})/);
  const source = parts.map((part) => {
    const [, name, one, many] = /^\{(\w+)(?::([^|{}]*)\|([^|{}]*))?\}$/.exec(part) ?? [];
    if (name === undefined) return escaped(part);
    if (one !== undefined && many !== undefined) return `(?:${escaped(one)}|${escaped(many)})`;
    return args[name] === undefined ? ".+?" : escaped(String(args[name]));
  });
  return new RegExp(source.join(""));
}

/** Whole sentences of the other language that must not stand on a page: those without arguments that only it has. */
export function foreignWords(locale: Locale): ReadonlySet<string> {
  const other: Locale = locale === "en" ? "zh-CN" : "en";
  const own = new Set([...Object.values(pages[locale]), ...Object.values(server[locale])]);
  // The language menu names each language in itself.
  const named = new Set(["English", "简体中文"]);
  return new Set(
    [...Object.values(pages[other]), ...Object.values(server[other])].filter(
      (each) => !each.includes("{") && !own.has(each) && !named.has(each),
    ),
  );
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
