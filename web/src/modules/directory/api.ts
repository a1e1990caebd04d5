import { infiniteQueryOptions, keepPreviousData, queryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";

import { answer, api, type Schemas } from "@/api/client";
import { useAction } from "@/ui";

export type PersonRow = Schemas["PersonRow"];
export type PersonView = Schemas["PersonView"];
export type UnitNode = Schemas["UnitNode"];
export type Named = Schemas["PersonName"];

export type PlaceRow = Schemas["PlaceRow"];
export type PlaceWithWay = Schemas["PlaceWithWay"];
export type GroupView = Schemas["GroupView"];

export interface PeopleFilter {
  q?: string | undefined;
  department?: string | undefined;
  unit?: string | undefined;
  /** As of this instant, and not of now. */
  at?: string | undefined;
  /** Those who left, instead of those in service. */
  left?: boolean | undefined;
  /** Only people of external organisations, or only those of the house. */
  external?: boolean | undefined;
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
                ...(filter.unit ? { unit: filter.unit } : {}),
                ...(filter.at ? { at: filter.at } : {}),
                ...(filter.left ? { left: true } : {}),
                ...(filter.external === undefined ? {} : { external: filter.external }),
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

export const useUnits = (enabled = true) =>
  useQuery({ queryKey: ["directory", "units"], queryFn: ({ signal }) => answer(api.GET("/units", { signal })), enabled });

/** The units of a tree from the top down, without departments. */
export function unitsIn(nodes: readonly UnitNode[] = []): UnitNode[] {
  return nodes.filter((node) => node.kind === "unit").flatMap((node) => [node, ...unitsIn(node.children)]);
}

/** What lies right below a place; without one, the top of the organisation. */
export const placesQuery = (place: Pick<PlaceRow, "id" | "kind"> | undefined, at: string | undefined) =>
  queryOptions({
    queryKey: ["directory", "places", place?.id, at],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/places", { params: { query: { ...(place ? { [place.kind]: place.id } : {}), ...(at ? { at } : {}) } }, signal }),
      ),
    staleTime: 60_000,
  });

export const usePlaces = (place: Pick<PlaceRow, "id" | "kind"> | undefined, at: string | undefined, enabled = true) =>
  useQuery({ ...placesQuery(place, at), enabled });

export const usePlace = (id: string | undefined, at: string | undefined) =>
  useQuery({
    queryKey: ["directory", "place", id, at],
    queryFn: ({ signal }) =>
      answer(api.GET("/places/{id}", { params: { path: { id: id ?? "" }, query: at ? { at } : {} }, signal })),
    enabled: id !== undefined,
  });

export type GroupKind = "team" | "group";

export const useGroups = (kind?: GroupKind) =>
  useInfiniteQuery(
    infiniteQueryOptions({
      queryKey: ["directory", "groups", kind],
      queryFn: ({ pageParam, signal }) =>
        answer(
          api.GET("/groups", {
            params: { query: { limit: 200, ...(kind ? { kind } : {}), ...(pageParam ? { after: pageParam } : {}) } },
            signal,
          }),
        ),
      initialPageParam: "",
      getNextPageParam: (page) => page.next ?? undefined,
    }),
  );

/** The teams that the reader is in. */
export const useOwnTeams = () =>
  useQuery({ queryKey: ["directory", "groups", "own"], queryFn: ({ signal }) => answer(api.GET("/profile/teams", { signal })) });

export const usePosts = () =>
  useInfiniteQuery(
    infiniteQueryOptions({
      queryKey: ["directory", "posts"],
      queryFn: ({ pageParam, signal }) =>
        answer(api.GET("/posts", { params: { query: { limit: 200, ...(pageParam ? { after: pageParam } : {}) } }, signal })),
      initialPageParam: "",
      getNextPageParam: (page) => page.next ?? undefined,
    }),
  );

/** All posts that apply to the reader, page after page: what a picker chooses from. */
export function useEveryPost(enabled: boolean) {
  const posts = useQuery({
    queryKey: ["directory", "posts", "all"],
    queryFn: async ({ signal }) => {
      const all: Schemas["PostView"][] = [];
      for (let after: string | undefined = ""; after !== undefined; ) {
        const page: { items: Schemas["PostView"][]; next?: string | null } = await answer(
          api.GET("/posts", { params: { query: { limit: 200, ...(after ? { after } : {}) } }, signal }),
        );
        all.push(...page.items);
        after = page.next ?? undefined;
      }
      return all;
    },
    enabled,
    staleTime: 60_000,
  });
  return posts.data ?? NO_POSTS;
}

const NO_POSTS: readonly Schemas["PostView"][] = [];

export const useMembers = (group: string) =>
  useInfiniteQuery(
    infiniteQueryOptions({
      queryKey: ["directory", "members", group],
      queryFn: ({ pageParam, signal }) =>
        answer(
          api.GET("/groups/{id}/members", {
            params: { path: { id: group }, query: pageParam ? { after: pageParam } : {} },
            signal,
          }),
        ),
      initialPageParam: "",
      getNextPageParam: (page) => page.next ?? undefined,
    }),
  );

const GROUPS = [["directory", "groups"], ["directory", "members"], ["directory", "person"]];

export const useFoundGroup = (done: string, then: (group: GroupView) => void) =>
  useAction(
    (body: Schemas["CreateGroup"], attempt) => answer(api.POST("/groups", { body, ...attempt })),
    { done, invalidates: GROUPS, then },
  );

const version = (group: Pick<GroupView, "id" | "version">) => ({
  path: { id: group.id },
  header: { "If-Match": String(group.version) },
});

export const useChangeGroup = (group: Pick<GroupView, "id" | "version">, done: string) =>
  useAction(
    // What is absent stays as it is.
    (body: Partial<Schemas["ChangeGroup"]>, attempt) =>
      answer(api.PATCH("/groups/{id}", { params: version(group), body: body as Schemas["ChangeGroup"], ...attempt })),
    { done, invalidates: GROUPS },
  );

export const useDissolveGroup = (group: Pick<GroupView, "id" | "version">, done: string, then: () => void) =>
  useAction(
    (_: void, attempt) => answer(api.POST("/groups/{id}/end", { params: version(group), body: { at: null }, ...attempt })),
    { done, invalidates: GROUPS, then },
  );

export const useAddMember = (group: string, done: string) =>
  useAction(
    (person: string, attempt) =>
      answer(
        api.POST("/groups/{id}/members", {
          params: { path: { id: group } },
          body: { person },
          ...attempt,
        }),
      ),
    { done, invalidates: GROUPS },
  );

export const useRemoveMember = (group: string, done: string) =>
  useAction(
    (person: string, attempt) =>
      answer(api.DELETE("/groups/{id}/members/{person}", { params: { path: { id: group, person } }, ...attempt })),
    { done, invalidates: GROUPS },
  );

/** Takes somebody into service, of the house or of an external organisation. */
export const useJoin = (done: string, then: (person: PersonView) => void) =>
  useAction(
    (body: Partial<Schemas["JoinPerson"]>, attempt) => answer(api.POST("/people", { body: body as Schemas["JoinPerson"], ...attempt })),
    { done, invalidates: [["directory"]], then },
  );

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
