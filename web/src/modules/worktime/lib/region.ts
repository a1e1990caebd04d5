import { currentLocale } from "@/lib/words";

/** How the reader calls a region whose public holidays a calendar follows; a code that nobody knows stands as it is. */
export function regionName(code: string): string {
  try {
    return new Intl.DisplayNames(currentLocale(), { type: "region", fallback: "code" }).of(code) ?? code;
  } catch {
    return code;
  }
}
