import { infiniteQueryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";

import { answer, api, type Schemas } from "@/api/client";
import { useAction } from "@/ui";

export type Profile = Schemas["Profile"];
export type ProfileField = Schemas["ProfileField"];
export type Incomplete = Schemas["Incomplete"];
export type PlaceCompleteness = Schemas["PlaceCompleteness"];

export const useProfile = () =>
  useQuery({ queryKey: ["contacts", "profile"], queryFn: ({ signal }) => answer(api.GET("/profile", { signal })) });

/** Nothing is asked twice at once: what is refused stands at its field. */
export const useChangeProfile = (profile: Pick<Profile, "id" | "version">, done: string) =>
  useAction(
    (body: Partial<Schemas["ChangePerson"]>, attempt) =>
      answer(
        api.PATCH("/people/{id}", {
          params: { path: { id: profile.id }, header: { "If-Match": String(profile.version) } },
          body: body as Schemas["ChangePerson"],
          ...attempt,
        }),
      ),
    { done, invalidates: [["contacts"], ["directory"]], quiet: true },
  );

export const useCompleteness = () =>
  useQuery({
    queryKey: ["contacts", "completeness"],
    queryFn: ({ signal }) => answer(api.GET("/completeness", { signal })),
  });

export const useIncomplete = (place: PlaceCompleteness["place"] | undefined) =>
  useInfiniteQuery(
    infiniteQueryOptions({
      queryKey: ["contacts", "incomplete", place?.id],
      queryFn: ({ pageParam, signal }) =>
        answer(
          api.GET("/completeness/people", {
            params: { query: { ...(place ? { [place.kind]: place.id } : {}), ...(pageParam ? { after: pageParam } : {}) } },
            signal,
          }),
        ),
      initialPageParam: "",
      getNextPageParam: (page) => page.next ?? undefined,
    }),
  );

export const useChase = (done: (told: number, already: number) => string) =>
  useAction((body: Schemas["ChaseProfiles"], attempt) => answer(api.POST("/completeness/chases", { body, ...attempt })), {
    done: (chased) => done(chased.told, chased.already),
    invalidates: [["contacts"]],
  });
