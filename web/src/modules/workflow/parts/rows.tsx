import { formatMoment } from "@/lib/time";
import { t, text } from "@/lib/words";
import { Chip, DueMark, type Tone } from "@/ui";

import type { CaseRow, CaseStatus, DraftRow, TaskRow } from "../api";
import styles from "./rows.module.css";

/** Who, what, the two facts that decide it, how long is left. */
export function TaskLine({ task }: { task: TaskRow }) {
  return (
    <Line
      unread={task.unread}
      who={task.initiator.name}
      what={text(task.flow_name)}
      end={task.due_at ? <DueMark at={task.due_at} /> : <When at={task.arrived_at} />}
      facts={task.facts}
      tail={text(task.node_name)}
    />
  );
}

export function CaseLine({ row, mine }: { row: CaseRow; mine: boolean }) {
  const tail =
    row.status === "running" && row.present.length > 0
      ? t("workflow.waits_for", { people: row.present.map((person) => person.name) })
      : row.number;
  return (
    <Line
      unread={row.unread}
      who={mine ? text(row.flow_name) : row.initiator.name}
      what={mine ? row.number : text(row.flow_name)}
      end={
        <>
          <StatusChip status={row.status} /> <When at={row.changed_at} />
        </>
      }
      facts={row.facts}
      tail={tail === row.number && mine ? "" : tail}
    />
  );
}

export function DraftLine({ draft }: { draft: DraftRow }) {
  return <Line unread={false} who={text(draft.flow_name)} what="" end={<When at={draft.changed_at} />} facts={[]} tail={draft.title} />;
}

function Line({ unread, who, what, end, facts, tail }: {
  unread: boolean;
  who: string;
  what: string;
  end: React.ReactNode;
  facts: TaskRow["facts"];
  tail: string;
}) {
  return (
    <span className={styles.line} data-unread={unread || undefined}>
      <span className={styles.first}>
        {unread && <span className={styles.dot} role="img" aria-label={t("ui.unread")} />}
        <span className={styles.who}>{who}</span>
        <span className={styles.what}>{what}</span>
        <span className={styles.end}>{end}</span>
      </span>
      <span className={styles.second}>
        <span className={styles.facts}>
          {facts.slice(0, 2).map((fact) => (
            <span key={fact.label.zh} className={styles.fact} title={text(fact.label)}>
              {fact.value}
            </span>
          ))}
        </span>
        {tail && <span className={styles.tail}>{tail}</span>}
      </span>
    </span>
  );
}

function When({ at }: { at: string }) {
  return (
    <time className={styles.when} dateTime={at}>
      {formatMoment(at)}
    </time>
  );
}

const TONES: Record<CaseStatus, Tone> = {
  running: "accent",
  at_initiator: "warn",
  completed: "good",
  rejected: "danger",
  withdrawn: "plain",
};

export function StatusChip({ status }: { status: CaseStatus }) {
  return <Chip tone={TONES[status] ?? "plain"}>{t(`workflow.status_${status}`)}</Chip>;
}
