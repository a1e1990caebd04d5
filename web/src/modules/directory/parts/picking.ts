import styles from "./person-picker.module.css";

/** What a picker of the directory is asked for, whatever is picked. */
export interface Picking {
  id?: string;
  value: readonly string[];
  onChange: (ids: string[]) => void;
  multiple: boolean;
  maxCount?: number | undefined;
  "aria-label"?: string;
  "aria-describedby"?: string | undefined;
  "aria-invalid"?: boolean | undefined;
}

/** The same for the select behind it: one or several ids, always told as a list. */
export function selectFor({ id, value, onChange, multiple, maxCount, ...aria }: Picking) {
  return {
    ...(id ? { id } : {}),
    ...aria,
    className: styles.picker ?? "",
    mode: multiple ? ("multiple" as const) : undefined,
    value: multiple ? [...value] : (value[0] ?? null),
    ...(maxCount === undefined ? {} : { maxCount }),
    allowClear: true,
    onChange: (chosen: string | string[] | null | undefined) => onChange(Array.isArray(chosen) ? chosen : chosen ? [chosen] : []),
  };
}
