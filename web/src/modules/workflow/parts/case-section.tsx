import type { ReactNode } from "react";

import styles from "./case-section.module.css";

/** What belongs to a case and stands over its form: named, with a line for each. */
export function CaseSection({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={styles.section} aria-label={title}>
      <h2>{title}</h2>
      <ul>{children}</ul>
    </section>
  );
}
