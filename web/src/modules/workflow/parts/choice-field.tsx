import { Radio } from "@/ui";

import styles from "./fields-dialog.module.css";

interface ChoiceFieldProps<V extends string> {
  id: string;
  label: string;
  value: V;
  options: { value: V; label: string }[];
  disabled?: boolean;
  onChange: (value: V) => void;
}

/** One of a few, in a dialog: all are in sight, one below the other, with what is asked above them. */
export function ChoiceField<V extends string>({ id, label, value, options, disabled = false, onChange }: ChoiceFieldProps<V>) {
  return (
    <>
      <span id={id}>{label}</span>
      <Radio.Group
        name={id}
        aria-labelledby={id}
        className={styles.then ?? ""}
        value={value}
        disabled={disabled}
        options={options}
        onChange={(event) => onChange(event.target.value as V)}
      />
    </>
  );
}
