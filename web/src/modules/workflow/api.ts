import { infiniteQueryOptions, keepPreviousData, queryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";

import { answer, api, type Schemas } from "@/api/client";
import { RIGHTS } from "@/modules/access/api";
import type { Problem } from "@/lib/problem";
import { useAction } from "@/ui";

export type Counts = Schemas["Counts"];
export type TaskRow = Schemas["TaskRow"];
export type CaseRow = Schemas["CaseRow"];
export type DecisiveFact = Schemas["DecisiveFact"];
export type Draft = Schemas["Draft"];
export type CaseView = Schemas["CaseView"];
export type TaskView = Schemas["TaskView"];
export type Status = Schemas["Status"];
export type Stage = Schemas["Stage"];
export type Verdict = Schemas["Verdict"];
export type Route = Schemas["Route"];
export type Step = Schemas["Step"];
export type StepPerson = Schemas["StepPerson"];
export type Fork = Schemas["Fork"];
export type Why = Schemas["Why"];
export type OpinionView = Schemas["OpinionView"];
export type FlowCard = Schemas["FlowCard"];
export type StartView = Schemas["StartView"];
export type PredictionAsked = Schemas["PredictionAsked"];
export type AfterReturn = Schemas["AfterReturn"];
export type FlowView = Schemas["FlowView"];
export type FlowVersion = Schemas["FlowVersion"];
export type PackageProblem = Schemas["PackageProblem"];
export type CaseAccess = Schemas["CaseAccess"];
export type QueryRow = Schemas["QueryRow"];
export type QueryField = Schemas["QueryField"];
export type Indexing = Schemas["Indexing"];
export type Away = Schemas["Away"];
export type FollowUp = Schemas["FollowUp"];
export type FollowUpStart = Schemas["FollowUpStart"];
export type Signing = Schemas["Signing"];

export type CaseList = "done" | "started" | "copied";

export interface ListFilter {
  q?: string | undefined;
  flow?: string | undefined;
  status?: string | undefined;
  /** Of the inbox: `own`, or for whom. */
  hat?: string | undefined;
}

const nextPage = (page: { next?: string | null | undefined }) => page.next ?? undefined;
export const given = <T extends object>(query: T) =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined && value !== "")) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };

export const useCounts = () =>
  useQuery({ queryKey: ["counts"], queryFn: ({ signal }) => answer(api.GET("/counts", { signal })), staleTime: 10_000 });

export const tasksQuery = (filter: ListFilter) =>
  infiniteQueryOptions({
    queryKey: ["workflow", "tasks", filter],
    queryFn: ({ pageParam, signal }) =>
      answer(api.GET("/tasks", { params: { query: given({ q: filter.q, flow: filter.flow, hat: filter.hat, after: pageParam }) }, signal })),
    initialPageParam: "",
    getNextPageParam: nextPage,
    placeholderData: keepPreviousData,
  });
export const useTasks = (filter: ListFilter, enabled = true) => useInfiniteQuery({ ...tasksQuery(filter), enabled });

/** Whose form records and cases are chosen in: one that is begun, perhaps for another, or one of a case. */
export type FormOf = { flow: string; principal?: string | undefined } | { case: string };

const records = (of: FormOf, field: string, query: { q?: string; ids?: string }, signal: AbortSignal) =>
  "case" in of
    ? answer(api.GET("/cases/{id}/fields/{field}/records", { params: { path: { id: of.case, field }, query }, signal }))
    : answer(
        api.GET("/flows/{id}/fields/{field}/records", {
          params: { path: { id: of.flow, field }, query: given({ ...query, on_behalf_of: of.principal }) },
          signal,
        }),
      );

/** The records of a register that the reader may choose, by what is shown of them. */
export const useRecords = (of: FormOf, field: string, q: string, enabled: boolean) =>
  useQuery({
    queryKey: ["workflow", "records", of, field, "q", q],
    queryFn: ({ signal }) => records(of, field, given({ q }), signal),
    placeholderData: keepPreviousData,
    enabled,
  });

/** These, with what they have for the fields that they fill. */
export const recordsNamed = (of: FormOf, field: string, ids: string) =>
  queryOptions({
    queryKey: ["workflow", "records", of, field, "ids", ids],
    queryFn: ({ signal }) => records(of, field, { ids }, signal),
    staleTime: 60_000,
  });

