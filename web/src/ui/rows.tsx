import type { ReactNode } from "react";

import styles from "./rows.module.css";

/** What a row of a list says: its name, and in smaller type below it what is known of it. */
export function RowWords({ name, children }: { name: ReactNode; children?: ReactNode }) {
  return (
    <span className={styles.row}>
      <span className={styles.name}>{name}</span>
      {children && <Meta>{children}</Meta>}
    </span>
  );
}

/** Small facts side by side, as many as the line holds. */
export function Meta({ children }: { children: ReactNode }) {
  return <span className={styles.meta}>{children}</span>;
}

/**
 * A row with something beside its words: its name, lines of smaller type below it, and at its end marks and what can be
 * done. On a phone those stand below the words.
 */
export function RowLine({ lead, name, lines = [], children }: {
  lead?: ReactNode;
  name: ReactNode;
  /** One below the other; what says nothing is left out. */
  lines?: readonly ReactNode[];
  children?: ReactNode;
}) {
  return (
    <span className={styles.line}>
      {lead}
      <span className={styles.words}>
        <span className={styles.called}>{name}</span>
        {lines.map((line, at) => line && <Small key={at}>{line}</Small>)}
      </span>
      {children}
    </span>
  );
}

/** A line of smaller type. */
function Small({ children }: { children: ReactNode }) {
  return <span className={styles.small}>{children}</span>;
}

/** Rows with a frame around them, in a dialog: when they are many, they scroll in it. */
export function FramedRows({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul className={styles.framed} aria-label={label}>
      {children}
    </ul>
  );
}

/** What a value was, struck out, and what it is. */
export function Change({ before, after }: { before?: ReactNode; after?: ReactNode }) {
  return (
    <>
      {before !== undefined && before !== null && <del className={styles.before}>{before}</del>}{" "}
      {after !== undefined && after !== null && <ins className={styles.after}>{after}</ins>}
    </>
  );
}
