import { useId, useState } from "react";

import { PersonPicker } from "@/modules/directory/parts/person-picker";
import { t } from "@/lib/words";

import { type CaseView, type TaskView, useHandOver } from "../api";
import { FieldsDialog } from "./fields-dialog";
import { WordsField } from "./words-field";

interface HandOverDialogProps {
  view: CaseView;
  task: TaskView;
  onClose: () => void;
  onDone: () => void;
}

/** 移交: the flow's administrator names who handles it, and why. */
export function HandOverDialog({ view, task, onClose, onDone }: HandOverDialogProps) {
  const action = useHandOver(view, task, t("workflow.did_hand_over"), () => {
    onClose();
    onDone();
  });
  return <GiveToAnother title={t("workflow.hand_over")} pending={action.pending} onGive={(given) => void action.run(given)} onClose={onClose} />;
}

interface GiveToAnotherProps {
  title: string;
  pending: boolean;
  onGive: (given: { to: string; text: string }) => void;
  onClose: () => void;
}

/** To whom, and why. */
export function GiveToAnother({ title, pending, onGive, onClose }: GiveToAnotherProps) {
  const [[to], setTo] = useState<string[]>([]);
  const [reason, setReason] = useState("");
  const ids = useId();
  const text = reason.trim();
  return (
    <FieldsDialog
      title={title}
      submit={t("workflow.hand_over")}
      disabled={!to || text === ""}
      pending={pending}
      onSubmit={() => to && onGive({ to, text })}
      onClose={onClose}
    >
      <label htmlFor={`${ids}-to`}>{t("workflow.hand_over_to")}</label>
      <PersonPicker id={`${ids}-to`} value={to ? [to] : []} onChange={setTo} multiple={false} />
      <WordsField id={`${ids}-reason`} label={t("workflow.hand_over_reason")} value={reason} rows={2} onChange={setReason} />
    </FieldsDialog>
  );
}
