import { useId, useState } from "react";

import { t } from "@/lib/words";
import { Modal } from "@/ui";

import { type OpinionView, useCorrect } from "../api";
import styles from "./return-dialog.module.css";
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
  return (
    <Modal
      open
      centered
      title={t("workflow.correct")}
      okText={t("workflow.correct")}
      cancelText={t("ui.cancel")}
      confirmLoading={correct.pending}
      afterOpenChange={(open) => open && document.getElementById(field)?.focus()}
      onOk={() => {
        setTried(true);
        if (!mute) void correct.run({ opinion: opinion.no, text: text.trim(), attachments: [], mentions: [] });
      }}
      onCancel={onClose}
    >
      <div className={styles.fields}>
        <p className={styles.hint}>{t("workflow.correct_hint")}</p>
        <WordsField
          id={field}
          label={t("workflow.correct_words")}
          value={text}
          missing={tried && mute ? t("workflow.correct_missing") : undefined}
          onChange={setText}
        />
      </div>
    </Modal>
  );
}
