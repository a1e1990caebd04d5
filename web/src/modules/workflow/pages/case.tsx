import { lazy, Suspense, useEffect, useMemo, useState } from "react";

import { useMe } from "@/modules/access/api";
import { KnownEntries } from "@/modules/directory/parts/entry-name";
import { KnownPeople } from "@/modules/directory/parts/person-name";
import { KnownFiles } from "@/modules/files/parts/file-chip";
import { cellErrors, checkValues, describeAt, fieldOf, linked } from "@/modules/forms/check";
import { prepare } from "@/modules/forms/lib/form";
import type { Values } from "@/modules/forms/model";
import { controlId, FormGrid } from "@/modules/forms/parts/form-grid";
import { can } from "@/lib/can";
import { Problem } from "@/lib/problem";
import { formatMoment } from "@/lib/time";
import { usePhone } from "@/lib/use-media";
import { t, text } from "@/lib/words";
import { ActionButton, Alert, Button, Chip, ErrorState, Icon, RecordPage, Skeleton, useAsked } from "@/ui";

import { type CaseView, type TaskView, useCase, useMarkRead, useUrge, useWithdraw } from "../api";
import { AbsenceLine } from "../parts/absence";
import { Asked } from "../parts/asked";
import { Called } from "../parts/called";
import { Effects, StandingEffects } from "../parts/effects";
import { Others } from "../parts/others";
import { CaseReadersDrawer } from "../parts/case-readers";
import { ClaimBar } from "../parts/claim-bar";
import { Comments } from "../parts/comments";
import { DecisionBar } from "../parts/decision-bar";
import { AskFollowUp, FollowUps } from "../parts/follow-ups";
import { keepLook, useChanges } from "../parts/last-seen";
import { Halted } from "../parts/halted";
import { More } from "../parts/more";
import { AS_ADMINISTRATOR, heldBy, type Operation } from "../parts/operations";
import { OpinionBox } from "../parts/opinions";
import { OnPaper, SignatureLines, SignHere } from "../parts/paper";
import { OnScreen, PrintFoot, usePrinting } from "../parts/printing";
import { NamedBy, NONE, Related } from "../parts/related";
import { ChangedSince, Repairs } from "../parts/revisions";
import { ReviseBar } from "../parts/revise-bar";
import { RouteMap } from "../parts/route-map";
import { StatusChip } from "../parts/rows";
import { Standing } from "../parts/standing";
import { type Story, storyOf } from "../parts/story";
import styles from "./case.module.css";

// Few ever see it: what is told of a case that was cancelled.
const CancelledRecord = lazy(() => import("../parts/cancelled-record").then((module) => ({ default: module.CancelledRecord })));

interface CaseProps {
  id: string;
  onBack?: (() => void) | undefined;
  /** Where to go after a decision; staying is a choice too. */
  onDecided?: (() => void) | undefined;
}

/** 事项: the form as it stands, who said what, where it is, and what the reader may do with it. */
export function CaseRecord({ id, onBack, onDecided }: CaseProps) {
  const { data: view, error, refetch } = useCase(id);
  const { run: markRead } = useMarkRead();
  const readable = view !== undefined;
  useEffect(() => {
    if (readable) void markRead(id);
  }, [id, readable, markRead]);

  if (error instanceof Problem && error.code === "workflow.case_is_cancelled") {
    return (
      <Suspense fallback={<Skeleton shape="record" rows={6} />}>
        <CancelledRecord id={id} onBack={onBack} />
      </Suspense>
    );
  }
  if (error && !view) return <ErrorState error={error} retry={refetch} />;
  if (!view) return <Skeleton shape="record" rows={9} />;
  return (
    <KnownPeople people={view.people}>
      <KnownFiles files={view.files}>
        <KnownEntries names={view.names}>
          <Related cases={view.cases} records={view.records ?? NONE} of={{ case: view.id }}>
            <Sheet key={id} view={view} onBack={onBack} onDecided={onDecided} />
          </Related>
        </KnownEntries>
      </KnownFiles>
    </KnownPeople>
  );
}

