import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";

import type { Schemas } from "@/api/client";
import { expectAccessible } from "@/test/axe";
import { CASE, FLOW, HE, LIN, me, view, ZHAO, ZHOU } from "@/test/cast";
import { type Asked, on, refuse } from "@/test/contract";
import { open } from "@/test/render";
import { server } from "@/test/server";

const text = (zh: string, en: string) => ({ zh, en });

const access: Schemas["CaseAccess"] = {
  id: CASE,
  number: "20261120-7F3K2A",
  title: text("请假申请 · 林晓", "Leave request · 林晓"),
  flow_name: text("请假申请", "Leave request"),
  readers: [
    { person: LIN, via: "initiator", since: "2026-11-20T01:00:00Z" },
    { person: ZHAO, via: "handler", since: "2026-11-20T01:00:00Z" },
  ],
  queriers: [HE],
  agents: [],
  administrators: [ZHOU],
  permission: "workflow.manage",
};

// proves: PERM-17
test("who administers the flow sees from the case who may see it, and why", async () => {
  server.use(on("get", "/cases/{id}", { ...view, can: ["list_readers"] }), on("get", "/cases/{id}/access", access));
  const { user } = open(`/cases/${CASE}`);
  await user.click(await screen.findByRole("button", { name: "谁能查看" }));
  const drawer = await screen.findByRole("dialog");
  const readers = await within(drawer).findByRole("list", { name: "谁能查看" });
  expect(readers).toHaveTextContent(/林晓发起人自/);
  expect(readers).toHaveTextContent(/赵敏处理人自/);
  expect(drawer).toHaveTextContent("因查询权而能查看（1 人）");
  expect(drawer).toHaveTextContent("不因此看到事项内容");
  await expectAccessible();
});

// proves: PERM-17
test("who may see a case is asked by its number, also by who cannot open it", async () => {
  let asked: Asked | undefined;
  server.use(
    on("get", "/case_access", (request) => {
      asked = request;
      return access;
    }),
  );
  const { user } = open("/admin/who-sees");
  await user.type(await screen.findByRole("textbox", { name: "事项编号" }), "20261120-7F3K2A{Enter}");
  expect(await screen.findByRole("list", { name: "谁能查看" })).toHaveTextContent("赵敏");
  expect(asked?.query.get("number")).toBe("20261120-7F3K2A");
  await expectAccessible();
  server.use(refuse("get", "/case_access", { status: 404, code: "not_found" }));
  await user.clear(screen.getByRole("textbox", { name: "事项编号" }));
  await user.type(screen.getByRole("textbox", { name: "事项编号" }), "20000101-AAAAAA{Enter}");
  expect(await screen.findByText("没有编号为 20000101-AAAAAA 的事项")).toBeInTheDocument();
});

const row: Schemas["QueryRow"] = {
  id: CASE,
  number: "20261120-7F3K2A",
  title: text("请假申请 · 林晓", "Leave request · 林晓"),
  flow_name: text("请假申请", "Leave request"),
  initiator: LIN,
  facts: [],
  status: "running",
  stage: "in_handling",
  submitted_at: "2026-11-20T01:00:00Z",
  updated_at: "2026-11-20T01:00:00Z",
  at: "2026-11-20T01:00:00Z",
  unread: false,
  amended: false,
  must_read: false,
  waiting_for: [ZHAO],
  place_name: text("技术部", "Engineering"),
};

// proves: PERM-08
test("the cases of a form that one may query are found, filtered and exported", async () => {
  let asked: Asked | undefined;
  server.use(
    on("get", "/session", { ...me, permissions: [`workflow.query:${FLOW}`] }),
    on("get", "/query_flows", [{ id: FLOW, name: text("请假申请", "Leave request"), category: "personnel" }]),
    on("get", "/query_cases", (request) => {
      asked = request;
      return { items: [row] };
    }),
  );
  const { user, router } = open("/query");
  const list = await screen.findByRole("list", { name: "查询" });
  expect(list).toHaveTextContent("技术部");
  expect(screen.getByRole("link", { name: "查询" })).toBeInTheDocument();
  await user.selectOptions(await screen.findByRole("combobox", { name: "状态" }), "running");
  await waitFor(() => expect(asked?.query.get("status")).toBe("running"));
  await user.type(screen.getByLabelText("提交日期 从"), "2026-11-01{Enter}");
  await waitFor(() => expect(asked?.query.get("from")).toBe(new Date("2026-11-01T00:00:00").toISOString()));
  expect(screen.getByRole("link", { name: /导出 CSV/ }).getAttribute("href")).toMatch(/query_cases\.csv\?status=running/);
  await expectAccessible();
  await user.click(await screen.findByRole("button", { name: /林晓/ }));
  await waitFor(() => expect(router.state.location.pathname).toBe(`/cases/${CASE}`));
});

