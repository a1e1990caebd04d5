import { useBlocker, useNavigate, useParams, useRouter, useSearch } from "@tanstack/react-router";
import { useMemo, useRef, useState } from "react";

import { type Me, useMe } from "@/modules/access/api";
import { PersonPicker } from "@/modules/directory/parts/person-picker";
import { cellErrors, checkValues, describeAt, fieldOf, linked, takenOut, wellFormed } from "@/modules/forms/check";
import { prepare } from "@/modules/forms/lib/form";
import type { Values } from "@/modules/forms/model";
import { controlId, FormGrid } from "@/modules/forms/parts/form-grid";
import { describe, describeField, type FieldProblem } from "@/lib/problem";
import { formatClock, formatDate, formatLongDate } from "@/lib/time";
import { usePhone } from "@/lib/use-media";
import { useSettled } from "@/lib/use-settled";
import { t, text } from "@/lib/words";
import { Alert, ErrorState, FormPage, Icon, Select, Skeleton, useConfirm, useToast } from "@/ui";

import { type Draft, type StartView, useDraft, usePrediction, useStart, useSubmit } from "../api";
import { AbsencePrompt } from "../parts/absence";
import { useHandingIn } from "../parts/handing-in";
import { whatLacks } from "../parts/lacks";
import { NONE, Related } from "../parts/related";
import { RouteMap } from "../parts/route-map";
import { storyOf } from "../parts/story";
import { SubmitBar } from "../parts/submit-bar";
import { keptHere, type SaveState, useAutosave } from "../parts/use-autosave";
import styles from "./fill.module.css";

/** 填写: the paper, the route it would take beside it, and one button. */
export function FillPage() {
  const { flow = "" } = useParams({ strict: false });
  const { draft, hat } = useSearch({ strict: false });
  const me = useMe();
  const stored = useDraft(draft);
  if (draft && stored.error) return <ErrorState error={stored.error} retry={stored.refetch} />;
  if (!me || (draft && !stored.data)) return <Skeleton shape="record" rows={9} />;
  const principal = stored.data?.on_behalf_of ?? hat;
  return <Acting key={`${flow}/${draft ?? ""}/${principal ?? ""}`} flow={flow} stored={stored.data} principal={principal} me={me} />;
}

/** Under which appointment: the form, its rights and its route may differ between them. */
function Acting({ flow, stored, principal, me }: { flow: string; stored: Draft | undefined; principal: string | undefined; me: Me }) {
  const [appointment, setAppointment] = useState(
    // For another it is filled in under his main appointment.
    () => (principal ? undefined : (keptHere(flow, stored?.id)?.appointment ?? stored?.appointment ?? me.appointment ?? undefined)),
  );
  const start = useStart(flow, appointment, principal);
  if (start.error) return <ErrorState error={start.error} retry={start.refetch} />;
  if (!start.data) return <Skeleton shape="record" rows={9} />;
  return (
    <Related cases={NONE} records={NONE} of={{ flow, principal }}>
      <Filling flow={flow} start={start.data} stored={stored} principal={principal} me={me} appointment={appointment} onAppointment={setAppointment} />
    </Related>
  );
}

interface FillingProps {
  flow: string;
  start: StartView;
  stored: Draft | undefined;
  /** For whom it is filled in, where the reader is his agent. */
  principal: string | undefined;
  me: Me;
  appointment: string | undefined;
  onAppointment: (appointment: string | undefined) => void;
}

