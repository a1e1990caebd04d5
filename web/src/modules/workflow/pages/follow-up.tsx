import { useNavigate, useParams, useRouter, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";

import { KnownEntries } from "@/modules/directory/parts/entry-name";
import { KnownPeople } from "@/modules/directory/parts/person-name";
import { useMe } from "@/modules/access/api";
import { cellErrors, checkValues } from "@/modules/forms/check";
import { prepare } from "@/modules/forms/lib/form";
import { rightIn, type Values } from "@/modules/forms/model";
import { FormGrid } from "@/modules/forms/parts/form-grid";
import { usePhone } from "@/lib/use-media";
import { t, text } from "@/lib/words";
import { Alert, ErrorState, FormPage, Skeleton, useToast } from "@/ui";

import { type FollowUp, type FollowUpStart, useFollowUp, useFollowUpStart } from "../api";
import { StandingEffects } from "../parts/effects";
import { useHandingIn } from "../parts/handing-in";
import { whatLacks } from "../parts/lacks";
import { NONE, Related } from "../parts/related";
import { RouteMap } from "../parts/route-map";
import { storyOf } from "../parts/story";
import { SubmitBar } from "../parts/submit-bar";
import styles from "./fill.module.css";

/** 撤销, 变更 of a completed case: the paper as it stands, why, and those who approved it beside it. */
export function FollowUpPage() {
  const { id = "" } = useParams({ strict: false });
  const { kind: asked } = useSearch({ strict: false });
  const kind: FollowUp = asked === "change" ? "change" : "revoke";
  const start = useFollowUpStart(id, kind);
  if (start.error) return <ErrorState error={start.error} retry={start.refetch} />;
  if (!start.data) return <Skeleton shape="record" rows={9} />;
  return (
    <KnownPeople people={start.data.people}>
      <KnownEntries names={{}}>
        <Related cases={start.data.cases} records={start.data.records ?? NONE} of={{ case: id }}>
          <Asking key={`${id}/${kind}`} id={id} start={start.data} />
        </Related>
      </KnownEntries>
    </KnownPeople>
  );
}

function Asking({ id, start }: { id: string; start: FollowUpStart }) {
  const phone = usePhone();
  const me = useMe();
  const router = useRouter();
  const navigate = useNavigate();
  const toast = useToast();
  const [edits, setEdits] = useState<Values>({});
  const send = useFollowUp(id, (done) => {
    toast.done(t("workflow.did_ask_follow_up"));
    void navigate({ to: "/cases/$id", params: { id: done.id } });
  });
  const form = useMemo(() => prepare(start.form), [start.form]);
  const values = useMemo(() => ({ ...start.values, ...edits }), [start.values, edits]);
  const checked = useMemo(
    () => checkValues({ form, typed: values, rights: start.rights, initiator: start.initiator.described, told: start.values }),
    [form, values, start],
  );
  const lacks = whatLacks({ start: { form: start.form, choices: [] }, checked, choices: {}, refused: send.problem });
  const story = storyOf({ form: start.form, people: start.people, route: start.route });

  const submit = useHandingIn(lacks, () => {
    // Only what he writes is sent: the rest stands as it was approved.
    const written = Object.entries(values).filter(([field]) => ["write", "required"].includes(rightIn(start.rights, field)));
    void send.run({ kind: start.kind, values: Object.fromEntries(written), confirmed: true });
  });

  const label = t(start.kind === "revoke" ? "workflow.ask_revoke" : "workflow.ask_change");
  return (
    <FormPage
      title={label}
      meta={
        <>
          <span>{start.number}</span>
          <span>{text(start.title)}</span>
        </>
      }
      onBack={phone ? () => router.history.back() : undefined}
      submit={{ label, run: submit.send }}
      asideLabel={t("workflow.follow_up_approvers")}
      aside={
        <>
          <h2 className={styles.asideTitle}>{t("workflow.follow_up_approvers")}</h2>
          <RouteMap route={start.route} story={story} me={me?.person.id} />
        </>
      }
      actions={
        <SubmitBar {...submit.bar} problem={send.problem} declaration={start.declaration} pending={send.pending} />
      }
    >
      <Alert
        type="info"
        className={styles.admission ?? ""}
        title={t(start.kind === "revoke" ? "workflow.revoke_hint" : "workflow.change_hint")}
      />
      <StandingEffects effects={start.standing} />
      <FormGrid
        title={text(start.title)}
        form={start.form}
        rights={start.rights}
        values={values}
        counted={checked.counted}
        invisible={checked.invisible}
        required={checked.required}
        errors={
          submit.tried
            ? {
                ...cellErrors([...checked.errors, ...(send.problem?.fields ?? [])]),
                ...Object.fromEntries(lacks.map((lack) => [lack.id, lack.why])),
              }
            : {}
        }
        rows={checked.rows}
        offered={checked.offered}
        onChange={(field, next) => {
          send.clear();
          setEdits((now) => ({ ...now, [field]: next({ ...start.values, ...now }[field]) }));
        }}
        opinions={() => null}
      />
    </FormPage>
  );
}
