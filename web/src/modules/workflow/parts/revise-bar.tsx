import { useState } from "react";

import type { Values } from "@/modules/forms/model";
import { t, text } from "@/lib/words";
import { Button, useShortcuts } from "@/ui";

import { type CaseView, type TaskView, useResubmit } from "../api";
import { Accuracy } from "./accuracy";
import styles from "./decision-bar.module.css";

interface ReviseBarProps {
  view: CaseView;
  task: TaskView;
  edits: Values;
  missing: string[];
  onMissing: (field: string) => void;
  onDecided: () => void;
}

/** After a return the initiator corrects, confirms again, and sends it on. */
export function ReviseBar({ view, task, edits, missing, onMissing, onDecided }: ReviseBarProps) {
  const [confirmed, setConfirmed] = useState(false);
  const [tried, setTried] = useState(false);
  const resubmit = useResubmit(view, task, t("workflow.did_resubmit"), onDecided);
  const send = () => {
    setTried(true);
    if (missing[0]) onMissing(missing[0]);
    else if (!confirmed) document.getElementById("accuracy")?.focus();
    else void resubmit.run({ values: edits, confirmed });
  };
  useShortcuts([{ keys: "mod+Enter", label: t("workflow.resubmit"), run: send }]);
  return (
    <div className={styles.bar}>
      <div className={styles.words}>
        <p>{t("workflow.resubmit_hint")}</p>
        <Accuracy
          words={text(view.form.declaration) || t("workflow.confirm_accuracy")}
          confirmed={confirmed}
          wanting={tried && !confirmed}
          onChange={setConfirmed}
        />
      </div>
      <div className={styles.buttons}>
        <Button type="primary" loading={resubmit.pending} onClick={send}>
          {t("workflow.resubmit")}
        </Button>
      </div>
    </div>
  );
}
