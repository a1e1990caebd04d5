import { controlId } from "@/modules/forms/parts/form-grid";
import { t } from "@/lib/words";

import type { Lack } from "./lacks";
import styles from "./submit-bar.module.css";

export function jumpTo(lack: Lack): void {
  const id = controlId(lack.kind === "choice" ? `choice-${lack.id}` : lack.id);
  const target = document.getElementById(id) ?? document.querySelector<HTMLElement>(`[data-field="${CSS.escape(lack.id)}"] input`);
  target?.scrollIntoView({ block: "center" });
  (target?.matches("input,textarea,button,select") ? target : target?.querySelector<HTMLElement>("input,textarea,button"))?.focus();
}

/** What is missing, by name; each name leads there. */
export function Missing({ lacks }: { lacks: readonly Lack[] }) {
  return (
    <p className={styles.missing} role="alert">
      {t("workflow.lacking", { n: lacks.length })}
      {lacks.slice(0, 6).map((lack) => (
        <button key={`${lack.kind}-${lack.id}`} type="button" onClick={() => jumpTo(lack)}>
          {lack.label}
        </button>
      ))}
    </p>
  );
}
