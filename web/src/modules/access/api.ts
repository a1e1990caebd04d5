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

export type AccountView = Schemas["AccountView"];
export type AccountClass = Schemas["AccountClass"];
export type RoleView = Schemas["RoleView"];
export type GrantView = Schemas["GrantView"];
export type HeldPermission = Schemas["HeldPermission"];
export type Scope = Schemas["Scope"];
export type Subject = Schemas["GrantSubject"];
export type Holders = Schemas["HoldersView"];
export type DepartmentAccount = Schemas["DepartmentAccountView"];

/** The accounts in reach, found by login, name or pinyin. */
export const useAccounts = (filter: { q?: string | undefined; locked?: boolean }) =>
  useInfiniteQuery(
    infiniteQueryOptions({
      queryKey: ["access", "accounts", filter],
      queryFn: ({ pageParam, signal }) =>
        answer(
          api.GET("/accounts", {
            params: {
              query: {
                ...(filter.q ? { q: filter.q } : {}),
                ...(filter.locked ? { locked: true } : {}),
                ...(pageParam ? { after: pageParam } : {}),
              },
            },
            signal,
          }),
        ),
      initialPageParam: "",
      getNextPageParam: (page) => page.next ?? undefined,
    }),
  );

export const useAccount = (id: string) =>
  useQuery({
    queryKey: ["access", "account", id],
    queryFn: ({ signal }) => answer(api.GET("/accounts/{id}", { params: { path: { id } }, signal })),
  });

const ACCOUNTS = [
  ["access", "accounts"],
  ["access", "account"],
];

/** `then` gets the one-time password, which is shown this once. */
export const useOpenAccount = (then: (opened: Schemas["AccountOpened"]) => void) =>
  useAction((body: Schemas["AccountRequest"], attempt) => answer(api.POST("/accounts", { body, ...attempt })), {
    invalidates: ACCOUNTS,
    then,
  });

export const useResetPassword = (id: string, then: (opened: Schemas["AccountOpened"]) => void) =>
  useAction(
    (_: void, attempt) => answer(api.POST("/accounts/{id}/password_reset", { params: { path: { id } }, ...attempt })),
    { invalidates: ACCOUNTS, then },
  );

export const useLockAccount = (id: string, done: string) =>
  useAction(
    (reason: string, attempt) => answer(api.POST("/accounts/{id}/lock", { params: { path: { id } }, body: { reason }, ...attempt })),
    { done, invalidates: ACCOUNTS },
  );

export const useUnlockAccount = (id: string, done: string) =>
  useAction((_: void, attempt) => answer(api.POST("/accounts/{id}/unlock", { params: { path: { id } }, ...attempt })), {
    done,
    invalidates: ACCOUNTS,
  });

export const useChangeClass = (account: Pick<AccountView, "id" | "version">, done: string) =>
  useAction(
    (value: AccountClass, attempt) =>
      answer(
        api.PUT("/accounts/{id}/class", {
          params: { path: { id: account.id }, header: { "If-Match": String(account.version) } },
          body: { class: value },
          ...attempt,
        }),
      ),
    { done, invalidates: ACCOUNTS },
  );

/** What somebody may, and why; only for himself and for who reviews rights. */
export const usePermissionsOf = (id: string, enabled = true) =>
  useQuery({
    queryKey: ["access", "permissions_of", id],
    queryFn: ({ signal }) => answer(api.GET("/people/{id}/permissions", { params: { path: { id } }, signal })),
    enabled,
  });

/** Who may do this at a place, and by which grants. */
export const useHolders = (permission: string | undefined, place: { kind: "unit" | "department"; id: string } | undefined) =>
  useQuery({
    queryKey: ["access", "holders", permission, place],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/permissions/{permission}/holders", {
          params: { path: { permission: permission ?? "" }, query: place ? { [place.kind]: place.id } : {} },
          signal,
        }),
      ),
    enabled: permission !== undefined && place !== undefined,
  });

export const useDepartmentAccounts = () =>
  useQuery({
    queryKey: ["access", "department_accounts"],
    queryFn: ({ signal }) => answer(api.GET("/department_accounts", { signal })),
  });

const DEPARTMENT_ACCOUNTS = [["access", "department_accounts"], ["access", "me"], ["directory"]];

export const useOpenDepartmentAccount = (done: string, then: () => void) =>
  useAction((body: Schemas["DepartmentAccountRequest"], attempt) => answer(api.POST("/department_accounts", { body, ...attempt })), {
    done,
    invalidates: DEPARTMENT_ACCOUNTS,
    then,
  });

