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
  const ready = agent !== undefined && (!forAnother || principal !== undefined);
  const submit = (entered: Entered) => {
    if (!agent) return;
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
      <Form layout="vertical" requiredMark={false} initialValues={{ what: ["decide"], since, until }} onFinish={(entered: Entered) => submit(entered)}>
        {forAnother && (
          <Form.Item label={t("workflow.agency_principal")} htmlFor="agency-principal">
            <PersonPicker id="agency-principal" value={principal ? [principal] : []} multiple={false} onChange={([id]) => setPrincipal(id)} />
          </Form.Item>
        )}
        <Form.Item label={t("workflow.agency_agent")} htmlFor="agency-agent">
          <PersonPicker id="agency-agent" value={agent ? [agent] : []} multiple={false} onChange={([id]) => setAgent(id)} />
        </Form.Item>
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
          <Alert type="error" title={give.problem.fields.length > 0 ? give.problem.fields.map(describeField).join(" ") : describe(give.problem)} />
        )}
        <Button type="primary" htmlType="submit" loading={give.pending} disabled={!ready}>
          {t("workflow.agency_give")}
        </Button>
      </Form>
    </Panel>
  );
}
