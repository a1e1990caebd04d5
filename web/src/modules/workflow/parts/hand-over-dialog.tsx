import { useId, useState } from "react";

import { PersonPicker } from "@/modules/directory/parts/person-picker";
import { t } from "@/lib/words";

import { FieldsDialog, Lacking } from "./fields-dialog";
import styles from "./fields-dialog.module.css";
import { WordsField } from "./words-field";

interface GiveToAnotherProps {
  title: string;
  pending: boolean;
  onGive: (given: { to: string; text: string }) => void;
  onClose: () => void;
}

/** 移交: to whom, and why, where the case itself is not shown. */
export function GiveToAnother({ title, pending, onGive, onClose }: GiveToAnotherProps) {
  const [[to], setTo] = useState<string[]>([]);
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const ids = useId();
  const text = reason.trim();
  const send = () => {
    setTried(true);
    if (to && text) onGive({ to, text });
  };
  return (
    <FieldsDialog title={title} submit={t("workflow.hand_over")} pending={pending} focus={`${ids}-to`} onSubmit={send} onClose={onClose}>
      <p className={styles.hint}>{t("workflow.hand_over_hint")}</p>
      <label htmlFor={`${ids}-to`}>{t("workflow.hand_over_to")}</label>
      <div>
        <PersonPicker
          id={`${ids}-to`}
          value={to ? [to] : []}
          onChange={setTo}
          multiple={false}
          aria-invalid={(tried && !to) || undefined}
          aria-describedby={tried && !to ? `${ids}-nobody` : undefined}
        />
        {tried && !to && <Lacking id={`${ids}-nobody`}>{t("workflow.operation_nobody")}</Lacking>}
      </div>
      <WordsField
        id={`${ids}-reason`}
        label={t("workflow.operation_words")}
        value={reason}
        placeholder={t("workflow.hand_over_words")}
        missing={tried && !text ? t("workflow.operation_words_missing") : undefined}
        rows={2}
        onChange={setReason}
      />
    </FieldsDialog>
  );
}
