import type { ReactNode } from "react";

import styles from "./marks.module.css";

export type Tone = "plain" | "accent" | "good" | "warn" | "danger";

/** A word with a tint: the colour repeats what the word says. */
export function Chip({ tone = "plain", children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`${styles.chip} ${styles[tone]}`}>{children}</span>;
}

/** Two letters of a name (the given name of a Chinese one) on a quiet disc. */
export function Avatar({ name, size = 28 }: { name: string; size?: number }) {
  return (
    <span className={styles.avatar} style={{ width: size, height: size, fontSize: Math.round(size * 0.4) }} aria-hidden="true">
      {initials(name)}
    </span>
  );
}

function initials(name: string): string {
  const trimmed = name.trim();
  if (/[\u3400-\u9fff]/.test(trimmed)) return trimmed.slice(-2);
  return trimmed
    .split(/\s+/)
    .map((part) => part[0] ?? "")
    .slice(0, 2)
    .join("")
    .toUpperCase();
}

/** How many wait; nothing at zero. */
export function Count({ n, label }: { n: number | undefined; label: string }) {
  if (!n) return null;
  return (
    <span className={styles.count}>
      {n > 99 ? "99+" : n}
      <span className="visually-hidden"> {label}</span>
    </span>
  );
}
