import { useCallback, useSyncExternalStore } from "react";

/** Does this media query hold now? */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const list = window.matchMedia(query);
      list.addEventListener("change", listener);
      return () => list.removeEventListener("change", listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}

/** Phones: one column, tabs at the bottom. */
export const usePhone = () => useMedia("(max-width: 768px)");

/** List and detail side by side. */
export const useTwoPanes = () => useMedia("(min-width: 1024px)");