export const useRecordsNamed = (of: FormOf, field: string, ids: string, enabled: boolean) =>
  useQuery({ ...recordsNamed(of, field, ids), enabled });

type ToName = { q?: string | undefined; id?: string | undefined; after?: string | undefined };

const casesToName = (of: FormOf, field: string, query: ToName, signal: AbortSignal) =>
  "case" in of
    ? answer(api.GET("/cases/{id}/fields/{field}/cases", { params: { path: { id: of.case, field }, query: given(query) }, signal }))
    : answer(
        api.GET("/flows/{id}/fields/{field}/cases", {
          params: { path: { id: of.flow, field }, query: given({ ...query, on_behalf_of: of.principal }) },
          signal,
        }),
      );

/** The cases that a field may name: those in whose name this is found, or the one of this id. */
export const useCasesToName = (of: FormOf, field: string, asked: Omit<ToName, "after">, enabled = true) =>
  useInfiniteQuery(
    infiniteQueryOptions({
      queryKey: ["workflow", "to_name", of, field, asked],
      queryFn: ({ pageParam, signal }) => casesToName(of, field, { ...asked, after: pageParam }, signal),
      initialPageParam: "",
      getNextPageParam: nextPage,
      placeholderData: keepPreviousData,
      enabled,
    }),
  );

export const useCases = (list: CaseList, filter: ListFilter, enabled = true) =>
  useInfiniteQuery(
    infiniteQueryOptions({
      queryKey: ["workflow", "cases", list, filter],
      queryFn: ({ pageParam, signal }) =>
        answer(
          api.GET("/cases", {
            params: { query: { list, ...given({ q: filter.q, flow: filter.flow, status: filter.status, after: pageParam }) } },
            signal,
          }),
        ),
      initialPageParam: "",
      getNextPageParam: nextPage,
      placeholderData: keepPreviousData,
      enabled,
    }),
  );

export const useDrafts = (enabled = true) =>
  useQuery({ queryKey: ["workflow", "drafts"], queryFn: ({ signal }) => answer(api.GET("/drafts", { signal })), enabled });

export const useDraft = (id: string | undefined) =>
  useQuery({
    queryKey: ["workflow", "draft", id],
    queryFn: ({ signal }) => answer(api.GET("/drafts/{id}", { params: { path: { id: id ?? "" } }, signal })),
    enabled: id !== undefined,
    // Read once: from then on what stands on the page is newer than what is stored.
    staleTime: Infinity,
    gcTime: 0,
  });

export const useDeleteDraft = (done: string) =>
  useAction((id: string, attempt) => answer(api.DELETE("/drafts/{id}", { params: { path: { id } }, ...attempt })), {
    done,
    invalidates: [["workflow", "drafts"], ["counts"]],
  });

/** Stores what is typed; the first time makes a draft. Called by the autosave only. */
export function storeDraft(known: Draft | undefined, flow: string, content: Schemas["Content"]): Promise<Draft> {
  if (!known) return answer(api.POST("/drafts", { body: { flow, ...content } }));
  return answer(
    api.PUT("/drafts/{id}", {
      params: { path: { id: known.id }, header: { "If-Match": String(known.version) } },
      body: content,
    }),
  );
}

/** The forms one may start; for another, those that his agent may. */
export const useFlows = (principal?: string) =>
  useQuery({
    queryKey: principal ? ["workflow", "flows", principal] : ["workflow", "flows"],
    queryFn: ({ signal }) => answer(api.GET("/flows", { params: { query: given({ on_behalf_of: principal }) }, signal })),
  });

export const useStart = (flow: string, appointment: string | undefined, principal?: string) =>
  useQuery({
    queryKey: ["workflow", "start", flow, appointment, principal],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/flows/{id}/start", {
          params: { path: { id: flow }, query: given({ appointment, on_behalf_of: principal }) },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 0,
  });

/** The route that these values would take, read again as they change. */
export const usePrediction = (flow: string, body: PredictionAsked) =>
  useQuery({
    queryKey: ["workflow", "prediction", flow, body],
    queryFn: ({ signal }) => answer(api.POST("/flows/{id}/prediction", { params: { path: { id: flow } }, body, signal })),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 60_000,
  });

export const touched = [["workflow", "tasks"], ["workflow", "cases"], ["counts"]];

