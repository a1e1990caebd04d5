import { useState } from "react";

import { PersonPicker } from "@/modules/directory/parts/person-picker";
import { describe, describeField } from "@/lib/problem";
import { t, text } from "@/lib/words";
import { Alert, Button, Checkbox, Form, Input, Panel, Select } from "@/ui";
import { DateItem } from "@/ui/date";

import { useAgencyChoices, useGiveAgency } from "../api";
import { categoryName } from "./categories";

interface Entered {
  since?: string;
  until: string;
  what: ("decide" | "start")[];
  flows?: string[];
  categories?: string[];
  reason?: string;
}

/** 指定代理人: whom, from when to when, in what. What the rules do not allow, the server refuses in words. */
export function GiveAgency({ forAnother = false, longestDays, since, until, onClose }: {
  /** An administrator names an agent for somebody else. */
  forAnother?: boolean;
  longestDays?: number | undefined;
  /** The first and the last day, where it is known for which absence. */
  since?: string | undefined;
  until?: string | undefined;
  onClose: () => void;
}) {
  const [principal, setPrincipal] = useState<string>();
  const [agent, setAgent] = useState<string>();
  const give = useGiveAgency(t("workflow.agency_did_give"), onClose);
  const choices = useAgencyChoices(principal).data?.flows ?? [];
  const categories = [...new Set(choices.map((flow) => flow.category))].filter(Boolean);
  const [tried, setTried] = useState(false);
  const submit = (entered: Entered) => {
    if (!agent || (forAnother && !principal)) return;
    void give.run({
      agent,
      ...(principal ? { principal } : {}),
      // Days of the principal's unit: the server knows its clock.
      ...(entered.since ? { first_day: entered.since } : {}),
      last_day: entered.until,
      may_decide: entered.what.includes("decide"),
      may_start: entered.what.includes("start"),
      scope: { flows: entered.flows ?? [], categories: entered.categories ?? [] },
      reason: entered.reason?.trim() ?? "",
    });
  };
  return (
    <Panel title={t("workflow.agency_give")} onClose={onClose}>
      <Form layout="vertical" requiredMark={false} initialValues={{ what: ["decide"], since, until }} onFinish={submit}>
        {forAnother && (
          <Person id="agency-principal" label={t("workflow.agency_principal")} value={principal} tried={tried} onChange={setPrincipal} />
        )}
        <Person id="agency-agent" label={t("workflow.agency_agent")} value={agent} tried={tried} onChange={setAgent} />
        <Form.Item name="since" label={t("workflow.agency_from")} extra={t("workflow.agency_from_hint")}>
          <DateItem />
        </Form.Item>
        <Form.Item
          name="until"
          label={t("workflow.agency_to")}
          extra={longestDays === undefined ? undefined : t("workflow.agency_to_hint", { n: longestDays })}
          rules={[{ required: true, message: t("ui.required") }]}
        >
          <DateItem />
        </Form.Item>
        <Form.Item name="what" label={t("workflow.agency_what")}>
          <Checkbox.Group
            options={[
              { value: "decide", label: t("workflow.agency_decide") },
              { value: "start", label: t("workflow.agency_start") },
            ]}
          />
        </Form.Item>
        <Form.Item name="flows" label={t("workflow.agency_flows")} extra={t("workflow.agency_flows_hint")}>
          <Select
            mode="multiple"
            showSearch={{ optionFilterProp: "label" }}
            options={choices.map((flow) => ({ value: flow.id, label: text(flow.name) }))}
          />
        </Form.Item>
        <Form.Item name="categories" label={t("workflow.agency_categories")}>
          <Select mode="multiple" options={categories.map((category) => ({ value: category, label: categoryName(category) }))} />
        </Form.Item>
        <Form.Item
          name="reason"
          label={t("workflow.agency_reason")}
          extra={t("workflow.agency_reason_hint")}
          rules={forAnother ? [{ required: true, whitespace: true, message: t("ui.required") }] : []}
        >
          <Input.TextArea autoSize={{ minRows: 2 }} />
        </Form.Item>
        {give.problem && (
          <Form.Item>
            <Alert type="error" title={give.problem.fields.length > 0 ? give.problem.fields.map(describeField).join(" ") : describe(give.problem)} />
          </Form.Item>
        )}
        <Button type="primary" htmlType="submit" loading={give.pending} onClick={() => setTried(true)}>
          {t("workflow.agency_give")}
        </Button>
      </Form>
    </Panel>
  );
}

interface PersonProps {
  id: string;
  label: string;
  value: string | undefined;
  tried: boolean;
  onChange: (id: string | undefined) => void;
}

/** Somebody who must be named. */
function Person({ id, label, value, tried, onChange }: PersonProps) {
  const missing = tried && !value;
  return (
    <Form.Item label={label} htmlFor={id} {...(missing ? { validateStatus: "error", help: <span id={`${id}-missing`}>{t("workflow.operation_nobody")}</span> } : {})}>
      <PersonPicker
        id={id}
        value={value ? [value] : []}
        multiple={false}
        aria-invalid={missing || undefined}
        aria-describedby={missing ? `${id}-missing` : undefined}
        onChange={([chosen]) => onChange(chosen)}
      />
    </Form.Item>
  );
}
