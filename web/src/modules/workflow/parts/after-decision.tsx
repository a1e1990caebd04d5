import { useEffect, useRef } from "react";

import { t } from "@/lib/words";
import { Button, Icon } from "@/ui";

import type { TaskRow } from "../api";
import styles from "./after-decision.module.css";
import { TaskLine } from "./rows";

/**
 * On a phone, after a decision: the next one is a tap away, and is not under the thumb at once, where a second tap
 * would decide about what nobody has read.
 */
export function AfterDecision({ next, onNext, onList }: { next: TaskRow | undefined; onNext: (row: TaskRow) => void; onList: () => void }) {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  return (
    <section className={styles.after} aria-labelledby="after-decision">
      <Icon name="check" size={32} />
      <h1 id="after-decision" ref={title} tabIndex={-1}>
        {t(next ? "workflow.decided_more" : "workflow.decided_all")}
      </h1>
      {next && (
        <button type="button" className={styles.next} onClick={() => onNext(next)}>
          <span className={styles.label}>
            {t("workflow.next_one")} <Icon name="right" size={14} />
          </span>
          <TaskLine task={next} />
        </button>
      )}
      <Button type={next ? "default" : "primary"} block onClick={onList}>
        {t("workflow.back_to_list")}
      </Button>
    </section>
  );
}
