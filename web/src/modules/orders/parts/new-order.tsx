import { useNavigate } from "@tanstack/react-router";

import { t, text } from "@/lib/words";
import { useUnits } from "@/modules/directory/api";
import { Form, Input, Modal, Radio, Select } from "@/ui";

import { type OrderClass, useDraftOrder } from "../api";
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
  const [form] = Form.useForm<Entered>();
  const units = places(useUnits().data?.items ?? []).filter((place) => place.kind === "unit");
  const draft = useDraftOrder((order) => void navigate({ to: "/admin/orders/$id", params: { id: order.id } }));
  const send = ({ unit, title, basis, class: category }: Entered) =>
    void draft.run({ unit, title: title.trim(), basis: basis?.trim() ?? "", class: category, changes: [] });
  return (
    <Modal open title={t("orders.new")} onCancel={onClose} onOk={() => form.submit()} okText={t("ui.save")} confirmLoading={draft.pending}>
      <Form<Entered> form={form} layout="vertical" requiredMark={false} initialValues={{ class: "ordinary" }} onFinish={send}>
        <Form.Item name="title" label={t("orders.title")} rules={[{ required: true, whitespace: true, message: t("ui.required") }]}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name="basis" label={t("orders.basis")}>
          <Input.TextArea autoSize={{ minRows: 2 }} maxLength={2000} />
        </Form.Item>
        <Form.Item name="unit" label={t("orders.unit")} rules={[{ required: true, message: t("ui.required") }]}>
          <Select options={units.map((unit) => ({ value: unit.id, label: text(unit.name) }))} />
        </Form.Item>
        <Form.Item name="class" label={t("orders.category")}>
          <Radio.Group
            options={(["ordinary", "authority"] as const).map((value) => ({ value, label: t(`orders.category.${value}`) }))}
          />
        </Form.Item>
      </Form>
    </Modal>
  );
}
