import type { ReactNode } from "react";

import { Icon } from "@/ui";

import { fileAddress, type FileView, thumbnailAddress, useFile } from "../api";
import styles from "./files.module.css";

/** One file: its name, its size, its picture where it has one; opens in a tab of its own. */
export function FileChip({ id, file, tools }: { id: string; file?: FileView | undefined; tools?: ReactNode }) {
  const known = useFile(id, file).data;
  return (
    <span className={styles.chip}>
      <a href={fileAddress(id)} target="_blank" rel="noopener" className={styles.link}>
        {known?.thumbnail ? (
          <img src={thumbnailAddress(id)} alt="" className={styles.thumbnail} loading="lazy" />
        ) : (
          <Icon name="file" size={16} />
        )}
        <span className={styles.name}>{known?.name ?? "…"}</span>
        {known && <span className={styles.size}>{formatSize(known.size)}</span>}
      </a>
      {tools}
    </span>
  );
}

export function FileList({ files }: { files: readonly FileView[] }) {
  if (files.length === 0) return null;
  return (
    <div className={styles.files}>
      {files.map((file) => (
        <FileChip key={file.id} id={file.id} file={file} />
      ))}
    </div>
  );
}

/** 1.2 MB; files are counted in powers of ten, as file managers do. */
export function formatSize(bytes: number): string {
  const units = ["B", "kB", "MB", "GB"] as const;
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}
