import { useId, useState } from "react";

import { t, text } from "@/lib/words";
import { Select } from "@/ui";

import { type AfterReturn, type CaseView, type TaskView, useDecide, useReturn } from "../api";
import { ChoiceField } from "./choice-field";
import { FieldsDialog } from "./fields-dialog";
import { noteSaid } from "./phrases";
import { WordsField } from "./words-field";

interface ReturnDialogProps {
  view: CaseView;
  task: TaskView;
  opinion: string;
  /** What may be done here. */
  turning: readonly Turning[];
  onClose: () => void;
  onDone: () => void;
}

/** To send it back for correction, or to disagree, which ends it. */
export type Turning = "return" | "reject";

/** 退回: to whom, and how it comes back afterwards; or 不同意. What is wrong must be said. */
export function ReturnDialog({ view, task, opinion: begun, turning, onClose, onDone }: ReturnDialogProps) {
  const [verb, setVerb] = useState<Turning>(turning[0] ?? "return");
  const [to, setTo] = useState(task.return_targets[0]?.node);
  const [then, setThen] = useState<AfterReturn>(task.after_return ?? "straight_back");
  const [opinion, setOpinion] = useState(begun);
  const [tried, setTried] = useState(false);
  const ids = useId();
  const title = text(view.title);
  const done = () => {
    noteSaid(opinion);
    onClose();
    onDone();
  };
  const returning = useReturn(view, task, t("workflow.did_return", { title }), done);
  const rejecting = useDecide(view, task, () => t("workflow.did_reject", { title }), done);
  const fewest = verb === "reject" ? Math.max(1, task.words_to_agree) : 1;
  const wanting = [...opinion.trim()].length < fewest;
  const send = () => {
    setTried(true);
    if (wanting) return;
    if (verb === "reject") void rejecting.run({ verb, text: opinion.trim(), attachments: [] });
    else if (to) void returning.run({ to, then, text: opinion.trim() });
  };
  return (
    <FieldsDialog
      title={t(turning.length > 1 ? "workflow.return_or_reject" : verb === "return" ? "workflow.return_title" : "workflow.reject")}
      submit={t(`workflow.${verb}`)}
      danger={verb === "reject"}
      pending={returning.pending || rejecting.pending}
      // What is wrong must be said: whoever came by keyboard types it at once.
      focus={`${ids}-opinion`}
      onSubmit={send}
      onClose={onClose}
    >
      {turning.length > 1 && (
        <ChoiceField
          id={`${ids}-verb`}
          label={t("workflow.return_what")}
          value={verb}
          options={turning.map((value) => ({ value, label: t(`workflow.turning_${value}`) }))}
          onChange={setVerb}
        />
      )}
      {verb === "return" && (
        <>
          <label htmlFor={`${ids}-to`}>{t("workflow.return_to")}</label>
          <Select
            id={`${ids}-to`}
            value={to}
            options={task.return_targets.map((target) => ({ value: target.node, label: text(target.name) }))}
            onChange={setTo}
          />
          <ChoiceField<AfterReturn>
            id={`${ids}-then`}
            label={t("workflow.return_then")}
            value={then}
            disabled={task.after_return != null}
            options={[
              { value: "straight_back", label: t("workflow.then_straight_back") },
              { value: "walk_again", label: t("workflow.then_walk") },
              { value: "skip_unchanged", label: t("workflow.then_skip") },
            ]}
            onChange={setThen}
          />
        </>
      )}
      <WordsField
        id={`${ids}-opinion`}
        label={t(verb === "reject" ? "workflow.reject_opinion" : "workflow.return_opinion")}
        value={opinion}
        missing={tried && wanting ? reason(verb, fewest) : undefined}
        onChange={setOpinion}
      />
    </FieldsDialog>
  );
}

function reason(verb: Turning, fewest: number): string {
  if (verb === "return") return t("workflow.return_opinion_missing");
  return fewest > 1 ? t("workflow.opinion_too_short", { n: fewest }) : t("workflow.reject_opinion_missing");
}
