import type { Schemas } from "@/api/client";

/** A small organisation for page tests. All people are invented. Ids have the length and letters of real ones. */
const id = (name: string) => `0${name.replace(/[^0-9a-hjkmnp-tv-z]/g, "0").padEnd(25, "0")}`;
const text = (zh: string, en: string) => ({ zh, en });

export const LIN = { id: id("1cn"), name: "林晓" };
export const ZHAO = { id: id("2zha"), name: "赵敏" };
export const ZHOU = { id: id("3zh"), name: "周岚" };
export const SUN = { id: id("4sn"), name: "孙启明" };
export const HE = { id: id("5he"), name: "何静" };
export const people = Object.fromEntries([LIN, ZHAO, ZHOU, SUN, HE].map((person) => [person.id, person]));

export const CASE = id("9case");
export const FLOW = id("8fcw");

const place = (name: string, zh: string, en: string) => ({ id: id(name), name: text(zh, en) });

export const me: Schemas["Me"] = {
  person: ZHOU,
  login: "zhoulan",
  class: "business",
  appointments: [
    {
      id: id("a1"),
      unit: place("g1", "青禾集团", "Qinghe Group"),
      department: place("d1", "人事部", "Personnel"),
      post: place("p1", "人事经理", "HR manager"),
      main: true,
    },
    {
      id: id("a2"),
      unit: place("g1", "青禾集团", "Qinghe Group"),
      department: place("d2", "综合部", "Office"),
      post: place("p2", "会计", "Accountant"),
      main: false,
    },
  ],
  appointment: id("a1"),
  may_act_for: [],
  external: false,
  permissions: ["workflow.manage", "directory.manage", "rulebook.manage", "trace.read"],
  locale: "zh-CN",
  must_change_password: false,
  sample: true,
  idle_minutes: 30,
};

export const form: Schemas["Form"] = {
  fields: [
    {
      id: "kind",
      label: text("请假类型", "Kind of leave"),
      type: "choice",
      required: true,
      options: [
        { id: "annual", label: text("年假", "Annual") },
        { id: "sick", label: text("病假", "Sick") },
      ],
    },
    { id: "days", label: text("天数", "Days"), type: "number", required: true, min: "0.5", scale: 1 },
    { id: "reason", label: text("事由", "Reason"), type: "long_text", required: true, max_length: 200 },
    { id: "proof", label: text("病历", "Sick note"), type: "text", required_when: 'form.kind == "sick"', visible_when: 'form.kind == "sick"' },
    { id: "number", label: text("档案号", "File number"), type: "text" },
  ],
  layout: {
    columns: 4,
    rows: [
      [
        { field: "kind", span: 2 },
        { field: "days", span: 2 },
      ],
      [{ field: "reason", span: 4 }],
      [{ field: "proof", span: 4 }],
      [{ field: "number", span: 4 }],
      [{ opinions: "supervisor", label: text("部门主管意见", "Supervisor"), span: 4 }],
      [{ opinions: "hr", label: text("人事经理意见", "HR manager"), span: 4 }],
    ],
  },
};

export const declaration = text("本人确认所填内容真实、准确、完整。", "I confirm that the entries are true, accurate and complete.");

const step = (part: Partial<Schemas["Step"]> & Pick<Schemas["Step"], "when" | "kind" | "node">): Schemas["Step"] => ({
  round: 1,
  superseded: false,
  suspended: false,
  people: [],
  ...part,
});

export const route: Schemas["Route"] = {
  steps: [
    step({
      when: "past",
      kind: "start",
      node: "start",
      people: [{ person: LIN.id, why: [{ code: "initiator" }], turn: 1 }],
      opened_at: "2026-11-20T01:00:00Z",
      closed_at: "2026-11-20T01:00:00Z",
    }),
    step({
      when: "past",
      kind: "approve",
      node: "supervisor",
      name: text("部门主管", "Supervisor"),
      people: [
        {
          person: ZHAO.id,
          why: [{ code: "head_of_own_department", department: { id: id("d1"), name: text("技术部", "Engineering") } }],
          turn: 1,
          task: 1,
          state: { state: "closed", at: "2026-11-20T03:00:00Z", by: { person: ZHAO.id }, how: { code: "approved" } },
        },
      ],
      opened_at: "2026-11-20T01:00:00Z",
      closed_at: "2026-11-20T03:00:00Z",
    }),
    step({
      when: "present",
      kind: "approve",
      node: "hr",
      name: text("人事经理", "HR manager"),
      people: [
        {
          person: ZHOU.id,
          why: [
            {
              code: "post_in_own_unit",
              post: { id: id("p1"), name: text("人事经理", "HR manager") },
              unit: { id: id("g1"), name: text("青禾集团", "Qinghe Group") },
            },
          ],
          turn: 1,
          task: 2,
          state: { state: "open" },
        },
      ],
      opened_at: "2026-11-20T03:00:00Z",
    }),
    step({
      when: "future",
      kind: "approve",
      node: "gm",
      name: text("总经理", "General manager"),
      people: [{ person: SUN.id, why: [{ code: "named_person" }], turn: 1 }],
    }),
  ],
};

