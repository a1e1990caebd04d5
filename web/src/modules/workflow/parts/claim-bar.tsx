import { t } from "@/lib/words";
import { ActionButton } from "@/ui";

import { type CaseView, type TaskView, useClaim } from "../api";
import styles from "./claim-bar.module.css";

const NOTHING = {};

/** A task that waits at several: whoever claims it first handles it, and only then can anything be done with it. */
export function ClaimBar({ view, task }: { view: CaseView; task: TaskView }) {
  const claim = useClaim(view, task, t("workflow.did_claim"));
  return (
    <div className={styles.bar}>
      <p className={styles.hint}>{t("workflow.claim_hint")}</p>
      <ActionButton action={claim} input={NOTHING} label={t("workflow.claim")} type="primary" />
    </div>
  );
}
