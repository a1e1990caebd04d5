import { infiniteQueryOptions, keepPreviousData, queryOptions, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";

import { answer, api, type Schemas } from "@/api/client";
import { useAction } from "@/ui";

export type Counts = Schemas["Counts"];
export type TaskRow = Schemas["TaskRow"];
export type CaseRow = Schemas["CaseRow"];
export type DraftRow = Schemas["DraftRow"];
export type Draft = Schemas["Draft"];
export type CaseView = Schemas["CaseView"];
export type CaseTask = Schemas["CaseTask"];
export type CaseStatus = Schemas["CaseStatus"];
export type Step = Schemas["Step"];
export type StepPerson = Schemas["StepPerson"];
export type OpinionView = Schemas["OpinionView"];
export type FlowCard = Schemas["FlowCard"];
export type Start = Schemas["Start"];
export type ChoiceToMake = Schemas["ChoiceToMake"];
export type Prediction = Schemas["Prediction"];
export type PredictionRequest = Schemas["PredictionRequest"];
export type FlowVersionRow = Schemas["FlowVersionRow"];
export type PackageProblem = Schemas["PackageProblem"];

export type CaseList = "done" | "started" | "copied";

export interface ListFilter {
  q?: string | undefined;
  flow?: string | undefined;
  status?: string | undefined;
}

const nextPage = (page: { next?: string | null | undefined }) => page.next ?? undefined;
const given = <T extends object>(query: T) =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined && value !== "")) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };

export const useCounts = () =>
  useQuery({ queryKey: ["counts"], queryFn: ({ signal }) => answer(api.GET("/counts", { signal })), staleTime: 10_000 });

export const tasksQuery = (filter: ListFilter) =>
  infiniteQueryOptions({
    queryKey: ["workflow", "tasks", filter],
    queryFn: ({ pageParam, signal }) =>
      answer(api.GET("/tasks", { params: { query: given({ q: filter.q, flow: filter.flow, after: pageParam }) }, signal })),
    initialPageParam: "",
    getNextPageParam: nextPage,
    placeholderData: keepPreviousData,
  });
export const useTasks = (filter: ListFilter, enabled = true) => useInfiniteQuery({ ...tasksQuery(filter), enabled });

