import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";

import { answer, api, type Schemas } from "@/api/client";
import { useAction } from "@/ui";

export type PersonRow = Schemas["PersonRow"];
export type PersonView = Schemas["PersonView"];
export type UnitNode = Schemas["UnitNode"];
export type Named = Schemas["PersonName"];

export interface PeopleFilter {
  q?: string | undefined;
  department?: string | undefined;
}

export const usePeople = (filter: PeopleFilter, enabled = true) =>
  useInfiniteQuery(
    infiniteQueryOptions({
      queryKey: ["directory", "people", filter],
      queryFn: ({ pageParam, signal }) =>
        answer(
          api.GET("/people", {
            params: {
              query: {
                ...(filter.q ? { q: filter.q } : {}),
                ...(filter.department ? { department: filter.department } : {}),
                ...(pageParam ? { after: pageParam } : {}),
              },
            },
            signal,
          }),
        ),
      initialPageParam: "",
      getNextPageParam: (page) => page.next ?? undefined,
      placeholderData: keepPreviousData,
      enabled,
    }),
  );

export const usePerson = (id: string | undefined) =>
  useQuery({
    queryKey: ["directory", "person", id],
    queryFn: ({ signal }) => answer(api.GET("/people/{id}", { params: { path: { id: id ?? "" } }, signal })),
    enabled: id !== undefined,
    staleTime: 10 * 60_000,
  });

export const useUnits = () =>
  useQuery({ queryKey: ["directory", "units"], queryFn: ({ signal }) => answer(api.GET("/units", { signal })) });

export const useChangePerson = (person: Pick<PersonView, "id" | "version">, done: string, then: () => void) =>
  useAction(
    // What is absent stays as it is; the contract lists all that may be named.
    (body: Partial<Schemas["ChangePerson"]>, attempt) =>
      answer(
        api.PATCH("/people/{id}", {
          params: { path: { id: person.id }, header: { "If-Match": String(person.version) } },
          body: body as Schemas["ChangePerson"],
          ...attempt,
        }),
      ),
    { done, invalidates: [["directory"]], then },
  );
