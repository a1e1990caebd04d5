import { useEffect, useMemo, useState } from "react";

import { useMe } from "@/modules/access/api";
import { isEmpty, type Values } from "@/modules/forms/model";
import { controlId, FormGrid } from "@/modules/forms/parts/form-grid";
import { can } from "@/lib/can";
import { formatMoment } from "@/lib/time";
import { usePhone } from "@/lib/use-media";
import { say, t, text } from "@/lib/words";
import { ActionButton, Chip, ErrorState, Icon, RecordPage, Skeleton, useConfirm } from "@/ui";

import { type CaseTask, type CaseView, useCase, useMarkRead, useUrge, useWithdraw } from "../api";
import { Comments } from "../parts/comments";
import { DecisionBar } from "../parts/decision-bar";
import { OpinionBox } from "../parts/opinions";
import { ReviseBar } from "../parts/revise-bar";
import { RouteMap } from "../parts/route-map";
import { StatusChip } from "../parts/rows";
import styles from "./case.module.css";

interface CaseProps {
  id: string;
  onBack?: (() => void) | undefined;
  /** Where to go after a decision; staying is a choice too. */
  onDecided?: (() => void) | undefined;
}

/** 事项: the form as it stands, who said what, where it is, and what the reader may do with it. */
export function CaseRecord({ id, onBack, onDecided }: CaseProps) {
  const found = useCase(id);
  const { run: markRead } = useMarkRead();
  const readable = found.data !== undefined;
  useEffect(() => {
    if (readable) void markRead(id);
  }, [id, readable, markRead]);

  if (found.error && !found.data) return <ErrorState error={found.error} retry={found.refetch} />;
  if (!found.data) return <Skeleton shape="record" rows={9} />;
  return <Sheet key={id} view={found.data} onBack={onBack} onDecided={onDecided} />;
}

function Sheet({ view, onBack, onDecided }: { view: CaseView } & Omit<CaseProps, "id">) {
  const me = useMe();
  const phone = usePhone();
  const [edits, setEdits] = useState<Values>({});
  const [shownMissing, setShownMissing] = useState(false);
  const task = view.tasks.find((each) => each.can.length > 0);
  const labels = useMemo(() => new Map(view.form.fields.map((field) => [field.id, text(field.label)])), [view.form]);
  const values = { ...view.values, ...edits };
  const missing = task
    ? view.form.fields.filter((field) => view.rights[field.id] === "required" && isEmpty(values[field.id])).map((field) => field.id)
    : [];
  const decided = () => {
    setEdits({});
    onDecided?.();
  };
  const route = <RouteMap route={view.route} fieldLabel={(field) => labels.get(field) ?? field} me={me?.person.id} folded={phone} />;

  return (
    <RecordPage
      title={view.title}
      marks={<StatusChip status={view.status} />}
      meta={
        <>
          <span>{view.number}</span>
          <span>{text(view.flow.name)}</span>
          <time dateTime={view.submitted_at}>{t("workflow.submitted_at", { time: formatMoment(view.submitted_at) })}</time>
        </>
      }
      tools={<Tools view={view} />}
      onBack={onBack}
      aside={
        phone ? undefined : (
          <>
            <h2 className={styles.asideTitle}>{t("workflow.route")}</h2>
            {route}
            <Copies view={view} />
          </>
        )
      }
      asideLabel={t("workflow.route")}
      actions={actionsFor({ view, task, edits, missing, setShownMissing, decided })}
    >
      {phone && <div className={styles.folded}>{route}</div>}
      {task && <WhyMe task={task} />}
      <FormGrid
        title={text(view.flow.name)}
        form={view.form}
        rights={view.rights}
        values={values}
        counted={view.values}
        required={new Set(missing)}
        errors={shownMissing ? Object.fromEntries(missing.map((field) => [field, t("ui.required")])) : undefined}
        onChange={task ? (field, change) => setEdits((now) => ({ ...now, [field]: change({ ...view.values, ...now }[field]) })) : undefined}
        opinions={(node) => (
          <OpinionBox
            opinions={view.opinions.filter((opinion) => opinion.node === node)}
            present={view.tasks.some((each) => each.node === node) ? t("workflow.opinion_awaited") : ""}
          />
        )}
      />
      <LooseOpinions view={view} />
      <Comments view={view} />
      {phone && <Copies view={view} />}
    </RecordPage>
  );
}

function actionsFor({ view, task, edits, missing, setShownMissing, decided }: {
  view: CaseView;
  task: CaseTask | undefined;
  edits: Values;
  missing: string[];
  setShownMissing: (shown: boolean) => void;
  decided: () => void;
}) {
  if (!task) return undefined;
  const onMissing = (field: string) => {
    setShownMissing(true);
    document.getElementById(controlId(field))?.focus();
  };
  const bar = { view, edits, missing, onMissing, onDecided: decided };
  return task.can.includes("resubmit") ? <ReviseBar {...bar} /> : <DecisionBar key={task.id} {...bar} task={task} />;
}

/** One line over the form: why this came to the reader. */
function WhyMe({ task }: { task: CaseTask }) {
  if (!task.why) return null;
  return (
    <p className={styles.why}>
      <Icon name="person" size={15} />
      <span>
        <strong>{t("workflow.why_me")}</strong> {say(task.why.code, task.why.args)}
      </span>
    </p>
  );
}

/** Opinions of nodes that have no box on the form: nothing that was said may be invisible. */
function LooseOpinions({ view }: { view: CaseView }) {
  const boxed = new Set(view.form.layout.rows.flat().map((cell) => cell.opinions));
  const loose = view.opinions.filter((opinion) => !boxed.has(opinion.node));
  if (loose.length === 0) return null;
  return (
    <section className={styles.loose} aria-label={t("workflow.opinions")}>
      <h2 className={styles.asideTitle}>{t("workflow.opinions")}</h2>
      <OpinionBox opinions={loose} />
    </section>
  );
}

function Tools({ view }: { view: CaseView }) {
  const confirm = useConfirm();
  const urge = useUrge(view, t("workflow.did_urge"));
  const withdraw = useWithdraw(view, t("workflow.did_withdraw"));
  const askThenWithdraw = {
    ...withdraw,
    run: async (input: { opinion?: string }) => {
      const sure = await confirm({
        title: t("workflow.withdraw_sure"),
        body: t("workflow.withdraw_hint"),
        yes: t("workflow.withdraw"),
        danger: true,
      });
      return sure ? withdraw.run(input) : undefined;
    },
  };
  return (
    <>
      {can(view, "urge") && <ActionButton action={urge} input={{}} label={t("workflow.urge")} icon={<Icon name="urge" size={15} />} />}
      {can(view, "withdraw") && <ActionButton action={askThenWithdraw} input={{}} label={t("workflow.withdraw")} />}
    </>
  );
}

/** 抄送: who got a copy, and who has opened it. */
function Copies({ view }: { view: CaseView }) {
  if (view.copies.length === 0) return null;
  const read = view.copies.filter((copy) => copy.read_at).length;
  return (
    <section className={styles.copies} aria-label={t("workflow.copies")}>
      <h2 className={styles.asideTitle}>
        {t("workflow.copies")} <small>{t("workflow.read_of", { read, all: view.copies.length })}</small>
      </h2>
      <ul>
        {view.copies.map((copy) => (
          <li key={copy.person.id}>
            <span>{copy.person.name}</span>
            {copy.read_at ? (
              <time dateTime={copy.read_at}>{t("workflow.read_at", { time: formatMoment(copy.read_at) })}</time>
            ) : (
              <Chip>{t("workflow.not_read")}</Chip>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
