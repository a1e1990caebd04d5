import { useCallback, useSyncExternalStore } from "react";

/**
 * Small things kept in this browser: theme, half-typed forms. Storage can be full or forbidden (private windows);
 * then the value lives for this page only. What belongs to the browser (theme, language) has a plain key; what belongs
 * to a person has a key from `mine`, and goes when somebody else signs in or he signs out (ACC-20).
 */
const fallback = new Map<string, string>();
const listeners = new Set<() => void>();

export function readStored(key: string): string | null {
  try {
    return localStorage.getItem(key) ?? fallback.get(key) ?? null;
  } catch {
    return fallback.get(key) ?? null;
  }
}

export function writeStored(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
    fallback.delete(key);
  } catch {
    if (value === null) fallback.delete(key);
    else fallback.set(key, value);
  }
  listeners.forEach((listener) => listener());
}

export function useStored(key: string): [string | null, (value: string | null) => void] {
  const subscribe = useCallback((listener: () => void) => {
    listeners.add(listener);
    window.addEventListener("storage", listener);
    return () => {
      listeners.delete(listener);
      window.removeEventListener("storage", listener);
    };
  }, []);
  const value = useSyncExternalStore(subscribe, () => readStored(key));
  return [value, useCallback((next: string | null) => writeStored(key, next), [key])];
}

const MINE = "hanlin.mine.";
let owner = "";

/** The key of what only this reader may find here. */
export function mine(key: string): string {
  return `${MINE}${owner}.${key}`;
}

/** From now on `mine` means this person; `undefined` is nobody. What others left in this browser goes. */
export function keepOnlyFor(person: string | undefined): void {
  owner = person ?? "";
  const isOthers = (key: string) => key.startsWith(MINE) && !(person && key.startsWith(`${MINE}${person}.`));
  const stored: string[] = [];
  try {
    for (let index = 0; index < localStorage.length; index += 1) stored.push(localStorage.key(index) ?? "");
  } catch {
    // Storage is forbidden: everything is in `fallback`.
  }
  [...stored, ...fallback.keys()].filter(isOthers).forEach((key) => writeStored(key, null));
}
