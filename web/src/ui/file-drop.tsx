import { useId, useRef, useState } from "react";

import { t } from "@/lib/words";

import { Button } from "./controls";
import styles from "./file-drop.module.css";
import { Icon } from "./icon";

interface FileDropProps {
  /** What the chooser is called. */
  label: string;
  /** Which files are taken, as the browser reads it: `.xlsx,.csv`. */
  accept: string;
  file: File | undefined;
  onChange: (file: File | undefined) => void;
  /** How large a file is, in words. */
  sizeOf: (bytes: number) => string;
  disabled?: boolean;
}

/** One file, chosen or dropped: its name and size, and a way to take it back before it is sent. */
export function FileDrop({ label, accept, file, onChange, sizeOf, disabled }: FileDropProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const take = (chosen: File | undefined) => {
    if (chosen && !disabled) onChange(chosen);
  };
  const forget = () => {
    onChange(undefined);
    input.current?.focus();
  };
  return (
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions -- dropping is one more way; the field in it serves every device
    <div
      className={over ? `${styles.well} ${styles.over}` : styles.well}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(!disabled);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer.files[0]);
      }}
    >
      <input
        ref={input}
        id={id}
        className={styles.input}
        type="file"
        accept={accept}
        disabled={disabled ?? false}
        onChange={(event) => {
          take(event.target.files?.[0]);
          // The same file, put right, may be chosen again.
          event.target.value = "";
        }}
      />
      <label htmlFor={id} className={styles.label}>
        <Icon name="upload" size={18} /> {label}
      </label>
      <span className={styles.hint}>{t("ui.or_drop")}</span>
      {file && (
        <p className={styles.file} aria-live="polite">
          <Icon name="file" size={16} />
          <span className={styles.name}>{file.name}</span>
          <span className={styles.hint}>{sizeOf(file.size)}</span>
          <Button type="text" size="small" disabled={disabled ?? false} aria-label={t("ui.take_file_back", { name: file.name })} onClick={forget}>
            {t("ui.remove")}
          </Button>
        </p>
      )}
    </div>
  );
}
