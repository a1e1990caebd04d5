import { signal, useSignal } from "@/lib/signal";
import { t } from "@/lib/words";

import { Icon } from "./icon";
import styles from "./toast.module.css";

type Tone = "done" | "note" | "failed";

interface Toast {
  id: number;
  tone: Tone;
  words: string;
}

const toasts = signal<Toast[]>([]);
const MOST = 3;
let last = 0;

function close(id: number): void {
  toasts.set((all) => all.filter((toast) => toast.id !== id));
}

function show(tone: Tone, words: string): void {
  last += 1;
  const id = last;
  // What is done is no longer refused.
  toasts.set((all) => [...all.filter((toast) => tone !== "done" || toast.tone !== "failed").slice(1 - MOST), { id, tone, words }]);
  // Long enough to be read: a base, and some more for each character; refusals stay twice as long.
  setTimeout(() => close(id), (2_500 + words.length * 60) * (tone === "failed" ? 2 : 1));
}

const speak = {
  done: (words: string) => show("done", words),
  note: (words: string) => show("note", words),
  failed: (words: string) => show("failed", words),
};

/** One line that says what happened, and goes away by itself. */
export function useToast() {
  return speak;
}

const ICONS = { done: "check", note: "dot", failed: "warn" } as const;

/** Where toasts appear; one for the whole application. */
export function Toaster() {
  const shown = useSignal(toasts);
  return (
    <div className={styles.stack} role="log" aria-live="polite" aria-label={t("ui.announcements")}>
      {shown.map((toast) => (
        <div key={toast.id} className={`${styles.toast} ${styles[toast.tone]}`} role={toast.tone === "failed" ? "alert" : undefined}>
          <Icon name={ICONS[toast.tone]} size={16} />
          <span>{toast.words}</span>
          <button type="button" aria-label={t("ui.close")} onClick={() => close(toast.id)}>
            <Icon name="cross" size={13} />
          </button>
        </div>
      ))}
    </div>
  );
}
