import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useState } from "react";

import { PersonPicker } from "@/modules/directory/parts/person-picker";
import { say, t } from "@/lib/words";
import { Avatar, Button, Chip, Filter, Form, FormDialog, Input, listOf, ListPage, Modal, RowLine, Select } from "@/ui";

import { type AccountClass, type AccountView, useAccounts, useOpenAccount } from "../api";
import { AccountPanel, AccountState, CLASSES } from "../parts/account-panel";
import styles from "../parts/rights.module.css";

/** 账号: who has one, how it stands, and what its owner may. */
export function AccountsPage() {
  const { q, only, account } = useSearch({ strict: false });
  const navigate = useNavigate();
  const [opening, setOpening] = useState(false);
  const [password, setPassword] = useState<string>();
  const change = useCallback(
    (next: { q?: string | undefined; only?: string | undefined; account?: string | undefined }) =>
      void navigate({
        to: "/admin/accounts",
        search: Object.fromEntries(Object.entries({ q, only, ...next }).filter(([, value]) => value)),
        replace: !("account" in next),
      }),
    [navigate, q, only],
  );
  return (
    <>
      <ListPage<AccountView>
        title={t("access.accounts")}
        label={t("access.accounts")}
        tools={
          <Button type="primary" onClick={() => setOpening(true)}>
            {t("access.open_account")}
          </Button>
        }
        search={{ value: q ?? "", onChange: useCallback((typed: string) => change({ q: typed }), [change]), placeholder: t("access.search_accounts") }}
        filters={
          <Filter
            label={t("access.state")}
            value={only}
            options={[{ value: "locked", label: t("access.state_locked") }]}
            onChange={(next) => change({ only: next })}
          />
        }
        list={listOf(useAccounts({ q, locked: only === "locked" }))}
        rowKey={(row) => row.id}
        row={(row) => (
          <RowLine lead={<Avatar name={row.person.name} size={34} />} name={row.person.name} lines={[row.login]}>
            <Chip>{say(`rulebook.class.${row.class}`)}</Chip>
            <AccountState account={row} />
          </RowLine>
        )}
        onOpen={(row) => change({ account: row.id })}
        openKey={account}
        empty={{ title: t("access.no_accounts") }}
      />
      {account && <AccountPanel key={account} id={account} onClose={() => change({ account: undefined })} onPassword={setPassword} />}
      {opening && (
        <OpenAccount
          onClose={() => setOpening(false)}
          onOpened={(shown) => {
            setOpening(false);
            setPassword(shown);
          }}
        />
      )}
      {password !== undefined && <OneTimePassword password={password} onClose={() => setPassword(undefined)} />}
    </>
  );
}

interface EnteredAccount {
  login: string;
  class: AccountClass;
}

function OpenAccount({ onClose, onOpened }: { onClose: () => void; onOpened: (password: string) => void }) {
  const open = useOpenAccount((opened) => onOpened(opened.one_time_password ?? ""));
  const [people, setPeople] = useState<string[]>([]);
  const submit = ({ login, class: chosen }: EnteredAccount) => {
    if (people[0]) void open.run({ person: people[0], login: login.trim(), class: chosen });
  };
  return (
    <FormDialog<EnteredAccount>
      title={t("access.open_account")}
      submit={t("access.open_account")}
      pending={open.pending}
      problem={open.problem}
      disabled={people.length === 0}
      initial={{ class: "business" }}
      onSubmit={submit}
      onClose={onClose}
    >
      <Form.Item label={t("access.account_person")}>
        <PersonPicker aria-label={t("access.account_person")} value={people} onChange={setPeople} multiple={false} />
      </Form.Item>
      <Form.Item name="login" label={t("access.login")} rules={[{ required: true, whitespace: true, message: t("ui.required") }]}>
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item name="class" label={t("access.class")}>
        <Select options={CLASSES.map((value) => ({ value, label: say(`rulebook.class.${value}`) }))} />
      </Form.Item>
    </FormDialog>
  );
}

/** Shown this once; nobody can read it again. */
function OneTimePassword({ password, onClose }: { password: string; onClose: () => void }) {
  return (
    <Modal open title={t("access.one_time_password")} onCancel={onClose} footer={null}>
      <p className={styles.meta}>{t(password ? "access.one_time_hint" : "access.one_time_shown")}</p>
      {password && (
        <p className={styles.secret} data-testid="one-time-password">
          {password}
        </p>
      )}
      <div className={styles.buttons}>
        <Button type="primary" onClick={onClose}>
          {t("access.noted")}
        </Button>
      </div>
    </Modal>
  );
}
