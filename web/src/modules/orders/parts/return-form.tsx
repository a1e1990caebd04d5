import { t } from "@/lib/words";
import { Form, Input, Modal } from "@/ui";

import { type OrderView, useReturn } from "../api";

/** 退回修改: what is wrong with the order, for whoever wrote it. */
export function ReturnForm({ order, onClose }: { order: OrderView; onClose: () => void }) {
  const [form] = Form.useForm<{ reason: string }>();
  const giveBack = useReturn(order, t("orders.return_done"), onClose);
  return (
    <Modal
      open
      title={t("orders.return_of", { title: order.title })}
      onCancel={onClose}
      onOk={() => form.submit()}
      okText={t("orders.return")}
      confirmLoading={giveBack.pending}
      closable={{ "aria-label": t("ui.close") }}
    >
      <p>{t("orders.return_hint")}</p>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={({ reason }: { reason: string }) => void giveBack.run(reason.trim())}>
        <Form.Item name="reason" label={t("orders.reason")} rules={[{ required: true, whitespace: true, message: t("ui.required") }]}>
          <Input.TextArea autoSize={{ minRows: 3 }} maxLength={2000} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