export const useCases = (list: CaseList, filter: ListFilter, enabled = true) =>
  useInfiniteQuery(
    infiniteQueryOptions({
      queryKey: ["workflow", "cases", list, filter],
      queryFn: ({ pageParam, signal }) =>
        answer(api.GET("/cases", { params: { query: { list, ...given({ ...filter, after: pageParam }) } }, signal })),
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
export function storeDraft(id: string | undefined, body: Schemas["DraftRequest"]): Promise<Draft> {
  return id
    ? answer(api.PUT("/drafts/{id}", { params: { path: { id } }, body }))
    : answer(api.POST("/drafts", { body }));
}

export const useFlows = () =>
  useQuery({ queryKey: ["workflow", "flows"], queryFn: ({ signal }) => answer(api.GET("/flows", { signal })) });

export const useStart = (flow: string) =>
  useQuery({
    queryKey: ["workflow", "start", flow],
    queryFn: ({ signal }) => answer(api.GET("/flows/{id}/start", { params: { path: { id: flow } }, signal })),
    staleTime: Infinity,
    gcTime: 0,
  });

/** The route that these values would take, read again as they change. */
export const usePrediction = (flow: string, body: PredictionRequest, enabled: boolean) =>
  useQuery({
    queryKey: ["workflow", "prediction", flow, body],
    queryFn: ({ signal }) => answer(api.POST("/flows/{id}/prediction", { params: { path: { id: flow } }, body, signal })),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 60_000,
    enabled,
  });

const touched = [["workflow", "tasks"], ["workflow", "cases"], ["counts"]];

export const useSubmit = (then: (view: CaseView) => void) =>
  useAction((body: Schemas["SubmitRequest"], attempt) => answer(api.POST("/cases", { body, ...attempt })), {
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
export const useCase = (id: string) => useQuery(caseQuery(id));

export type Verb = "approve" | "reject" | "complete";
const ENDPOINTS = {
  approve: "/tasks/{id}/approval",
  reject: "/tasks/{id}/rejection",
  complete: "/tasks/{id}/completion",
} as const;

type Decide = Schemas["Decision"] & { verb: Verb };

/** A decision is official: it is shown as made when the server has it, never before. */
export function useDecide(view: CaseView, task: CaseTask | undefined, done: (verb: Verb) => string, then: () => void) {
  const queries = useQueryClient();
  return useAction(
    ({ verb, ...body }: Decide, { headers }) =>
      answer(
        api.POST(ENDPOINTS[verb], {
          params: { path: { id: task?.id ?? "" } },
          body,
          headers: { ...headers, "If-Match": String(view.version) },
        }),
      ),
    {
      done: (_, { verb }) => done(verb),
      invalidates: touched,
      then: (next) => {
        queries.setQueryData(caseKey(view.id), next);
        then();
      },
    },
  );
}

export function useReturn(view: CaseView, task: CaseTask, done: string, then: () => void) {
  const queries = useQueryClient();
  return useAction(
    (body: Schemas["ReturnRequest"], { headers }) =>
      answer(
        api.POST("/tasks/{id}/return", {
          params: { path: { id: task.id } },
          body,
          headers: { ...headers, "If-Match": String(view.version) },
        }),
      ),
    {
      done,
      invalidates: touched,
      then: (next) => {
        queries.setQueryData(caseKey(view.id), next);
        then();
      },
    },
  );
}

export const useWithdraw = (view: CaseView, done: string) =>
  useAction(
    (body: { opinion?: string }, attempt) =>
      answer(api.POST("/cases/{id}/withdrawal", { params: { path: { id: view.id } }, body, ...attempt })),
    { done, invalidates: [...touched, caseKey(view.id)] },
  );

export const useUrge = (view: CaseView, done: string) =>
  useAction(
    (body: { text?: string }, attempt) =>
      answer(api.POST("/cases/{id}/urges", { params: { path: { id: view.id } }, body, ...attempt })),
    { done, invalidates: [caseKey(view.id)] },
  );

export const useComment = (id: string, then: () => void) =>
  useAction(
    (body: Schemas["CommentRequest"], attempt) =>
      answer(api.POST("/cases/{id}/comments", { params: { path: { id } }, body, ...attempt })),
    { invalidates: [caseKey(id)], then },
  );

/** Opening a case is on the record: it takes the bold from the lists and dates the read mark. */
export const useMarkRead = () =>
  useAction((id: string, attempt) => answer(api.POST("/cases/{id}/reads", { params: { path: { id } }, ...attempt })), {
    quiet: true,
    invalidates: touched,
  });

export function useResubmit(view: CaseView, done: string, then: () => void) {
  const queries = useQueryClient();
  return useAction(
    (body: { values: Schemas["Values"] }, { headers }) =>
      answer(
        api.POST("/cases/{id}/resubmission", {
          params: { path: { id: view.id } },
          body,
          headers: { ...headers, "If-Match": String(view.version) },
        }),
      ),
    {
      done,
      invalidates: touched,
      then: (next) => {
        queries.setQueryData(caseKey(view.id), next);
        then();
      },
    },
  );
}

export const useFlowVersions = () =>
  useQuery({ queryKey: ["workflow", "versions"], queryFn: ({ signal }) => answer(api.GET("/flow_versions", { signal })) });

const flowsChanged = [["workflow", "versions"], ["workflow", "flows"]];

export const useImport = (then: (answer: Schemas["ImportAnswer"]) => void) =>
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
  useAction(
    (id: string, attempt) => answer(api.POST("/flow_versions/{id}/retirement", { params: { path: { id } }, ...attempt })),
    { done, invalidates: flowsChanged },
  );
