import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";

import type { Schemas } from "@/api/client";
import { expectAccessible } from "@/test/axe";
import { CASE, LIN, me } from "@/test/cast";
import { type Asked, on } from "@/test/contract";
import { open } from "@/test/render";
import { server } from "@/test/server";

const text = (zh: string, en: string) => ({ zh, en });

test("a message leads to what it is about, and is read then", async () => {
  let read: string | undefined;
  server.use(
    on("post", "/notifications/{id}/read", ({ params }) => {
      read = String(params.id);
      return { unread: 0 };
    }),
  );
  const { user, router } = open("/notifications");
  const list = await screen.findByRole("list", { name: "消息" });
  await expectAccessible();
  await user.click(await within(list).findByRole("button", { name: /20261120-7F3K2A/ }));
  await waitFor(() => expect(router.state.location.pathname).toBe(`/cases/${CASE}`));
  expect(read).toBe("0n1");
  expect(await screen.findByRole("article", { name: "请假申请 · 林晓" })).toBeInTheDocument();
});

test("the address book finds people, and shows one beside the list", async () => {
  const asked: string[] = [];
  const { user, router } = open("/people");
  server.use(
    on("get", "/people", ({ query }) => {
      asked.push(query.get("q") ?? "");
      return { items: [{ ...LIN, ended: false }] };
    }),
  );
  await user.type(await screen.findByRole("textbox", { name: "姓名、拼音、岗位、部门或号码" }), "lx");
  await waitFor(() => expect(asked).toContain("lx"));
  await user.click(await screen.findByRole("button", { name: /林晓/ }));
  const panel = await screen.findByRole("dialog");
  expect(await within(panel).findByText("赵敏")).toBeInTheDocument();
  expect(router.state.location.searchStr).toBe(`?q=lx&person=${LIN.id}`);
  expect(within(panel).queryByRole("button", { name: "保存" })).toBeNull();
});

// proves: ORG-01 (only: an administrator changes what is known of a person)
test("an administrator changes a person on the version he saw", async () => {
  let asked: Asked | undefined;
  server.use(
    on("patch", "/people/{id}", (request) => {
      asked = request;
      return { ...LIN, ended: false, appointments: [], leads: [], groups: [], reporting_line: [], reports: [], can: [], version: 2 };
    }),
  );
  const { user } = open(`/admin/people?person=${LIN.id}`);
  const field = await screen.findByLabelText("邮箱");
  await user.type(field, "lin@example.cn");
  await user.click(screen.getByRole("button", { name: "保存" }));
  await waitFor(() => expect(asked?.body).toEqual({ name: "林晓", mobile: "13800000000", office_phone: null, email: "lin@example.cn" }));
  expect(asked?.headers.get("if-match")).toBe("1");
});

const clause: Schemas["ClauseView"] = {
  id: "0k1",
  unit: "0g1",
  unit_name: text("青禾集团", "Qinghe Group"),
  number: "第十一条",
  preset: null,
  text: text("口令不少于规定长度。", "Passwords have a least length."),
  policy: "password",
  mode: "block",
  modes: ["block", "warn", "record"],
  parameters: { "password.min_length": { business: 6, key: 8 } },
  valid_from: "2026-11-01T00:00:00Z",
  valid_to: null,
  version: 3,
  can: ["read", "change"],
};

// proves: RULE-21, PERM-14
test("a clause's parameter is changed with a reason, and its earlier value stays in sight", async () => {
  let asked: Asked | undefined;
  server.use(
    on("get", "/clauses", { items: [clause] }),
    on("get", "/clauses/{id}", {
      ...clause,
      versions: [
        { ...clause, version: 3 },
        { ...clause, version: 2, parameters: { "password.min_length": { business: 6, key: 7 } } },
      ],
    }),
    on("get", "/parameters", [
      {
        name: "password.min_length",
        policy: "password",
        kind: { type: "whole", min: 4, max: 64 },
        measure: "characters",
        by_class: true,
        serves: ["ACC-08"],
        values: [],
      },
    ]),
    on("put", "/clauses/{id}", (request) => {
      asked = request;
      return { ...clause, version: 4 };
    }),
  );
  const { user } = open("/admin/clauses");
  await user.click(await screen.findByRole("button", { name: /第十一条/ }));
  const panel = await screen.findByRole("dialog");
  const [business] = await within(panel).findAllByRole("textbox");
  expect(within(panel).getByText(/7 个字符/)).toBeInTheDocument();
  await user.clear(business!);
  await user.type(business!, "3");
  await user.click(within(panel).getByRole("button", { name: "保存" }));
  expect(await within(panel).findByText("应为 4 到 64 之间的整数。")).toBeInTheDocument();
  expect(await within(panel).findByText("请写明理由，理由会留痕")).toBeInTheDocument();
  await user.type(business!, "2");
  await user.type(within(panel).getByRole("textbox", { name: "变更理由" }), "安全检查");
  await user.click(within(panel).getByRole("button", { name: "保存" }));
  await waitFor(() => expect(asked).toBeDefined());
  expect(asked?.body).toEqual({
    mode: "block",
    reason: "安全检查",
    parameters: { "password.min_length": { business: 32, key: 8 } },
  });
  expect(asked?.headers.get("if-match")).toBe("3");
});

