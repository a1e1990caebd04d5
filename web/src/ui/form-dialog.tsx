import { Form, type FormInstance, type FormProps } from "antd";
import { type ReactNode, useEffect, useId } from "react";

import { usePhone } from "@/lib/use-media";

import { Modal } from "./overlays";
import { Hint } from "./page";

interface FormDialogProps<T> {
  title: string;
  /** What it is for, above the fields. */
  hint?: ReactNode;
  /** What the button says that sends it. */
  submit: string;
  pending?: boolean;
  disabled?: boolean;
  form?: FormInstance<T>;
  initial?: Partial<T>;
  onValuesChange?: NonNullable<FormProps<T>["onValuesChange"]>;
  onSubmit: (entered: T) => void;
  onClose: () => void;
  width?: number;
  children: ReactNode;
}

/** A form in a dialog: fields one below the other, the first has the focus, Enter sends it. */
export function FormDialog<T extends object>({
  title, hint, submit, pending = false, disabled = false, initial, onSubmit, onClose, width = 520, children, ...rest
}: FormDialogProps<T>) {
  const id = useId();
  const phone = usePhone();
  useEffect(() => {
    // On a phone the keyboard would cover what is asked before it is read.
    if (!phone) document.getElementById(id)?.querySelector<HTMLElement>("input, textarea")?.focus();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once, when it opens
  }, []);
  return (
    <Modal
      open
      width={width}
      title={title}
      onCancel={onClose}
      okText={submit}
      confirmLoading={pending}
      okButtonProps={{ htmlType: "submit", form: id, disabled }}
    >
      {hint && <Hint>{hint}</Hint>}
      <Form<T> id={id} layout="vertical" requiredMark={false} {...(initial ? { initialValues: initial } : {})} {...rest} onFinish={onSubmit}>
        {children}
      </Form>
    </Modal>
  );
}