export const useSubmit = (then: (done: Schemas["Done"]) => void) =>
  useAction((body: Schemas["NewCase"], attempt) => answer(api.POST("/cases", { body, ...attempt })), {
    quiet: true,
    invalidates: [...touched, ["workflow", "drafts"]],
    then,
  });

export const caseKey = (id: string) => ["workflow", "case", id];

export const caseQuery = (id: string) =>
  queryOptions({
    queryKey: caseKey(id),
    queryFn: ({ signal }) => answer(api.GET("/cases/{id}", { params: { path: { id } }, signal })),
    placeholderData: (previous) => (previous?.id === id ? previous : undefined),
  });
/** It is read again whenever it is opened: what was fetched beforehand shows at once, and may be old. */
export const useCase = (id: string) => useQuery({ ...caseQuery(id), refetchOnMount: "always" });

export type Verb = "approve" | "reject" | "abstain" | "complete" | "advise" | "try_again";
type Decide = Schemas["Decision"] & { verb: Verb };

/** A decision is official: it is shown as made when the server has it, never before. */
export const useDecide = (view: CaseView, task: TaskView, done: (verb: Verb) => string, then: () => void) =>
  useAction(
    ({ verb, values, choices, paper, ...said }: Decide, attempt) => {
      const params = { path: { id: task.id } };
      // Rejecting and abstaining fill in no fields of the node.
      if (verb === "reject") return answer(api.POST("/tasks/{id}/rejection", { params, body: said, ...attempt }));
      if (verb === "abstain") return answer(api.POST("/tasks/{id}/abstention", { params, body: said, ...attempt }));
      if (verb === "try_again") return answer(api.POST("/tasks/{id}/retry", { params, ...attempt }));
      const body = { ...said, values, ...(choices ? { choices } : {}), ...(paper ? { paper } : {}) };
      if (verb === "advise") return answer(api.POST("/tasks/{id}/advice", { params, body, ...attempt }));
      return verb === "approve"
        ? answer(api.POST("/tasks/{id}/approval", { params, body, ...attempt }))
        : answer(api.POST("/tasks/{id}/completion", { params, body, ...attempt }));
    },
    { done: (_, { verb }) => done(verb), invalidates: [...touched, caseKey(view.id)], then },
  );

/** The form goes to paper to be signed: from then on a change of it is noticed (FLOW-35). */
export const usePrint = (view: CaseView, task: TaskView) =>
  useAction((_: Record<string, never>, attempt) => answer(api.POST("/tasks/{id}/printing", { params: { path: { id: task.id } }, ...attempt })), {
    invalidates: [caseKey(view.id)],
  });

/** 抢办: whoever is first holds it alone. */
export const useClaim = (view: CaseView, task: TaskView, done: string) =>
  useAction((_: Record<string, never>, attempt) => answer(api.POST("/tasks/{id}/claim", { params: { path: { id: task.id } }, ...attempt })), {
    done,
    invalidates: [...touched, caseKey(view.id)],
  });

export const useReturn = (view: CaseView, task: TaskView, done: string, then: () => void) =>
  useAction(
    (body: Schemas["Return"], attempt) =>
      answer(api.POST("/tasks/{id}/return", { params: { path: { id: task.id } }, body, ...attempt })),
    { done, invalidates: [...touched, caseKey(view.id)], then },
  );

export const useResubmit = (view: CaseView, task: TaskView, done: string, then: () => void) =>
  useAction(
    (body: Schemas["Resubmission"], attempt) =>
      answer(api.POST("/tasks/{id}/resubmission", { params: { path: { id: task.id } }, body, ...attempt })),
    { done, invalidates: [...touched, caseKey(view.id)], then },
  );

export const useWithdraw = (view: CaseView, done: string) =>
  useAction(
    (body: Schemas["Said"], attempt) =>
      answer(api.POST("/cases/{id}/withdrawal", { params: { path: { id: view.id } }, body, ...attempt })),
    { done, invalidates: [...touched, caseKey(view.id)] },
  );

/** What is needed to ask that a completed case is revoked or changed. Read anew each time: another may have asked. */
export const useFollowUpStart = (id: string, kind: FollowUp) =>
  useQuery({
    queryKey: ["workflow", "follow_up", id, kind],
    queryFn: ({ signal }) => answer(api.GET("/cases/{id}/follow_up", { params: { path: { id }, query: { kind } }, signal })),
    staleTime: Infinity,
    gcTime: 0,
  });