function Sheet({ view, onBack, onDecided }: { view: CaseView } & Omit<CaseProps, "id">) {
  const me = useMe();
  const phone = usePhone();
  const printing = usePrinting();
  const story = useMemo(() => storyOf(view), [view]);
  const task = view.tasks[0];
  const entry = useEntry(view, task);
  const changes = useChanges(view, me?.person.id);
  const decided = () => {
    // What he filled in himself is nothing new to him next time.
    keepLook({ ...view, values: { ...view.values, ...entry.edits } });
    entry.clear();
    onDecided?.();
  };
  const route = (
    <RouteMap route={view.route} story={story} opinions={view.opinions} effects={view.effects} seen={view.seen} me={me?.person.id} halted={view.halt != null} folded={phone} />
  );
  return (
    <RecordPage
      title={text(view.title)}
      marks={<StatusChip status={view.status} stage={view.stage} />}
      meta={
        <>
          <span>{view.number}</span>
          {/* A title begins with the name of its form, but for what was called something else since. */}
          {!text(view.title).startsWith(text(view.flow_name)) && <span>{text(view.flow_name)}</span>}
          {view.initiator.on_behalf_of && (
            <span>{t("workflow.begun_for", { person: story.person(view.initiator.person), principal: story.person(view.initiator.on_behalf_of) })}</span>
          )}
          {view.submitted_at && (
            <time dateTime={view.submitted_at}>{t("workflow.submitted_at", { time: formatMoment(view.submitted_at) })}</time>
          )}
        </>
      }
      tools={<Tools view={view} />}
      onBack={onBack}
      aside={
        phone ? undefined : (
          <>
            <h2 className={styles.asideTitle}>{t("workflow.route")}</h2>
            {route}
            <Copies view={view} story={story} />
          </>
        )
      }
      asideLabel={t("workflow.route")}
      actions={task && !view.halt && <Actions view={view} task={task} entry={entry} onDecided={decided} />}
    >
      <OnScreen>
        {phone && <div className={styles.folded}>{route}</div>}
        <Standing view={view} task={task} story={story} changes={changes} />
        {view.halt && <Halted view={view} halt={view.halt} story={story} className={styles.returned ?? ""} />}
        {task?.held && <Alert type="info" className={styles.returned ?? ""} title={t("workflow.held_since", { time: formatMoment(task.held.since), reason: task.held.reason })} />}
        {task && <OnPaper view={view} task={task} className={styles.returned ?? ""} />}
        {task?.requests?.map((request) => (
          <Alert key={`${request.person}-${request.text}`} type="info" className={styles.returned ?? ""} title={t("workflow.requested", { person: story.person(request.person), text: request.text })} />
        ))}
        <ChangedSince view={view} task={task} />
        <Asked view={view} story={story} />
        <AbsenceLine
          absence={view.absence}
          mine={me !== undefined && [view.initiator.person, view.initiator.on_behalf_of].includes(me.person.id)}
          person={story.person}
          className={styles.returned ?? ""}
        />
        <FollowUps view={view} story={story} />
        <Called view={view} story={story} />
        <Repairs view={view} story={story} />
        <Effects view={view} story={story} />
        <StandingEffects effects={view.standing} />
        <Others view={view} story={story} />
        {task?.purpose === "revise" && <Returned view={view} story={story} />}
      </OnScreen>
      <FormGrid
        title={text(view.flow_name)}
        form={view.form}
        rights={view.rights}
        values={entry.values}
        counted={entry.checked?.counted ?? view.values}
        required={entry.checked?.required}
        invisible={entry.checked?.invisible}
        errors={entry.errors}
        rows={entry.checked?.rows}
        offered={entry.checked?.offered}
        onChange={task && !printing && isAtHand(view, task) ? entry.change : undefined}
        opinions={(node) => (
          <>
            <OpinionBox
              view={view}
              story={story}
              opinions={view.opinions.filter((opinion) => opinion.node === node && opinion.verdict !== "commented")}
              present={view.route.steps.some((step) => step.node === node && step.when === "present") ? t("workflow.opinion_awaited") : ""}
            />
            <SignHere view={view} node={node} />
          </>
        )}
      />
      <LooseOpinions view={view} story={story} />
      <SignatureLines view={view} />
      <OnScreen>
        <NamedBy cases={view.named_by} />
        <Comments view={view} story={story} />
        {phone && <Copies view={view} story={story} />}
      </OnScreen>
      <PrintFoot view={view} story={story} at={printing} />
    </RecordPage>
  );
}

/** Can he work on it now? Not before he has claimed it, and not while the case stands still. */
const isAtHand = (view: CaseView, task: TaskView) => !view.halt && !task.can.includes("claim");

/** What the reader fills in at his node, checked by the same rules as on the server. */
function useEntry(view: CaseView, task: TaskView | undefined) {
  const [edits, setEdits] = useState<Values>({});
  const [shown, setShown] = useState(false);
  const form = useMemo(() => prepare(view.form), [view.form]);
  const values = useMemo(() => ({ ...view.values, ...edits }), [view.values, edits]);
  const checked = useMemo(
    () =>
      task &&
      checkValues({ form, typed: values, rights: view.rights, initiator: view.initiator.described, told: view.values }),
    [task, form, values, view],
  );
  return {
    edits,
    values,
    checked,
    missing: checked?.errors.map((error) => fieldOf(error.field)) ?? [],
    errors: shown && checked ? { ...cellErrors(checked.errors), ...Object.fromEntries([...checked.errors].reverse().map((error) => [fieldOf(error.field), describeAt(form, error)])) } : undefined,
    change: (field: string, change: (value: unknown) => unknown) =>
      setEdits((now) => {
        const before = { ...view.values, ...now };
        const typed = { ...before, [field]: change(before[field]) };
        const told = view.values;
        const next = linked({ form, typed, rights: view.rights, initiator: view.initiator.described, told }, { typed: before, told });
        const followed = form.fields.filter(({ id }) => next[id] !== typed[id]).map(({ id }) => [id, next[id]] as const);
        return { ...now, [field]: typed[field], ...Object.fromEntries(followed) };
      }),
    clear: () => setEdits({}),
    show: (field: string) => {
      setShown(true);
      document.getElementById(controlId(field))?.focus();
    },
  };
}

