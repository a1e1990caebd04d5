import { useNavigate } from "@tanstack/react-router";

import { t, text } from "@/lib/words";
import { useUnits } from "@/modules/directory/api";
import { Form, FormDialog, Input, Radio, Select } from "@/ui";

import { type OrderClass, type OrderView, useDraftOrder, useSaveOrder } from "../api";
import { places } from "./places";

interface Entered {
  unit: string;
  title: string;
  basis?: string;
  class: OrderClass;
}

/** A draft begins with what it is called and rests on; its changes come on its own page. */
export function NewOrder({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const draft = useDraftOrder((order) => void navigate({ to: "/admin/orders/$id", params: { id: order.id } }));
  return (
    <OrderForm
      title={t("orders.new")}
      initial={{ class: "ordinary" }}
      withUnit
      pending={draft.pending}
      onClose={onClose}
      onSave={({ unit, ...rest }) => void draft.run({ unit, ...rest, changes: [] })}
    />
  );
}

/** Another title, basis or category; who issues it stays. */
export function EditOrder({ order, onClose }: { order: OrderView; onClose: () => void }) {
  const save = useSaveOrder(order, t("orders.saved"));
  const { title, basis, class: category } = order.content;
  return (
    <OrderForm
      title={t("orders.edit")}
      initial={{ title, basis: basis ?? "", class: category ?? "ordinary" }}
      pending={save.pending}
      onClose={onClose}
      onSave={({ title, basis, class: category }) =>
        void save.run({ ...order.content, title, basis, class: category }).then((came) => came?.ok && onClose())
      }
    />
  );
}

function OrderForm({ title, initial, withUnit = false, pending, onClose, onSave }: {
  title: string;
  initial: Partial<Entered>;
  withUnit?: boolean;
  pending: boolean;
  onClose: () => void;
  onSave: (entered: Required<Entered>) => void;
}) {
  const units = places(useUnits().data?.items ?? []).filter((place) => place.kind === "unit");
  const only = units.length === 1 ? units[0]?.id : undefined;
  return (
    <FormDialog<Entered>
      title={title}
      submit={t("ui.save")}
      pending={pending}
      initial={initial}
      onSubmit={({ unit, title, basis, class: category }) =>
        onSave({ unit: unit ?? only ?? "", title: title.trim(), basis: basis?.trim() ?? "", class: category })
      }
      onClose={onClose}
    >
      <Form.Item name="title" label={t("orders.title")} rules={[{ required: true, whitespace: true, message: t("ui.required") }]}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="basis" label={t("orders.basis")}>
        <Input.TextArea rows={3} maxLength={2000} />
      </Form.Item>
      {withUnit && !only && (
        <Form.Item name="unit" label={t("orders.unit")} rules={[{ required: true, message: t("ui.required") }]}>
          <Select showSearch optionFilterProp="label" options={units.map((unit) => ({ value: unit.id, label: text(unit.name) }))} />
        </Form.Item>
      )}
      <Form.Item name="class" label={t("orders.category")}>
        <Radio.Group
          options={(["ordinary", "authority"] as const).map((value) => ({ value, label: t(`orders.category.${value}`) }))}
        />
      </Form.Item>
    </FormDialog>
  );
}