export const task: Schemas["TaskView"] = {
  held: null,
  id: `${CASE}.2`,
  node: "hr",
  node_name: text("人事经理", "HR manager"),
  purpose: "approve",
  why: route.steps[2]!.people[0]!.why,
  opened_at: "2026-11-20T03:00:00Z",
  can: ["approve", "reject", "return"],
  words_to_agree: 0,
  bare_read: "refuse" as const,
  read_phrases: ["已阅", "阅"],
  return_targets: [
    { node: "start", name: text("发起人", "Initiator") },
    { node: "supervisor", name: text("部门主管", "Supervisor") },
  ],
  after_return: null,
  rights: { others: "read", fields: { number: "required" } },
};

export const view: Schemas["CaseView"] = {
  id: CASE,
  number: "20261120-7F3K2A",
  title: { zh: "请假申请 · 林晓", en: "Leave request · 林晓" },
  flow: FLOW,
  flow_name: text("请假申请", "Leave request"),
  status: "running",
  stage: "in_handling",
  initiator: { person: LIN.id, described: {} },
  submitted_at: "2026-11-20T01:00:00Z",
  finished_at: null,
  form,
  rights: { others: "read" },
  values: { kind: "annual", days: "3.0", reason: "回家探亲" },
  choices: {},
  opinions: [
    {
      node: "supervisor",
      node_name: text("部门主管", "Supervisor"),
      person: ZHAO.id,
      on_behalf_of: null,
      verdict: "approved",
      text: "注意交接",
      attachments: [],
      mentions: [],
      at: "2026-11-20T03:00:00Z",
      no: 1,
      can: [],
    },
    { node: null, node_name: null, person: LIN.id, on_behalf_of: null, verdict: "commented", text: "交接清单已发", attachments: [], mentions: [], at: "2026-11-20T04:00:00Z", no: 2, can: [] },
  ],
  route,
  tasks: [task],
  seen: [],
  copies: [{ person: HE.id, must_read: false, why: [], sent_at: "2026-11-20T03:00:00Z", read_at: null }],
  urges: [],
  asked: [],
  called: [],
  effects: [],
  to_take_back: null,
  destinations: [],
  acts_for: [],
  can: ["comment", "urge"],
  people,
  files: {},
  names: {},
  cases: {},
  named_by: [],
  follow_ups: [],
  version: 4,
};

/** The contract calls the value an object; it is whatever its kind says. */
const fact = (label: Schemas["Text"], kind: string, value: unknown): Schemas["DecisiveFact"] => ({
  label,
  kind,
  value: value as Schemas["DecisiveFact"]["value"],
});

const row = (no: number, part: Partial<Schemas["TaskRow"]>): Schemas["TaskRow"] => ({
  id: `${id(`c${no}`)}.1`,
  case_id: id(`c${no}`),
  number: `20261120-00000${no}`,
  title: text("请假申请", "Leave request"),
  flow_name: text("请假申请", "Leave request"),
  initiator: LIN,
  facts: [
    fact(text("天数", "Days"), "days", "3.0"),
    fact(text("类型", "Kind"), "words", text("年假", "Annual")),
  ],
  node_name: text("人事经理", "HR manager"),
  purpose: "approve",
  arrived_at: "2026-11-20T03:00:00Z",
  unread: false,
  held: false,
  to_claim: false,
  on_paper: false,
  halted: false,
  ...part,
});

export const tasks: Schemas["TaskRow"][] = [
  row(1, { id: `${CASE}.2`, case_id: CASE, unread: true }),
  row(2, {
    initiator: HE,
    flow_name: text("费用报销", "Expense claim"),
    facts: [fact(text("金额", "Amount"), "money", "1280.00")],
  }),
];

export const flows: Schemas["FlowCard"][] = [
  { id: FLOW, code: "f-01-leave", name: text("请假申请", "Leave request"), category: "personnel", number: 3 },
  { id: id("8exp"), code: "f-02-expense", name: text("费用报销", "Expense claim"), category: "finance", number: 1 },
];

export const start: Schemas["StartView"] = {
  flow: flows[0]!,
  form,
  rights: { others: "write", fields: { number: "hidden" } },
  initiator: { person: ZHOU.id, appointment: id("a1"), described: { person: ZHOU.id, name: ZHOU.name } },
  choices: [],
  declaration,
  quotas: [],
};

export const persons: Schemas["PersonRow"][] = [LIN, ZHAO, ZHOU, SUN, HE].map((person, index) => ({
  ...person,
  number: `00${index}`,
  unit: text("青禾集团", "Qinghe Group"),
  department: text("技术部", "Engineering"),
  post: text("工程师", "Engineer"),
  phone: "13800000000",
  email: null,
  ended: false,
}));
