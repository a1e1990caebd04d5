import { FileList } from "@/modules/files/parts/file-chip";
import { formatInstant } from "@/lib/time";
import { t } from "@/lib/words";

import type { OpinionView } from "../api";
import { ActChip } from "./acts";
import styles from "./opinions.module.css";

/** An opinion box of the form: what was said there, by whom and when, as it stays on the paper (FORM-14). */
export function OpinionBox({ opinions, present }: { opinions: readonly OpinionView[]; present?: React.ReactNode }) {
  if (opinions.length === 0) return <span className={styles.open}>{present ?? ""}</span>;
  return (
    <>
      {opinions.map((opinion) => (
        <div key={opinion.id} className={styles.opinion}>
          <p className={styles.words}>
            <ActChip act={opinion.act} /> {opinion.text}
          </p>
          <FileList files={opinion.attachments} />
          <p className={styles.signed}>
            <span className={styles.name}>
              {opinion.person.name}
              {opinion.on_behalf_of && t("workflow.for", { name: opinion.on_behalf_of.name })}
            </span>{" "}
            <time dateTime={opinion.at}>{formatInstant(opinion.at)}</time>
          </p>
        </div>
      ))}
    </>
  );
}
