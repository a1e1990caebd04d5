import { useId, useState } from "react";

import { t, text } from "@/lib/words";
import { Input, Modal, Radio, Select } from "@/ui";

import { type AfterReturn, type CaseView, type TaskView, useReturn } from "../api";
import styles from "./return-dialog.module.css";

interface ReturnDialogProps {
  view: CaseView;
  task: TaskView;
  opinion: string;
  onClose: () => void;
  onReturned: () => void;
}

/** 退回: to whom, and how it comes back afterwards. What is wrong must be said. */
export function ReturnDialog({ view, task, opinion: begun, onClose, onReturned }: ReturnDialogProps) {
  const [to, setTo] = useState(task.return_targets[0]?.node);
  const [then, setThen] = useState<AfterReturn>(task.after_return ?? "straight_back");
  const [opinion, setOpinion] = useState(begun);
  const [tried, setTried] = useState(false);
  const ids = useId();
  const action = useReturn(view, task, t("workflow.did_return", { title: text(view.title) }), () => {
    onClose();
    onReturned();
  });
  const wanting = opinion.trim() === "";
  const send = () => {
    setTried(true);
    if (wanting || !to) return;
    void action.run({ to, then, text: opinion.trim() });
  };
  return (
    <Modal
      open
      centered
      title={t("workflow.return_title")}
      okText={t("workflow.return")}
      cancelText={t("ui.cancel")}
      confirmLoading={action.pending}
      onOk={send}
      onCancel={onClose}
    >
      <div className={styles.fields}>
        <label htmlFor={`${ids}-to`}>{t("workflow.return_to")}</label>
        <Select
          id={`${ids}-to`}
          value={to}
          options={task.return_targets.map((target) => ({ value: target.node, label: text(target.name) }))}
          onChange={setTo}
        />
        <span id={`${ids}-then`}>{t("workflow.return_then")}</span>
        <Radio.Group
          aria-labelledby={`${ids}-then`}
          className={styles.then ?? ""}
          value={then}
          disabled={task.after_return != null}
          onChange={(event) => setThen(event.target.value as AfterReturn)}
          options={[
            { value: "straight_back", label: t("workflow.then_straight_back") },
            { value: "walk_again", label: t("workflow.then_walk") },
          ]}
        />
        <label htmlFor={`${ids}-opinion`}>{t("workflow.return_opinion")}</label>
        <div>
          <Input.TextArea
            id={`${ids}-opinion`}
            autoSize={{ minRows: 3, maxRows: 8 }}
            value={opinion}
            aria-invalid={(tried && wanting) || undefined}
            {...(tried && wanting ? { status: "error" as const } : {})}
            onChange={(event) => setOpinion(event.target.value)}
          />
          {tried && wanting && (
            <p className={styles.error} role="alert">
              {t("workflow.return_opinion_missing")}
            </p>
          )}
        </div>
      </div>
    </Modal>
  );
}
