import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from "@tanstack/react-router";

import { meQuery } from "@/modules/access/api";
import { Problem } from "@/lib/problem";
import { keepOnlyFor } from "@/lib/stored";
import { allWords } from "@/lib/words";
import { ErrorState, Skeleton } from "@/ui";

import { Doors } from "./doors";
import { NotFound } from "./not-found";

/** Everything that may stand behind `?` in our addresses. Each page reads what concerns it. */
export interface Search {
  /** As whom: `own`, or for whom one acts. */
  hat?: string | undefined;
  q?: string | undefined;
  flow?: string | undefined;
  status?: string | undefined;
  draft?: string | undefined;
  department?: string | undefined;
  person?: string | undefined;
  place?: string | undefined;
  at?: string | undefined;
  view?: string | undefined;
  group?: string | undefined;
  clause?: string | undefined;
  account?: string | undefined;
  role?: string | undefined;
  stream?: string | undefined;
  kind?: string | undefined;
  only?: string | undefined;
  next?: string | undefined;
  why?: string | undefined;
  token?: string | undefined;
  import?: string | undefined;
  permission?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  waits?: string | undefined;
  /** Conditions on the fields of a form, as JSON, and the field they are put in order by. */
  where?: string | undefined;
  sort?: string | undefined;
  open?: string | undefined;
}

/** Text parameters only; whatever else an address carries is dropped. */
const keep =
  <K extends keyof Search>(...names: K[]) =>
  (raw: Record<string, unknown>): Pick<Search, K> => {
    const kept: Pick<Search, K> = {} as Pick<Search, K>;
    for (const name of names) {
      const value = raw[name];
      if (typeof value === "string" && value !== "") kept[name] = value;
      else if (typeof value === "number") kept[name] = String(value);
    }
    return kept;
  };

const root = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: ({ error, reset }) => <ErrorState error={error} retry={reset} />,
});

/** The pages of those who are not inside yet. */
const doors = createRoute({
  getParentRoute: () => root,
  id: "doors",
  component: Doors,
});

const setup = createRoute({
  getParentRoute: () => doors,
  path: "/setup",
  validateSearch: keep("token"),
  component: lazyRouteComponent(() => import("@/modules/access/pages/setup"), "SetupPage"),
});

const signIn = createRoute({
  getParentRoute: () => doors,
  path: "/sign-in",
  validateSearch: keep("next", "why"),
  component: lazyRouteComponent(() => import("@/modules/access/pages/sign-in"), "SignInPage"),
});

const password = createRoute({
  getParentRoute: () => doors,
  path: "/password",
  validateSearch: keep("next"),
  component: lazyRouteComponent(() => import("@/modules/access/pages/forced-password"), "ForcedPasswordPage"),
});

/** The pages whose words are there from the beginning (`words/zh-CN.ts`). */
const FIRST_PAGE = /^\/($|inbox\/)/;

/** Everything behind the door: nobody comes in without a session, nor with an initial password. */
const frame = createRoute({
  getParentRoute: () => root,
  id: "frame",
  component: lazyRouteComponent(() => import("./frame"), "Frame"),
  beforeLoad: async ({ context, location }) => {
    const next = location.href === "/" ? undefined : location.href;
    if (!FIRST_PAGE.test(location.pathname)) await allWords();
    try {
      const me = await context.queries.ensureQueryData(meQuery);
      keepOnlyFor(me.person.id);
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- how this router is told to go elsewhere
      if (me.must_change_password) throw redirect({ to: "/password", search: { next } });
    } catch (error) {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- how this router is told to go elsewhere
      if (error instanceof Problem && error.signedOut) throw redirect({ to: "/sign-in", search: { next } });
      throw error;
    }
  },
});

const home = createRoute({
  getParentRoute: () => frame,
  path: "/",
  beforeLoad: () => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- how this router is told to go elsewhere
    throw redirect({ to: "/inbox/$list/{-$id}", params: { list: "waiting" }, replace: true });
  },
});

const inbox = createRoute({
  getParentRoute: () => frame,
  path: "/inbox/$list/{-$id}",
  validateSearch: keep("q", "flow", "status", "hat"),
  component: lazyRouteComponent(() => import("@/modules/workflow/pages/inbox"), "InboxPage"),
});

const caseById = createRoute({
  getParentRoute: () => frame,
  path: "/cases/$id",
  component: lazyRouteComponent(() => import("@/modules/workflow/pages/case-page"), "CasePage"),
});

const followUp = createRoute({
  getParentRoute: () => frame,
  path: "/cases/$id/follow-up",
  validateSearch: keep("kind"),
  component: lazyRouteComponent(() => import("@/modules/workflow/pages/follow-up"), "FollowUpPage"),
});

const gallery = createRoute({
  getParentRoute: () => frame,
  path: "/start",
  validateSearch: keep("q", "hat"),
  component: lazyRouteComponent(() => import("@/modules/workflow/pages/gallery"), "GalleryPage"),
});

