import { useId, useState } from "react";

import { t } from "@/lib/words";

import { type OpinionView, useCorrect } from "../api";
import { FieldsDialog } from "./fields-dialog";
import styles from "./fields-dialog.module.css";
import { WordsField } from "./words-field";

interface CorrectionDialogProps {
  /** The case. */
  id: string;
  opinion: OpinionView;
  onClose: () => void;
}

/** New words beside the old ones; the verdict stays as it was. */
export function CorrectionDialog({ id, opinion, onClose }: CorrectionDialogProps) {
  const [text, setText] = useState(opinion.text);
  const [tried, setTried] = useState(false);
  const field = useId();
  const correct = useCorrect(id, t("workflow.did_correct"), onClose);
  const mute = text.trim() === "" || text.trim() === opinion.text.trim();
  const send = () => {
    setTried(true);
    if (!mute) void correct.run({ opinion: opinion.no, text: text.trim(), attachments: [], mentions: [] });
  };
  return (
    <FieldsDialog title={t("workflow.correct")} submit={t("workflow.correct")} pending={correct.pending} focus={field} onSubmit={send} onClose={onClose}>
      <p className={styles.hint}>{t("workflow.correct_hint")}</p>
      <WordsField
        id={field}
        label={t("workflow.correct_words")}
        value={text}
        missing={tried && mute ? t("workflow.correct_missing") : undefined}
        onChange={setText}
      />
    </FieldsDialog>
  );
}
