import { ConfigProvider } from "antd";
import type { Locale as AntLocale } from "antd/es/locale";
import { type ReactNode, useLayoutEffect } from "react";

import { useStored } from "@/lib/stored";
import { currentLocale } from "@/lib/words";
import { useMedia, usePhone } from "@/lib/use-media";

import "./base.css";
import { ConfirmHost } from "./confirm";
import { cssVariables, type Scheme, themeConfig } from "./theme";
import { Toaster } from "./toast";

/** What the component library says by itself (date pickers, empty selects). */
export type LibraryLocale = AntLocale;

export type ThemeChoice = "system" | Scheme;

/** Light, dark, or as the device has it; kept in this browser. */
export function useThemeChoice(): [ThemeChoice, (choice: ThemeChoice) => void] {
  const [stored, store] = useStored("hanlin.theme");
  const choice = stored === "light" || stored === "dark" ? stored : "system";
  return [choice, (next) => store(next === "system" ? null : next)];
}

export function useScheme(): Scheme {
  const [choice] = useThemeChoice();
  const dark = useMedia("(prefers-color-scheme: dark)");
  return choice === "system" ? (dark ? "dark" : "light") : choice;
}

/** Paper is white, whatever the screen is. */
const ON_PAPER = `@media print { :root { ${Object.entries(cssVariables("light"))
  .map(([name, value]) => `${name}: ${value} !important;`)
  .join(" ")} color-scheme: light !important; } }`;

/** Wraps the whole application: tokens, the component library's language, toasts and dialogs. */
export function UiProvider({ locale, children }: { locale: AntLocale; children: ReactNode }) {
  const scheme = useScheme();
  const phone = usePhone();
  const still = useMedia("(prefers-reduced-motion: reduce)");

  useLayoutEffect(() => {
    const root = document.documentElement;
    root.dataset.theme = scheme;
    root.style.colorScheme = scheme;
    for (const [name, value] of Object.entries(cssVariables(scheme))) root.style.setProperty(name, value);
  }, [scheme]);

  useLayoutEffect(() => {
    document.documentElement.lang = currentLocale();
  }, [locale]);

  return (
    <ConfigProvider
      locale={locale}
      theme={themeConfig(scheme, phone, still)}
      button={{ autoInsertSpace: false }}
      getPopupContainer={() => document.body}
    >
      <style>{ON_PAPER}</style>
      {children}
      <Toaster />
      <ConfirmHost />
    </ConfigProvider>
  );
}
