import { fileAddress } from "@/modules/files/api";

import styles from "./handwriting.module.css";

/** What was drawn, on white as on paper. */
export function Drawing({ id, label }: { id: string; label: string }) {
  return <img className={styles.drawing} src={fileAddress(id)} alt={label} />;
}
