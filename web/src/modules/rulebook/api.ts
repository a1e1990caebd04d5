import { useQuery } from "@tanstack/react-query";

import { answer, api, type Schemas } from "@/api/client";
import { useAction } from "@/ui";

export type ClauseView = Schemas["ClauseView"];
export type Parameter = Schemas["Parameter"];
export type ClausePatch = Schemas["ClausePatch"];

export const useClauses = () =>
  useQuery({ queryKey: ["rulebook", "clauses"], queryFn: ({ signal }) => answer(api.GET("/clauses", { signal })) });

export const useChangeClause = (clause: ClauseView, done: string, then: () => void) =>
  useAction(
    (body: ClausePatch, { headers }) =>
      answer(
        api.PUT("/clauses/{id}", {
          params: { path: { id: clause.id } },
          body,
          headers: { ...headers, "If-Match": String(clause.version) },
        }),
      ),
    { done, invalidates: [["rulebook"]], then },
  );