// proves: PERM-08
test("a right to query a form is given for a scope and a period, and withdrawn", async () => {
  const grant: Schemas["GrantView"] = {
    id: "0q1",
    what: { kind: "permission", name: `workflow.query:${FLOW}` },
    about: text("请假申请", "Leave request"),
    subject: { kind: "person", id: HE.id },
    subject_name: text("何静", "何静"),
    scope: "unit",
    reason: "月度检查",
    valid_from: "2026-11-01T01:00:00Z",
    granted_by: ZHOU,
    can: ["end"],
  };
  let given: unknown;
  let ended: string | undefined;
  server.use(
    on("get", "/session", { ...me, permissions: ["access.grant", "workflow.manage"] }),
    on("get", "/grants", [grant]),
    on("post", "/query_grants", ({ body }) => {
      given = body;
      return { id: "0q2" };
    }),
    on("delete", "/grants/{id}", ({ params }) => void (ended = String(params.id))),
  );
  const { user } = open("/admin/query-rights");
  const list = await screen.findByRole("list", { name: "查询授权" });
  expect(list).toHaveTextContent("何静 · 请假申请");
  await user.click(screen.getByRole("button", { name: "授予查询权" }));
  const drawer = await screen.findByRole("dialog");
  await expectAccessible();
  await user.click(within(drawer).getByRole("combobox", { name: "人员" }));
  await user.click(await screen.findByTitle("何静"));
  await user.click(within(drawer).getByRole("combobox", { name: "流程" }));
  await user.click(await screen.findByTitle("全部流程"));
  await user.type(within(drawer).getByLabelText("理由"), "检查");
  await user.click(within(drawer).getByRole("button", { name: "授予查询权" }));
  await waitFor(() => expect(given).toMatchObject({ subject: { kind: "person", id: HE.id }, scope: "department_and_below", reason: "检查" }));
  expect(given).not.toHaveProperty("flow");
  await user.click(within(list).getByRole("button", { name: "撤销 何静 的 查询事项：请假申请" }));
  const question = await screen.findByRole("dialog", { name: "撤销 何静 的“查询事项：请假申请”？" });
  await user.click(within(question).getByRole("button", { name: /撤\s?销/ }));
  await waitFor(() => expect(ended).toBe("0q1"));
});

// proves: PERM-08
test("of one form, cases are found and put in order by what stands in its indexed fields", async () => {
  let asked: Asked | undefined;
  const field = (id: string, type: Schemas["QueryField"]["type"], zh: string, more: object = {}): Schemas["QueryField"] => ({ id, label: text(zh, zh), type, sortable: true, ...more });
  server.use(
    on("get", "/session", { ...me, permissions: [`workflow.query:${FLOW}`] }),
    on("get", "/query_flows", [{ id: FLOW, name: text("请假申请", "Leave request"), category: "personnel" }]),
    on("get", "/query_flows/{id}/fields", {
      fields: [
        field("amount", "money", "金额"),
        field("item", "text", "品名"),
        field("kind", "choice", "类别", { options: [{ id: "paper", label: text("纸", "Paper") }], sortable: false }),
        field("day", "date", "日期"),
        field("goods.price", "money", "清单 · 单价", { sortable: false }),
      ],
    }),
    on("get", "/query_cases", (request) => {
      asked = request;
      return { items: [{ ...row, cells: [{ field: "amount", text: { zh: "8000.00" } }, { field: "goods.price", text: { zh: "1200.50、-80.00" } }, { field: "item", text: { zh: "宣纸1000" } }] }] };
    }),
  );
  const { user } = open("/query");
  await screen.findByRole("list", { name: "查询" });
  expect(screen.queryByRole("group", { name: "按表单内容查询" })).toBeNull();
  await user.selectOptions(await screen.findByRole("combobox", { name: "流程" }), FLOW);
  expect(await screen.findByRole("group", { name: "按表单内容查询" })).toBeInTheDocument();
  await waitFor(() => expect(screen.getByRole("list", { name: "查询" })).toHaveTextContent("金额 8,000.00"));
  expect(screen.getByRole("list", { name: "查询" })).toHaveTextContent("清单 · 单价 1,200.50、-80.00");
  expect(screen.getByRole("list", { name: "查询" })).toHaveTextContent("品名 宣纸1000");
  const where = () => JSON.parse(asked?.query.get("where") ?? "[]") as unknown;
  await user.type(screen.getByRole("textbox", { name: "金额 从" }), "50{Enter}");
  await waitFor(() => expect(where()).toEqual([{ field: "amount", from: "50" }]));
  await user.type(screen.getByRole("textbox", { name: "品名 开头是" }), "宣纸{Enter}");
  await user.selectOptions(screen.getByRole("combobox", { name: "类别" }), "paper");
  await waitFor(() =>
    expect(where()).toEqual([
      { field: "amount", from: "50" },
      { field: "item", prefix: "宣纸" },
      { field: "kind", is: ["paper"] },
    ]),
  );
  // By a column of a table cases are found, and not put in order.
  expect(within(screen.getByRole("combobox", { name: "排序" })).queryByRole("option", { name: /单价/ })).toBeNull();
  expect(screen.getByRole("textbox", { name: "清单 · 单价 从" })).toBeInTheDocument();
  await user.selectOptions(screen.getByRole("combobox", { name: "排序" }), "-amount");
  await waitFor(() => expect(asked?.query.get("sort")).toBe("-amount"));
  await user.clear(screen.getByRole("textbox", { name: "金额 从" }));
  await user.tab();
  await waitFor(() => expect(where()).toEqual([{ field: "item", prefix: "宣纸" }, { field: "kind", is: ["paper"] }]));
  await expectAccessible();
});

