import { t, text } from "@/lib/words";
import { Form, FormDialog, Input } from "@/ui";

import { type OrderView, useReturn } from "../api";

/** 退回修改: what is wrong with the order, for whoever wrote it. */
export function ReturnForm({ order, onClose }: { order: OrderView; onClose: () => void }) {
  const giveBack = useReturn(order, t("orders.return_done"), onClose);
  return (
    <FormDialog<{ reason: string }>
      title={t("orders.return_of", { title: text(order.title) })}
      hint={t("orders.return_hint")}
      submit={t("orders.return")}
      pending={giveBack.pending}
      problem={giveBack.problem}
      onSubmit={({ reason }) => void giveBack.run(reason.trim())}
      onClose={onClose}
    >
      <Form.Item name="reason" label={t("orders.reason")} rules={[{ required: true, whitespace: true, message: t("ui.required") }]}>
        <Input.TextArea autoSize={{ minRows: 3 }} maxLength={2000} />
      </Form.Item>
    </FormDialog>
  );
}
