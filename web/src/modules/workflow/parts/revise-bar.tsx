import type { Values } from "@/modules/forms/model";
import { t } from "@/lib/words";
import { Button, useShortcuts } from "@/ui";

import { type CaseView, useResubmit } from "../api";
import styles from "./decision-bar.module.css";

interface ReviseBarProps {
  view: CaseView;
  edits: Values;
  missing: string[];
  onMissing: (field: string) => void;
  onDecided: () => void;
}

/** After a return the initiator corrects and sends it on again. */
export function ReviseBar({ view, edits, missing, onMissing, onDecided }: ReviseBarProps) {
  const resubmit = useResubmit(view, t("workflow.did_resubmit"), onDecided);
  const send = () => {
    if (missing[0]) onMissing(missing[0]);
    else void resubmit.run({ values: { ...view.values, ...edits } });
  };
  useShortcuts([{ keys: "mod+Enter", label: t("workflow.resubmit"), run: send }]);
  return (
    <div className={styles.bar}>
      <p className={styles.words}>{t("workflow.resubmit_hint")}</p>
      <div className={styles.buttons}>
        <Button type="primary" loading={resubmit.pending} onClick={send}>
          {t("workflow.resubmit")}
        </Button>
      </div>
    </div>
  );
}
