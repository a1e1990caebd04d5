import { useUnits } from "@/modules/directory/api";
import { can } from "@/lib/can";
import { say, t } from "@/lib/words";
import { Button, Checkbox, Form, Input, Panel, Select, useConfirm } from "@/ui";

import { type RoleView, useAddRole, useChangeRole, useEndRole, usePermissionNames } from "../api";
import { placeOf, placesOf } from "./give-form";
import styles from "./rights.module.css";

interface Entered {
  code: string;
  zh: string;
  en?: string;
  permissions: string[];
  place?: string;
}

/** A role that is to be, or one that stands: its name and what it lets people do, in words. */
export function RolePanel({ role, onClose }: { role?: RoleView | undefined; onClose: () => void }) {
  const confirm = useConfirm();
  const known = usePermissionNames();
  const places = placesOf(useUnits().data?.items ?? []);
  const add = useAddRole(t("access.role_added"), onClose);
  const change = useChangeRole(role ?? { id: "", version: 0 }, t("access.role_changed"), onClose);
  const end = useEndRole(role ?? { id: "", version: 0 }, t("access.role_ended"), onClose);
  const may = !role || can(role, "change");
  const all = role?.permissions.includes("*");
  const submit = ({ code, zh, en, permissions, place }: Entered) => {
    const name = { zh: zh.trim(), en: en?.trim() || null };
    if (role) void change.run({ name, permissions });
    else void add.run({ code: code.trim(), name, permissions, ...(place ? { place: placeOf(place) } : {}) });
  };
  const askEnd = async () => {
    if (await confirm({ title: t("access.end_role_question"), yes: t("access.end_role"), danger: true })) await end.run();
  };
  return (
    <Panel title={t(role ? "access.role" : "access.add_role")} onClose={onClose}>
      <Form<Entered>
        layout="vertical"
        requiredMark={false}
        disabled={!may}
        initialValues={{
          code: role?.code,
          zh: role?.name.zh,
          en: role?.name.en ?? "",
          permissions: all ? known.data : role?.permissions,
        }}
        onFinish={submit}
      >
        <Form.Item name="zh" label={t("access.role_name")} rules={[{ required: true, whitespace: true, message: t("ui.required") }]}>
          <Input />
        </Form.Item>
        <Form.Item name="en" label={t("access.role_name_en")}>
          <Input />
        </Form.Item>
        {!role && (
          <>
            <Form.Item name="code" label={t("access.role_code")} rules={[{ required: true, whitespace: true, message: t("ui.required") }]}>
              <Input />
            </Form.Item>
            <Form.Item name="place" label={t("access.role_place")} extra={t("access.role_place_hint")}>
              <Select allowClear showSearch={{ optionFilterProp: "label" }} options={places} />
            </Form.Item>
          </>
        )}
        {all ? (
          <p className={styles.meta}>{t("access.every_permission")}</p>
        ) : (
          <Form.Item name="permissions" label={t("access.permissions")} rules={[{ required: true, message: t("ui.required") }]}>
            <Checkbox.Group className={styles.permissions ?? ""} options={(known.data ?? []).map((name) => ({ value: name, label: say(name) }))} />
          </Form.Item>
        )}
        <div className={styles.buttons}>
          {may && (
            <Button type="primary" htmlType="submit" loading={add.pending || change.pending}>
              {t("ui.save")}
            </Button>
          )}
          {role && can(role, "end") && (
            <Button danger loading={end.pending} onClick={() => void askEnd()}>
              {t("access.end_role")}
            </Button>
          )}
        </div>
      </Form>
    </Panel>
  );
}
