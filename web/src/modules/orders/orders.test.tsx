import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";

import type { Schemas } from "@/api/client";
import { expectAccessible } from "@/test/axe";
import { LIN, ZHAO } from "@/test/cast";
import { type Asked, on } from "@/test/contract";
import { open } from "@/test/render";
import { server } from "@/test/server";

import { freeKey } from "./parts/places";

const text = (zh: string, en: string) => ({ zh, en });
const UNIT = "01hzzzzzzzzzzzzzzzzzzzzzu1";
const DESIGN = "01hzzzzzzzzzzzzzzzzzzzzzd1";
const SALES = "01hzzzzzzzzzzzzzzzzzzzzzd2";

const node = (id: string, kind: "unit" | "department", name: Schemas["Text"], children: Schemas["UnitNode"][] = []): Schemas["UnitNode"] => ({
  id, kind, name, people: 3, children, can: [], version: 1,
});
const tree = [node(UNIT, "unit", text("青岚集团", "Qinglan"), [
  node(DESIGN, "department", text("设计部", "Design")),
  node(SALES, "department", text("销售部", "Sales")),
])];

const order = (more: Partial<Schemas["OrderView"]> = {}): Schemas["OrderView"] => ({
  id: "01hzzzzzzzzzzzzzzzzzzzzzo1",
  unit: UNIT,
  unit_name: text("青岚集团", "Qinglan"),
  title: { zh: "设计部更名" },
  class: "ordinary",
  state: "draft",
  changes: 1,
  overdue: false,
  open_items: 0,
  awaits_review: false,
  is_returned: false,
  content: { title: "设计部更名", basis: "", class: "ordinary", changes: [{ change: "rename_department", department: DESIGN, name: { zh: "体验设计部" } }] },
  lines: [{ code: "orders.change.rename_department", args: { department: text("设计部", "Design"), name: { zh: "体验设计部" } } }],
  created_by: { id: LIN.id, name: "许静" },
  created_at: "2026-03-02T01:00:00Z",
  checklist: [],
  can: ["read", "update", "preview", "issue", "withdraw"],
  version: 3,
  ...more,
});

const place = (id: string, depth: number, name: Schemas["Text"], more: Partial<Schemas["OrderChartNode"]> = {}): Schemas["OrderChartNode"] => ({
  place: { kind: depth === 0 ? "unit" : "department", id }, depth, name, marks: [], people: 3, only_here: [], only_here_count: 0, others: 0, ...more,
});

const item = { key: "head_vacant:x", code: "head_vacant", args: { place: text("设计部", "Design"), before: ["蒋一诺"] }, attention: true };

// proves: ORG-02
test("the list of orders says where each stands and what is overdue", async () => {
  const row = order({ state: "applied", overdue: true, open_items: 2 });
  server.use(on("get", "/orders", { items: [row] }));
  const { user, router } = open("/admin/orders");
  const list = await screen.findByRole("list", { name: "组织调整令" });
  const line = within(list).getByRole("button", { name: /设计部更名/ });
  for (const words of ["已生效", "逾期未核实", "2 项待核对", "1 项变更"]) expect(line).toHaveTextContent(words);
  await expectAccessible();
  server.use(on("get", "/orders/{id}", order()));
  await user.click(line);
  await waitFor(() => expect(router.state.location.pathname).toBe(`/admin/orders/${row.id}`));
});