function Filling({ flow, start, stored, principal, me, appointment, onAppointment }: FillingProps) {
  const phone = usePhone();
  const router = useRouter();
  const navigate = useNavigate();
  const toast = useToast();
  const confirm = useConfirm();

  const [begun] = useState(() => {
    const kept = keptHere(flow, stored?.id);
    // What was typed for one is not handed in for another.
    return kept?.on_behalf_of === principal ? kept : undefined;
  });
  const form = useMemo(() => prepare(start.form), [start.form]);
  // As conditions read him: codes of unit, department and post, rank, name.
  const initiator = start.initiator.described;
  const follow = (typed: Values, told: Values | undefined, before?: { typed: Values; told: Values | undefined }) =>
    linked({ form, typed, rights: start.rights, initiator, told }, before);
  const [values, setValues] = useState<Values>(() => begun?.values ?? stored?.values ?? follow({}, undefined));
  const [choices, setChoices] = useState<Record<string, string[]>>(() => begun?.choices ?? stored?.choices ?? {});
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const left = useRef(false);
  const handing = useRef(false);
  const save = useAutosave(flow, stored);
  const { changed } = save;

  const question = useMemo(
    () => ({
      values: { ...wellFormed(form, values, start.rights, initiator), ...takenOut(form, values) },
      choices,
      ...(appointment ? { appointment } : {}),
      ...(principal ? { on_behalf_of: principal } : {}),
    }),
    [form, values, start.rights, initiator, choices, appointment, principal],
  );
  const prediction = usePrediction(flow, useSettled(question, 300));
  const submit = useSubmit(({ id }) => {
    left.current = true;
    save.close();
    toast.done(t("workflow.did_submit", { title: text(start.flow.name) }));
    void navigate({ to: "/inbox/$list/{-$id}", params: { list: principal ? "done" : "started", id }, search: {} });
  });

  const told = prediction.data?.values;
  // The server has counted how long a period is: what is set by that follows.
  const [known, setKnown] = useState(told);
  if (told !== known) {
    setKnown(told);
    // The first answer is about what was there when the page was opened: that stays as it was left.
    if (known) setValues((now) => follow(now, told, { typed: now, told: known }));
  }
  const checked = useMemo(
    () => checkValues({ form, typed: values, rights: start.rights, initiator, told }),
    [form, values, start.rights, initiator, told],
  );
  const refusals = prediction.data?.refusals ?? [];
  const lacks = whatLacks({ start, checked, choices, refused: submit.problem });

  const change = (field: string, next: (value: unknown) => unknown) => {
    submit.clear();
    const typing = (now: Values) => follow({ ...now, [field]: next(now[field]) }, told, { typed: now, told });
    setValues(typing);
    changed((typed) => ({ ...typed, values: typing(typed.values) }), {
      values,
      choices,
      appointment,
      on_behalf_of: principal,
    });
  };
  const choose = (node: string, people: string[]) => {
    setChoices((now) => ({ ...now, [node]: people }));
    changed((typed) => ({ ...typed, choices: { ...typed.choices, [node]: people } }), { values, choices, appointment, on_behalf_of: principal });
  };
  const touch = (field: string) => setTouched((now) => (now.has(field) ? now : new Set(now).add(field)));
  const handIn = async () => {
    if (handing.current) return;
    handing.current = true;
    // A draft that is saved while the case begins would be left over, or would not be found any more.
    const draft = await save.settle();
    await submit.run({
      flow,
      values: { ...checked.values, ...takenOut(form, values) },
      choices,
      confirmed: true,
      ...(appointment ? { appointment } : {}),
      ...(principal ? { on_behalf_of: principal } : {}),
      ...(draft ? { draft } : {}),
    });
    handing.current = false;
    if (!left.current) void save.flush();
  };
  const { tried, send, bar } = useHandingIn(lacks, () => void handIn());
  const shown = lacks.filter((lack) => tried || (lack.kind === "wrong" && touched.has(lack.id)));

  useBlocker({
    shouldBlockFn: async () => {
      if (left.current || save.state.kind === "clean" || save.state.kind === "saved") return false;
      if (await save.flush()) return false;
      return !(await confirm({
        title: t("workflow.leave_sure"),
        body: t("workflow.leave_hint"),
        yes: t("workflow.leave"),
        danger: true,
      }));
    },
    enableBeforeUnload: () => !left.current && (save.state.kind === "pending" || save.state.kind === "kept"),
  });

  const route = prediction.data && (
    <RouteMap
      route={prediction.data.route}
      story={storyOf({ form: start.form, people: prediction.data.people, route: prediction.data.route })}
      me={me.person.id}
    />
  );

  return (
    <FormPage
      title={text(start.flow.name)}
      meta={
        <>
          <SaveMark state={save.state} />
          {begun && <span>{t("workflow.recovered")}</span>}
        </>
      }
      onBack={phone ? () => router.history.back() : undefined}
      submit={{ label: t("workflow.submit"), run: send }}
      asideLabel={t("workflow.predicted_route")}
      aside={
        <>
          <h2 className={styles.asideTitle}>{t("workflow.predicted_route")}</h2>
          {prediction.error && !prediction.data ? (
            <p className={styles.note} role="status">
              {describe(prediction.error)}
            </p>
          ) : (
            <div aria-live="polite" aria-busy={prediction.isFetching} className={styles.route}>
              {route ?? <Skeleton rows={3} />}
            </div>
          )}
        </>
      }
      actions={
        <SubmitBar {...bar} problem={submit.problem} kept={t("workflow.kept_typed")} declaration={start.declaration} pending={submit.pending} />
      }
    >
      {principal && (
        <Alert type="info" className={styles.admission ?? ""} title={t("workflow.filling_for", { name: start.initiator.described.name })} />
      )}
      {!principal && me.appointments.length > 1 && (
        <div className={styles.acting}>
          <label htmlFor="appointment">{t("workflow.acting_as")}</label>
          <Select
            id="appointment"
            value={appointment ?? null}
            popupMatchSelectWidth={false}
            options={me.appointments.map((each) => ({
              value: each.id,
              label: [each.department ?? each.unit, each.post].map((place) => text(place.name)).join(" · "),
            }))}
            onChange={(next: string | null) => {
              const chosen = next ?? undefined;
              onAppointment(chosen);
              changed((typed) => ({ ...typed, appointment: chosen }), { values, choices, appointment, on_behalf_of: principal });
            }}
          />
        </div>
      )}
      <Admission start={start} refusals={refusals} />
      <AbsencePrompt absence={prediction.data?.absence} className={styles.admission ?? ""} />
      <FormGrid
        title={text(start.flow.name)}
        form={start.form}
        rights={start.rights}
        values={values}
        counted={checked.counted}
        invisible={checked.invisible}
        errors={{
          ...foretold(start, refusals),
          ...(tried ? cellErrors([...checked.errors, ...(submit.problem?.fields ?? [])]) : {}),
          ...Object.fromEntries(shown.filter((lack) => lack.kind !== "choice").map((lack) => [lack.id, lack.why])),
        }}
        rows={checked.rows}
        offered={checked.offered}
        required={checked.required}
        onChange={change}
        onBlur={touch}
        opinions={() => null}
      />
      {start.choices.length > 0 && (
        <section className={styles.choices} aria-label={t("workflow.choices")}>
          <h2 className={styles.asideTitle}>{t("workflow.choices")}</h2>
          {start.choices.map((choice) => (
            <div key={choice.node} className={styles.choice}>
              <label htmlFor={controlId(`choice-${choice.node}`)}>{text(choice.name)}</label>
              <PersonPicker
                id={controlId(`choice-${choice.node}`)}
                value={choices[choice.node] ?? []}
                multiple={choice.max !== 1}
                maxCount={choice.max ?? undefined}
                candidates={choice.candidates ?? undefined}
                onChange={(people) => choose(choice.node, people)}
              />
            </div>
          ))}
        </section>
      )}
    </FormPage>
  );
}

