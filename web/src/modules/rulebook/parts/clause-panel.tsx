import { can } from "@/lib/can";
import { formatInstant } from "@/lib/time";
import { usePhone } from "@/lib/use-media";
import { t, text } from "@/lib/words";
import { Button, Drawer, Form, Input, Radio, Select, Switch } from "@/ui";

import { type ClauseView, type Parameter, useChangeClause } from "../api";
import styles from "./clause-panel.module.css";
import { parameterName, showValue } from "./parameter";

interface Entered {
  mode: ClauseView["mode"];
  reason: string;
  parameters: Record<string, unknown>;
}

/** One clause: its words, its parameters, what each was before; a change asks for the reason, which is recorded. */
export function ClausePanel({ clause, onClose }: { clause: ClauseView; onClose: () => void }) {
  const phone = usePhone();
  const [form] = Form.useForm<Entered>();
  const change = useChangeClause(clause, t("rulebook.changed"), onClose);
  const may = can(clause, "edit");
  const submit = (entered: Entered) =>
    void change.run({
      mode: entered.mode,
      reason: entered.reason.trim(),
      parameters: Object.fromEntries(clause.parameters.map((each) => [each.name, parsed(each, entered.parameters[each.name])])),
    });
  return (
    <Drawer open onClose={onClose} size={phone ? "100%" : 480} title={t("rulebook.clause")} closable={{ "aria-label": t("ui.close") }}>
      <p className={styles.words}>{text(clause.text)}</p>
      <p className={styles.meta}>{t("rulebook.holds_for", { unit: text(clause.unit) })}</p>
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        disabled={!may || change.pending}
        initialValues={{
          mode: clause.mode,
          parameters: Object.fromEntries(clause.parameters.map((each) => [each.name, written(each)])),
        }}
        onFinish={submit}
      >
        {clause.parameters.map((parameter) => (
          <Form.Item
            key={parameter.name}
            name={["parameters", parameter.name]}
            label={parameterName(clause, parameter)}
            valuePropName={parameter.kind === "boolean" ? "checked" : "value"}
            extra={t("rulebook.now", { value: showValue(parameter) })}
            rules={parameter.kind === "integer" ? [{ pattern: /^-?\d+$/, message: t("rulebook.whole_number") }] : []}
          >
            <ParameterInput parameter={parameter} />
          </Form.Item>
        ))}
        <Form.Item name="mode" label={t("rulebook.mode")}>
          <Radio.Group
            options={(["block", "warn", "record"] as const).map((mode) => ({ value: mode, label: t(`rulebook.mode_${mode}`) }))}
          />
        </Form.Item>
        {may && (
          <>
            <Form.Item name="reason" label={t("rulebook.reason")} rules={[{ required: true, whitespace: true, message: t("rulebook.reason_missing") }]}>
              <Input.TextArea autoSize={{ minRows: 2 }} />
            </Form.Item>
            <Button type="primary" htmlType="submit" loading={change.pending}>
              {t("ui.save")}
            </Button>
          </>
        )}
      </Form>
      {clause.history.length > 0 && (
        <>
          <h3 className={styles.title}>{t("rulebook.history")}</h3>
          <ul className={styles.history}>
            {clause.history.map((each) => (
              <li key={`${each.at}-${each.name}`}>
                <p>
                  {parameterName(clause, { name: each.name } as Parameter)}
                  {t("ui.colon")}
                  <del>{showValue({ value: each.old })}</del> → <ins>{showValue({ value: each.new })}</ins>
                </p>
                <p className={styles.meta}>
                  {[each.person?.name, formatInstant(each.at), each.reason].filter(Boolean).join(" · ")}
                </p>
              </li>
            ))}
          </ul>
        </>
      )}
    </Drawer>
  );
}

/** `Form.Item` hands value and change to its only child. */
function ParameterInput({ parameter, ...control }: { parameter: Parameter }) {
  switch (parameter.kind) {
    case "boolean":
      return <Switch {...control} />;
    case "choice":
      return <Select {...control} options={(parameter.options ?? []).map((option) => ({ value: option, label: option }))} />;
    case "list":
      return <Input.TextArea {...control} autoSize={{ minRows: 2, maxRows: 10 }} />;
    case "integer":
      return <Input {...control} inputMode="numeric" />;
    case "text":
      return <Input {...control} />;
  }
}

function written(parameter: Parameter): unknown {
  if (parameter.kind === "list" && Array.isArray(parameter.value)) return parameter.value.join("\n");
  return parameter.kind === "integer" ? String(parameter.value) : parameter.value;
}

function parsed(parameter: Parameter, entered: unknown): unknown {
  if (parameter.kind === "integer") return Number(entered);
  if (parameter.kind !== "list") return entered;
  return String(entered)
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}