// proves: PERM-08, FORM-01
test("cases are found by the record that they name, and an address names it again", async () => {
  let asked: Asked | undefined;
  const [cloud, birch] = [
    { id: "0000000000000000000000000a", name: text("云杉设备", "Spruce") },
    { id: "0000000000000000000000000b", name: text("白桦文具", "Birch") },
  ];
  server.use(
    on("get", "/session", { ...me, permissions: [`workflow.query:${FLOW}`] }),
    on("get", "/query_flows", [{ id: FLOW, name: text("付款", "Payment"), category: "finance" }]),
    on("get", "/query_flows/{id}/fields", {
      fields: [{ id: "supplier", label: text("供应商", "Supplier"), type: "record", sortable: false }],
    }),
    on("get", "/query_flows/{id}/fields/{field}/names", ({ query }) => {
      const [q, id] = [query.get("q") ?? "", query.get("id")];
      return { items: [cloud, birch].filter((one) => (id ? one.id === id : one.name.zh.includes(q))) };
    }),
    on("get", "/query_cases", (request) => {
      asked = request;
      return { items: [row] };
    }),
  );
  const { user } = open(`/query?flow=${FLOW}&where=${encodeURIComponent(JSON.stringify([{ field: "supplier", is: [birch.id] }]))}`);
  const picker = await screen.findByRole("combobox", { name: "供应商" });
  expect(await screen.findByText("白桦文具")).toBeInTheDocument();
  await user.type(picker, "云杉");
  await user.click(await screen.findByTitle("云杉设备"));
  await waitFor(() => expect(JSON.parse(asked?.query.get("where") ?? "[]")).toEqual([{ field: "supplier", is: [cloud.id] }]));
  await expectAccessible();
});

// proves: PERM-08, FLOW-37
test("what only older cases name is looked for part by part: some by itself, the rest when it is wanted", async () => {
  const parts: (string | null)[] = [];
  server.use(
    on("get", "/session", { ...me, permissions: [`workflow.query:${FLOW}`] }),
    on("get", "/query_flows", [{ id: FLOW, name: text("付款", "Payment"), category: "finance" }]),
    on("get", "/query_flows/{id}/fields", {
      fields: [{ id: "supplier", label: text("供应商", "Supplier"), type: "record", sortable: false }],
    }),
    on("get", "/query_flows/{id}/fields/{field}/names", ({ query }) => {
      parts.push(query.get("after"));
      const part = Number(query.get("after") ?? 0);
      const items = [{ id: `0000000000000000000000000${part % 2}`, name: text(part % 2 ? "白桦文具" : "云杉设备", "") }];
      return part < 11 ? { items, next: String(part + 1) } : { items: [{ id: "0000000000000000000000000z", name: text("旧友商贸", "") }] };
    }),
    on("get", "/query_cases", { items: [row] }),
  );
  const { user } = open(`/query?flow=${FLOW}`);
  await user.click(await screen.findByRole("combobox", { name: "供应商" }));
  await waitFor(() => expect(parts).toHaveLength(10), { timeout: 10_000 });
  // While a part is on its way the button says so in its name.
  const more = { name: /加载更多/ };
  expect(screen.getAllByTitle("云杉设备"), "what several parts have is there once").toHaveLength(1);
  await expectAccessible();
  await user.click(await screen.findByRole("button", more));
  await waitFor(() => expect(parts).toHaveLength(11));
  await user.click(await screen.findByRole("button", more));
  expect(await screen.findByTitle("旧友商贸")).toBeInTheDocument();
  await waitFor(() => expect(screen.queryByRole("button", more)).toBeNull());
});

// proves: PERM-08
test("while older cases are being indexed it is said that some may be missing", async () => {
  server.use(
    on("get", "/session", { ...me, permissions: [`workflow.query:${FLOW}`] }),
    on("get", "/query_flows", [{ id: FLOW, name: text("请假申请", "Leave request"), category: "personnel" }]),
    on("get", "/query_cases", { items: [row] }),
    on("get", "/query_flows/{id}/fields", {
      fields: [{ id: "amount", label: text("金额", "Amount"), type: "money", sortable: true }],
      indexing: { done: 120, total: 340, stopped: false },
    }),
  );
  const { user } = open("/query");
  await screen.findByRole("list", { name: "查询" });
  await user.selectOptions(await screen.findByRole("combobox", { name: "流程" }), FLOW);
  expect(await screen.findByText(/正在补写较早事项的索引（120 \/ 340）/)).toBeInTheDocument();
  await expectAccessible();
});
