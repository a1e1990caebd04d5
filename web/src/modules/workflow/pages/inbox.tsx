import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from "react";

import { useTwoPanes } from "@/lib/use-media";
import { say, t, text } from "@/lib/words";
import { Button, Count, EmptyState, Filter, Icon, listOf, ListPage, Skeleton, Tabs, useConfirm } from "@/ui";

import {
  caseQuery,
  type CaseList,
  type CaseRow,
  type CaseView,
  type Draft,
  type ListFilter,
  type TaskRow,
  useCases,
  useCounts,
  useDeleteDraft,
  useDrafts,
  useFlows,
  useTasks,
} from "../api";
import { AfterDecision } from "../parts/after-decision";
import { useChoosing } from "../parts/choosing";
import { CaseLine, DraftLine, TaskLine } from "../parts/rows";
import { SavedFilters } from "../parts/saved-filters";
import styles from "./inbox.module.css";

// The list stands before the case is fetched: it is not part of the first page, and comes right behind it.
const fetchCase = () => import("./case");
const CaseRecord = lazy(() => fetchCase().then((module) => ({ default: module.CaseRecord })));

export const LISTS = ["waiting", "done", "started", "copied", "drafts"] as const;
export type ListName = (typeof LISTS)[number];

const STATUSES: CaseView["status"][] = ["running", "completed", "rejected", "withdrawn"];

export function isListName(name: string | undefined): name is ListName {
  return LISTS.some((list) => list === name);
}

/** The heart: what waits for me, and the other lists, with the chosen case beside them where there is room. */
export function InboxPage() {
  const params = useParams({ strict: false });
  const list: ListName = isListName(params.list) ? params.list : "waiting";
  const open = params.id;
  const two = useTwoPanes();
  const navigate = useNavigate();
  const search = useSearch({ strict: false });
  const filter = useMemo<ListFilter>(
    () => ({ q: search.q, flow: search.flow, status: search.status, hat: search.hat }),
    [search.q, search.flow, search.status, search.hat],
  );

  const go = useCallback(
    (id: string | undefined) =>
      void navigate({ to: "/inbox/$list/{-$id}", params: { list, id }, search: filter }),
    [navigate, list, filter],
  );
  const change = useCallback(
    (next: Partial<ListFilter>) =>
      void navigate({
        to: "/inbox/$list/{-$id}",
        params: { list, id: undefined },
        search: Object.fromEntries(Object.entries({ ...filter, ...next }).filter(([, value]) => value)),
        replace: true,
      }),
    [navigate, list, filter],
  );

  useEffect(() => {
    // Not there now: it is fetched again when a case is opened.
    fetchCase().catch(() => undefined);
  }, []);
  const pane = <ListPane list={list} filter={filter} open={open} go={go} change={change} />;
  if (!two) return open ? <Opened list={list} filter={filter} id={open} go={go} /> : pane;
  return (
    <div className={styles.panes}>
      <div className={styles.list}>{pane}</div>
      <div className={styles.detail}>
        {open ? (
          <Opened list={list} filter={filter} id={open} go={go} />
        ) : (
          <EmptyState icon="inbox" title={t("workflow.choose_one")} hint={t("workflow.choose_one_hint")} />
        )}
      </div>
    </div>
  );
}

interface PaneProps {
  list: ListName;
  filter: ListFilter;
  go: (id: string | undefined) => void;
}

function Opened({ list, filter, id, go }: PaneProps & { id: string }) {
  const two = useTwoPanes();
  const [decided, setDecided] = useState<string>();
  const next = useNext(filter, id, list === "waiting");
  const onDecided = () => {
    next.passed();
    if (list !== "waiting") return;
    if (two) go(next.row?.case_id);
    else setDecided(id);
  };
  if (!two && decided === id) {
    return <AfterDecision next={next.row} onNext={(row) => go(row.case_id)} onList={() => go(undefined)} />;
  }
  return (
    <Suspense fallback={<Skeleton shape="record" rows={9} />}>
      <CaseRecord key={id} id={id} onBack={two ? undefined : () => go(undefined)} onDecided={onDecided} />
    </Suspense>
  );
}

/** The task after this one as the reader saw the list, read beforehand so that it is there at once. */
function useNext(filter: ListFilter, id: string, enabled: boolean) {
  const tasks = useTasks(filter, enabled);
  const queries = useQueryClient();
  // Decided ones stand in the list until it is read again.
  const [passed, setPassed] = useState<Record<string, number>>({});
  const [place, setPlace] = useState({ id, at: -1 });
  const rows = tasks.data?.pages.flatMap((page) => page.items) ?? [];
  const found = rows.findIndex((row) => row.case_id === id);
  // Where it stood, when it stands there no more.
  if (found >= 0 && (place.id !== id || place.at !== found)) setPlace({ id, at: found });
  const at = found >= 0 ? found : place.id === id ? Math.max(0, place.at) : 0;
  const isOpen = (row: TaskRow) => row.case_id !== id && (passed[row.case_id] ?? 0) <= tasks.dataUpdatedAt;
  const row = rows.slice(at).find(isOpen) ?? rows.slice(0, at).filter(isOpen).at(-1);
  const nextCase = enabled ? row?.case_id : undefined;
  useEffect(() => {
    if (nextCase) void queries.prefetchQuery(caseQuery(nextCase));
  }, [queries, nextCase]);
  return { row: enabled ? row : undefined, passed: () => setPassed((now) => ({ ...now, [id]: Date.now() })) };
}

function ListPane(props: PaneProps & { open: string | undefined; change: (next: Partial<ListFilter>) => void }) {
  if (props.list === "drafts") return <DraftsPane {...props} />;
  return props.list === "waiting" ? <TasksPane {...props} /> : <CasesPane {...props} list={props.list} />;
}

