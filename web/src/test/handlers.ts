import { CASE, flows, LIN, me, people, persons, route, start, tasks, view, ZHAO } from "./cast";
import { on } from "./contract";

const text = (zh: string, en: string) => ({ zh, en });

/** The server as most tests need it; a test overrides what it is about. */
export const handlers = [
  on("get", "/setup", { needed: false, sample: true }),
  on("get", "/session", me),
  on("get", "/agencies", { given: [], received: [], longest_days: 180 }),
  on("get", "/counts", { waiting: 2, copied_unread: 1, drafts: 0, notifications_unread: 3, hats: [] }),
  on("get", "/tasks", { items: tasks }),
  on("get", "/cases", { items: [] }),
  on("get", "/cases/{id}", view),
  on("post", "/cases/{id}/reads", { id: CASE }),
  on("get", "/drafts", { items: [] }),
  on("get", "/own_phrases", { items: [], most: 10, longest: 40, version: 0 }),
  on("get", "/own_filters", { items: [], most: 12, longest: 20, version: 0 }),
  on("get", "/flows", { items: flows }),
  on("get", "/flows/{id}/start", start),
  on("post", "/flows/{id}/prediction", ({ body }) => ({
    route,
    values: (body as { values: Record<string, unknown> }).values,
    people,
  })),
  on("post", "/drafts", ({ body }) => ({
    ...(body as { flow: string; values: Record<string, unknown> }),
    id: "0draft",
    flow_name: start.flow.name,
    facts: [],
    version: 1,
    updated_at: "2026-11-20T05:00:00Z",
  })),
  on("put", "/drafts/{id}", ({ body }) => ({
    ...(body as { values: Record<string, unknown> }),
    id: "0draft",
    flow: start.flow.id,
    flow_name: start.flow.name,
    facts: [],
    version: 2,
    updated_at: "2026-11-20T05:00:00Z",
  })),
  on("get", "/people", { items: persons }),
  on("get", "/people/{id}", {
    ...persons[0]!,
    rank: text("主管", "Supervisor"),
    appointments: [],
    leads: [],
    groups: [],
    reporting_line: [ZHAO],
    reports: [],
    can: ["read", "update"],
    version: 1,
  }),
  on("get", "/units", { items: [] }),
  on("get", "/profile/teams", { items: [] }),
  on("get", "/profile", {
    id: me.person.id,
    name: me.person.name,
    mobile: "13800000001",
    locale: "zh-CN",
    required: ["mobile", "email"],
    missing: ["email"],
    email_domains: ["example.cn"],
    required_by: { number: "第五条", unit: text("青禾集团", "Qinghe Group") },
    version: 4,
  }),
  on("get", "/sessions", {
    items: [
      { id: "0s1", current: true, started_at: "2026-11-20T01:00:00Z", seen_at: "2026-11-20T05:00:00Z", address: "10.0.0.1", device: "Chrome · Windows" },
      { id: "0s2", current: false, started_at: "2026-11-19T01:00:00Z", seen_at: "2026-11-19T05:00:00Z", address: "10.0.0.2", device: "Android" },
    ],
  }),
  on("get", "/sign_ins", {
    items: [
      { at: "2026-11-20T01:00:00Z", login: "zhoulan", person: LIN, succeeded: false, result: "wrong_password", address: "10.0.0.3", device: "Firefox" },
    ],
  }),
  on("get", "/notifications", {
    items: [
      {
        id: "0n1",
        code: "workflow.notice.task",
        args: { title: "请假申请", number: "20261120-7F3K2A" },
        link: `/cases/${CASE}`,
        at: "2026-11-20T03:00:00Z",
        read_at: null,
      },
    ],
  }),
  on("post", "/notifications/{id}/read", { unread: 0 }),
  on("get", "/managed_flows", { items: [] }),
  on("get", "/clauses", { items: [] }),
  on("get", "/parameters", []),
  on("get", "/trace", { items: [] }),
  on("get", "/trace_seals", { last: {
      number: 7,
      at: "2026-11-20T03:00:00Z",
      root: "",
      previous: "",
      leaves: 1,
      entries: 1,
      algorithm: "sha256",
      signature: "",
    }, unsealed: 2, unsealed_since: null }),
];