// proves: TRACE-01 (only: the page of the trace)
test("the trace tells what happened, by whom, in which chain, and how far it is sealed", async () => {
  server.use(
    on("get", "/trace", ({ query }) => ({
      items: [
        {
          id: "0e1",
          stream: query.get("stream") ?? `workflow/case/${CASE}`,
          seq: 2,
          kind: "workflow.approved",
          version: 1,
          at: "2026-11-20T03:00:00Z",
          person: LIN.id,
          on_behalf_of: null,
          payload: { task: 1 },
          sample: true,
        },
      ],
    })),
  );
  const { user, router } = open("/admin/trace");
  const list = await screen.findByRole("list", { name: "留痕" });
  expect(await within(list).findByText("林晓")).toBeInTheDocument();
  expect(screen.getByText(/封存至 .* · 2 条待封存/)).toBeInTheDocument();
  await expectAccessible();
  await user.click(within(list).getByRole("button", { name: "内容" }));
  expect(within(list).getByText(/"task": 1/)).toBeInTheDocument();
  await user.click(within(list).getByRole("link", { name: /workflow\/case/ }));
  await waitFor(() => expect(router.state.location.searchStr).toBe(`?stream=workflow%2Fcase%2F${CASE}`));
});

test("Ctrl+K reaches pages, forms, tasks and people", async () => {
  const { user, router } = open("/inbox/waiting");
  await screen.findByRole("list", { name: "待我处理" });
  await user.keyboard("{Control>}k{/Control}");
  const field = await screen.findByRole("combobox", { name: "搜索事项、流程、人员" });
  await user.type(field, "报销");
  const results = screen.getByRole("listbox", { name: "搜索结果" });
  const found = await within(results).findByRole("option", { name: "费用报销 发起" });
  await expectAccessible();
  await user.click(found);
  await waitFor(() => expect(router.state.location.pathname).toMatch(/^\/start\//));
});

// proves: ORG-24 (only: the menu)
test("a person from outside finds only what is open to him", async () => {
  server.use(on("get", "/session", { ...me, permissions: [], external: true }));
  open("/inbox/waiting");
  await screen.findByRole("list", { name: "待我处理" });
  expect(screen.getAllByRole("link", { name: /发起/ }).length).toBeGreaterThan(0);
  expect(screen.queryByRole("link", { name: "通讯录" })).toBeNull();
});

test("? shows what the keyboard can do here", async () => {
  const { user } = open("/inbox/waiting");
  await screen.findByRole("list", { name: "待我处理" });
  await user.keyboard("?");
  const help = await screen.findByRole("dialog", { name: "键盘快捷键" });
  for (const words of ["下一条", "上一条", "打开", "搜索"]) expect(within(help).getByText(words)).toBeInTheDocument();
});

test("an address that is no page says so and leads back", async () => {
  open("/no/such/page");
  expect(await screen.findByText("没有这个页面")).toBeInTheDocument();
  expect(screen.getByRole("link", { name: "回到首页" })).toHaveAttribute("href", "/");
});

test("administration is one place: its pages sorted, those that the reader may not open left out", async () => {
  const { user, router } = open("/admin");
  const all = await screen.findByRole("navigation", { name: "管理" });
  expect(within(all).getAllByRole("heading").map((heading) => heading.textContent)).toEqual(["组织与人员", "账号与权限", "流程与制度", "系统"]);
  expect(within(all).queryByRole("link", { name: "角色授权" })).toBeNull();
  await expectAccessible();
  await user.click(within(all).getByRole("link", { name: "人员管理" }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/admin/people"));
  const beside = await screen.findByRole("navigation", { name: "管理" });
  expect(within(beside).getByRole("link", { name: "人员管理" })).toHaveAttribute("aria-current", "page");
});
