import { useId, useState } from "react";

import { describe } from "@/lib/problem";
import { t } from "@/lib/words";
import { Alert } from "@/ui";

import { type AgencyView, useEndAgency } from "../api";
import { FieldsDialog } from "./fields-dialog";
import styles from "./fields-dialog.module.css";
import { WordsField } from "./words-field";

/** Ends an agency before its time; an administrator says why. */
export function EndAgency({ agency, onClose }: { agency: AgencyView; onClose: () => void }) {
  const [reason, setReason] = useState("");
  const id = useId();
  const end = useEndAgency(t("workflow.agency_did_end"), onClose);
  return (
    <FieldsDialog
      title={t("workflow.agency_end_question", { agent: agency.agent.name, principal: agency.principal.name })}
      submit={t("workflow.agency_end")}
      danger
      pending={end.pending}
      onSubmit={() => void end.run({ agency, reason })}
      onClose={onClose}
    >
      <p className={styles.hint}>{t("workflow.agency_end_hint")}</p>
      <WordsField id={id} label={t("workflow.agency_reason")} value={reason} rows={2} onChange={setReason} />
      {end.problem && <Alert type="error" title={describe(end.problem)} />}
    </FieldsDialog>
  );
}
