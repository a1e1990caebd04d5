import { can } from "@/lib/can";
import { formatMoment } from "@/lib/time";
import { say, t } from "@/lib/words";
import { ActionButton, Button, Chip, ErrorState, Facts, Panel, Select, Skeleton, useConfirm } from "@/ui";

import { type AccountClass, type AccountView, useAccount, useChangeClass, useLockAccount, useMe, useResetPassword, useUnlockAccount } from "../api";
import { Rights } from "./rights";
import styles from "./rights.module.css";

export const CLASSES: AccountClass[] = ["business", "key", "system"];

/** How an account stands, in a word. */
export function AccountState({ account }: { account: AccountView }) {
  if (account.locked_at) return <Chip tone="danger">{t("access.state_locked")}</Chip>;
  if (account.blocked_until) return <Chip tone="warn">{t("access.state_blocked")}</Chip>;
  if (account.must_change_password) return <Chip tone="accent">{t("access.state_must_change")}</Chip>;
  return <Chip tone="good">{t("access.state_open")}</Chip>;
}

/** One account: how it stands, what may be done with it, and what its owner may and why. */
export function AccountPanel({ id, onClose, onPassword }: { id: string; onClose: () => void; onPassword: (password: string) => void }) {
  const account = useAccount(id);
  const reviews = useMe()?.permissions.includes("access.review");
  return (
    <Panel title={account.data?.person.name ?? ""} onClose={onClose}>
      {account.error ? (
        <ErrorState error={account.error} retry={account.refetch} />
      ) : !account.data ? (
        <Skeleton rows={5} />
      ) : (
        <>
          <AccountFacts account={account.data} onPassword={onPassword} />
          {reviews && (
            <>
              <h3 className={styles.title}>{t("access.rights")}</h3>
              <Rights person={account.data.person.id} />
            </>
          )}
        </>
      )}
    </Panel>
  );
}

function AccountFacts({ account, onPassword }: { account: AccountView; onPassword: (password: string) => void }) {
  const confirm = useConfirm();
  const changeClass = useChangeClass(account, t("access.class_changed"));
  const reset = useResetPassword(account.id, (opened) => onPassword(opened.one_time_password ?? ""));
  const lock = useLockAccount(account.id, t("access.account_locked"));
  const unlock = useUnlockAccount(account.id, t("access.account_unlocked"));
  const askReset = async () => {
    const question = { title: t("access.reset_question", { name: account.person.name }), body: t("access.reset_hint"), yes: t("access.reset") };
    if (await confirm(question)) await reset.run();
  };
  const askLock = async () => {
    const question = { title: t("access.lock_question", { name: account.person.name }), body: t("access.lock_hint"), yes: t("access.lock"), danger: true };
    if (await confirm(question)) await lock.run("");
  };
  return (
    <>
      <Facts
        items={[
          [t("access.login"), account.login],
          [t("access.state"), <AccountState key="state" account={account} />],
          [
            t("access.class"),
            can(account, "change") ? (
              <Select<AccountClass>
                key="class"
                aria-label={t("access.class")}
                value={account.class}
                disabled={changeClass.pending}
                options={CLASSES.map((value) => ({ value, label: say(`rulebook.class.${value}`) }))}
                onChange={(value) => void changeClass.run(value)}
              />
            ) : (
              say(`rulebook.class.${account.class}`)
            ),
          ],
          [t("access.opened_at"), formatMoment(account.created_at)],
        ]}
      />
      <div className={styles.buttons}>
        {can(account, "reset") && (
          <Button loading={reset.pending} onClick={() => void askReset()}>
            {t("access.reset")}
          </Button>
        )}
        {can(account, "lock") && (
          <Button danger loading={lock.pending} onClick={() => void askLock()}>
            {t("access.lock")}
          </Button>
        )}
        {can(account, "unlock") && (account.locked_at ?? account.blocked_until) && <ActionButton action={unlock} label={t("access.unlock")} />}
      </div>
    </>
  );
}
