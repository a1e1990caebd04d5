import { t } from "@/lib/words";
import { Form, FormDialog, Input, Radio } from "@/ui";
import { DateItem } from "@/ui/date";

import { useSetExceptions } from "../api";

interface Entered {
  from: string;
  to?: string;
  kind: "holiday" | "make_up" | "am" | "pm";
  zh: string;
  en?: string;
}

/** Decides for one date or several in a row: off, worked, or half a day off. */
export function AddException({ id, onClose }: { id: string; onClose: () => void }) {
  const set = useSetExceptions(id, t("worktime.exception_set"), onClose);
  const submit = ({ from, to, kind, zh, en }: Entered) => {
    const name = { zh: zh.trim(), ...(en?.trim() ? { en: en.trim() } : {}) };
    const exception = kind === "am" || kind === "pm" ? { kind: "half_off" as const, half: kind, name } : { kind, name };
    void set.run({ from, ...(to ? { to } : {}), exception });
  };
  const required = { required: true, message: t("ui.required") };
  return (
    <FormDialog<Entered>
      title={t("worktime.add_exception")}
      submit={t("ui.save")}
      pending={set.pending}
      problem={set.problem}
      initial={{ kind: "holiday" }}
      onSubmit={submit}
      onClose={onClose}
    >
      <Form.Item name="from" label={t("worktime.from")} rules={[required]}>
        <DateItem />
      </Form.Item>
      <Form.Item name="to" label={t("worktime.to")} extra={t("worktime.to_hint")}>
        <DateItem />
      </Form.Item>
      <Form.Item name="kind" label={t("worktime.kind")}>
        <Radio.Group
          options={[
            { value: "holiday", label: t("worktime.kind.holiday") },
            { value: "make_up", label: t("worktime.kind.make_up") },
            { value: "am", label: t("worktime.half_off_am") },
            { value: "pm", label: t("worktime.half_off_pm") },
          ]}
        />
      </Form.Item>
      <Form.Item name="zh" label={t("worktime.exception_name")} rules={[{ ...required, whitespace: true }]}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="en" label={t("worktime.name_en")}>
        <Input maxLength={100} />
      </Form.Item>
    </FormDialog>
  );
}
