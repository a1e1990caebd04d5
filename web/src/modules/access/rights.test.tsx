import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";

import type { Schemas } from "@/api/client";
import { expectAccessible } from "@/test/axe";
import { LIN, me, ZHAO, ZHOU } from "@/test/cast";
import { type Asked, on } from "@/test/contract";
import { open } from "@/test/render";
import { server } from "@/test/server";

const text = (zh: string, en: string) => ({ zh, en });

const unit: Schemas["UnitNode"] = {
  id: "0g1",
  kind: "unit",
  name: text("青禾集团", "Qinghe Group"),
  children: [{ id: "0d1", kind: "department", name: text("技术部", "Engineering"), children: [] }],
} as unknown as Schemas["UnitNode"];

const reach: Schemas["ReachView"] = { everything: false, own: true, units: [{ id: "0g1", name: text("青禾集团", "Qinghe Group") }], departments: [] };

const grant: Schemas["GrantView"] = {
  id: "0grant",
  what: { kind: "role", name: "0role" },
  role_name: text("部门管理员", "Department administrator"),
  subject: { kind: "group", id: "0gr" },
  subject_name: text("信息员", "Information officers"),
  scope: "unit_and_below",
  place: { kind: "unit", id: "0g1" },
  place_name: text("青禾集团", "Qinghe Group"),
  reason: "岗位需要",
  valid_from: "2026-11-01T01:00:00Z",
  granted_by: ZHOU,
  can: ["end"],
};

function administrator() {
  server.use(
    on("get", "/session", { ...me, permissions: ["access.manage", "access.grant", "access.review"] }),
    on("get", "/units", { items: [unit] }),
    on("get", "/permissions", ["access.manage", "access.review"]),
    on("get", "/roles", []),
    on("get", "/grants", [grant]),
  );
}

// proves: PERM-17
test("who may do this here is listed, each with the chain of rights that lets him", async () => {
  administrator();
  let asked: Asked | undefined;
  server.use(
    on("get", "/permissions/{permission}/holders", (request) => {
      asked = request;
      return {
        permission: "access.manage",
        place: { kind: "unit" as const, id: "0g1" },
        place_name: text("青禾集团", "Qinghe Group"),
        count: 1,
        holders: [{ person: LIN, because: [{ ...grant, reach }] }],
      };
    }),
  );
  const { user } = open("/admin/who-may");
  expect(await screen.findByText("请选择做什么、在哪里")).toBeInTheDocument();
  await expectAccessible();
  await user.click(screen.getByRole("combobox", { name: "做什么" }));
  await user.click(await screen.findByText("管理账号"));
  await user.click(screen.getByRole("combobox", { name: "在哪里" }));
  await user.click(await screen.findByText("青禾集团"));
  const list = await screen.findByRole("list", { name: "青禾集团：管理账号（1 人）" });
  expect(asked?.query.get("unit")).toBe("0g1");
  expect(list).toHaveTextContent("林晓");
  await user.click(within(list).getByText("1 项授权"));
  expect(list).toHaveTextContent("信息员（人员组） · 部门管理员 · 青禾集团：本单位及下级");
});

// proves: PERM-01, PERM-04
test("a right is given to a group or to a post, over a place and for a period", async () => {
  administrator();
  const asked: unknown[] = [];
  server.use(
    on("get", "/groups", {
      items: [{ id: "0gr", unit: "0g1", name: text("信息员", "Information officers"), members: 2, validity: { from: "2026-01-01T00:00:00Z" }, can: [], version: 1 }],
    } as never),
    on("get", "/posts", {
      items: [{ id: "0po", unit: "0g1", code: "cashier", name: text("出纳", "Cashier"), position: 1, validity: { from: "2026-01-01T00:00:00Z" }, can: [], version: 1 }],
    } as never),
    on("post", "/grants", (request) => {
      asked.push(request.body);
      return grant;
    }),
  );
  const { user } = open("/admin/grants");
  await user.click(await screen.findByRole("button", { name: "授权" }));
  const drawer = await screen.findByRole("dialog");
  await expectAccessible();
  await user.click(within(drawer).getByRole("radio", { name: "人员组" }));
  await user.click(await within(drawer).findByRole("combobox", { name: "人员组" }));
  await user.click(await screen.findByTitle("信息员"));
  await user.click(within(drawer).getByRole("radio", { name: "单项权限" }));
  await user.click(await within(drawer).findByRole("combobox", { name: "单项权限" }));
  await user.click(await screen.findByTitle("管理账号"));
  await user.type(within(drawer).getByLabelText("生效日期"), "2026-12-01");
  await user.type(within(drawer).getByLabelText("理由"), "联络员");
  await user.click(within(drawer).getByRole("button", { name: "授权" }));
  await waitFor(() => expect(asked).toHaveLength(1));
  expect(asked[0]).toMatchObject({
    what: { kind: "permission", name: "access.manage" },
    subject: { kind: "group", id: "0gr" },
    scope: "department_and_below",
    reason: "联络员",
    valid_from: new Date("2026-12-01T00:00:00").toISOString(),
  });
});