// proves: ORG-03, ORG-10
test("a draft gets a change, is previewed and issued on the version that was seen", async () => {
  let saved: Asked | undefined;
  let issued: Asked | undefined;
  server.use(
    on("get", "/orders/{id}", order()),
    on("get", "/units", { items: tree }),
    on("put", "/orders/{id}", (asked) => {
      saved = asked;
      return order();
    }),
    on("post", "/orders/{id}/preview", {
      version: 3,
      at: "2026-03-02T01:00:00Z",
      items: [item],
      chart: {
        before: [place(UNIT, 0, text("青岚集团", "Qinglan")), place(DESIGN, 1, text("设计部", "Design"), { marks: ["renamed"], other_name: { zh: "体验设计部" }, only_here: [{ id: LIN.id, name: "夏天" }], only_here_count: 3 })],
        after: [place(UNIT, 0, text("青岚集团", "Qinglan")), place(DESIGN, 1, { zh: "体验设计部" }, { marks: ["renamed"], other_name: text("设计部", "Design") })],
        left_out: 2,
      },
    }),
    on("post", "/orders/{id}/issue", (asked) => {
      issued = asked;
      return order({ state: "applied" });
    }),
  );
  const { user } = open(`/admin/orders/${order().id}`);
  await screen.findByText("“设计部”更名为“体验设计部”");
  await user.click(screen.getByRole("button", { name: "添加变更" }));
  const dialog = await screen.findByRole("dialog", { name: "添加变更" });
  await user.click(within(dialog).getByLabelText("部门"));
  await user.click(await screen.findByTitle("青岚集团 / 销售部"));
  await user.type(within(dialog).getByLabelText("名称"), "营销部");
  await user.click(within(dialog).getByRole("button", { name: "添加变更" }));
  await waitFor(() => expect(saved).toBeDefined());
  expect(saved?.headers.get("if-match")).toBe("3");
  expect(saved?.body).toMatchObject({
    changes: [{ department: DESIGN }, { change: "rename_department", department: SALES, name: { zh: "营销部" } }],
  });
  await user.click(screen.getByRole("button", { name: "预览" }));
  const before = within(await screen.findByRole("list", { name: "调整前" }));
  expect(before.getByText("更名为体验设计部")).toBeInTheDocument();
  expect(before.getByText("调出：夏天等 3 人")).toBeInTheDocument();
  expect(within(screen.getByRole("list", { name: "调整后" })).getByText("原名设计部")).toBeInTheDocument();
  expect(screen.getByText(/另有 2 个单位或部门未画出/)).toBeInTheDocument();
  expect(screen.getByText(/“设计部”没有负责人/)).toBeInTheDocument();
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "下达" }));
  await user.click(within(await screen.findByRole("dialog", { name: "下达" })).getByRole("button", { name: "下达" }));
  await waitFor(() => expect(issued?.headers.get("if-match")).toBe("3"));
});

// proves: ORG-02
test("title and basis of a draft are changed, and a preview of what it was before goes", async () => {
  let saved: Asked | undefined;
  let now = order();
  server.use(
    on("get", "/orders/{id}", () => now),
    on("get", "/units", { items: tree }),
    on("post", "/orders/{id}/preview", { version: 3, at: "2026-03-02T01:00:00Z", items: [], chart: { before: [], after: [], left_out: 0 } }),
    on("put", "/orders/{id}", (asked) => {
      saved = asked;
      now = order({ version: 4, title: { zh: "设计部改名" } });
      return now;
    }),
  );
  const { user } = open(`/admin/orders/${order().id}`);
  await user.click(await screen.findByRole("button", { name: "预览" }));
  expect(await screen.findByText("机构、负责人和任职都不变。")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "修改标题和依据" }));
  const dialog = within(await screen.findByRole("dialog", { name: "修改标题和依据" }));
  await user.clear(dialog.getByLabelText("标题"));
  await user.click(dialog.getByRole("button", { name: "保存" }));
  expect(await dialog.findByText("请填写")).toBeInTheDocument();
  await user.type(dialog.getByLabelText("标题"), "设计部改名");
  await user.type(dialog.getByLabelText("依据"), "人字〔2026〕3号");
  await user.click(dialog.getByRole("button", { name: "保存" }));
  await waitFor(() => expect(saved?.body).toMatchObject({ title: "设计部改名", basis: "人字〔2026〕3号", changes: order().content.changes }));
  expect(saved?.headers.get("if-match")).toBe("3");
  expect(await screen.findByRole("heading", { name: /设计部改名/ })).toBeInTheDocument();
  expect(screen.queryByText("机构、负责人和任职都不变。")).toBeNull();
});

test("a new place gets a key that no other has", () => {
  const made = (key: string) => ({ change: "create_department" as const, key, parent: { kind: "unit" as const, id: UNIT }, name: { zh: key } });
  expect(freeKey([])).toBe("n1");
  expect(freeKey([made("n2")])).toBe("n1");
  expect(freeKey([made("n1"), made("n2")])).toBe("n3");
});

// proves: ORG-10
test("what hangs on an order is ticked by its administrator", async () => {
  let ticked: Asked | undefined;
  const applied = order({ state: "applied", checklist: [item], open_items: 1, can: ["read", "tick", "verify"], due_at: "2026-03-03T09:00:00Z" });
  server.use(
    on("get", "/orders/{id}", applied),
    on("post", "/orders/{id}/ticks", (asked) => {
      ticked = asked;
      return applied;
    }),
  );
  const { user } = open(`/admin/orders/${applied.id}`);
  await user.click(await screen.findByRole("checkbox", { name: /“设计部”没有负责人/ }));
  await waitFor(() => expect(ticked?.body).toEqual({ item: "head_vacant:x", ticked: true }));
  expect(screen.queryByRole("button", { name: "添加变更" })).toBeNull();
});