export const useFollowUp = (id: string, then: (done: Schemas["Done"]) => void) =>
  useAction(
    (body: Schemas["NewFollowUp"], attempt) => answer(api.POST("/cases/{id}/follow_ups", { params: { path: { id } }, body, ...attempt })),
    { quiet: true, invalidates: [...touched, caseKey(id)], then },
  );

export const useUrge = (view: CaseView, done: string) =>
  useAction(
    (body: Schemas["Said"], attempt) =>
      answer(api.POST("/cases/{id}/urges", { params: { path: { id: view.id } }, body, ...attempt })),
    { done, invalidates: [caseKey(view.id)] },
  );

export const useComment = (id: string, then: () => void) =>
  useAction(
    (body: Schemas["Said"], attempt) =>
      answer(api.POST("/cases/{id}/comments", { params: { path: { id } }, body, ...attempt })),
    { invalidates: [caseKey(id)], then },
  );

/** New words beside the old ones, which stay (TRACE-03). */
export const useCorrect = (id: string, done: string, then: () => void) =>
  useAction(
    (body: Schemas["Correction"], attempt) =>
      answer(api.POST("/cases/{id}/corrections", { params: { path: { id } }, body, ...attempt })),
    { done, invalidates: [caseKey(id)], then },
  );

/** Opening a case is on the record: it takes the bold from the lists and dates the read mark. */
export const useMarkRead = () =>
  useAction((id: string, attempt) => answer(api.POST("/cases/{id}/reads", { params: { path: { id } }, ...attempt })), {
    quiet: true,
    invalidates: touched,
  });

export const useManagedFlows = () =>
  useQuery({
    queryKey: ["workflow", "managed"],
    queryFn: ({ signal }) => answer(api.GET("/managed_flows", { signal })),
    refetchInterval: ({ state }) => (state.data?.items.some((flow) => goesOn(flow.indexing)) ? INDEXING_EVERY : false),
  });

/** How often one looks how far the indexing of older cases is. */
const INDEXING_EVERY = 3_000;
const goesOn = (indexing: Indexing | null | undefined) => indexing != null && !indexing.stopped;

/** Writes once more what older cases have in the indexed fields, where that stopped. */
export const useIndexAgain = (done: string) =>
  useAction((id: string, attempt) => answer(api.POST("/flows/{id}/indexing", { params: { path: { id } }, ...attempt })), {
    done,
    invalidates: [["workflow", "managed"]],
  });

const flowsChanged = [["workflow", "managed"], ["workflow", "flows"]];

export const useImport = (then: (answer: Schemas["PackageChecked"]) => void) =>
  useAction((text: string, attempt) => answer(api.POST("/flow_packages", { body: { text }, ...attempt })), {
    quiet: true,
    invalidates: flowsChanged,
    then,
  });

export const usePublish = (done: string) =>
  useAction(
    (id: string, attempt) => answer(api.POST("/flow_versions/{id}/publication", { params: { path: { id } }, ...attempt })),
    { done, invalidates: flowsChanged },
  );

export const useRetire = (done: string) =>
  useAction((id: string, attempt) => answer(api.POST("/flows/{id}/retirement", { params: { path: { id } }, ...attempt })), {
    done,
    invalidates: flowsChanged,
  });

export const useResume = (done: string) =>
  useAction((id: string, attempt) => answer(api.POST("/flows/{id}/resumption", { params: { path: { id } }, ...attempt })), {
    done,
    invalidates: flowsChanged,
  });

/** Watch a flow before the others at the desk of running cases, or no longer. */
export const useMarkCore = (id: string, done: string) =>
  useAction(
    (core: boolean, attempt) => answer(api.PUT("/flows/{id}/core", { params: { path: { id } }, body: { core }, ...attempt })),
    { done, invalidates: [...flowsChanged, ["workflow", "monitored_flows"], ["workflow", "monitored_cases"]] },
  );

export type MonitoredCase = Schemas["MonitoredCase"];
export type MonitoredTask = Schemas["MonitoredTask"];

export interface MonitorFilter {
  flow?: string | undefined;
  core?: boolean | undefined;
  hours?: number | undefined;
  without_handler?: boolean | undefined;
}

