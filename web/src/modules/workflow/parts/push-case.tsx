import { useId, useState } from "react";

import { formatMoment } from "@/lib/time";
import { t, text } from "@/lib/words";
import { Button, Chip, Input } from "@/ui";

import { type MonitoredCase, type MonitoredTask, useMonitoredHandOver, useMonitoredUrge } from "../api";
import { GiveToAnother } from "./hand-over-dialog";
import styles from "./push-case.module.css";

/** Where a running case stands, for who administers its flow: he reminds, or gives a task to another. */
export function PushCase({ row }: { row: MonitoredCase }) {
  const [words, setWords] = useState("");
  const [handing, setHanding] = useState<MonitoredTask>();
  const id = useId();
  const urge = useMonitoredUrge(row.id, t("workflow.did_urge"));
  const handOver = useMonitoredHandOver(row.id, t("workflow.did_hand_over"), () => setHanding(undefined));
  return (
    <>
      <p className={styles.hint}>{[row.number, row.place_name && text(row.place_name)].filter(Boolean).join(" · ")}</p>
      <p className={styles.hint}>{t("workflow.running_hint")}</p>
      <ul className={styles.tasks} aria-label={t("workflow.running_cases")}>
        {row.tasks.map((task) => (
          <li key={task.id}>
            <span className={styles.what}>
              {t("workflow.running_waiting", { node: text(task.node_name), person: [task.person.name], time: formatMoment(task.since) })}
              {task.held && <Chip tone="plain">{t("workflow.on_hold")}</Chip>}
              {!task.seen && <Chip tone="plain">{t("workflow.running_unseen")}</Chip>}
            </span>
            <Button aria-label={t("workflow.running_hand_over", { person: task.person.name })} onClick={() => setHanding(task)}>
              {t("workflow.hand_over")}
            </Button>
          </li>
        ))}
      </ul>
      <div className={styles.push}>
        <label htmlFor={id}>{t("workflow.running_push_words")}</label>
        <Input.TextArea id={id} autoSize={{ minRows: 2, maxRows: 6 }} value={words} onChange={(event) => setWords(event.target.value)} />
        <Button
          type="primary"
          disabled={row.tasks.length === 0}
          loading={urge.pending}
          onClick={() => void urge.run({ text: words.trim() }).then((outcome) => outcome?.ok && setWords(""))}
        >
          {t("workflow.running_push")}
        </Button>
      </div>
      {handing && (
        <GiveToAnother
          title={t("workflow.running_hand_over", { person: handing.person.name })}
          pending={handOver.pending}
          onGive={(given) => void handOver.run({ task: handing.id, ...given })}
          onClose={() => setHanding(undefined)}
        />
      )}
    </>
  );
}
