import type { ReactNode } from "react";

import styles from "./page.module.css";

/** A plain page of reading width: settings, profile, administration. */
export function Page({ title, tools, wide, children }: { title: string; tools?: ReactNode; wide?: boolean; children: ReactNode }) {
  return (
    <div className={wide ? styles.wide : styles.page}>
      <header className={styles.header}>
        <h1 className={styles.title}>{title}</h1>
        {tools && <div className={styles.tools}>{tools}</div>}
      </header>
      {children}
    </div>
  );
}

/** A titled block on a page. */
export function Section({ title, hint, tools, children }: { title: string; hint?: ReactNode; tools?: ReactNode; children: ReactNode }) {
  return (
    <section className={styles.section} aria-label={title}>
      <header className={styles.sectionHeader}>
        <div>
          <h2 className={styles.sectionTitle}>{title}</h2>
          {hint && <p className={styles.hint}>{hint}</p>}
        </div>
        {tools}
      </header>
      <div className={styles.card}>{children}</div>
    </section>
  );
}

/** What a reader should know here, in smaller type. */
export function Hint({ children }: { children: ReactNode }) {
  return <p className={styles.note}>{children}</p>;
}

/** Names and values, one under the other. */
export function Facts({ items }: { items: [name: string, value: ReactNode][] }) {
  return (
    <dl className={styles.facts}>
      {items.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Switches between the pages of one place; each is a link, so it can be opened, copied and gone back to. */
export function Tabs({ label, children }: { label: string; children: ReactNode }) {
  return (
    <nav className={styles.tabs} aria-label={label}>
      {children}
    </nav>
  );
}

/** A page before sign-in: one card in the middle. */
export function Doorway({ title, hint, children }: { title: string; hint?: ReactNode; children: ReactNode }) {
  return (
    <main className={styles.doorway}>
      <div className={styles.door}>
        <div className={styles.brand} aria-hidden="true">
          <img src="/icon.svg" alt="" width={36} height={36} />
          <span>翰林</span>
        </div>
        <h1 className={styles.doorTitle}>{title}</h1>
        {hint && <p className={styles.hint}>{hint}</p>}
        {children}
      </div>
    </main>
  );
}
