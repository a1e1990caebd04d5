import { useId, useState } from "react";

import { PersonPicker } from "@/modules/directory/parts/person-picker";
import { t } from "@/lib/words";
import { Input, Modal } from "@/ui";

import { type CaseView, type TaskView, useHandOver } from "../api";
import styles from "./return-dialog.module.css";

interface HandOverDialogProps {
  view: CaseView;
  task: TaskView;
  onClose: () => void;
  onDone: () => void;
}

/** 移交: the flow's administrator names who handles it, and why. */
export function HandOverDialog({ view, task, onClose, onDone }: HandOverDialogProps) {
  const [to, setTo] = useState<string[]>([]);
  const [reason, setReason] = useState("");
  const ids = useId();
  const action = useHandOver(view, task, t("workflow.did_hand_over"), () => {
    onClose();
    onDone();
  });
  return (
    <Modal
      open
      centered
      title={t("workflow.hand_over")}
      okText={t("workflow.hand_over")}
      cancelText={t("ui.cancel")}
      okButtonProps={{ disabled: !to[0] || reason.trim() === "" }}
      confirmLoading={action.pending}
      onOk={() => to[0] && void action.run({ to: to[0], text: reason.trim() })}
      onCancel={onClose}
    >
      <div className={styles.fields}>
        <label htmlFor={`${ids}-to`}>{t("workflow.hand_over_to")}</label>
        <PersonPicker id={`${ids}-to`} value={to} onChange={setTo} multiple={false} />
        <label htmlFor={`${ids}-reason`}>{t("workflow.hand_over_reason")}</label>
        <Input.TextArea
          id={`${ids}-reason`}
          autoSize={{ minRows: 2, maxRows: 6 }}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </div>
    </Modal>
  );
}
