import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";

import type { Schemas } from "@/api/client";
import { expectAccessible } from "@/test/axe";
import { FLOW, me, ZHOU } from "@/test/cast";
import { type Asked, on } from "@/test/contract";
import { open } from "@/test/render";
import { server } from "@/test/server";

const text = (zh: string, en: string) => ({ zh, en });

const flow: Schemas["FlowView"] = {
  id: FLOW,
  unit: "0g1",
  code: "f-01-leave",
  name: text("请假申请", "Leave request"),
  category: "personnel",
  state: "published",
  current: "0v1",
  core: false,
  version: 2,
  unit_name: text("青禾集团", "Qinghe Group"),
  versions: [
    { id: "0v1", flow: FLOW, number: 1, state: "published", created_by: ZHOU.id, created_at: "2026-11-01T01:00:00Z", published_at: "2026-11-02T01:00:00Z" },
    { id: "0v2", flow: FLOW, number: 2, state: "draft", created_by: ZHOU.id, created_at: "2026-11-20T01:00:00Z", published_at: null },
  ],
  running: 12,
  can: ["manage", "publish", "retire"],
};

// proves: FLOW-01
test("a version is published only after it was asked whether to", async () => {
  let published: string | undefined;
  server.use(
    on("get", "/managed_flows", { items: [flow] }),
    on("post", "/flow_versions/{id}/publication", ({ params }) => {
      published = String(params.id);
      return flow.versions[1]!;
    }),
  );
  const { user } = open("/admin/flows");
  const block = await screen.findByRole("region", { name: "请假申请" });
  expect(block).toHaveTextContent("12 件在办");
  await expectAccessible();
  await user.click(within(block).getByRole("button", { name: "发布" }));
  expect(published).toBeUndefined();
  const dialog = await screen.findByRole("dialog", { name: "发布 请假申请 第 2 版？" });
  await user.click(within(dialog).getByRole("button", { name: "发布" }));
  await waitFor(() => expect(published).toBe("0v2"));
});

// proves: PERM-08
test("how far older cases are indexed stands at the flow, and what stopped is begun again", async () => {
  let again: string | undefined;
  server.use(
    on("get", "/managed_flows", { items: [{ ...flow, indexing: { done: 120, total: 340, stopped: false } }] }),
    on("post", "/flows/{id}/indexing", ({ params }) => {
      again = String(params.id);
      return { done: 0, total: 0, stopped: false };
    }),
  );
  const { user, queries } = open("/admin/flows");
  const block = await screen.findByRole("region", { name: "请假申请" });
  expect(block).toHaveTextContent("正在补写较早事项的索引：120 / 340");
  expect(within(block).queryByRole("button", { name: "重新补写较早事项" })).toBeNull();
  await expectAccessible();
  server.use(on("get", "/managed_flows", { items: [{ ...flow, indexing: { done: 120, total: 340, stopped: true } }] }));
  await queries.invalidateQueries({ queryKey: ["workflow", "managed"] });
  await user.click(await screen.findByRole("button", { name: "重新补写较早事项" }));
  await waitFor(() => expect(again).toBe(FLOW));
});

test("what is wrong with a package stands under it, by line, with what to do", async () => {
  let asked: Asked | undefined;
  server.use(
    on("post", "/flow_packages", (request) => {
      asked = request;
      return {
        problems: [
          {
            severity: "error" as const,
            line: 2,
            column: 5,
            code: "workflow.package.unknown_key",
            args: {},
            message: text("这里没有“namme”这个键。", "The key is not known."),
            remedy: text("您是否想写 name？", "Did you mean name?"),
          },
        ],
        version: null,
      };
    }),
  );
  const { user } = open("/admin/flows");
  await user.click((await screen.findAllByRole("button", { name: "导入流程" }))[0]!);
  const dialog = await screen.findByRole("dialog", { name: "导入流程" });
  const source = within(dialog).getByRole<HTMLTextAreaElement>("textbox");
  await user.click(source);
  await user.paste("flow:\n    namme: 请假\n");
  await user.click(within(dialog).getByRole("button", { name: "导入流程" }));
  expect(await within(dialog).findByText("您是否想写 name？")).toBeInTheDocument();
  expect(asked?.body).toEqual({ text: "flow:\n    namme: 请假\n" });
  await user.click(within(dialog).getByRole("button", { name: "第 2 行，第 5 列" }));
  expect(source).toHaveFocus();
  expect(source.value.slice(source.selectionStart, source.selectionEnd)).toBe("namme: 请假");
});

test("whoever may not administer sees no administration", async () => {
  server.use(on("get", "/session", { ...me, permissions: [] }));
  open("/inbox/waiting");
  const menu = await screen.findByRole("navigation", { name: "主菜单" });
  const names = () => within(menu).getAllByRole("link").map((link) => link.textContent);
  await waitFor(() => expect(names()).toEqual(["2 未读待办", "发起", "3 未读消息", "通讯录"]));
});

// proves: FLOW-31
test("a flow is marked as core, and says so", async () => {
  let marked: unknown;
  server.use(
    on("get", "/managed_flows", () => ({ items: [{ ...flow, core: marked !== undefined }] })),
    on("put", "/flows/{id}/core", ({ body }) => {
      marked = body;
      return { ...flow, core: true };
    }),
  );
  const { user } = open("/admin/flows");
  await user.click(await screen.findByRole("button", { name: "列为核心流程" }));
  expect(await screen.findByText("核心流程")).toBeVisible();
  expect(marked).toEqual({ core: true });
  expect(screen.getByRole("button", { name: "取消核心流程" })).toBeVisible();
});
