import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";

import type { Schemas } from "@/api/client";
import { expectAccessible } from "@/test/axe";
import { LIN, ZHAO } from "@/test/cast";
import { type Asked, on } from "@/test/contract";
import { open } from "@/test/render";
import { server } from "@/test/server";

const text = (zh: string, en: string) => ({ zh, en });
const group: Schemas["PlaceRow"] = { id: "0g1", kind: "unit", unit_kind: "group", name: text("青禾集团", "Qinghe"), head: ZHAO, people: 30, places: 1 };
const engineering: Schemas["PlaceRow"] = { id: "0d1", kind: "department", name: text("技术部", "Engineering"), head: LIN, people: 8, places: 0 };

function organisation() {
  const asked: URLSearchParams[] = [];
  server.use(
    on("get", "/places", ({ query }) => {
      asked.push(query);
      return { items: query.get("unit") === group.id ? [engineering] : query.get("department") ? [] : [group] };
    }),
    on("get", "/places/{id}", ({ params }) =>
      params.id === group.id
        ? { ...group, above: [] }
        : { ...engineering, above: [{ id: group.id, kind: "unit" as const, name: group.name }] },
    ),
    on("get", "/people", { items: [{ ...LIN, post: text("工程师", "Engineer"), ended: false }] }),
  );
  return asked;
}

// proves: ORG-21 (only: the address book is browsed along the tree)
test("the tree opens level by level, and shows who is in a place", async () => {
  organisation();
  const { user, router } = open("/organisation");
  const tree = await screen.findByRole("tree", { name: "组织架构" });
  await user.click(await within(tree).findByRole("treeitem", { name: /技术部/ }));
  await waitFor(() => expect(router.state.location.searchStr).toBe("?place=0d1"));
  const pane = await screen.findByRole("region", { name: "技术部" });
  expect(within(pane).getByText("负责人：林晓 · 8 人")).toBeInTheDocument();
  expect(await within(pane).findByRole("button", { name: /林晓/ })).toBeInTheDocument();
  await expectAccessible();
  await user.click(within(pane).getByRole("link", { name: "青禾集团" }));
  await waitFor(() => expect(router.state.location.searchStr).toBe("?place=0g1"));
});

test("a date in the address shows the organisation as of its end", async () => {
  const asked = organisation();
  open("/organisation?at=2024-06-01");
  expect(await screen.findByText(/按 2024-06-01 的组织架构显示/)).toBeInTheDocument();
  await waitFor(() => expect(asked.length).toBeGreaterThan(0));
  expect(asked.every((query) => query.get("at") === new Date("2024-06-01T23:59:59").toISOString())).toBe(true);
});

test("the chart has a box for each place, with its head and its people", async () => {
  organisation();
  const { user } = open("/organisation?view=chart");
  const box = await screen.findByRole("button", { name: /技术部/ });
  expect(box).toHaveTextContent("林晓");
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "收起 青禾集团" }));
  expect(screen.queryByRole("button", { name: /技术部/ })).toBeNull();
});

// proves: ORG-20 (only: groups are kept by those who may), ORG-25 (only: teams with members)
test("who may manage a group adds and removes members", async () => {
  let added: Asked | undefined;
  let removed: string | undefined;
  const team = { id: "0q1", unit: "0g1", unit_name: text("青禾集团", "Qinghe"), name: text("信息员", "Information officers"), members: 1, valid_from: "2026-01-01T00:00:00Z", version: 2 };
  server.use(
    on("get", "/groups", { items: [{ ...team, can: ["read", "manage"] }] }),
    on("get", "/groups/{id}/members", { items: [{ ...ZHAO, ended: false }] }),
    on("post", "/groups/{id}/members", (request) => {
      added = request;
      return {};
    }),
    on("delete", "/groups/{id}/members/{person}", ({ params }) => {
      removed = String(params.person);
      return {};
    }),
    on("get", "/people", { items: [{ ...LIN, ended: false }] }),
  );
  const { user } = open("/groups");
  await user.click(await screen.findByRole("button", { name: /信息员/ }));
  const panel = await screen.findByRole("dialog");
  await expectAccessible();
  await user.click(within(panel).getByRole("combobox", { name: "选择人员" }));
  await user.click(await screen.findByTitle("林晓"));
  await user.click(within(panel).getByRole("button", { name: "加入成员" }));
  await waitFor(() => expect(added?.body).toEqual({ person: LIN.id }));
  await user.click(await within(panel).findByRole("button", { name: "移出 赵敏" }));
  const sure = await screen.findByText("把 赵敏 移出“信息员”？");
  await user.click(within(sure.closest<HTMLElement>("[role=dialog]")!).getByRole("button", { name: "移出 赵敏" }));
  await waitFor(() => expect(removed).toBe(ZHAO.id));
});

