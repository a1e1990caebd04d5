import { infiniteQueryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";

import { answer, api, type Schemas } from "@/api/client";
import { useAction } from "@/ui";

export type ClauseView = Schemas["ClauseView"];
export type ClauseHistory = Schemas["ClauseHistory"];
export type ParameterView = Schemas["ParameterView"];
export type Setting = Schemas["ParameterSetting"];
/** One value, or one for each class of accounts that it names. */
export type Given = Setting | Record<string, Setting>;
export type Mode = Schemas["ClauseMode"];
export type PresetChange = Schemas["PresetChange"];

export const useClauses = () =>
  useInfiniteQuery(
    infiniteQueryOptions({
      queryKey: ["rulebook", "clauses"],
      queryFn: ({ pageParam, signal }) =>
        answer(api.GET("/clauses", { params: { query: { limit: 200, ...(pageParam ? { after: pageParam } : {}) } }, signal })),
      initialPageParam: "",
      getNextPageParam: (page) => page.next ?? undefined,
    }),
  );

export const useClause = (id: string) =>
  useQuery({
    queryKey: ["rulebook", "clause", id],
    queryFn: ({ signal }) => answer(api.GET("/clauses/{id}", { params: { path: { id } }, signal })),
  });

/** What each parameter may be, and what it counts. */
export const useParameters = () =>
  useQuery({
    queryKey: ["rulebook", "parameters"],
    queryFn: ({ signal }) => answer(api.GET("/parameters", { signal })),
    staleTime: 10 * 60_000,
  });

export const useChangeClause = (clause: Pick<ClauseView, "id" | "version">, done: string, then: () => void) =>
  useAction(
    (body: Schemas["ClausePatch"], attempt) =>
      answer(
        api.PUT("/clauses/{id}", {
          params: { path: { id: clause.id }, header: { "If-Match": String(clause.version) } },
          body,
          ...attempt,
        }),
      ),
    { done, invalidates: [["rulebook"]], then },
  );

/** The presets that ship, with their clauses. */
export const usePresets = () =>
  useQuery({
    queryKey: ["rulebook", "presets"],
    queryFn: ({ signal }) => answer(api.GET("/rulebook_presets", { signal })),
    staleTime: Infinity,
  });

/** What loading a preset for a unit would change. Nothing is done by asking. */
export const usePresetPreview = (name: string | undefined, unit: string | undefined) =>
  useQuery({
    queryKey: ["rulebook", "preset", name, unit],
    queryFn: ({ signal }) =>
      answer(api.POST("/rulebook_presets/{name}/preview", { params: { path: { name: name! } }, body: { unit: unit! }, signal })),
    enabled: Boolean(name && unit),
    gcTime: 0,
  });

export const useLoadPreset = (done: string, then: () => void) =>
  useAction(
    ({ name, unit }: { name: string; unit: string }, attempt) =>
      answer(api.POST("/rulebook_presets/{name}/load", { params: { path: { name } }, body: { unit }, ...attempt })),
    { done, invalidates: [["rulebook"]], then },
  );
