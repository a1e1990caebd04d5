import type { ReactNode } from "react";

import styles from "./case-section.module.css";

interface CaseSectionProps {
  title: string;
  children: ReactNode;
}

/** What belongs to a case and stands over its form: named, with a line for each. */
export function CaseSection({ title, children }: CaseSectionProps) {
  return (
    <CaseBlock title={title}>
      <ul>{children}</ul>
    </CaseBlock>
  );
}

/** The same where more than one list stands in it. */
export function CaseBlock({ title, children }: CaseSectionProps) {
  return (
    <section className={styles.section} aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}
