import { useEffect, useId } from "react";

import { PersonPicker } from "@/modules/directory/parts/person-picker";
import { t } from "@/lib/words";

import styles from "./mention-field.module.css";

interface MentionPickerProps {
  mentions: readonly string[];
  onChange: (people: string[]) => void;
}

/** Whom the words name. It takes the cursor when it appears: whoever typed an @ goes on with the name. */
export function MentionPicker({ mentions, onChange }: MentionPickerProps) {
  const id = useId();
  useEffect(() => document.getElementById(id)?.focus(), [id]);
  return (
    <div className={styles.people}>
      <label htmlFor={id}>{t("workflow.mentions")}</label>
      <PersonPicker id={id} value={mentions} onChange={onChange} multiple />
    </div>
  );
}
