import { useState } from "react";

import { type GrantView, useEndGrant, useGrants } from "@/modules/access/api";
import { type Terms, TermsForm } from "@/modules/access/parts/give-form";
import { periodOf, ScopeChip, subjectOf, whatOf } from "@/modules/access/parts/rights";
import { can } from "@/lib/can";
import { t, text } from "@/lib/words";
import { Button, Form, ListPage, RowLine, Select, useConfirm } from "@/ui";

import { useGiveQuery, useManagedFlows } from "../api";

const QUERY = "workflow.query:";
const EVERY = "*";

/** 查询权: who may query the cases of which form, over what, from when to when; it lets nobody start or decide (PERM-08). */
export function QueryRightsPage() {
  const grants = useGrants();
  const confirm = useConfirm();
  const end = useEndGrant(t("workflow.query_right_ended"));
  const [giving, setGiving] = useState(false);
  const askEnd = async (grant: GrantView) => {
    const names = { name: subjectOf(grant), what: whatOf(grant) };
    const question = { title: t("workflow.end_query_right_question", names), yes: t("workflow.end_query_right"), danger: true };
    if (await confirm(question)) await end.run(grant.id);
  };
  return (
    <>
      <ListPage<GrantView>
        title={t("workflow.query_rights")}
        label={t("workflow.query_rights")}
        tools={
          <Button type="primary" onClick={() => setGiving(true)}>
            {t("workflow.give_query_right")}
          </Button>
        }
        list={{
          items: grants.data?.filter((grant) => grant.what.kind === "permission" && grant.what.name.startsWith(QUERY)),
          error: grants.data ? undefined : grants.error,
          retry: grants.refetch,
        }}
        rowKey={(grant) => grant.id}
        row={(grant) => (
          <RowLine
            name={`${subjectOf(grant)} · ${text(grant.about)}`}
            lines={[periodOf(grant), grant.reason && t("access.grounds", { reason: grant.reason })]}
          >
            <ScopeChip grant={grant} />
            {can(grant, "end") && (
              <Button danger aria-label={t("access.end_of", { name: subjectOf(grant), what: whatOf(grant) })} onClick={() => void askEnd(grant)}>
                {t("workflow.end_query_right")}
              </Button>
            )}
          </RowLine>
        )}
        empty={{ title: t("workflow.no_query_right_given"), hint: t("workflow.query_rights_hint") }}
      />
      {giving && <GiveQuery onClose={() => setGiving(false)} />}
    </>
  );
}

function GiveQuery({ onClose }: { onClose: () => void }) {
  const give = useGiveQuery(t("workflow.query_right_given"), onClose);
  const flows = useManagedFlows().data?.items ?? [];
  const options = [{ value: EVERY, label: t("workflow.every_flow") }, ...flows.map((flow) => ({ value: flow.id, label: text(flow.name) }))];
  const submit = ({ flow }: { flow: string }, terms: Terms) => void give.run({ ...terms, ...(flow === EVERY ? {} : { flow }) });
  return (
    <TermsForm<{ flow: string }> title={t("workflow.give_query_right")} initial={{}} pending={give.pending} onGive={submit} onClose={onClose}>
      <Form.Item name="flow" label={t("workflow.filter_flow")} extra={t("workflow.query_rights_hint")} rules={[{ required: true, message: t("ui.required") }]}>
        <Select showSearch={{ optionFilterProp: "label" }} options={options} />
      </Form.Item>
    </TermsForm>
  );
}