test("who may not manage a group only sees it", async () => {
  server.use(
    on("get", "/groups", {
      items: [{ id: "0q1", unit: "0g1", unit_name: text("青禾集团", "Qinghe"), name: text("信息员", "Officers"), members: 1, valid_from: "2026-01-01T00:00:00Z", can: ["read"], version: 1 }],
    }),
    on("get", "/groups/{id}/members", { items: [{ ...ZHAO, ended: false }] }),
  );
  open("/groups?group=0q1");
  const panel = await screen.findByRole("dialog");
  expect(await within(panel).findByText("赵敏")).toBeInTheDocument();
  expect(within(panel).queryByRole("button", { name: "解散" })).toBeNull();
  expect(within(panel).queryByRole("button", { name: "移出 赵敏" })).toBeNull();
});

const launch: Schemas["GroupView"] = {
  id: "0q2",
  unit: "0g1",
  unit_name: text("青禾集团", "Qinghe"),
  name: text("新品上市组", "Launch"),
  team: { leader: ZHAO, purpose: "新品上市" },
  members: 3,
  valid_from: "2026-01-01T00:00:00Z",
  can: ["read", "manage"],
  version: 4,
};

// proves: ORG-25 (only: teams are told from groups, founded with leader and purpose, and given another leader)
test("a team shows who leads it and what it is for, and gets another leader", async () => {
  let kind: string | null | undefined;
  let changed: Asked | undefined;
  server.use(
    on("get", "/groups", ({ query }) => {
      kind = query.get("kind");
      return { items: [launch] };
    }),
    on("get", "/groups/{id}/members", { items: [{ ...ZHAO, ended: false }] }),
    on("patch", "/groups/{id}", (request) => {
      changed = request;
      return launch;
    }),
    on("get", "/people", { items: [{ ...LIN, ended: false }] }),
  );
  const { user } = open("/groups");
  await user.selectOptions(await screen.findByRole("combobox", { name: "类型" }), "team");
  await waitFor(() => expect(kind).toBe("team"));
  await user.click(await screen.findByRole("button", { name: /新品上市组.*负责人 赵敏/ }));
  const panel = await screen.findByRole("dialog");
  expect(within(panel).getAllByText("新品上市").length).toBeGreaterThan(0);
  await expectAccessible();
  await user.click(within(panel).getByRole("combobox", { name: "负责人" }));
  await user.click(await screen.findByTitle("林晓"));
  await user.click(within(panel).getByRole("button", { name: "更改负责人或用途" }));
  await waitFor(() => expect(changed?.body).toEqual({ leader: LIN.id, purpose: "新品上市" }));
  expect(changed?.headers.get("if-match")).toBe("4");
});

