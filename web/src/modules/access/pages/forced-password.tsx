import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";

import { t } from "@/lib/words";
import { Button, Doorway, useToast } from "@/ui";

import { meQuery, useSignOut } from "../api";
import { PasswordForm } from "../parts/password-form";
import { safePath } from "./sign-in";

/** 首次登录: the initial password opens nothing but this page. */
export function ForcedPasswordPage() {
  const { next } = useSearch({ strict: false });
  const navigate = useNavigate();
  const queries = useQueryClient();
  const toast = useToast();
  const signOut = useSignOut(() => void navigate({ to: "/sign-in", replace: true }));
  const done = async () => {
    toast.done(t("access.password_changed"));
    await queries.fetchQuery({ ...meQuery, staleTime: 0 });
    await navigate({ href: safePath(next), replace: true });
  };
  return (
    <Doorway title={t("access.change_initial_password")} hint={t("access.change_initial_password_hint")}>
      <PasswordForm size="large" onDone={() => void done()} />
      <Button type="text" block loading={signOut.pending} onClick={() => void signOut.run()}>
        {t("access.sign_out")}
      </Button>
    </Doorway>
  );
}
