import { infiniteQueryOptions, queryOptions, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";

import { answer, api, type Schemas } from "@/api/client";
import { keepOnlyFor } from "@/lib/stored";
import { useAction } from "@/ui";

export type Me = Schemas["Me"];
export type MyAppointment = Schemas["MyAppointment"];
export type SessionRow = Schemas["SessionRow"];
export type SignInRow = Schemas["SignInRow"];

export const meQuery = queryOptions({
  queryKey: ["access", "me"],
  queryFn: ({ signal }) => answer(api.GET("/session", { signal })),
  staleTime: 5 * 60_000,
});

/** Who is signed in. Pages under the shell always have an answer. */
export function useMe(): Me | undefined {
  return useQuery(meQuery).data;
}

export const setupQuery = queryOptions({
  queryKey: ["access", "setup"],
  queryFn: ({ signal }) => answer(api.GET("/setup", { signal })),
});

/** The first administrator is signed in at once. */
export function useSetUp(then: (me: Me) => void) {
  const queries = useQueryClient();
  return useAction((body: Schemas["SetupRequest"], attempt) => answer(api.POST("/setup", { body, ...attempt })), {
    quiet: true,
    then: (me) => {
      queries.clear();
      queries.setQueryData(meQuery.queryKey, me);
      then(me);
    },
  });
}

export function useSignIn(then: (me: Me) => void) {
  const queries = useQueryClient();
  return useAction(
    (body: Schemas["SignInRequest"], attempt) => answer(api.POST("/sessions", { body, ...attempt })),
    {
      quiet: true,
      then: (me) => {
        queries.clear();
        queries.setQueryData(meQuery.queryKey, me);
        then(me);
      },
    },
  );
}

export function useSignOut(then: () => void) {
  const queries = useQueryClient();
  return useAction((_: void, attempt) => answer(api.DELETE("/session", { ...attempt })), {
    then: () => {
      keepOnlyFor(undefined);
      queries.clear();
      then();
    },
  });
}

export const useChangePassword = (then: (answer: Schemas["PasswordChanged"]) => void) =>
  useAction((body: Schemas["PasswordChange"], attempt) => answer(api.POST("/password", { body, ...attempt })), {
    quiet: true,
    invalidates: [["access"]],
    then,
  });

export const useSessions = () =>
  useQuery({ queryKey: ["access", "sessions"], queryFn: ({ signal }) => answer(api.GET("/sessions", { signal })) });

export const useEndSession = (done: string) =>
  useAction((id: string, attempt) => answer(api.DELETE("/sessions/{id}", { params: { path: { id } }, ...attempt })), {
    done,
    invalidates: [["access", "sessions"]],
  });

export const useEndOtherSessions = (done: string) =>
  useAction((_: void, attempt) => answer(api.POST("/sessions/end_others", { ...attempt })), {
    done,
    invalidates: [["access", "sessions"]],
  });

export const useSignIns = () =>
  useInfiniteQuery(
    infiniteQueryOptions({
      queryKey: ["access", "sign_ins"],
      queryFn: ({ pageParam, signal }) =>
        answer(api.GET("/sign_ins", { params: { query: pageParam ? { after: pageParam } : {} }, signal })),
      initialPageParam: "",
      getNextPageParam: (page) => page.next ?? undefined,
    }),
  );

export function useChooseAppointment() {
  const queries = useQueryClient();
  return useAction(
    (appointment: string, attempt) => answer(api.PUT("/session/appointment", { body: { appointment }, ...attempt })),
    { then: (me) => queries.setQueryData(meQuery.queryKey, me) },
  );
}

export const useStoreLocale = () =>
  useAction((locale: Me["locale"], attempt) => answer(api.PUT("/session/locale", { body: { locale }, ...attempt })), {
    quiet: true,
    invalidates: [["access", "me"]],
  });
