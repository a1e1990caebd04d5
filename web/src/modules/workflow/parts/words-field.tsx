import { t } from "@/lib/words";
import { Input } from "@/ui";

import { Lacking } from "./fields-dialog";
import styles from "./fields-dialog.module.css";

interface WordsFieldProps {
  id: string;
  label: string;
  value: string;
  onChange: (words: string) => void;
  placeholder?: string;
  /** What is said where words are due and there are none. */
  missing?: string | undefined;
  optional?: boolean;
  /** Lines at least. */
  rows?: number;
}

/** Why somebody does something, in a dialog: with its label, and with what is missing. */
export function WordsField({ id, label, value, onChange, placeholder, missing, optional = false, rows = 3 }: WordsFieldProps) {
  return (
    <>
      <label htmlFor={id}>
        {label}
        {optional && <span className={styles.optional}> {t("workflow.operation_optional")}</span>}
      </label>
      <div>
        <Input.TextArea
          id={id}
          autoSize={{ minRows: rows, maxRows: 8 }}
          value={value}
          placeholder={placeholder}
          aria-invalid={missing !== undefined || undefined}
          aria-describedby={missing ? `${id}-missing` : undefined}
          {...(missing ? { status: "error" as const } : {})}
          onChange={(event) => onChange(event.target.value)}
        />
        {missing && <Lacking id={`${id}-missing`}>{missing}</Lacking>}
      </div>
    </>
  );
}
