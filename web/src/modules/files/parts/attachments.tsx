import { useQueryClient } from "@tanstack/react-query";
import { type DragEvent, useRef, useState } from "react";

import { describe } from "@/lib/problem";
import { uuid } from "@/lib/uuid";
import { t } from "@/lib/words";
import { Button, Icon, useToast } from "@/ui";

import { upload } from "../api";
import { FileChip } from "./file-chip";
import styles from "./files.module.css";

interface AttachmentsProps {
  id?: string | undefined;
  value: readonly string[];
  onChange: (change: (ids: readonly string[]) => string[]) => void;
  maxCount?: number | undefined;
  "aria-label"?: string;
  "aria-describedby"?: string | undefined;
}

interface Upload {
  key: string;
  file: File;
  share: number;
  failure?: string;
  abort: () => void;
}

/** Files added by button, drop or a phone's camera; each shows how far it is, and can be stopped or tried again. */
export function Attachments({ id, value, onChange, maxCount, ...aria }: AttachmentsProps) {
  const queries = useQueryClient();
  const toast = useToast();
  const field = useRef<HTMLInputElement>(null);
  const [uploads, setUploads] = useState<Upload[]>([]);
  const [over, setOver] = useState(false);
  const room = maxCount === undefined ? Infinity : maxCount - value.length - uploads.length;

  const patch = (key: string, change: Partial<Upload>) =>
    setUploads((all) => all.map((each) => (each.key === key ? { ...each, ...change } : each)));
  const drop = (key: string) => setUploads((all) => all.filter((each) => each.key !== key));

  const send = async (file: File, key: string) => {
    const control = new AbortController();
    setUploads((all) => [...all.filter((each) => each.key !== key), { key, file, share: 0, abort: () => control.abort() }]);
    try {
      const stored = await upload(file, key, (share) => patch(key, { share }), control.signal);
      queries.setQueryData(["files", "file", stored.id], stored);
      drop(key);
      onChange((ids) => (ids.includes(stored.id) ? [...ids] : [...ids, stored.id]));
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") drop(key);
      else patch(key, { failure: describe(error) });
    }
  };
  const add = (files: FileList | null) => {
    const chosen = [...(files ?? [])];
    if (chosen.length > room) toast.failed(t("files.too_many", { max: maxCount ?? 0 }));
    chosen.slice(0, Math.max(0, room)).forEach((file) => void send(file, uuid()));
    if (field.current) field.current.value = "";
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    add(event.dataTransfer.files);
  };

  return (
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions -- dropping is an addition; the button does the same
    <div
      className={`${styles.well} ${over ? styles.over : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      {(value.length > 0 || uploads.length > 0) && (
        <div className={styles.files}>
          {value.map((file) => (
            <FileChip
              key={file}
              id={file}
              tools={
                <Button
                  type="text"
                  size="small"
                  aria-label={t("files.remove")}
                  icon={<Icon name="cross" size={14} />}
                  onClick={() => onChange((ids) => ids.filter((other) => other !== file))}
                />
              }
            />
          ))}
          {uploads.map((each) => (
            <span key={each.key} className={styles.chip}>
              <span className={styles.link}>
                <Icon name="upload" size={16} />
                <span className={styles.name}>{each.file.name}</span>
                <span className={each.failure ? styles.failure : styles.size} role={each.failure ? "alert" : "status"}>
                  {each.failure ?? `${Math.round(each.share * 100)}%`}
                </span>
              </span>
              {each.failure && (
                <Button size="small" type="link" onClick={() => void send(each.file, each.key)}>
                  {t("ui.retry")}
                </Button>
              )}
              <Button
                type="text"
                size="small"
                aria-label={t("ui.cancel")}
                icon={<Icon name="cross" size={14} />}
                onClick={() => (each.failure ? drop(each.key) : each.abort())}
              />
            </span>
          ))}
        </div>
      )}
      {room > 0 && (
        <Button type="dashed" icon={<Icon name="clip" size={15} />} onClick={() => field.current?.click()} {...(id ? { id } : {})} {...aria}>
          {t("files.add")}
        </Button>
      )}
      <input ref={field} type="file" multiple hidden tabIndex={-1} data-testid="files" aria-label={t("files.add")} onChange={(event) => add(event.target.files)} />
    </div>
  );
}