const fill = createRoute({
  getParentRoute: () => frame,
  path: "/start/$flow",
  validateSearch: keep("draft", "hat"),
  component: lazyRouteComponent(() => import("@/modules/workflow/pages/fill"), "FillPage"),
});

const agents = createRoute({
  getParentRoute: () => frame,
  path: "/agents",
  validateSearch: keep("from", "to"),
  component: lazyRouteComponent(() => import("@/modules/workflow/pages/agents"), "AgentsPage"),
});

const adminAgents = createRoute({
  getParentRoute: () => frame,
  path: "/admin/agents",
  component: lazyRouteComponent(() => import("@/modules/workflow/pages/agents"), "AdminAgentsPage"),
});

const notifications = createRoute({
  getParentRoute: () => frame,
  path: "/notifications",
  validateSearch: keep("only"),
  component: lazyRouteComponent(() => import("@/modules/notify/pages/notifications"), "NotificationsPage"),
});

const people = createRoute({
  getParentRoute: () => frame,
  path: "/people",
  validateSearch: keep("q", "department", "person", "only"),
  component: lazyRouteComponent(() => import("@/modules/directory/pages/people"), "PeoplePage"),
});

const organisation = createRoute({
  getParentRoute: () => frame,
  path: "/organisation",
  validateSearch: keep("place", "at", "view", "person"),
  component: lazyRouteComponent(() => import("@/modules/directory/pages/organisation"), "OrganisationPage"),
});

const groups = createRoute({
  getParentRoute: () => frame,
  path: "/groups",
  validateSearch: keep("q", "group", "only"),
  component: lazyRouteComponent(() => import("@/modules/directory/pages/groups"), "GroupsPage"),
});

const me = createRoute({
  getParentRoute: () => frame,
  path: "/me/{-$section}",
  component: lazyRouteComponent(() => import("./me"), "Me"),
});

const admin = createRoute({
  getParentRoute: () => frame,
  path: "/admin",
  component: lazyRouteComponent(() => import("./admin"), "Admin"),
});

const adminFlows = createRoute({
  getParentRoute: () => frame,
  path: "/admin/flows",
  component: lazyRouteComponent(() => import("@/modules/workflow/pages/admin-flows"), "AdminFlowsPage"),
});

const adminPeople = createRoute({
  getParentRoute: () => frame,
  path: "/admin/people",
  validateSearch: keep("q", "department", "person", "only"),
  component: lazyRouteComponent(() => import("@/modules/directory/pages/people"), "AdminPeoplePage"),
});

const adminImport = createRoute({
  getParentRoute: () => frame,
  path: "/admin/import",
  validateSearch: keep("import"),
  component: lazyRouteComponent(() => import("@/modules/imports/pages/imports"), "ImportsPage"),
});

const adminCalendars = createRoute({
  getParentRoute: () => frame,
  path: "/admin/calendars",
  component: lazyRouteComponent(() => import("@/modules/worktime/pages/calendars"), "CalendarsPage"),
});

const adminCalendar = createRoute({
  getParentRoute: () => frame,
  path: "/admin/calendars/$id",
  component: lazyRouteComponent(() => import("@/modules/worktime/pages/calendar"), "CalendarPage"),
});

const adminClauses = createRoute({
  getParentRoute: () => frame,
  path: "/admin/clauses",
  validateSearch: keep("q", "clause"),
  component: lazyRouteComponent(() => import("@/modules/rulebook/pages/clauses"), "ClausesPage"),
});

const adminOrders = createRoute({
  getParentRoute: () => frame,
  path: "/admin/orders",
  component: lazyRouteComponent(() => import("@/modules/orders/pages/orders"), "OrdersPage"),
});

const adminOrder = createRoute({
  getParentRoute: () => frame,
  path: "/admin/orders/$id",
  component: lazyRouteComponent(() => import("@/modules/orders/pages/order"), "OrderPage"),
});

const adminHandOver = createRoute({
  getParentRoute: () => frame,
  path: "/admin/hand-over",
  validateSearch: keep("person"),
  component: lazyRouteComponent(() => import("@/modules/orders/pages/hand-over"), "HandOverPage"),
});

const adminCompleteness = createRoute({
  getParentRoute: () => frame,
  path: "/admin/completeness",
  validateSearch: keep("place"),
  component: lazyRouteComponent(() => import("@/modules/contacts/pages/completeness"), "CompletenessPage"),
});

const adminUnits = createRoute({
  getParentRoute: () => frame,
  path: "/admin/units",
  validateSearch: keep("q", "only", "kind"),
  component: lazyRouteComponent(() => import("@/modules/orders/pages/units"), "UnitsPage"),
});

const adminSeats = createRoute({
  getParentRoute: () => frame,
  path: "/admin/seats",
  validateSearch: keep("only", "place"),
  component: lazyRouteComponent(() => import("@/modules/seats/pages/seats"), "SeatsPage"),
});

