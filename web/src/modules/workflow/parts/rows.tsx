import { ExternalMark } from "@/modules/directory/parts/external-mark";
import { formatMoment } from "@/lib/time";
import { say, t, text } from "@/lib/words";
import { Chip, type Tone } from "@/ui";

import type { CaseRow, CaseView, DecisiveFact, Draft, TaskRow } from "../api";
import { sayWaited } from "./elapsed";
import styles from "./rows.module.css";
import { showFact } from "./story";

/** Who, what, the two facts that decide it, since when it waits. */
export function TaskLine({ task }: { task: TaskRow }) {
  return (
    <Line
      unread={task.unread}
      who={<Who of={task.initiator} />}
      what={text(task.flow_name)}
      end={
        <>
          {task.on_behalf_of && <Chip tone="accent">{t("workflow.hat_for", { name: task.on_behalf_of.name })}</Chip>}
          {task.halted && <Chip tone="warn">{say("workflow.stage.halted")}</Chip>}
          {task.on_paper && <Chip tone="plain">{t("workflow.on_paper")}</Chip>}
          {task.to_claim && <Chip tone="accent">{t("workflow.to_claim")}</Chip>}
          {task.held && <Chip tone="plain">{t("workflow.on_hold")}</Chip>}
          {task.purpose !== "approve" && (
            <Chip tone={task.purpose === "revise" ? "warn" : "plain"}>{say(`workflow.purpose.${task.purpose}`)}</Chip>
          )}
          <When at={task.arrived_at} />
        </>
      }
      facts={task.facts}
      tail={text(task.node_name)}
      waited={sayWaited(task.waited)}
    />
  );
}

export function CaseLine({ row, mine }: { row: CaseRow; mine: boolean }) {
  const waiting = row.status === "running" && row.waiting_for.length > 0;
  return (
    <Line
      unread={row.unread}
      who={mine ? text(row.flow_name) : <Who of={row.initiator} />}
      what={mine ? "" : text(row.flow_name)}
      end={
        <>
          {row.done_by && <Chip tone="accent">{t("workflow.by", { name: row.done_by.name })}</Chip>}
          {row.done_for && <Chip tone="accent">{t("workflow.hat_for", { name: row.done_for.name })}</Chip>}
          {row.must_read && row.unread && <Chip tone="warn">{t("workflow.must_read")}</Chip>}
          {row.amended && <Chip tone="accent">{t("workflow.amended_chip")}</Chip>}
          <StatusChip status={row.status} stage={row.stage} />
          <When at={row.at} />
        </>
      }
      facts={row.facts}
      tail={waiting ? t("workflow.waits_for", { people: row.waiting_for.map((person) => person.name) }) : row.number}
    />
  );
}

export function DraftLine({ draft }: { draft: Draft }) {
  return <Line unread={false} who={text(draft.flow_name)} what="" end={<When at={draft.updated_at} />} facts={draft.facts} tail="" />;
}

/** By whom it was begun; who is from outside is marked. */
function Who({ of }: { of: TaskRow["initiator"] }) {
  return (
    <>
      {of.name}
      <ExternalMark of={of} />
    </>
  );
}

function Line({ unread, who, what, end, facts, tail, waited }: {
  unread: boolean;
  who: React.ReactNode;
  what: string;
  end: React.ReactNode;
  facts: DecisiveFact[];
  tail: string;
  waited?: string | undefined;
}) {
  return (
    <span className={styles.line} data-unread={unread || undefined}>
      <span className={styles.first}>
        {unread && <span className={styles.dot} role="img" aria-label={t("ui.unread")} />}
        <span className={styles.who}>{who}</span>
        <span className={styles.what}>{what}</span>
        <span className={styles.end}>{end}</span>
      </span>
      {(facts.length > 0 || tail) && (
        <span className={styles.second}>
          <span className={styles.facts}>
            {facts.slice(0, 2).map((fact) => (
              <span key={fact.label.zh} className={styles.fact} data-whole={isWhole(fact) || undefined} title={text(fact.label)}>
                {showFact(fact)}
              </span>
            ))}
          </span>
          {tail && <span className={`${styles.fact} ${styles.tail}`}>{tail}</span>}
          {waited && <span className={styles.waited}>{waited}</span>}
        </span>
      )}
    </span>
  );
}

const isWhole = ({ kind }: DecisiveFact): boolean => kind !== "words" && kind !== "text";

function When({ at }: { at: string }) {
  return (
    <time className={styles.when} dateTime={at}>
      {formatMoment(at)}
    </time>
  );
}

export const TONES: Record<CaseView["status"], Tone> = {
  draft: "plain",
  running: "accent",
  completed: "good",
  rejected: "danger",
  withdrawn: "plain",
  terminated: "danger",
  revoked: "warn",
};

/** Where the case is: back at its initiator is said, since then he must act; and that it stands still. */
export function StatusChip({ status, stage }: Pick<CaseView, "status"> & Partial<Pick<CaseView, "stage">>) {
  if (stage === "halted") return <Chip tone="warn">{say("workflow.stage.halted")}</Chip>;
  if (stage === "at_initiator") return <Chip tone="warn">{say("workflow.stage.at_initiator")}</Chip>;
  return <Chip tone={TONES[status]}>{say(`workflow.status.${status}`)}</Chip>;
}
