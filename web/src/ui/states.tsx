import { Button } from "antd";
import type { ReactNode } from "react";

import { describe, Problem } from "@/lib/problem";
import { t } from "@/lib/words";

import { Icon, type IconName } from "./icon";
import styles from "./states.module.css";

/** Nothing here: why, and what to do next. */
export function EmptyState({ title, hint, action, icon = "check" }: {
  title: string;
  hint?: ReactNode;
  action?: ReactNode;
  icon?: IconName;
}) {
  return (
    <div className={styles.state}>
      <span className={styles.emblem}>
        <Icon name={icon} size={22} />
      </span>
      <p className={styles.title}>{title}</p>
      {hint && <p className={styles.hint}>{hint}</p>}
      {action}
    </div>
  );
}

/** It could not be read: what happened, and a way to try again. */
export function ErrorState({ error, retry }: { error: unknown; retry?: () => unknown }) {
  const gone = error instanceof Problem && (error.status === 404 || error.status === 403);
  return (
    <div className={styles.state} role="alert">
      <span className={styles.emblem}>
        <Icon name="warn" size={22} />
      </span>
      <p className={styles.title}>{describe(error)}</p>
      {retry && !gone && <Button onClick={() => void retry()}>{t("ui.retry")}</Button>}
    </div>
  );
}

/** Grey lines in the shape of what is coming. */
export function Skeleton({ rows = 6, shape = "rows" }: { rows?: number; shape?: "rows" | "record" }) {
  return (
    <div className={shape === "rows" ? styles.skeletonRows : styles.skeletonRecord} role="status" aria-label={t("ui.loading")}>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className={styles.skeletonRow} style={{ opacity: 1 - index / (rows + 2) }}>
          <i style={{ width: `${48 + ((index * 17) % 34)}%` }} />
          <i style={{ width: `${26 + ((index * 23) % 40)}%` }} />
        </div>
      ))}
    </div>
  );
}
