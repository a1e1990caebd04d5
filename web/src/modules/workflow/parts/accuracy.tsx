import { Checkbox } from "@/ui";

import styles from "./accuracy.module.css";

interface AccuracyProps {
  /** What he declares. */
  words: string;
  confirmed: boolean;
  /** He tried to send it without. */
  wanting: boolean;
  onChange: (confirmed: boolean) => void;
}

/** He answers for the entries, before they are handed in and again after a return (FORM-13). */
export function Accuracy({ words, confirmed, wanting, onChange }: AccuracyProps) {
  return (
    <Checkbox
      id="accuracy"
      checked={confirmed}
      aria-invalid={wanting || undefined}
      className={wanting ? (styles.unconfirmed ?? "") : ""}
      onChange={(event) => onChange(event.target.checked)}
    >
      {words}
    </Checkbox>
  );
}
