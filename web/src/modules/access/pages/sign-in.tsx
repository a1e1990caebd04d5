import { useQuery } from "@tanstack/react-query";
import { Navigate, useNavigate, useSearch } from "@tanstack/react-router";

import { describe } from "@/lib/problem";
import { t } from "@/lib/words";
import { Alert, Button, Doorway, Form, Input } from "@/ui";

import { setupQuery, useSignIn } from "../api";

interface Entered {
  login: string;
  password: string;
}

/** Name and password; after it, straight to where the reader wanted to go. */
export function SignInPage() {
  const { next, why } = useSearch({ strict: false });
  const navigate = useNavigate();
  const setup = useQuery(setupQuery);
  const [form] = Form.useForm<Entered>();
  const signIn = useSignIn((me) => {
    if (me.must_change_password) void navigate({ to: "/password", search: { next } });
    else void navigate({ href: safePath(next), replace: true });
  });

  if (setup.data?.needed) return <Navigate to="/setup" replace />;
  return (
    <Doorway title={t("access.sign_in")}>
      {why === "idle" && <Alert type="info" showIcon title={t("access.signed_out_idle")} />}
      {signIn.problem && <Alert type="error" showIcon role="alert" title={describe(signIn.problem)} />}
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(entered) => void signIn.run(entered)}>
        <Form.Item name="login" label={t("access.login")} rules={[{ required: true, message: t("access.login_missing") }]}>
          {/* eslint-disable-next-line jsx-a11y/no-autofocus -- the page has one purpose, and this is its first field */}
          <Input size="large" autoFocus autoComplete="username" autoCapitalize="none" spellCheck={false} />
        </Form.Item>
        <Form.Item
          name="password"
          label={t("access.password")}
          rules={[{ required: true, message: t("access.password_missing") }]}
        >
          <Input.Password size="large" autoComplete="current-password" />
        </Form.Item>
        <Button type="primary" size="large" htmlType="submit" block loading={signIn.pending}>
          {t("access.sign_in")}
        </Button>
      </Form>
    </Doorway>
  );
}

/** Only a path of this application, and not this page: an address in the link must not lead elsewhere, nor nowhere. */
export function safePath(next: string | undefined): string {
  return next && /^\/(?![/\\])/.test(next) && !next.startsWith("/sign-in") ? next : "/";
}
