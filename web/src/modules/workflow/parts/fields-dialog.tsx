import type { ReactNode } from "react";

import { Modal, useShortcuts } from "@/ui";

import styles from "./fields-dialog.module.css";

interface FieldsDialogProps {
  title: string;
  /** What the button says that sends it. */
  submit: string;
  danger?: boolean;
  disabled?: boolean;
  pending: boolean;
  /** The id of the control that has the focus when it opens. */
  focus?: string | undefined;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** A dialog about a case or a task: what it asks for one below the other, sent by its button or by Ctrl/Cmd+Enter. */
export function FieldsDialog({ title, submit, danger = false, disabled = false, pending, focus, onSubmit, onClose, children }: FieldsDialogProps) {
  useShortcuts([{ keys: "mod+Enter", label: submit, run: () => !disabled && !pending && onSubmit() }]);
  return (
    <Modal
      open
      centered
      title={title}
      okText={submit}
      okButtonProps={{ danger, disabled }}
      confirmLoading={pending}
      afterOpenChange={(open) => open && focus && document.getElementById(focus)?.focus()}
      onOk={onSubmit}
      onCancel={onClose}
    >
      <div className={styles.fields}>{children}</div>
    </Modal>
  );
}

/** What is missing or wrong, below the field that it is about. */
export function Lacking({ id, children }: { id?: string; children: ReactNode }) {
  return (
    <p id={id} className={styles.error} role="alert">
      {children}
    </p>
  );
}
