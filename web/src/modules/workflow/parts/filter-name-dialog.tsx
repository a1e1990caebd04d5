import { t } from "@/lib/words";
import { Form, FormDialog, Input } from "@/ui";

/** What the filter that is in force shall be called. */
export function FilterNameDialog({ begun, longest, taken, onNamed, onClose }: {
  begun: string;
  longest: number;
  taken: string[];
  onNamed: (name: string) => void;
  onClose: () => void;
}) {
  const [form] = Form.useForm<{ name: string }>();
  const name = (Form.useWatch("name", form) ?? begun).trim();
  return (
    <FormDialog<{ name: string }>
      form={form}
      width={400}
      title={t("workflow.filter_save")}
      submit={t("ui.save")}
      disabled={!name}
      initial={{ name: begun.slice(0, longest) }}
      onSubmit={(entered) => onNamed(entered.name.trim())}
      onClose={onClose}
    >
      <Form.Item
        name="name"
        label={t("workflow.filter_name")}
        extra={taken.includes(name) ? t("workflow.filter_replaces", { name }) : t("workflow.filter_hint")}
      >
        <Input maxLength={longest} />
      </Form.Item>
    </FormDialog>
  );
}
