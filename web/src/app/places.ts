import type { Me } from "@/modules/access/api";
import type { Counts } from "@/modules/workflow/api";
import { t, type Word } from "@/lib/words";
import type { IconName } from "@/ui";
import type { Place, PlaceGroup } from "@/ui/shell";

/** Administration, and the permission without which its page would refuse everything. */
const ADMIN: { to: string; also?: readonly string[]; word: Word; icon: IconName; permission: string }[] = [
  { to: "/admin/flows", word: "app.admin_flows", icon: "flow", permission: "workflow.manage" },
  { to: "/admin/running", word: "app.admin_running", icon: "clock", permission: "workflow.manage" },
  { to: "/admin/cancelled", word: "app.admin_cancelled", icon: "file", permission: "workflow.cancelled" },
  { to: "/admin/people", word: "app.admin_people", icon: "gear", permission: "directory.manage" },
  { to: "/admin/orders", also: ["/admin/hand-over"], word: "app.admin_orders", icon: "flow", permission: "orders.read" },
  { to: "/admin/units", word: "app.admin_units", icon: "book", permission: "orders.read" },
  { to: "/admin/seats", word: "app.admin_seats", icon: "people", permission: "directory.manage" },
  { to: "/admin/completeness", word: "app.admin_completeness", icon: "check", permission: "directory.manage" },
  { to: "/admin/accounts", word: "app.admin_accounts", icon: "person", permission: "access.manage" },
  { to: "/admin/grants", also: ["/admin/roles"], word: "app.admin_grants", icon: "check", permission: "access.grant" },
  { to: "/admin/department-accounts", word: "app.admin_department_accounts", icon: "people", permission: "access.manage" },
  { to: "/admin/query-rights", word: "app.admin_query_rights", icon: "eye", permission: "access.grant" },
  { to: "/admin/agents", word: "app.admin_agents", icon: "people", permission: "workflow.manage" },
  { to: "/admin/endpoints", word: "app.admin_endpoints", icon: "exit", permission: "workflow.manage" },
  { to: "/admin/who-may", word: "app.admin_who_may", icon: "search", permission: "access.review" },
  { to: "/admin/who-sees", word: "app.admin_who_sees", icon: "search", permission: "workflow.manage" },
  { to: "/admin/sign-ins", word: "app.admin_sign_ins", icon: "eye", permission: "access.review" },
  { to: "/admin/import", word: "app.admin_import", icon: "upload", permission: "directory.manage" },
  { to: "/admin/calendars", word: "app.admin_calendars", icon: "clock", permission: "worktime.manage" },
  { to: "/admin/clauses", word: "app.admin_clauses", icon: "book", permission: "rulebook.manage" },
  { to: "/admin/sample", word: "app.admin_sample", icon: "people", permission: "sample.manage" },
  { to: "/admin/trace", word: "app.admin_trace", icon: "log", permission: "trace.read" },
];

/** How administration is sorted; what no group names stands in the last. */
const GROUPS: { word: Word; holds: readonly string[] }[] = [
  { word: "app.group_organisation", holds: ["/admin/people", "/admin/orders", "/admin/units", "/admin/seats", "/admin/completeness", "/admin/import"] },
  {
    word: "app.group_rights",
    holds: [
      "/admin/accounts", "/admin/department-accounts", "/admin/grants", "/admin/query-rights", "/admin/who-may", "/admin/who-sees", "/admin/sign-ins",
    ],
  },
  { word: "app.group_flows", holds: ["/admin/flows", "/admin/running", "/admin/cancelled", "/admin/agents", "/admin/endpoints", "/admin/clauses", "/admin/calendars"] },
  { word: "app.group_system", holds: [] },
];

/** What the reader may administer, sorted; a group with nothing for him is not there. */
export function adminGroups(me: Me): PlaceGroup[] {
  const left = new Map(
    ADMIN.filter((each) => me.permissions.includes(each.permission)).map((each) => [
      each.to,
      { to: each.to, within: each.to, also: each.also ?? [], label: t(each.word), icon: each.icon },
    ]),
  );
  const take = (to: string) => {
    const place = left.get(to);
    left.delete(to);
    return place ? [place] : [];
  };
  const groups = GROUPS.map(({ word, holds }, index) => ({
    label: t(word),
    places: index < GROUPS.length - 1 ? holds.flatMap(take) : [...left.values()],
  }));
  return groups.filter((group) => group.places.length > 0);
}

/** Administration as one place: to its first page, or on a phone to the list of all. */
export function adminHome(me: Me, phone: boolean): Place[] {
  const first = adminGroups(me)[0]?.places[0];
  return first ? [{ to: phone ? "/admin" : first.to, within: "/admin", label: t("app.admin"), icon: "gear" }] : [];
}

/** The address book. People of external organisations have none (ORG-24). */
export function bookPlaces(me: Me): Place[] {
  if (me.external) return [];
  return [{ to: "/people", within: "/people", also: ["/organisation", "/groups"], label: t("app.people"), icon: "people" }];
}

/** 查询 is for those to whom the cases of a form were opened. */
export function queryPlaces(me: Me): Place[] {
  const queries = me.permissions.some((permission) => permission.startsWith("workflow.query:"));
  return queries ? [{ to: "/query", within: "/query", label: t("app.query"), icon: "search" }] : [];
}

/** 代理: who acts for whom. People of external organisations have none. */
export function agentPlaces(me: Me): Place[] {
  if (me.external) return [];
  return [{ to: "/agents", within: "/agents", label: t("app.agents"), icon: "people" }];
}

/** The rail: only what exists, and what the reader may open. */
export function railPlaces(me: Me, counts: Counts | undefined): Place[] {
  return [
    { to: "/inbox/waiting", within: "/inbox", label: t("app.inbox"), icon: "inbox", count: counts?.waiting },
    { to: "/start", within: "/start", label: t("app.start"), icon: "start" },
    { to: "/notifications", within: "/notifications", label: t("app.notifications"), icon: "bell", count: counts?.notifications_unread },
    ...bookPlaces(me),
    ...queryPlaces(me),
    ...adminHome(me, false),
  ];
}

/** Every page by its own name, to be searched for. */
export function allPlaces(me: Me): Place[] {
  const everyday = railPlaces(me, undefined).filter((place) => place.within !== "/admin");
  return [...everyday, ...agentPlaces(me), ...adminGroups(me).flatMap((group) => group.places)];
}

/** A phone's four tabs. */
export function tabPlaces(counts: Counts | undefined): Place[] {
  return [
    { to: "/inbox/waiting", within: "/inbox", label: t("app.inbox"), icon: "inbox", count: counts?.waiting },
    { to: "/start", within: "/start", label: t("app.start"), icon: "start" },
    { to: "/notifications", within: "/notifications", label: t("app.notifications"), icon: "bell", count: counts?.notifications_unread },
    { to: "/me", within: "/me", label: t("app.me"), icon: "person" },
  ];
}
