import { t } from "@/lib/words";
import { Form, Input } from "@/ui";

/** What a person is called. */
export function NameField() {
  return (
    <Form.Item name="name" label={t("directory.name")} rules={[{ required: true, whitespace: true, message: t("ui.required") }]}>
      <Input maxLength={100} />
    </Form.Item>
  );
}

/** How a person is reached; whoever joins has no telephone on his desk yet. */
export function ContactFields({ office = false }: { office?: boolean }) {
  return (
    <>
      <Form.Item name="mobile" label={t("directory.mobile")}>
        <Input inputMode="tel" />
      </Form.Item>
      {office && (
        <Form.Item name="office_phone" label={t("directory.office_phone")}>
          <Input inputMode="tel" />
        </Form.Item>
      )}
      <Form.Item name="email" label={t("directory.email")}>
        <Input inputMode="email" />
      </Form.Item>
    </>
  );
}