type FullPaneProps = Parameters<typeof ListPane>[0];

function useFrame({ list, filter, change }: FullPaneProps) {
  return {
    pane: true,
    title: t(`workflow.list_${list}`),
    label: t(`workflow.list_${list}`),
    tabs: <ListTabs />,
    below: list === "drafts" ? undefined : <SavedFilters list={list} filter={filter} />,
    search: {
      value: filter.q ?? "",
      onChange: useCallback((q: string) => change({ q }), [change]),
      placeholder: t("workflow.search_cases"),
    },
    filters: <Filters list={list} filter={filter} change={change} />,
  };
}

function TasksPane(props: FullPaneProps) {
  const list = listOf(useTasks(props.filter));
  const choosing = useChoosing(list.items);
  const frame = useFrame(props);
  return (
    <>
      <ListPage<TaskRow>
        {...frame}
        filters={<>{frame.filters}{choosing.tool}</>}
        choice={choosing.choice}
        foot={choosing.foot}
        list={list}
        rowKey={taskCase}
        row={(task) => <TaskLine task={task} />}
        onOpen={(task) => props.go(task.case_id)}
        openKey={props.open}
        empty={{ title: t("workflow.nothing_waits"), hint: t("workflow.nothing_waits_hint"), action: <StartLink /> }}
      />
      {choosing.dialog}
    </>
  );
}

const taskCase = (task: TaskRow) => task.case_id;
const rowId = (row: { id: string }) => row.id;

function CasesPane(props: FullPaneProps & { list: CaseList }) {
  const list = listOf(useCases(props.list, props.filter));
  return (
    <ListPage<CaseRow>
      {...useFrame(props)}
      list={list}
      rowKey={rowId}
      row={(row) => <CaseLine row={row} mine={props.list === "started"} />}
      onOpen={(row) => props.go(row.id)}
      openKey={props.open}
      empty={{
        title: t(`workflow.empty_${props.list}`),
        hint: t(`workflow.empty_${props.list}_hint`),
        action: props.list === "started" ? <StartLink /> : undefined,
      }}
    />
  );
}

function DraftsPane(props: FullPaneProps) {
  const drafts = useDrafts();
  const navigate = useNavigate();
  const confirm = useConfirm();
  const remove = useDeleteDraft(t("workflow.draft_deleted"));
  const { tabs, label, title } = useFrame(props);
  const ask = async (draft: Draft) => {
    if (await confirm({ title: t("workflow.draft_delete_sure"), yes: t("ui.delete"), danger: true })) await remove.run(draft.id);
  };
  return (
    <ListPage<Draft>
      pane
      tabs={tabs}
      label={label}
      title={title}
      list={{ items: drafts.data?.items, error: drafts.error, retry: drafts.refetch }}
      rowKey={rowId}
      row={(draft) => (
        <span className={styles.draft}>
          <Link to="/start/$flow" params={{ flow: draft.flow }} search={{ draft: draft.id }} className={styles.draftLink}>
            <DraftLine draft={draft} />
          </Link>
          <Button
            type="text"
            aria-label={t("workflow.draft_delete", { title: text(draft.flow_name) })}
            icon={<Icon name="trash" size={16} />}
            loading={remove.pending}
            onClick={() => void ask(draft)}
          />
        </span>
      )}
      empty={{
        title: t("workflow.empty_drafts"),
        hint: t("workflow.empty_drafts_hint"),
        action: (
          <Button type="primary" onClick={() => void navigate({ to: "/start" })}>
            {t("workflow.start_something")}
          </Button>
        ),
      }}
    />
  );
}

function StartLink() {
  const navigate = useNavigate();
  return (
    <Button type="primary" onClick={() => void navigate({ to: "/start" })}>
      {t("workflow.start_something")}
    </Button>
  );
}

function ListTabs() {
  const counts = useCounts().data;
  const numbers: Partial<Record<ListName, number | undefined>> = {
    waiting: counts?.waiting,
    copied: counts?.copied_unread,
    drafts: counts?.drafts,
  };
  return (
    <Tabs label={t("workflow.lists")}>
      {LISTS.map((name) => (
        <Link
          key={name}
          to="/inbox/$list/{-$id}"
          params={{ list: name, id: undefined }}
          activeOptions={{ includeSearch: false }}
        >
          {t(`workflow.list_${name}`)}
          {name === "drafts" ? numbers.drafts ? <small>{numbers.drafts}</small> : null : <Count n={numbers[name]} label={t("ui.unread")} />}
        </Link>
      ))}
    </Tabs>
  );
}

function Filters({ list, filter, change }: { list: ListName; filter: ListFilter; change: (next: Partial<ListFilter>) => void }) {
  const flows = useFlows().data?.items ?? [];
  const hats = useCounts().data?.hats ?? [];
  return (
    <>
      {list === "waiting" && (hats.length > 0 || filter.hat) && (
        <Filter
          label={t("workflow.hat")}
          value={filter.hat}
          options={[
            { value: "own", label: t("workflow.hat_own") },
            ...hats.map((hat) => ({ value: hat.principal.id, label: t("workflow.hat_waiting", { name: hat.principal.name, n: hat.waiting }) })),
          ]}
          onChange={(hat) => change({ hat })}
        />
      )}
      <Filter
        label={t("workflow.filter_flow")}
        value={filter.flow}
        options={flows.map((flow) => ({ value: flow.id, label: text(flow.name) }))}
        onChange={(flow) => change({ flow })}
      />
      {list === "started" && (
        <Filter
          label={t("workflow.filter_status")}
          value={filter.status}
          options={STATUSES.map((status) => ({ value: status, label: say(`workflow.status.${status}`) }))}
          onChange={(status) => change({ status })}
        />
      )}
    </>
  );
}