// proves: ORG-25 (only: a team is founded with a leader and a purpose)
test("a group is founded as a team with a leader and a purpose", async () => {
  let founded: Asked | undefined;
  const unit = { id: "0g1", kind: "unit" as const, name: text("青禾集团", "Qinghe"), people: 3, children: [], can: ["read", "manage"], version: 1 };
  server.use(
    on("get", "/groups", { items: [] }),
    on("get", "/units", { items: [unit] as Schemas["UnitNode"][] }),
    on("get", "/people", { items: [{ ...LIN, ended: false }] }),
    on("get", "/groups/{id}/members", { items: [] }),
    on("post", "/groups", (request) => {
      founded = request;
      return launch;
    }),
  );
  const { user } = open("/groups");
  await user.click(await screen.findByRole("button", { name: "新建人员组" }));
  const form = await screen.findByRole("dialog");
  await user.type(within(form).getByLabelText("组名"), "新品上市组");
  await user.click(within(form).getByRole("checkbox", { name: "作为团队" }));
  await user.click(within(form).getByRole("combobox", { name: "负责人" }));
  await user.click(await screen.findByTitle("林晓"));
  await user.type(within(form).getByLabelText("用途"), "新品上市");
  await user.click(within(form).getByRole("button", { name: "保存" }));
  await waitFor(() =>
    expect(founded?.body).toEqual({ unit: "0g1", name: { zh: "新品上市组" }, team: { leader: LIN.id, purpose: "新品上市" } }),
  );
});

// proves: ORG-25 (only: members see their teams)
test("my own page lists my teams", async () => {
  server.use(on("get", "/profile/teams", { items: [launch] }));
  open("/me");
  const teams = await screen.findByRole("list", { name: "我的团队" });
  expect(within(teams).getByText("新品上市")).toBeInTheDocument();
  expect(within(teams).getByText(/负责人 赵敏 · 3 人/)).toBeInTheDocument();
  await expectAccessible();
});

const supplier: Schemas["UnitNode"] = {
  id: "0u2", kind: "unit", unit_kind: "external", name: text("远帆供货商", "Yuanfan"), people: 1, children: [], can: ["read", "manage"], version: 1,
};
const house: Schemas["UnitNode"] = {
  id: "0g1", kind: "unit", unit_kind: "group", name: text("青禾集团", "Qinghe"), people: 30, children: [supplier], can: ["read", "manage"], version: 1,
};

// proves: ORG-24 (only: the administrator sees and registers people of external organisations)
test("people from outside are marked, filtered by their side, and registered in their organisation", async () => {
  const asked: URLSearchParams[] = [];
  let joined: Asked | undefined;
  const you: Schemas["PersonRow"] = { id: "0p9", name: "尤一帆", unit: supplier.name, ended: false, external: true };
  const view: Schemas["PersonView"] = { ...you, appointments: [], leads: [], groups: [], reporting_line: [], reports: [], can: [], version: 1 };
  server.use(
    on("get", "/people", ({ query }) => {
      asked.push(query);
      return { items: [you] };
    }),
    on("get", "/people/{id}", view),
    on("get", "/units", { items: [house] }),
    on("get", "/posts", {
      items: [{ id: "0t1", unit: "0g1", code: "contact", name: text("联系人", "Contact"), position: 1, valid_from: "2026-01-01T00:00:00Z", can: [], version: 1 }],
    }),
    on("post", "/people", (request) => {
      joined = request;
      return view;
    }),
  );
  const { user, router } = open("/admin/people?only=external");
  const list = await screen.findByRole("list", { name: "人员" });
  expect(await within(list).findByText("外部")).toBeInTheDocument();
  await waitFor(() => expect(asked[0]?.get("external")).toBe("true"));
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "登记人员" }));
  const dialog = await screen.findByRole("dialog");
  await user.type(within(dialog).getByLabelText("姓名"), "尤一帆");
  await user.click(within(dialog).getByLabelText("单位或部门"));
  await user.click(await screen.findByText("青禾集团 / 远帆供货商（外部）"));
  await user.click(within(dialog).getByLabelText("岗位"));
  await user.click(await screen.findByText("联系人"));
  await user.click(within(dialog).getByRole("button", { name: "登记人员" }));
  await waitFor(() => expect(joined?.body).toEqual({ name: "尤一帆", post: "0t1", place: { kind: "unit", id: "0u2" } }));
  await waitFor(() => expect(router.state.location.searchStr).toContain("person=0p9"));
});