const account: Schemas["DepartmentAccountView"] = {
  id: "0da",
  kind: "public",
  name: "技术部公共用户",
  department: "0d1",
  department_name: text("技术部", "Engineering"),
  person: { id: "0pub", name: "技术部公共用户" },
  with_below: false,
  opened_at: "2026-11-01T01:00:00Z",
  acting: [ZHAO],
  version: 3,
};

// proves: ACC-03
test("a department's account is opened without a password, and who acts for it now is seen", async () => {
  administrator();
  let opened: unknown;
  let changed: Asked | undefined;
  server.use(
    on("get", "/department_accounts", [account]),
    on("post", "/department_accounts", (request) => {
      opened = request.body;
      return account;
    }),
    on("put", "/department_accounts/{id}", (request) => {
      changed = request;
      return { ...account, with_below: true, version: 4 };
    }),
  );
  const { user } = open("/admin/department-accounts");
  const list = await screen.findByRole("list", { name: "部门账号" });
  expect(list).toHaveTextContent("正在代用：赵敏");
  await user.click(within(list).getByRole("switch", { name: "技术部公共用户：下级部门人员也可代用" }));
  await waitFor(() => expect(changed?.body).toEqual({ with_below: true }));
  expect(changed?.headers.get("if-match")).toBe("3");
  await user.click(screen.getByRole("button", { name: "开通部门账号" }));
  const dialog = await screen.findByRole("dialog");
  await expectAccessible();
  await user.click(within(dialog).getByRole("combobox", { name: "部门" }));
  await user.click(await screen.findByTitle("青禾集团 / 技术部"));
  await user.click(within(dialog).getByRole("button", { name: "开通部门账号" }));
  await waitFor(() => expect(opened).toEqual({ department: "0d1", kind: "public", with_below: false }));
});

// proves: ACC-03
test("who may acts for his department's account from the account menu, and every page says so until he stops", async () => {
  const named: Schemas["DepartmentAccountNamed"] = { id: "0da", kind: "public", name: "技术部公共用户", department: "0d1" };
  let acting = false;
  const now = () => ({ ...me, may_act_for: [named], ...(acting ? { acting_for: named } : {}) });
  let asked: unknown;
  server.use(
    on("get", "/session", now),
    on("put", "/session/acting_for", ({ body }) => {
      asked = body;
      acting = true;
      return now();
    }),
    on("delete", "/session/acting_for", () => {
      acting = false;
      return now();
    }),
  );
  const { user } = open("/inbox/waiting");
  await user.click(await screen.findByRole("button", { name: "周岚 的账号菜单" }));
  await user.click(screen.getByRole("menuitem", { name: "代用 技术部公共用户" }));
  await waitFor(() => expect(asked).toEqual({ account: "0da" }));
  const band = await screen.findByText(/正在代用 技术部公共用户，所做的一切以两个名字留痕/, { selector: "[role=status]" });
  await expectAccessible();
  await user.click(within(band).getByRole("button", { name: "交还" }));
  await waitFor(() => expect(screen.queryByText(/所做的一切以两个名字留痕/, { selector: "[role=status]" })).toBeNull());
});