// proves: ORG-13
test("all that waits at somebody is given to another, and what cannot be given is told", async () => {
  let given: Asked | undefined;
  server.use(
    on("get", "/people/{id}/holdings", {
      person: { id: LIN.id, name: "赵晴" },
      tasks: [{
        id: "01hzzzzzzzzzzzzzzzzzzzzzc1.2", case_id: "01hzzzzzzzzzzzzzzzzzzzzzc1", number: "20260302-7F3K2A",
        title: text("请假申请 · 林晓", "Leave · Lin Xiao"), node: text("直接上级", "Superior"), initiator: { id: LIN.id, name: "林晓" },
        since: "2026-03-02T01:00:00Z",
      }],
      running: 1,
      drafts: 0,
    }),
    on("get", "/people", { items: [{ ...LIN, ended: false }] }),
    on("post", "/people/{id}/hand_over", (asked) => {
      given = asked;
      return { handed_over: 0, left: [{ task: "01hzzzzzzzzzzzzzzzzzzzzzc1.2", title: text("请假申请 · 林晓", "Leave"), code: "workflow.own_case" }] };
    }),
  );
  const { user } = open(`/admin/hand-over?person=${LIN.id}`);
  expect(await screen.findByText(/20260302-7F3K2A/)).toBeInTheDocument();
  await expectAccessible();
  await user.click(screen.getByRole("combobox", { name: "接手人" }));
  // The one who hands over stands above under the same name; the option comes last.
  await waitFor(() => expect(screen.getAllByTitle(LIN.name).length).toBeGreaterThan(1));
  await user.click(screen.getAllByTitle(LIN.name).at(-1)!);
  await user.type(screen.getByLabelText("原因"), "离职交接");
  await user.click(screen.getByRole("button", { name: "全部交接" }));
  await waitFor(() => expect(given?.body).toEqual({ successor: LIN.id, reason: "离职交接" }));
  expect(await screen.findByText("已交接 0 项")).toBeInTheDocument();
});

// proves: ORG-18 (only: an order on a unit is reviewed before it can be issued)
test("an order on a unit waits for a second person, and cannot be issued before", async () => {
  let reviewed: Asked | undefined;
  server.use(
    on("get", "/orders/{id}", order({ awaits_review: true, can: ["read", "review", "issue"] })),
    on("post", "/orders/{id}/review", (request) => {
      reviewed = request;
      return order({ awaits_review: false, reviewed_by: LIN, reviewed_at: "2026-03-02T09:00:00Z" });
    }),
  );
  const { user } = open("/admin/orders/0o1");
  expect(await screen.findByText("待复核")).toBeInTheDocument();
  expect(screen.getByRole("button", { name: /下\s*达/ })).toBeDisabled();
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "复核通过" }));
  await waitFor(() => expect(reviewed?.params.id).toBeDefined());
});

// proves: ORG-18 (only: a reviewer gives an order back with the reason)
test("a reviewer gives an order back with the reason, and its author sees why", async () => {
  let asked: Asked | undefined;
  const returned = { by: ZHAO, at: "2026-03-02T09:00:00Z", reason: "名称未经核准" };
  server.use(
    on("get", "/orders/{id}", order({ awaits_review: asked === undefined, can: ["read", "review", "return"] })),
    on("post", "/orders/{id}/return", (request) => {
      asked = request;
      server.use(on("get", "/orders/{id}", order({ is_returned: true, returned, can: ["read", "update"] })));
      return order({ is_returned: true, returned });
    }),
  );
  const { user } = open("/admin/orders/0o1");
  await user.click(await screen.findByRole("button", { name: "退回修改" }));
  const dialog = await screen.findByRole("dialog");
  await user.click(within(dialog).getByRole("button", { name: "退回修改" }));
  expect(await within(dialog).findByText("请填写")).toBeInTheDocument();
  expect(asked).toBeUndefined();
  await user.type(within(dialog).getByLabelText("原因"), "名称未经核准");
  await expectAccessible();
  await user.click(within(dialog).getByRole("button", { name: "退回修改" }));
  await waitFor(() => expect(asked?.body).toEqual({ reason: "名称未经核准" }));
  expect(await screen.findByText("已退回，待修改")).toBeInTheDocument();
  expect(screen.getByText(/赵敏 于 .* 退回：名称未经核准/)).toBeInTheDocument();
});
