import { restOfServerWords, serverWords } from "@/api/words.gen";

import { extendCatalog, installCatalog, type Locale, LOCALES } from "@/lib/words";
import { readStored, writeStored } from "@/lib/stored";
import type { LibraryLocale } from "@/ui/provider";

import type { words as rest } from "./rest.zh-CN";
import type { words } from "./zh-CN";

type Words = typeof words & typeof rest;

declare module "@/lib/words" {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- merged into the catalog's type
  interface Catalog extends Words {}
}

const STORED = "hanlin.locale";

/** The language this browser showed last, else the one it asks for. */
export function preferredLocale(): Locale {
  const stored = readStored(STORED);
  if (isLocale(stored)) return stored;
  return navigator.language.toLowerCase().startsWith("en") ? "en" : "zh-CN";
}

export function isLocale(value: unknown): value is Locale {
  return LOCALES.some((locale) => locale === value);
}

/**
 * Loads of one language, ours, the server's and the component library's, what the first page needs, and puts it in
 * force. The rest follows by itself.
 */
export async function loadLocale(locale: Locale): Promise<LibraryLocale> {
  const [catalog, server] = await Promise.all([
    locale === "en" ? import("./en") : import("./zh-CN"),
    serverWords[locale](),
  ]);
  installCatalog(locale, catalog.words, server.words);
  writeStored(STORED, locale);
  extendCatalog(restOf(locale));
  return catalog.library;
}

async function restOf(locale: Locale) {
  const [catalog, server] = await Promise.all([
    locale === "en" ? import("./rest.en") : import("./rest.zh-CN"),
    restOfServerWords[locale](),
  ]);
  return { locale, pages: catalog.words, server: server.words };
}