function Actions({ view, task, entry, onDecided }: {
  view: CaseView;
  task: TaskView;
  entry: ReturnType<typeof useEntry>;
  onDecided: () => void;
}) {
  const bar = { view, task, edits: entry.edits, missing: entry.missing, onMissing: entry.show, onDecided };
  if (task.can.includes("claim")) return <ClaimBar view={view} task={task} />;
  return task.purpose === "revise" ? <ReviseBar key={task.id} {...bar} /> : <DecisionBar key={task.id} {...bar} />;
}

/** What is to be corrected, in the words of whoever sent it back: the first thing the initiator needs. */
function Returned({ view, story }: { view: CaseView; story: Story }) {
  const said = view.opinions.filter((opinion) => ["returned", "review_failed"].includes(opinion.verdict)).at(-1);
  return said ? <Alert type="warning" className={styles.returned ?? ""} title={<OpinionBox story={story} opinions={[said]} />} /> : null;
}

/** Opinions of nodes that have no box on the form: nothing that was said may be invisible. */
function LooseOpinions({ view, story }: { view: CaseView; story: Story }) {
  const boxed = new Set(view.form.layout.rows.flat().flatMap((cell) => ("opinions" in cell ? [cell.opinions] : [])));
  const loose = view.opinions.filter((opinion) => opinion.verdict !== "commented" && !boxed.has(opinion.node ?? ""));
  if (loose.length === 0) return null;
  return (
    <section className={styles.loose} aria-label={t("workflow.opinions")}>
      <h2 className={styles.asideTitle}>{t("workflow.opinions")}</h2>
      <OpinionBox view={view} opinions={loose} story={story} named />
    </section>
  );
}

/** What is done with the case as a whole, behind "more". */
const OF_THE_CASE: (Operation | "repair")[] = ["take_back", "copy", "report_deviation", ...AS_ADMINISTRATOR];

/** Done without words. */
const silent = { text: "", attachments: [] };

function Tools({ view }: { view: CaseView }) {
  const phone = usePhone();
  const [reading, setReading] = useState(false);
  const urge = useUrge(view, t("workflow.did_urge"));
  const withdraw = useAsked(useWithdraw(view, t("workflow.did_withdraw")), {
    title: t("workflow.withdraw_sure"),
    body: t("workflow.withdraw_hint"),
    yes: t("workflow.withdraw"),
    danger: true,
  });
  const readers = { id: "readers", label: t("workflow.readers"), run: () => setReading(true) };
  const print = { id: "print", label: t("workflow.print"), run: () => window.print() };
  const operations = OF_THE_CASE.filter((operation) => can(view, operation) && (operation !== "hand_over" || heldBy(view).length > 0));
  return (
    <>
      {can(view, "urge") && <ActionButton action={urge} input={silent} label={t("workflow.urge")} icon={<Icon name="urge" size={15} />} />}
      {!phone && can(view, "list_readers") && (
        <Button icon={<Icon name="eye" size={15} />} onClick={readers.run}>
          {readers.label}
        </Button>
      )}
      <AskFollowUp view={view} />
      {!phone && (
        <Button icon={<Icon name="file" size={15} />} onClick={print.run}>
          {print.label}
        </Button>
      )}
      {reading && <CaseReadersDrawer id={view.id} onClose={() => setReading(false)} />}
      {can(view, "withdraw") && <ActionButton action={withdraw} input={silent} label={t("workflow.withdraw")} />}
      <More
        view={view}
        operations={operations}
        others={phone ? [...(can(view, "list_readers") ? [readers] : []), print] : []}
        task={view.to_take_back ?? undefined}
        short
      />
    </>
  );
}

/** 抄送: who got a copy, and who has opened it. */
function Copies({ view, story }: { view: CaseView; story: Story }) {
  if (view.copies.length === 0) return null;
  const read = view.copies.filter((copy) => copy.read_at).length;
  return (
    <section className={styles.copies} aria-label={t("workflow.copies")}>
      <h2 className={styles.asideTitle}>
        {t("workflow.copies")} <small>{t("workflow.read_of", { read, all: view.copies.length })}</small>
      </h2>
      <ul>
        {view.copies.map((copy) => (
          <li key={`${copy.person}-${copy.sent_at}`}>
            <span>{story.person(copy.person)}</span>
            {copy.read_at ? (
              <time dateTime={copy.read_at}>{t("workflow.read_at", { time: formatMoment(copy.read_at) })}</time>
            ) : (
              <Chip tone={copy.must_read ? "warn" : "plain"}>{t(copy.must_read ? "workflow.must_read" : "workflow.not_read")}</Chip>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
