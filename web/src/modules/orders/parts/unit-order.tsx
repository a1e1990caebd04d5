import { useNavigate } from "@tanstack/react-router";

import { t, text } from "@/lib/words";
import { Form, FormDialog, Input, Select } from "@/ui";

import { type OrderChange, type UnitEntry, useDraftOrder } from "../api";
import { UNIT_KINDS, type UnitKind } from "./unit-kinds";

export type UnitOrderKind = "create_unit" | "rename_unit" | "close_unit";

interface Entered {
  issuer: string;
  title: string;
  basis?: string;
  parent?: string;
  kind?: UnitKind;
  name?: string;
  name_en?: string;
  code?: string;
}

interface UnitOrderProps {
  kind: UnitOrderKind;
  unit?: UnitEntry;
  known: readonly UnitEntry[];
  onClose: () => void;
}

/** Registering, renaming and deregistering begin with the draft of an order, which is reviewed and issued on its page. */
export function UnitOrder({ kind, unit, known, onClose }: UnitOrderProps) {
  const navigate = useNavigate();
  const [form] = Form.useForm<Entered>();
  const draft = useDraftOrder((order) => void navigate({ to: "/admin/orders/$id", params: { id: order.id } }));
  const units = known.filter((each) => each.state === "in_use").map((each) => ({ value: each.id, label: text(each.name) }));
  const name = unit ? text(unit.name) : "";
  const heading = {
    create_unit: t("orders.register"),
    rename_unit: t("orders.rename_of", { name }),
    close_unit: t("orders.deregister_of", { name }),
  }[kind];
  // A new unit stands below the top of the organisation, unless somebody says otherwise.
  const top = known.find((each) => each.state === "in_use" && !each.parent_id && each.kind !== "external");
  const issuer = units.find((each) => each.value === unit?.parent_id)?.value ?? unit?.id ?? top?.id ?? units[0]?.value;
  const external = Form.useWatch("kind", form) === "external";
  const send = (entered: Entered) =>
    void draft.run({
      unit: entered.issuer,
      title: entered.title.trim(),
      basis: entered.basis?.trim() ?? "",
      changes: [changeOf(kind, unit, entered)],
    });
  const required = [{ required: true, whitespace: true, message: t("ui.required") }];
  return (
    <FormDialog<Entered>
      title={heading}
      hint={t("orders.start_hint")}
      submit={t("orders.start_order")}
      pending={draft.pending}
      problem={draft.problem}
      form={form}
      initial={{ ...(issuer ? { issuer, parent: issuer } : {}), kind: "subsidiary", title: kind === "create_unit" ? "" : heading }}
      onSubmit={send}
      onClose={onClose}
    >
      {kind === "create_unit" && (
        <>
          <Form.Item name="parent" label={t("orders.parent_unit")} rules={[{ required: true, message: t("ui.required") }]}>
            <Select showSearch={{ optionFilterProp: "label" }} options={units} />
          </Form.Item>
          <Form.Item name="kind" label={t("orders.unit_kind")} extra={external ? <span id="orders-kind-hint">{t("orders.external_hint")}</span> : undefined}>
            <Select aria-describedby="orders-kind-hint" options={UNIT_KINDS.map((value) => ({ value, label: t(`orders.unit_kind.${value}`) }))} />
          </Form.Item>
          <Form.Item name="code" label={t("orders.code")}>
            <Input maxLength={60} />
          </Form.Item>
        </>
      )}
      {kind !== "close_unit" && (
        <>
          <Form.Item name="name" label={t("orders.new_name")} rules={required}>
            <Input maxLength={200} />
          </Form.Item>
          <Form.Item name="name_en" label={t("orders.name_en")}>
            <Input maxLength={200} />
          </Form.Item>
        </>
      )}
      <Form.Item name="title" label={t("orders.title")} rules={required}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="basis" label={t("orders.basis")}>
        <Input.TextArea autoSize={{ minRows: 2 }} maxLength={2000} />
      </Form.Item>
      <Form.Item name="issuer" label={t("orders.unit")} rules={[{ required: true, message: t("ui.required") }]}>
        <Select showSearch={{ optionFilterProp: "label" }} options={units} />
      </Form.Item>
    </FormDialog>
  );
}

function changeOf(kind: UnitOrderKind, unit: UnitEntry | undefined, entered: Entered): OrderChange {
  const id = unit?.id ?? "";
  const name = { zh: entered.name?.trim() ?? "", ...(entered.name_en?.trim() ? { en: entered.name_en.trim() } : {}) };
  switch (kind) {
    case "create_unit": {
      const code = entered.code?.trim();
      const parent = entered.parent ?? "";
      return { change: kind, key: "u1", parent, kind: entered.kind ?? "subsidiary", name, ...(code ? { code } : {}) };
    }
    case "rename_unit":
      return { change: kind, unit: id, name };
    case "close_unit":
      return { change: kind, unit: id };
  }
}
