import { type ReactNode, useEffect, useRef } from "react";

import { usePhone } from "@/lib/use-media";
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
  const phone = usePhone();
  const fields = useRef<HTMLDivElement>(null);
  // What is missing or wrong may have scrolled out of sight.
  const lead = () => fields.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  const send = () => {
    onSubmit();
    requestAnimationFrame(lead);
  };
  useEffect(() => {
    if (!pending) lead();
  }, [pending]);
  useShortcuts([{ keys: "mod+Enter", label: submit, run: () => !disabled && !pending && send() }]);
  return (
    <Modal
      open
      centered
      title={title}
      okText={submit}
      okButtonProps={{ danger, disabled }}
      confirmLoading={pending}
      // On a phone the keyboard would cover what is asked before it is read.
      afterOpenChange={(open) => open && focus && !phone && document.getElementById(focus)?.focus()}
      onOk={send}
      onCancel={onClose}
    >
      <div ref={fields} className={styles.fields}>
        {children}
      </div>
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
