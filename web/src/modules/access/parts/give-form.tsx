import { type ReactNode, useState } from "react";

import { type UnitNode, useUnits } from "@/modules/directory/api";
import { say, t, text } from "@/lib/words";
import { Button, Form, Input, Panel, Radio, Select } from "@/ui";
import { DateItem } from "@/ui/date";

import { type Scope, type Subject, useGive, usePermissionNames, useRoles } from "../api";
import { SubjectPicker } from "./subject-picker";

const SCOPES: Scope[] = ["own", "department", "department_and_below", "unit", "unit_and_below", "all"];

/** To whom, over what, from when to when and why: the same for whatever is granted. */
export interface Terms {
  subject: Subject;
  scope: Scope;
  place?: { kind: "unit" | "department"; id: string };
  valid_from?: string;
  valid_to?: string;
  reason: string;
}

interface EnteredTerms {
  scope: Scope;
  place?: string;
  since?: string;
  until?: string;
  reason: string;
}

interface TermsFormProps<E extends object> {
  title: string;
  /** What is granted: its fields, and what they say at first. */
  children: ReactNode;
  initial: Partial<E>;
  /** It is being given. */
  pending: boolean;
  onGive: (entered: E, terms: Terms) => void;
  onClose: () => void;
}

/** A drawer that asks for the terms of a right, whatever it is; what the giver may not give, the server refuses in words. */
export function TermsForm<E extends object>({ title, children, initial, pending, onGive, onClose }: TermsFormProps<E>) {
  const places = placesOf(useUnits().data?.items ?? []);
  const [kind, setKind] = useState<Subject["kind"]>("person");
  const [subject, setSubject] = useState<Subject>();
  const submit = (entered: EnteredTerms & E) => {
    if (!subject) return;
    onGive(entered, {
      subject,
      scope: entered.scope,
      reason: entered.reason.trim(),
      ...(entered.place ? { place: placeOf(entered.place) } : {}),
      ...(entered.since ? { valid_from: new Date(`${entered.since}T00:00:00`).toISOString() } : {}),
      ...(entered.until ? { valid_to: new Date(`${entered.until}T23:59:59`).toISOString() } : {}),
    });
  };
  return (
    <Panel title={title} onClose={onClose}>
      <Form
        layout="vertical"
        requiredMark={false}
        initialValues={{ scope: "department_and_below", ...initial }}
        onFinish={(entered: EnteredTerms & E) => submit(entered)}
      >
        <SubjectPicker value={subject} onChange={setSubject} kind={kind} onKind={setKind} />
        {children}
        <Form.Item name="scope" label={t("access.scope")}>
          <Select options={SCOPES.map((scope) => ({ value: scope, label: say(`access.scope.${scope}`) }))} />
        </Form.Item>
        <Form.Item name="place" label={t("access.place")} extra={t("access.place_hint")}>
          <Select allowClear showSearch={{ optionFilterProp: "label" }} options={places} />
        </Form.Item>
        <Form.Item name="since" label={t("access.since_day")} extra={t("access.since_hint")}>
          <DateItem />
        </Form.Item>
        <Form.Item name="until" label={t("access.until_day")} extra={t("access.until_hint")}>
          <DateItem />
        </Form.Item>
        <Form.Item name="reason" label={t("access.reason")} rules={[{ required: true, whitespace: true, message: t("access.reason_missing") }]}>
          <Input.TextArea autoSize={{ minRows: 2 }} />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={pending} disabled={!subject}>
          {title}
        </Button>
      </Form>
    </Panel>
  );
}

interface EnteredWhat {
  kind: "role" | "permission";
  role?: string;
  permission?: string;
}

/** 授权: a role or a single permission. */
export function GiveForm({ onClose }: { onClose: () => void }) {
  const give = useGive(t("access.given"), onClose);
  const submit = (entered: EnteredWhat, terms: Terms) => {
    const name = (entered.kind === "role" ? entered.role : entered.permission) ?? "";
    void give.run({ what: { kind: entered.kind, name }, ...terms });
  };
  return (
    <TermsForm<EnteredWhat> title={t("access.give")} initial={{ kind: "role" }} pending={give.pending} onGive={submit} onClose={onClose}>
      <What />
    </TermsForm>
  );
}

function What() {
  const roles = useRoles();
  const permissions = usePermissionNames();
  const kind = Form.useWatch("kind") as EnteredWhat["kind"] | undefined;
  return (
    <>
      <Form.Item name="kind" label={t("access.what")}>
        <Radio.Group
          options={[
            { value: "role", label: t("access.role") },
            { value: "permission", label: t("access.permission") },
          ]}
        />
      </Form.Item>
      {kind === "permission" ? (
        <Form.Item name="permission" label={t("access.permission")} rules={[{ required: true, message: t("ui.required") }]}>
          <Select options={(permissions.data ?? []).map((name) => ({ value: name, label: say(name) }))} />
        </Form.Item>
      ) : (
        <Form.Item name="role" label={t("access.role")} rules={[{ required: true, message: t("ui.required") }]}>
          <Select options={(roles.data ?? []).map((role) => ({ value: role.id, label: text(role.name) }))} />
        </Form.Item>
      )}
    </>
  );
}

/** Units and departments, each by the path of its names. */
export function placesOf(nodes: readonly UnitNode[], above = ""): { value: string; label: string }[] {
  return nodes.flatMap((node) => {
    const label = above ? `${above} / ${text(node.name)}` : text(node.name);
    return [{ value: `${node.kind}:${node.id}`, label }, ...placesOf(node.children, label)];
  });
}

export function placeOf(value: string): { kind: "unit" | "department"; id: string } {
  const [kind, id = ""] = value.split(":");
  return { kind: kind === "department" ? "department" : "unit", id };
}