/** How the flows that I administer are running. */
export const useMonitoredFlows = () =>
  useQuery({ queryKey: ["workflow", "monitored_flows"], queryFn: ({ signal }) => answer(api.GET("/monitored_flows", { signal })) });

/** Running cases, the oldest first, without what is written in them. */
export const useMonitoredCases = (filter: MonitorFilter) =>
  useInfiniteQuery(
    infiniteQueryOptions({
      queryKey: ["workflow", "monitored_cases", filter],
      queryFn: ({ pageParam, signal }) =>
        answer(api.GET("/monitored_cases", { params: { query: given({ ...filter, after: pageParam }) }, signal })),
      initialPageParam: "",
      getNextPageParam: nextPage,
      placeholderData: keepPreviousData,
    }),
  );

const monitored = [["workflow", "monitored_cases"], ["workflow", "monitored_flows"]];

export const useMonitoredUrge = (id: string, done: string) =>
  useAction(
    (body: Schemas["MonitoredUrge"], attempt) =>
      answer(api.POST("/monitored_cases/{id}/urges", { params: { path: { id } }, body, ...attempt })),
    { done, invalidates: monitored },
  );

export const useMonitoredHandOver = (id: string, done: string, then: () => void) =>
  useAction(
    (body: Schemas["MonitoredHandOver"], attempt) =>
      answer(api.POST("/monitored_cases/{id}/hand_overs", { params: { path: { id } }, body, ...attempt })),
    { done, invalidates: monitored, then },
  );

export type CancelledCase = Schemas["CancelledCase"];

/** Cases that were cancelled in the units that I look after, the latest first (FLOW-25). */
export const useCancelledCases = (q: string | undefined) =>
  useInfiniteQuery(
    infiniteQueryOptions({
      queryKey: ["workflow", "cancelled_cases", { q }],
      queryFn: ({ pageParam, signal }) => answer(api.GET("/cancelled_cases", { params: { query: given({ q, after: pageParam }) }, signal })),
      initialPageParam: "",
      getNextPageParam: nextPage,
      placeholderData: keepPreviousData,
    }),
  );

/** Why a case in which I took part is not there any more. */
export const useCancellation = (id: string) =>
  useQuery({
    queryKey: ["workflow", "cancellation", id],
    queryFn: ({ signal }) => answer(api.GET("/cases/{id}/cancellation", { params: { path: { id } }, signal })),
  });

/** Holds a backup against its seal, each time it is asked. */
export const useBackupReport = (id: string) =>
  useQuery({
    queryKey: ["workflow", "backup_report", id],
    queryFn: ({ signal }) => answer(api.GET("/cancelled_cases/{id}/verification", { params: { path: { id } }, signal })),
    enabled: false,
    gcTime: 0,
  });

export const useRestore = (id: string, done: string, then: () => void) =>
  useAction(
    (body: Schemas["Restoration"], attempt) =>
      answer(api.POST("/cancelled_cases/{id}/restoration", { params: { path: { id } }, body, ...attempt })),
    { done, invalidates: [["workflow"]], then },
  );

/** Who may see a case, and why; for who administers its flow. */
export const useCaseAccess = (id: string) =>
  useQuery({
    queryKey: ["workflow", "case_access", id],
    queryFn: ({ signal }) => answer(api.GET("/cases/{id}/access", { params: { path: { id } }, signal })),
  });

export const useCaseAccessByNumber = (number: string) =>
  useQuery<CaseAccess, Problem>({
    queryKey: ["workflow", "case_access_by_number", number],
    queryFn: ({ signal }) => answer(api.GET("/case_access", { params: { query: { number } }, signal })),
    enabled: number !== "",
  });

export interface QueryFilter extends ListFilter {
  /** Begun there or below. */
  place?: { kind: "unit" | "department"; id: string } | undefined;
  /** Submitted from this day to that, as the reader's clock has them. */
  from?: string | undefined;
  to?: string | undefined;
  /** Conditions on indexed fields of the form, as JSON. */
  where?: string | undefined;
  /** An indexed field, the largest first with `-` before it. */
  sort?: string | undefined;
}

