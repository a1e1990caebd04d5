import { Link } from "@tanstack/react-router";
import { useId, useState } from "react";

import { formatDuration } from "@/lib/time";
import { t, text } from "@/lib/words";
import { Button, Chip, FramedRows, Input, Modal, Segmented } from "@/ui";

import type { TaskRow } from "../api";
import type { BatchVerb, RowState } from "./batch";
import styles from "./batch-dialog.module.css";
import { noteSaid, withPhrase } from "./phrases";
import { QuickOpinions } from "./quick-opinions";
import { showFact } from "./story";
import { type BatchRow, useBatch } from "./use-batch";

interface BatchDialogProps {
  /** As they were chosen; the list behind may change meanwhile. */
  rows: readonly TaskRow[];
  /** This one is decided. */
  onAgreed: (row: TaskRow) => void;
  onClose: () => void;
}

/** 一并办理: one opinion, yes or no, for several tasks, and what came of each. */
export function BatchDialog({ rows, onAgreed, onClose }: BatchDialogProps) {
  const [opinion, setOpinion] = useState("");
  const [verb, setVerb] = useState<BatchVerb>("agree");
  const batch = useBatch(rows, verb, opinion, onAgreed);
  const ids = useId();
  const n = (...kinds: RowState["kind"][]) => batch.states.filter(({ state }) => kinds.includes(state.kind)).length;
  const running = batch.spent !== undefined;
  const begun = running || n("done", "refused") > 0;
  const ready = n("ready");
  const again = n("refused");
  const agree = () => {
    noteSaid(opinion);
    void batch.run();
  };
  return (
    <Modal
      open
      centered
      width={680}
      title={t(verb === "agree" ? "workflow.batch_title" : "workflow.batch_title_reject", { n: rows.length })}
      closable={!running}
      mask={{ closable: !running }}
      keyboard={!running}
      onCancel={onClose}
      footer={
        running ? (
          <Button onClick={batch.stop}>{t("workflow.batch_stop")}</Button>
        ) : (
          <>
            <Button onClick={onClose}>{t(begun ? "ui.close" : "ui.cancel")}</Button>
            {ready + again > 0 && (
              <Button type="primary" danger={verb === "reject"} disabled={n("looking") > 0} onClick={agree}>
                {ready > 0 ? t(verb === "agree" ? "workflow.batch_agree" : "workflow.batch_reject", { n: ready + again }) : t("workflow.batch_again", { n: again })}
              </Button>
            )}
          </>
        )
      }
    >
      <Segmented
        className={styles.verb ?? ""}
        aria-label={t("workflow.batch_verb")}
        value={verb}
        // What was sent was sent as the one or the other.
        disabled={begun}
        options={[
          { value: "agree", label: t("workflow.batch_verb_agree") },
          { value: "reject", label: t("workflow.batch_verb_reject") },
        ]}
        onChange={(chosen: BatchVerb) => setVerb(chosen)}
      />
      <label htmlFor={`${ids}-opinion`} className={styles.label}>
        {t("workflow.batch_opinion")}
      </label>
      <Input.TextArea
        id={`${ids}-opinion`}
        autoSize={{ minRows: 1, maxRows: 4 }}
        value={opinion}
        disabled={running}
        onChange={(event) => setOpinion(event.target.value)}
      />
      {!running && <QuickOpinions onPick={(phrase) => setOpinion(withPhrase(opinion, phrase))} />}
      <Progress states={batch.states} verb={verb} spent={batch.spent} />
      <FramedRows label={t("workflow.batch_rows")}>
        {batch.states.map(({ row, state }) => (
          <li key={row.id} data-state={state.kind}>
            <span className={styles.what}>
              <strong>{row.initiator.name}</strong> {text(row.flow_name)} {row.facts.slice(0, 2).map(showFact).join(" · ")}{" "}
              <small>{row.number}</small>
            </span>
            <Result state={state} verb={verb} />
            {(state.kind === "apart" || state.kind === "refused") && (
              <p className={styles.why}>
                {state.why}{" "}
                {!running && (
                  <Link to="/inbox/$list/{-$id}" params={{ list: "waiting", id: row.case_id }} onClick={onClose}>
                    {t("workflow.batch_open")}
                  </Link>
                )}
              </p>
            )}
            {state.kind === "done" && state.warnings.map((warning) => <p key={warning} className={styles.why}>{warning}</p>)}
          </li>
        ))}
      </FramedRows>
    </Modal>
  );
}

function Result({ state, verb }: { state: RowState; verb: BatchVerb }) {
  switch (state.kind) {
    case "looking":
      return <Chip>{t("workflow.batch_looking")}</Chip>;
    case "ready":
      return <Chip tone="accent">{t("workflow.batch_ready")}</Chip>;
    case "apart":
      return <Chip tone="warn">{t("workflow.batch_apart")}</Chip>;
    case "sending":
      return <Chip tone="accent">{t("workflow.batch_sending")}</Chip>;
    case "done":
      return verb === "agree" ? <Chip tone="good">{t("workflow.batch_done")}</Chip> : <Chip tone="warn">{t("workflow.batch_rejected")}</Chip>;
    case "refused":
      return <Chip tone="danger">{t("workflow.batch_refused")}</Chip>;
  }
}

/** How far it is, how long it may still take, and at the end what came of it; told to screen readers too. */
function Progress({ states, verb, spent }: { states: readonly BatchRow[]; verb: BatchVerb; spent: number | undefined }) {
  const count = (kind: RowState["kind"]) => states.filter(({ state }) => state.kind === kind).length;
  const [done, refused, apart] = [count("done"), count("refused"), count("apart")];
  const settled = done + refused;
  const all = states.length - apart;
  if (spent === undefined) {
    return (
      <p className={styles.summary} role="status">
        {settled > 0 && t(verb === "agree" ? "workflow.batch_result" : "workflow.batch_result_reject", { done, refused, left: states.length - settled })}
        {settled === 0 && apart > 0 && t("workflow.batch_apart_n", { n: apart })}
      </p>
    );
  }
  const left = settled > 0 ? (spent / settled) * (all - settled) : 0;
  return (
    <div className={styles.summary}>
      <progress value={settled} max={all} aria-label={t("workflow.batch_progress", { done: settled, all })} />
      <span>
        {t("workflow.batch_progress", { done: settled, all })}
        {left > 2_000 && ` ${t("workflow.batch_remaining", { time: formatDuration(left) })}`}
      </span>
    </div>
  );
}
