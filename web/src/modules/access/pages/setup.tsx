import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";

import { describe } from "@/lib/problem";
import { t } from "@/lib/words";
import { Alert, Button, Doorway, Form, Input } from "@/ui";

import { setupQuery, useSetUp } from "../api";
import { fieldErrors } from "../parts/form-problems";

interface Entered {
  token: string;
  organisation: string;
  name: string;
  login: string;
  password: string;
}

/** The first start: the organisation's name and its first administrator, behind the one-time link. */
export function SetupPage() {
  const { token } = useSearch({ strict: false });
  const navigate = useNavigate();
  const setup = useQuery(setupQuery);
  const [form] = Form.useForm<Entered>();
  const action = useSetUp(() => void navigate({ to: "/", replace: true }));

  if (setup.data && !setup.data.needed) {
    return (
      <Doorway title={t("access.setup_done")} hint={t("access.setup_done_hint")}>
        <form>
          <Button type="primary" block size="large" onClick={() => void navigate({ to: "/sign-in" })}>
            {t("access.sign_in")}
          </Button>
        </form>
      </Doorway>
    );
  }

  const submit = async (entered: Entered) => {
    const outcome = await action.run(entered);
    if (outcome && !outcome.ok) form.setFields(fieldErrors(outcome.problem) as Parameters<typeof form.setFields>[0]);
  };
  const required = [{ required: true, message: t("ui.required") }];
  return (
    <Doorway title={t("access.setup")} hint={t("access.setup_hint")}>
      {action.problem && action.problem.fields.length === 0 && (
        <Alert type="error" showIcon role="alert" title={describe(action.problem)} />
      )}
      <Form form={form} layout="vertical" requiredMark={false} initialValues={{ token }} onFinish={(entered) => void submit(entered)}>
        <Form.Item name="token" label={t("access.setup_token")} hidden={Boolean(token)} rules={required}>
          <Input autoComplete="off" />
        </Form.Item>
        <Form.Item name="organisation" label={t("access.organisation")} rules={required}>
          <Input autoComplete="organization" placeholder={t("access.organisation_example")} />
        </Form.Item>
        <Form.Item name="name" label={t("access.your_name")} rules={required}>
          <Input autoComplete="name" />
        </Form.Item>
        <Form.Item name="login" label={t("access.login")} rules={required}>
          <Input autoComplete="username" autoCapitalize="none" spellCheck={false} />
        </Form.Item>
        <Form.Item name="password" label={t("access.password")} rules={required}>
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Button type="primary" size="large" htmlType="submit" block loading={action.pending}>
          {t("access.setup_submit")}
        </Button>
      </Form>
    </Doorway>
  );
}
