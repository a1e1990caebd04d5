import { Alert, Form, type FormInstance, type FormProps } from "antd";
import { type ReactNode, useEffect, useId } from "react";

import { describeField, type FieldProblem, type Problem } from "@/lib/problem";
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
  /** Why it was refused: said at the fields that it is about. */
  problem?: Problem | undefined;
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
  title, hint, submit, pending = false, problem, disabled = false, form: given, initial, onSubmit, onClose, width = 520, children, ...rest
}: FormDialogProps<T>) {
  const id = useId();
  const [own] = Form.useForm<T>();
  const form = given ?? own;
  const strays = useRefused(form, problem);
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
      <Form<T> id={id} form={form} layout="vertical" requiredMark={false} {...(initial ? { initialValues: initial } : {})} {...rest} onFinish={onSubmit}>
        {children}
        {strays.length > 0 && <Alert type="error" title={strays.map(describeField).join(" ")} />}
      </Form>
    </Modal>
  );
}

/** Says at each field what was wrong with it; gives what is about none of them. */
function useRefused<T extends object>(form: FormInstance<T>, problem: Problem | undefined): FieldProblem[] {
  useEffect(() => {
    const known = Object.keys(form.getFieldsValue());
    const wrong = (problem?.fields ?? []).filter(({ field }) => known.includes(field));
    // The names come from the server: the form knows them only as its own.
    form.setFields(wrong.map((fault) => ({ name: fault.field, errors: [describeField(fault)] })) as Parameters<typeof form.setFields>[0]);
    if (wrong[0]) document.getElementById(wrong[0].field)?.focus();
  }, [form, problem]);
  if (!problem) return [];
  const known = Object.keys(form.getFieldsValue());
  return problem.fields.filter(({ field }) => !known.includes(field));
}