const adminAccounts = createRoute({
  getParentRoute: () => frame,
  path: "/admin/accounts",
  validateSearch: keep("q", "only", "account"),
  component: lazyRouteComponent(() => import("@/modules/access/pages/accounts"), "AccountsPage"),
});

const adminGrants = createRoute({
  getParentRoute: () => frame,
  path: "/admin/grants",
  validateSearch: keep("q"),
  component: lazyRouteComponent(() => import("@/modules/access/pages/grants"), "GrantsPage"),
});

const adminRoles = createRoute({
  getParentRoute: () => frame,
  path: "/admin/roles",
  validateSearch: keep("role"),
  component: lazyRouteComponent(() => import("@/modules/access/pages/grants"), "RolesPage"),
});

const adminSignIns = createRoute({
  getParentRoute: () => frame,
  path: "/admin/sign-ins",
  component: lazyRouteComponent(() => import("@/modules/access/pages/sign-in-review"), "SignInReviewPage"),
});

const query = createRoute({
  getParentRoute: () => frame,
  path: "/query",
  validateSearch: keep("q", "flow", "status", "place", "from", "to", "where", "sort"),
  component: lazyRouteComponent(() => import("@/modules/workflow/pages/query"), "QueryPage"),
});

const adminQueryRights = createRoute({
  getParentRoute: () => frame,
  path: "/admin/query-rights",
  component: lazyRouteComponent(() => import("@/modules/workflow/pages/query-rights"), "QueryRightsPage"),
});

const adminEndpoints = createRoute({
  getParentRoute: () => frame,
  path: "/admin/endpoints",
  component: lazyRouteComponent(() => import("@/modules/workflow/pages/endpoints"), "EndpointsPage"),
});

const adminRunning = createRoute({
  getParentRoute: () => frame,
  path: "/admin/running",
  validateSearch: keep("flow", "waits", "open"),
  component: lazyRouteComponent(() => import("@/modules/workflow/pages/running"), "RunningPage"),
});

const adminCancelled = createRoute({
  getParentRoute: () => frame,
  path: "/admin/cancelled",
  validateSearch: keep("q", "open"),
  component: lazyRouteComponent(() => import("@/modules/workflow/pages/cancelled"), "CancelledPage"),
});

const adminWhoSees = createRoute({
  getParentRoute: () => frame,
  path: "/admin/who-sees",
  validateSearch: keep("q"),
  component: lazyRouteComponent(() => import("@/modules/workflow/pages/who-sees"), "WhoSeesPage"),
});

const adminWhoMay = createRoute({
  getParentRoute: () => frame,
  path: "/admin/who-may",
  validateSearch: keep("permission", "place"),
  component: lazyRouteComponent(() => import("@/modules/access/pages/who-may"), "WhoMayPage"),
});

const adminDepartmentAccounts = createRoute({
  getParentRoute: () => frame,
  path: "/admin/department-accounts",
  component: lazyRouteComponent(() => import("@/modules/access/pages/department-accounts"), "DepartmentAccountsPage"),
});

const adminSample = createRoute({
  getParentRoute: () => frame,
  path: "/admin/sample",
  component: lazyRouteComponent(() => import("@/modules/sample/pages/sample"), "SamplePage"),
});

const adminTrace = createRoute({
  getParentRoute: () => frame,
  path: "/admin/trace",
  validateSearch: keep("stream"),
  component: lazyRouteComponent(() => import("./trace"), "Trace"),
});

const tree = root.addChildren([
  doors.addChildren([setup, signIn, password]),
  frame.addChildren([
    home,
    inbox,
    caseById,
  followUp,
    gallery,
    fill,
    query,
    notifications,
    agents,
    people,
    organisation,
    groups,
    me,
    admin,
    adminFlows,
    adminRunning,
    adminCancelled,
    adminAgents,
    adminPeople,
    adminImport,
    adminCalendars,
    adminCalendar,
    adminClauses,
    adminOrders,
    adminOrder,
    adminHandOver,
    adminCompleteness,
    adminUnits,
    adminSeats,
    adminAccounts,
    adminGrants,
    adminRoles,
    adminSignIns,
    adminWhoMay,
    adminWhoSees,
    adminDepartmentAccounts,
    adminQueryRights,
    adminEndpoints,
    adminSample,
    adminTrace,
  ]),
]);

export function createAppRouter(queries: QueryClient, history?: Parameters<typeof createRouter>[0]["history"]) {
  return createRouter({
    routeTree: tree,
    context: { queries },
    defaultPreload: "intent",
    defaultPendingComponent: Skeleton,
    // Addresses are typed and shared by people: plain text in them, no JSON.
    parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
    stringifySearch: (search) => {
      const given = Object.entries(search).filter((entry): entry is [string, string] => typeof entry[1] === "string");
      return given.length > 0 ? `?${new URLSearchParams(given).toString()}` : "";
    },
    ...(history ? { history } : {}),
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