/** A filter as the server takes it. */
export function queryOf({ q, flow, status, place, from, to, where, sort }: QueryFilter): Record<string, string> {
  return given({
    q,
    flow,
    status,
    where,
    sort,
    ...(place ? { [place.kind]: place.id } : {}),
    from: from ? new Date(`${from}T00:00:00`).toISOString() : undefined,
    before: to ? new Date(new Date(`${to}T00:00:00`).getTime() + 86_400_000).toISOString() : undefined,
  });
}

export const useQueryFlows = () =>
  useQuery({ queryKey: ["workflow", "query_flows"], queryFn: ({ signal }) => answer(api.GET("/query_flows", { signal })) });

/** The fields of a form by which its cases are found. */
export const useQueryFields = (flow: string | undefined) =>
  useQuery({
    queryKey: ["workflow", "query_fields", flow],
    queryFn: ({ signal }) => answer(api.GET("/query_flows/{id}/fields", { params: { path: { id: flow ?? "" } }, signal })),
    enabled: flow !== undefined,
    refetchInterval: ({ state }) => (goesOn(state.data?.indexing) ? INDEXING_EVERY : false),
  });

/** What a field names in the cases that the reader may query: those in whose name this is found, or the one of this id. */
export const useQueryNames = (flow: string, field: string, asked: { q?: string | undefined; id?: string | undefined }, enabled = true) =>
  useInfiniteQuery(
    infiniteQueryOptions({
      queryKey: ["workflow", "query_names", flow, field, asked],
      queryFn: ({ pageParam, signal }) =>
        answer(
          api.GET("/query_flows/{id}/fields/{field}/names", {
            params: { path: { id: flow, field }, query: given({ ...asked, after: pageParam }) },
            signal,
          }),
        ),
      initialPageParam: "",
      getNextPageParam: nextPage,
      placeholderData: keepPreviousData,
      enabled,
    }),
  );

/** `indexing`: older cases may be missing; once none can be, they are read anew. */
export const useQueryCases = (filter: QueryFilter, indexing = false) =>
  useInfiniteQuery(
    infiniteQueryOptions({
      queryKey: ["workflow", "query_cases", filter, indexing],
      queryFn: ({ pageParam, signal }) =>
        answer(api.GET("/query_cases", { params: { query: { ...queryOf(filter), ...(pageParam ? { after: pageParam } : {}) } }, signal })),
      initialPageParam: "",
      getNextPageParam: nextPage,
      placeholderData: keepPreviousData,
    }),
  );

export const useGiveQuery = (done: string, then: () => void) =>
  useAction((body: Schemas["QueryGrantRequest"], attempt) => answer(api.POST("/query_grants", { body, ...attempt })), {
    done,
    invalidates: RIGHTS,
    then,
  });

export type Hat = Schemas["Hat"];
export type AgencyView = Schemas["AgencyView"];
export type AgencyRequest = Schemas["AgencyRequest"];

/** Who acts for me, and for whom I act. */
export const useAgencies = () =>
  useQuery({ queryKey: ["workflow", "agencies"], queryFn: ({ signal }) => answer(api.GET("/agencies", { signal })) });

/** The same of everybody where I administer flows. */
export const useManagedAgencies = () =>
  useQuery({ queryKey: ["workflow", "managed_agencies"], queryFn: ({ signal }) => answer(api.GET("/managed_agencies", { signal })) });

/** In which flows an agent can be named: for me, or for another. */
export const useAgencyChoices = (principal: string | undefined) =>
  useQuery({
    queryKey: ["workflow", "agency_choices", principal],
    queryFn: ({ signal }) => answer(api.GET("/agency_choices", { params: { query: given({ principal }) }, signal })),
  });

const agenciesChanged = [["workflow"], ["counts"]];

export const useGiveAgency = (done: string, then: () => void) =>
  useAction((body: AgencyRequest, attempt) => answer(api.POST("/agencies", { body, ...attempt })), {
    done,
    invalidates: agenciesChanged,
    then,
    quiet: true,
  });

export const useEndAgency = (done: string, then: () => void) =>
  useAction(
    ({ agency, reason }: { agency: AgencyView; reason: string }, attempt) =>
      answer(
        api.POST("/agencies/{id}/end", {
          params: { path: { id: agency.id }, header: { "If-Match": String(agency.version) } },
          body: { reason },
          ...attempt,
        }),
      ),
    { done, invalidates: agenciesChanged, then, quiet: true },
  );
