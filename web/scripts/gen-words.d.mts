export const LOCALES: readonly string[];
export function mergedWords(root: string, locale: string): Promise<Record<string, string>>;
export function wordsSource(root: string, locale: string, part: "first" | "rest"): Promise<string>;
export function localesSource(): string;
