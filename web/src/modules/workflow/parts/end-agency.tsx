import { useState } from "react";

import { describe } from "@/lib/problem";
import { t } from "@/lib/words";
import { Alert, Input, Modal } from "@/ui";

import { type AgencyView, useEndAgency } from "../api";

/** Ends an agency before its time; an administrator says why. */
export function EndAgency({ agency, onClose }: { agency: AgencyView; onClose: () => void }) {
  const [reason, setReason] = useState("");
  const end = useEndAgency(t("workflow.agency_did_end"), onClose);
  return (
    <Modal
      open
      title={t("workflow.agency_end_question", { agent: agency.agent.name, principal: agency.principal.name })}
      okText={t("workflow.agency_end")}
      okButtonProps={{ danger: true, loading: end.pending }}
      onOk={() => void end.run({ agency, reason })}
      onCancel={onClose}
    >
      <p>{t("workflow.agency_end_hint")}</p>
      <label htmlFor="agency-end-reason">{t("workflow.agency_reason")}</label>
      <Input.TextArea id="agency-end-reason" autoSize={{ minRows: 2 }} value={reason} onChange={(event) => setReason(event.target.value)} />
      {end.problem && <Alert type="error" title={describe(end.problem)} />}
    </Modal>
  );
}
