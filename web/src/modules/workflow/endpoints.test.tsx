import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";

import type { Schemas } from "@/api/client";
import { expectAccessible } from "@/test/axe";
import { me } from "@/test/cast";
import { type Asked, on, refuse } from "@/test/contract";
import { open } from "@/test/render";
import { server } from "@/test/server";

const finance: Schemas["EndpointView"] = {
  id: "0e1",
  name: "finance",
  url: "https://finance.example.com/hooks",
  flows: ["payment"],
  enabled: true,
  events_to: "/api/v1/webhook-events/0e1",
  changed_at: "2026-11-20T01:00:00Z",
  version: 2,
};

const failed: Schemas["DeliveryView"] = {
  id: "0d1",
  case: "0c1",
  state: "failed",
  tries: 6,
  status: 503,
  reason: "workflow.webhook_status",
  created_at: "2026-11-20T01:00:00Z",
  settled_at: "2026-11-20T02:00:00Z",
};

function administrator() {
  server.use(
    on("get", "/session", { ...me, permissions: ["workflow.manage"] }),
    on("get", "/managed_flows", { items: [], next: null }),
    on("get", "/endpoints", { items: [finance], next: null }),
    on("get", "/endpoints/{id}/deliveries", { items: [failed], next: null }),
  );
}

// proves: FLOW-40
test("a system is registered, and its secret is shown this once", async () => {
  administrator();
  let registered: unknown;
  server.use(
    on("post", "/endpoints", (request) => {
      registered = request.body;
      return { ...finance, secret: "whsec_c2VjcmV0" };
    }),
  );
  const { user } = open("/admin/endpoints");
  const list = await screen.findByRole("list", { name: "外部系统" });
  expect(list).toHaveTextContent("https://finance.example.com/hooks");
  await user.click(screen.getByRole("button", { name: "登记外部系统" }));
  const dialog = await screen.findByRole("dialog");
  await user.type(within(dialog).getByRole("textbox", { name: "名称" }), "stock");
  await user.type(within(dialog).getByRole("textbox", { name: "地址" }), "https://stock.example.com/");
  await expectAccessible();
  await user.click(within(dialog).getByRole("button", { name: "登记外部系统" }));
  await waitFor(() => expect(registered).toEqual({ name: "stock", url: "https://stock.example.com/", flows: [], enabled: true }));
  expect(await screen.findByText("whsec_c2VjcmV0")).toBeVisible();
});

// proves: FLOW-40
test("the latest requests tell what came of them, and a secret is renewed for what was read", async () => {
  administrator();
  let renewed: Asked | undefined;
  server.use(
    on("post", "/endpoints/{id}/secret", (request) => {
      renewed = request;
      return { ...finance, version: 3, secret: "whsec_bmV1" };
    }),
  );
  const { user } = open("/admin/endpoints");
  await user.click(await screen.findByRole("button", { name: "“finance”最近的请求" }));
  expect(await screen.findByText("“finance”没有受理，返回 503（已试 6 次）。")).toBeVisible();
  await user.keyboard("{Escape}");
  await user.click(screen.getByRole("button", { name: "更换密钥：finance" }));
  await user.click(await screen.findByRole("button", { name: "更换密钥" }));
  expect(await screen.findByText("whsec_bmV1")).toBeVisible();
  expect(renewed?.headers.get("if-match")).toBe("2");
});

// proves: FLOW-40
test("a system is deleted after a question, and a refusal names what asks it; how long the old secret counts is told", async () => {
  administrator();
  const until = new Date(Date.now() + 3_600_000).toISOString();
  let deleted: Asked | undefined;
  server.use(
    on("get", "/endpoints", { items: [{ ...finance, old_secret_until: until }], next: null }),
    refuse("delete", "/endpoints/{id}", { status: 409, code: "workflow.endpoint_named", args: { flows: { zh: "付款", en: "Payment" } } }),
  );
  const { user } = open("/admin/endpoints");
  expect(await screen.findByText(/原密钥在.*前仍有效/)).toBeVisible();
  await expectAccessible();
  const ask = async () => {
    await user.click(screen.getByRole("button", { name: "删除“finance”" }));
    await user.click(await screen.findByRole("button", { name: "删除" }));
  };
  await ask();
  expect(await screen.findByText(/在用的流程还要用它：付款/)).toBeVisible();
  server.use(
    on("delete", "/endpoints/{id}", (request) => {
      deleted = request;
      return undefined;
    }),
  );
  await ask();
  await waitFor(() => expect(deleted?.headers.get("if-match")).toBe("2"));
  expect(await screen.findByText("已删除")).toBeVisible();
});

// proves: FLOW-40
test("an address that is refused is told at its field, and what was entered stays", async () => {
  administrator();
  const fields = [{ field: "url", code: "workflow.not_encrypted" }];
  server.use(refuse("post", "/endpoints", { status: 422, code: "invalid", fields }));
  const { user } = open("/admin/endpoints");
  await user.click(await screen.findByRole("button", { name: "登记外部系统" }));
  const dialog = await screen.findByRole("dialog");
  await user.type(within(dialog).getByRole("textbox", { name: "名称" }), "stock");
  const address = within(dialog).getByRole("textbox", { name: "地址" });
  await user.type(address, "http://stock.example.com/");
  await user.click(within(dialog).getByRole("button", { name: "登记外部系统" }));
  expect(await within(dialog).findByText("地址须以 https:// 开头。")).toBeVisible();
  expect(address).toHaveValue("http://stock.example.com/");
  await waitFor(() => expect(address).toHaveFocus());
  await expectAccessible();
});
