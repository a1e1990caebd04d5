import { useEffect, useLayoutEffect, useRef, useSyncExternalStore } from "react";

import styles from "./shortcuts.module.css";

export interface Shortcut {
  /** `j`, `Enter`, `/`, `?`, or with the platform's command key: `mod+k`, `mod+Enter`. */
  keys: string;
  label: string;
  run: (event: KeyboardEvent) => void;
  /** Also while typing in a field. Combinations with `mod` always are. */
  whileTyping?: boolean;
}

interface Registered {
  shortcuts: readonly Shortcut[];
}

/** Later registrations come first: a dialog's keys hide those of the page under it. */
let registered: readonly Registered[] = [];
const listeners = new Set<() => void>();

function change(next: readonly Registered[]): void {
  registered = next;
  listeners.forEach((listener) => listener());
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const name = nameOf(event);
  const typing = isTyping(event.target);
  if (document.querySelector(".ant-modal-wrap:not([style*='display: none'])") && !name.startsWith("mod+")) return;
  for (let index = registered.length - 1; index >= 0; index -= 1) {
    for (const shortcut of registered[index]!.shortcuts) {
      if (shortcut.keys !== name) continue;
      if (typing && !shortcut.whileTyping && !name.startsWith("mod+")) continue;
      event.preventDefault();
      shortcut.run(event);
      return;
    }
  }
}

function nameOf(event: KeyboardEvent): string {
  const mod = event.ctrlKey || event.metaKey ? "mod+" : "";
  return mod + (event.key.length === 1 ? event.key.toLowerCase() : event.key);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button"].includes(target.type);
}

/** Puts these keys in force while the component is mounted; they stand in the help that `?` opens. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const latest = useRef(shortcuts);
  useLayoutEffect(() => {
    latest.current = shortcuts;
  });
  const signature = shortcuts.map((shortcut) => `${shortcut.keys}:${shortcut.label}`).join("|");
  useEffect(() => {
    const entry: Registered = {
      shortcuts: latest.current.map((shortcut, index) => ({
        ...shortcut,
        run: (event) => latest.current[index]?.run(event),
      })),
    };
    if (registered.length === 0) document.addEventListener("keydown", onKeyDown);
    change([...registered, entry]);
    return () => {
      change(registered.filter((other) => other !== entry));
      if (registered.length === 0) document.removeEventListener("keydown", onKeyDown);
    };
  }, [signature]);
}

const mac = () => /Mac|iPhone|iPad/.test(navigator.userAgent);

/** The keys of a shortcut as caps: Ctrl K, or ⌘ K. */
export function Keys({ keys }: { keys: string }) {
  const names = keys.split("+").map((key) => {
    if (key === "mod") return mac() ? "⌘" : "Ctrl";
    if (key === "Enter") return "↵";
    return key.length === 1 ? key.toUpperCase() : key;
  });
  return (
    <span className={styles.keys}>
      {names.map((name) => (
        <kbd key={name}>{name}</kbd>
      ))}
    </span>
  );
}

/** All keys in force now, each once, the nearest meaning first. */
export function useKeysInForce(): Shortcut[] {
  const all = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => registered,
  );
  const seen = new Set<string>();
  return [...all]
    .reverse()
    .flatMap((entry) => entry.shortcuts)
    .filter((shortcut) => !seen.has(shortcut.keys) && seen.add(shortcut.keys));
}
