import { Button } from "antd";
import type { ReactNode } from "react";

import { t } from "@/lib/words";

import { Icon } from "./icon";
import styles from "./record-page.module.css";

interface RecordPageProps {
  title: string;
  /** One quiet line under the title: number, who, when. */
  meta?: ReactNode;
  /** Beside the title: status. */
  marks?: ReactNode;
  /** Rare actions, at the end of the header. */
  tools?: ReactNode;
  /** The second column on wide screens, below the body on narrow ones. */
  aside?: ReactNode;
  asideLabel?: string;
  /** Never scrolls away. */
  actions?: ReactNode;
  /** Where "back" leads on a phone. */
  onBack?: (() => void) | undefined;
  children: ReactNode;
}

/** One thing, read and acted upon: header, body, what belongs beside it, and a bar of actions that stays. */
export function RecordPage(props: RecordPageProps) {
  return (
    <article className={styles.record} aria-label={props.title}>
      <header className={styles.header}>
        {props.onBack && (
          <Button type="text" className={styles.back ?? ""} aria-label={t("ui.back")} icon={<Icon name="left" />} onClick={props.onBack} />
        )}
        <div className={styles.heading}>
          <h1 className={styles.title}>
            {props.title} {props.marks}
          </h1>
          {props.meta && <div className={styles.meta}>{props.meta}</div>}
        </div>
        {props.tools && <div className={styles.tools}>{props.tools}</div>}
      </header>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, and a keyboard must reach what scrolls */}
      <div className={styles.scroll} tabIndex={0}>
        <div className={props.aside ? styles.columns : styles.single}>
          <div className={styles.body}>{props.children}</div>
          {props.aside && (
            <aside className={styles.aside} aria-label={props.asideLabel}>
              {props.aside}
            </aside>
          )}
        </div>
      </div>
      {props.actions && <footer className={styles.actions}>{props.actions}</footer>}
    </article>
  );
}
