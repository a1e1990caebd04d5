import { useId, useState } from "react";

import { Attachments } from "@/modules/files/parts/attachments";
import { t } from "@/lib/words";
import { Alert, Select } from "@/ui";
import { DateField } from "@/ui/date";

import type { CaseView, Signing, TaskView } from "../api";
import { FieldsDialog, Lacking } from "./fields-dialog";
import { PrintToSign } from "./paper";

interface SignDialogProps {
  view: CaseView;
  task: TaskView & { paper: NonNullable<TaskView["paper"]> };
  /** What is done with it: 同意 or 办理完成. */
  label: string;
  pending: boolean;
  onSigned: (signing: Signing) => void;
  onClose: () => void;
}

/** 登记签字: the scan of the signed sheet, the day that stands on it, and whose signature it is (FLOW-35). */
export function SignDialog({ view, task, label, pending, onSigned, onClose }: SignDialogProps) {
  const { paper } = task;
  const [scan, setScan] = useState<string[]>([]);
  const [day, setDay] = useState<string>();
  const [signer, setSigner] = useState(paper.signers.length === 1 ? paper.signers[0]?.id : undefined);
  const [tried, setTried] = useState(false);
  const ids = useId();
  const asksSigner = paper.signers.length > 0;
  const lacks = { signer: asksSigner && !signer, day: !day, scan: scan.length === 0 };
  const send = () => {
    setTried(true);
    if (!paper.is_current || Object.values(lacks).some(Boolean) || !day) return;
    onSigned({ scan, signed_on: day, signed_by: signer ?? null });
  };
  return (
    <FieldsDialog title={t("workflow.sign_title")} submit={label} disabled={!paper.is_current} pending={pending} onSubmit={send} onClose={onClose}>
      {!paper.is_current && (
        <Alert
          type="warning"
          title={paper.edition ? t("workflow.paper_outdated", { n: paper.edition }) : t("workflow.paper_not_printed")}
          description={<PrintToSign view={view} task={task} />}
        />
      )}
      {asksSigner && (
        <>
          <label htmlFor={`${ids}-signer`}>{t("workflow.signer")}</label>
          <Select
            id={`${ids}-signer`}
            value={signer}
            options={paper.signers.map((person) => ({ value: person.id, label: person.name }))}
            aria-invalid={(tried && lacks.signer) || undefined}
            aria-describedby={tried && lacks.signer ? `${ids}-no-signer` : undefined}
            onChange={setSigner}
          />
          {tried && lacks.signer && <Lacking id={`${ids}-no-signer`}>{t("workflow.signer_needed")}</Lacking>}
        </>
      )}
      <label htmlFor={`${ids}-day`}>{t("workflow.signed_day")}</label>
      <DateField
        id={`${ids}-day`}
        value={day}
        status={tried && lacks.day ? "error" : undefined}
        aria-describedby={tried && lacks.day ? `${ids}-no-day` : undefined}
        onChange={setDay}
      />
      {tried && lacks.day && <Lacking id={`${ids}-no-day`}>{t("workflow.signed_day_needed")}</Lacking>}
      <span id={`${ids}-scan`}>{t("workflow.scan", { types: paper.types.map((type) => type.toUpperCase()) })}</span>
      <Attachments
        value={scan}
        aria-describedby={tried && lacks.scan ? `${ids}-no-scan` : `${ids}-scan`}
        onChange={(change) => setScan((files) => change(files))}
      />
      {tried && lacks.scan && <Lacking id={`${ids}-no-scan`}>{t("workflow.scan_needed")}</Lacking>}
    </FieldsDialog>
  );
}