const seen = (account: Pick<DepartmentAccount, "id" | "version">) => ({
  path: { id: account.id },
  header: { "If-Match": String(account.version) },
});

export const useChangeDepartmentAccount = (account: Pick<DepartmentAccount, "id" | "version">, done: string) =>
  useAction(
    (with_below: boolean, attempt) =>
      answer(api.PUT("/department_accounts/{id}", { params: seen(account), body: { with_below }, ...attempt })),
    { done, invalidates: DEPARTMENT_ACCOUNTS },
  );

export const useEndDepartmentAccount = (done: string) =>
  useAction(
    (account: Pick<DepartmentAccount, "id" | "version">, attempt) =>
      answer(api.POST("/department_accounts/{id}/end", { params: seen(account), body: { successor: null }, ...attempt })),
    { done, invalidates: DEPARTMENT_ACCOUNTS },
  );

/** Acts for an account of one's department, or for oneself again; all that is shown is read anew, as that one sees it. */
export function useActFor(done: (me: Me) => string, then: () => void) {
  const queries = useQueryClient();
  return useAction(
    (account: string | undefined, attempt) =>
      account
        ? answer(api.PUT("/session/acting_for", { body: { account }, ...attempt }))
        : answer(api.DELETE("/session/acting_for", { ...attempt })),
    {
      done,
      then: (me) => {
        queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "access" });
        queries.setQueryData(meQuery.queryKey, me);
        then();
      },
    },
  );
}

export const useRoles = () =>
  useQuery({ queryKey: ["access", "roles"], queryFn: ({ signal }) => answer(api.GET("/roles", { signal })) });

/** Every permission that there is. */
export const usePermissionNames = () =>
  useQuery({
    queryKey: ["access", "permission_names"],
    queryFn: ({ signal }) => answer(api.GET("/permissions", { signal })),
    staleTime: 10 * 60_000,
  });

export const useAddRole = (done: string, then: () => void) =>
  useAction((body: Schemas["RoleRequest"], attempt) => answer(api.POST("/roles", { body, ...attempt })), {
    done,
    invalidates: [["access", "roles"]],
    then,
  });

export const useChangeRole = (role: Pick<RoleView, "id" | "version">, done: string, then: () => void) =>
  useAction(
    (body: Schemas["RolePatch"], attempt) =>
      answer(
        api.PUT("/roles/{id}", {
          params: { path: { id: role.id }, header: { "If-Match": String(role.version) } },
          body,
          ...attempt,
        }),
      ),
    { done, invalidates: [["access"]], then },
  );

export const useEndRole = (role: Pick<RoleView, "id" | "version">, done: string, then: () => void) =>
  useAction(
    (_: void, attempt) =>
      answer(
        api.DELETE("/roles/{id}", {
          params: { path: { id: role.id }, header: { "If-Match": String(role.version) } },
          ...attempt,
        }),
      ),
    { done, invalidates: [["access", "roles"]], then },
  );

export const useGrants = () =>
  useQuery({ queryKey: ["access", "grants"], queryFn: ({ signal }) => answer(api.GET("/grants", { signal })) });

export const RIGHTS = [
  ["access", "grants"],
  ["access", "permissions_of"],
  ["access", "holders"],
];

export const useGive = (done: string, then: () => void) =>
  useAction((body: Schemas["GrantRequest"], attempt) => answer(api.POST("/grants", { body, ...attempt })), {
    done,
    invalidates: RIGHTS,
    then,
  });

export const useEndGrant = (done: string) =>
  useAction((id: string, attempt) => answer(api.DELETE("/grants/{id}", { params: { path: { id } }, ...attempt })), {
    done,
    invalidates: RIGHTS,
  });

export type SignInReview = Schemas["SignInReviewStanding"];

/** How the review of sign-ins stands: of a place, or of the largest that one may review. */
export const useSignInReview = (place: { kind: "unit" | "department"; id: string } | undefined) =>
  useQuery({
    queryKey: ["access", "sign_in_review", place],
    queryFn: ({ signal }) => answer(api.GET("/sign_in_review", { params: { query: place ? { [place.kind]: place.id } : {} }, signal })),
  });

export const useReviewSignIns = (done: string) =>
  useAction((body: Schemas["SignInReviewRequest"], attempt) => answer(api.POST("/sign_in_reviews", { body, ...attempt })), {
    done,
    invalidates: [["access", "sign_in_review"]],
  });