/** What the server would refuse at fields if this were handed in now: said before, and no reason not to try. */
function foretold(start: StartView, refusals: readonly FieldProblem[]): Record<string, string> {
  const at = refusals.filter((refusal) => refusal.field !== WHOLE);
  return Object.fromEntries(at.map((refusal) => [fieldOf(refusal.field), describeAt(start.form, refusal)]));
}

/** Where a refusal stands that is at no field. */
const WHOLE = "values";

/** How often it may still be submitted, and for when: told before anything is typed. */
function Admission({ start, refusals }: { start: StartView; refusals: readonly FieldProblem[] }) {
  const spent = start.quotas.find((quota) => quota.used >= quota.at_most);
  // What became so since the page was opened.
  const since = spent ? [] : refusals.filter((refusal) => refusal.field === WHOLE);
  return (
    <>
      {since.map((refusal) => (
        <Alert key={refusal.code} type="warning" className={styles.admission ?? ""} title={describeField(refusal)} />
      ))}
      {start.quotas.map((quota) => (
        <Alert
          key={`${quota.from}-${quota.next}`}
          type={quota === spent ? "warning" : "info"}
          className={styles.admission ?? ""}
          title={t(quota === spent ? "workflow.quota_spent" : "workflow.quota", {
            ...quota,
            from: formatDate(quota.from),
            until: formatDate(quota.until),
            next: formatDate(quota.next),
            left: quota.at_most - quota.used,
          })}
        />
      ))}
      {start.earliest && <Alert type="info" className={styles.admission ?? ""} title={t("workflow.earliest", { date: formatLongDate(start.earliest) })} />}
    </>
  );
}

function SaveMark({ state }: { state: SaveState }) {
  switch (state.kind) {
    case "clean":
      return <span>{t("workflow.draft_saves_itself")}</span>;
    case "pending":
      return <span role="status">{t("workflow.draft_saving")}</span>;
    case "saved":
      return <span role="status">{t("workflow.draft_saved", { time: formatClock(state.at) })}</span>;
    case "kept":
      return (
        <span role="status" className={styles.kept}>
          <Icon name="warn" size={14} /> {t("workflow.draft_kept", { why: state.why })}
        </span>
      );
  }
}

