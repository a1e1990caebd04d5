import { useState } from "react";

import { useUnits } from "@/modules/directory/api";
import { t, text } from "@/lib/words";
import { Button, Checkbox, Chip, Form, FormDialog, Input, ListPage, Radio, RowLine, Select, Switch, useConfirm } from "@/ui";

import { type DepartmentAccount, useChangeDepartmentAccount, useDepartmentAccounts, useEndDepartmentAccount, useOpenDepartmentAccount } from "../api";
import { placeOf, placesOf } from "../parts/give-form";
import styles from "../parts/rights.module.css";

/** 部门账号: which departments have one, who acts for it now, and who may. Never a password. */
export function DepartmentAccountsPage() {
  const accounts = useDepartmentAccounts();
  const confirm = useConfirm();
  const end = useEndDepartmentAccount(t("access.department_account_ended"));
  const [opening, setOpening] = useState(false);
  const askEnd = async (account: DepartmentAccount) => {
    const question = {
      title: t("access.end_department_account_question", { name: account.name }),
      body: t("access.end_department_account_hint"),
      yes: t("access.end_department_account"),
      danger: true,
    };
    if (await confirm(question)) await end.run(account);
  };
  return (
    <>
      <ListPage<DepartmentAccount>
        title={t("access.department_accounts")}
        label={t("access.department_accounts")}
        tools={
          <Button type="primary" onClick={() => setOpening(true)}>
            {t("access.open_department_account")}
          </Button>
        }
        list={{ items: accounts.data, error: accounts.data ? undefined : accounts.error, retry: accounts.refetch }}
        rowKey={(account) => account.id}
        row={(account) => (
          <RowLine
            name={account.name}
            lines={[
              text(account.department_name),
              account.acting.length > 0 ? t("access.acting_now", { people: account.acting.map((person) => person.name) }) : t("access.nobody_acting"),
            ]}
          >
            <Chip tone={account.kind === "head" ? "accent" : "plain"}>{t(`access.department_account_${account.kind}`)}</Chip>
            {account.kind === "public" && <WithBelow key={account.version} account={account} />}
            <Button
              danger
              aria-label={t("access.end_department_account_of", { name: account.name })}
              loading={end.pending}
              onClick={() => void askEnd(account)}
            >
              {t("access.end_department_account")}
            </Button>
          </RowLine>
        )}
        empty={{ title: t("access.no_department_accounts"), hint: t("access.department_accounts_hint") }}
      />
      {opening && <OpenForm onClose={() => setOpening(false)} />}
    </>
  );
}

function WithBelow({ account }: { account: DepartmentAccount }) {
  const change = useChangeDepartmentAccount(account, t("access.department_account_changed"));
  return (
    <span className={styles.meta}>
      <Switch
        size="small"
        aria-label={t("access.with_below_of", { name: account.name })}
        checked={account.with_below}
        loading={change.pending}
        onChange={(checked) => void change.run(checked)}
      />{" "}
      <span aria-hidden="true">{t("access.with_below")}</span>
    </span>
  );
}

interface Entered {
  department: string;
  kind: DepartmentAccount["kind"];
  name?: string;
  with_below?: boolean;
}

function OpenForm({ onClose }: { onClose: () => void }) {
  const open = useOpenDepartmentAccount(t("access.department_account_opened"), onClose);
  const departments = placesOf(useUnits().data?.items ?? []).filter((place) => place.value.startsWith("department:"));
  const [form] = Form.useForm<Entered>();
  const kind = Form.useWatch("kind", form) ?? "public";
  const submit = (entered: Entered) =>
    void open.run({
      department: placeOf(entered.department).id,
      kind: entered.kind,
      with_below: entered.kind === "public" && (entered.with_below ?? false),
      ...(entered.name?.trim() ? { name: entered.name.trim() } : {}),
    });
  return (
    <FormDialog<Entered>
      title={t("access.open_department_account")}
      hint={t("access.department_accounts_hint")}
      submit={t("access.open_department_account")}
      pending={open.pending}
      problem={open.problem}
      form={form}
      initial={{ kind: "public" }}
      onSubmit={submit}
      onClose={onClose}
    >
      <Form.Item name="department" label={t("access.department")} rules={[{ required: true, message: t("ui.required") }]}>
        <Select showSearch={{ optionFilterProp: "label" }} options={departments} />
      </Form.Item>
      <Form.Item name="kind" label={t("access.department_account_kind")}>
        <Radio.Group
          options={(["public", "head"] as const).map((each) => ({ value: each, label: t(`access.department_account_${each}`) }))}
        />
      </Form.Item>
      <p className={styles.meta}>{t(`access.department_account_${kind}_hint`)}</p>
      {kind === "public" && (
        <Form.Item name="with_below" valuePropName="checked">
          <Checkbox>{t("access.with_below")}</Checkbox>
        </Form.Item>
      )}
      <Form.Item name="name" label={t("access.department_account_name")} extra={t("access.department_account_name_hint")}>
        <Input maxLength={100} />
      </Form.Item>
    </FormDialog>
  );
}
