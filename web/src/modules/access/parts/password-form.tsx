import { describe } from "@/lib/problem";
import { t } from "@/lib/words";
import { Alert, Button, Form, Input } from "@/ui";

import { useChangePassword } from "../api";
import { fieldErrors } from "./form-problems";

interface Entered {
  current: string;
  new: string;
  again: string;
}

/** Current, new, new again. What makes a password good is the rulebook's to say, and it says it in the refusal. */
export function PasswordForm({ onDone, size = "middle" }: { onDone: () => void; size?: "middle" | "large" }) {
  const [form] = Form.useForm<Entered>();
  const change = useChangePassword(() => {
    form.resetFields();
    onDone();
  });
  const submit = async ({ current, new: next }: Entered) => {
    const outcome = await change.run({ current, new: next });
    if (outcome && !outcome.ok) form.setFields(fieldErrors(outcome.problem) as Parameters<typeof form.setFields>[0]);
  };
  const required = { required: true, message: t("ui.required") };
  return (
    <Form form={form} layout="vertical" requiredMark={false} onFinish={(entered) => void submit(entered)}>
      {change.problem && change.problem.fields.length === 0 && (
        <Form.Item>
          <Alert type="error" showIcon role="alert" title={describe(change.problem)} />
        </Form.Item>
      )}
      <Form.Item name="current" label={t("access.current_password")} rules={[required]}>
        <Input.Password size={size} autoComplete="current-password" />
      </Form.Item>
      <Form.Item name="new" label={t("access.new_password")} rules={[required]}>
        <Input.Password size={size} autoComplete="new-password" />
      </Form.Item>
      <Form.Item
        name="again"
        label={t("access.new_password_again")}
        dependencies={["new"]}
        rules={[
          required,
          ({ getFieldValue }) => ({
            validator: (_, value: string) =>
              !value || value === getFieldValue("new")
                ? Promise.resolve()
                : Promise.reject(new Error(t("access.passwords_differ"))),
          }),
        ]}
      >
        <Input.Password size={size} autoComplete="new-password" />
      </Form.Item>
      <Button type="primary" size={size} htmlType="submit" block={size === "large"} loading={change.pending}>
        {t("access.change_password")}
      </Button>
    </Form>
  );
}
