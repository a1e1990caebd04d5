import { createContext, type ReactNode, useContext } from "react";

import { Icon } from "@/ui";

import { fileAddress, type FileView, hasThumbnail, thumbnailAddress, useFile } from "../api";
import styles from "./files.module.css";

const Known = createContext<Readonly<Record<string, FileView>>>({});

/** Files that came with what is shown: nobody asks for their names again. */
export function KnownFiles({ files, children }: { files: Readonly<Record<string, FileView>>; children: ReactNode }) {
  return <Known.Provider value={files}>{children}</Known.Provider>;
}

/** One file: its name, its size, its picture where it has one; opens in a tab of its own. */
export function FileChip({ id, tools }: { id: string; tools?: ReactNode }) {
  const known = useFile(id, useContext(Known)[id]).data;
  return (
    <span className={styles.chip}>
      <a href={fileAddress(id)} target="_blank" rel="noopener" className={styles.link}>
        {known && hasThumbnail(known) ? (
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

export function FileList({ ids }: { ids: readonly string[] }) {
  if (ids.length === 0) return null;
  return (
    <div className={styles.files}>
      {ids.map((id) => (
        <FileChip key={id} id={id} />
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
