import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from "react";

import type { Locale } from "@/lib/words";
import { type LibraryLocale, UiProvider } from "@/ui/provider";

import { loadLocale, preferredLocale } from "./words";

interface Language {
  locale: Locale;
  change: (locale: Locale) => void;
}

const Context = createContext<Language | undefined>(undefined);

export function useLanguage(): Language {
  const language = useContext(Context);
  if (!language) throw new Error("useLanguage outside LanguageProvider");
  return language;
}

/**
 * Loads the words before anything is shown, and again when the reader switches. Everything under it is mounted anew
 * then, so no page is ever half in one language; what was typed survives in drafts and in this browser.
 */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [loaded, setLoaded] = useState<{ locale: Locale; library: LibraryLocale }>();
  const [failure, setFailure] = useState<Error>();
  const change = useCallback((locale: Locale) => {
    loadLocale(locale).then(
      (library) => setLoaded({ locale, library }),
      (error: unknown) => setFailure(error instanceof Error ? error : new Error(String(error))),
    );
  }, []);
  useEffect(() => change(preferredLocale()), [change]);
  const language = useMemo(() => (loaded ? { locale: loaded.locale, change } : undefined), [loaded, change]);
  if (failure) throw failure;
  if (!loaded || !language) return null;
  return (
    <Context.Provider value={language}>
      <UiProvider locale={loaded.library} key={loaded.locale}>
        {children}
      </UiProvider>
    </Context.Provider>
  );
}
