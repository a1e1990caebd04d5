import { useState } from "react";

import { type UnitNode, useUnits } from "@/modules/directory/api";
import { PersonPicker } from "@/modules/directory/parts/person-picker";
import { usePhone } from "@/lib/use-media";
import { say, t, text } from "@/lib/words";
import { Button, Drawer, Form, Input, Radio, Select } from "@/ui";

import { type Scope, useGive, useMe, usePermissionNames, useRoles } from "../api";

const SCOPES: Scope[] = ["own", "department", "department_and_below", "unit", "unit_and_below", "all"];

interface Entered {
  kind: "role" | "permission";
  role?: string;
  permission?: string;
  to: "person" | "everyone";
  scope: Scope;
  place?: string;
  until?: string;
  reason: string;
}

/** 授权: what, to whom, over what, until when and why. What the giver may not give, the server refuses in words. */
export function GiveForm({ onClose }: { onClose: () => void }) {
  const phone = usePhone();
  const give = useGive(t("access.given"), onClose);
  const roles = useRoles();
  const permissions = usePermissionNames();
  const places = placesOf(useUnits().data?.items ?? []);
  const [people, setPeople] = useState<string[]>([]);
  const [form] = Form.useForm<Entered>();
  const kind = Form.useWatch("kind", form) ?? "role";
  const to = Form.useWatch("to", form) ?? "person";
  const admin = useMe()?.class === "system";
  const submit = (entered: Entered) => {
    const subject = entered.to === "everyone" ? { kind: "everyone" as const } : { kind: "person" as const, id: people[0] ?? "" };
    const what =
      entered.kind === "role"
        ? { kind: "role" as const, name: entered.role ?? "" }
        : { kind: "permission" as const, name: entered.permission ?? "" };
    void give.run({
      what,
      subject,
      scope: entered.scope,
      reason: entered.reason.trim(),
      ...(entered.place ? { place: placeOf(entered.place) } : {}),
      ...(entered.until ? { valid_to: new Date(`${entered.until}T23:59:59`).toISOString() } : {}),
    });
  };
  return (
    <Drawer open onClose={onClose} size={phone ? "100%" : 480} title={t("access.give")} closable={{ "aria-label": t("ui.close") }}>
      <Form<Entered>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ kind: "role", to: "person", scope: "department_and_below" }}
        onFinish={submit}
      >
        <Form.Item name="to" label={t("access.to")}>
          <Radio.Group
            options={[
              { value: "person", label: t("access.account_person") },
              ...(admin ? [{ value: "everyone", label: t("access.everyone") }] : []),
            ]}
          />
        </Form.Item>
        {to === "person" && (
          <Form.Item label={t("access.account_person")}>
            <PersonPicker aria-label={t("access.account_person")} value={people} onChange={setPeople} multiple={false} />
          </Form.Item>
        )}
        <Form.Item name="kind" label={t("access.what")}>
          <Radio.Group
            options={[
              { value: "role", label: t("access.role") },
              { value: "permission", label: t("access.permission") },
            ]}
          />
        </Form.Item>
        {kind === "role" ? (
          <Form.Item name="role" label={t("access.role")} rules={[{ required: true, message: t("ui.required") }]}>
            <Select options={(roles.data ?? []).map((role) => ({ value: role.id, label: text(role.name) }))} />
          </Form.Item>
        ) : (
          <Form.Item name="permission" label={t("access.permission")} rules={[{ required: true, message: t("ui.required") }]}>
            <Select options={(permissions.data ?? []).map((name) => ({ value: name, label: say(name) }))} />
          </Form.Item>
        )}
        <Form.Item name="scope" label={t("access.scope")}>
          <Select options={SCOPES.map((scope) => ({ value: scope, label: say(`access.scope.${scope}`) }))} />
        </Form.Item>
        <Form.Item name="place" label={t("access.place")} extra={t("access.place_hint")}>
          <Select allowClear showSearch={{ optionFilterProp: "label" }} options={places} />
        </Form.Item>
        <Form.Item name="until" label={t("access.until_day")} extra={t("access.until_hint")}>
          <Input type="date" />
        </Form.Item>
        <Form.Item name="reason" label={t("access.reason")} rules={[{ required: true, whitespace: true, message: t("access.reason_missing") }]}>
          <Input.TextArea autoSize={{ minRows: 2 }} />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={give.pending} disabled={to === "person" && people.length === 0}>
          {t("access.give")}
        </Button>
      </Form>
    </Drawer>
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
