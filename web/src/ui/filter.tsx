import { t } from "@/lib/words";

import { Icon } from "./icon";
import styles from "./filter.module.css";

interface FilterProps {
  label: string;
  value: string | undefined;
  options: { value: string; label: string }[];
  /** What holds where nothing is chosen; absent: all. */
  none?: string;
  onChange: (value: string | undefined) => void;
}

/** One filter of a list: the device's own list of choices, light and at home on a phone. */
export function Filter({ label, value, options, none, onChange }: FilterProps) {
  return (
    <span className={styles.filter} data-set={value ? true : undefined}>
      <select aria-label={label} value={value ?? ""} onChange={(event) => onChange(event.target.value || undefined)}>
        <option value="">{none ?? t("ui.any", { label })}</option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <Icon name="down" size={12} />
    </span>
  );
}
