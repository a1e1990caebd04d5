import { useCallback, useSyncExternalStore } from "react";

/**
 * Small things kept in this browser: theme, half-typed forms. Storage can be full or forbidden (private windows);
 * then the value lives for this page only.
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
