import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";

import type { Schemas } from "@/api/client";
import { expectAccessible } from "@/test/axe";
import { LIN, me, ZHAO } from "@/test/cast";
import { type Asked, on, refuse } from "@/test/contract";
import { open } from "@/test/render";
import { server } from "@/test/server";

const text = (zh: string, en: string) => ({ zh, en });
const group: Schemas["UnitEntry"] = {
  id: "0g1",
  kind: "group",
  name: text("青禾集团", "Qinghe"),
  state: "in_use",
  registered: { at: "2024-01-01T00:00:00Z" },
  former_names: [],
};
const trade: Schemas["UnitEntry"] = {
  id: "0g2",
  kind: "subsidiary",
  name: text("青禾国际", "Qinghe International"),
  parent: group.name,
  parent_id: "0g1",
  state: "in_use",
  registered: { at: "2024-01-01T00:00:00Z" },
  former_names: [
    {
      name: text("青禾贸易", "Qinghe Trade"),
      until: { at: "2026-05-01T00:00:00Z", order: "0o1", title: "贸易公司更名", issued_by: LIN, reviewed_by: ZHAO },
    },
  ],
};
const gone: Schemas["UnitEntry"] = { ...group, id: "0g3", name: text("南方办事处", "South"), state: "closed", closed: { at: "2026-06-01T00:00:00Z" } };

// proves: ORG-18 (only: the register names state, former names and the order behind them)
test("the register says what a unit was called, and who renamed it by which order", async () => {
  server.use(on("get", "/unit_registry", { items: [group, trade, gone] }));
  const { user, router } = open("/admin/units");
  expect(await screen.findByText(/原名“青禾贸易”/)).toBeInTheDocument();
  expect(screen.getByRole("link", { name: "依据《贸易公司更名》" })).toHaveAttribute("href", "/admin/orders/0o1");
  expect(screen.getByText("林晓 · 赵敏")).toBeInTheDocument();
  await expectAccessible();
  await user.selectOptions(screen.getByRole("combobox", { name: "状态" }), "closed");
  await waitFor(() => expect(router.state.location.searchStr).toBe("?only=closed"));
  expect(await screen.findByText("南方办事处")).toBeInTheDocument();
  expect(screen.queryByText("青禾国际")).toBeNull();
  expect(screen.queryByRole("button", { name: /更名/ })).toBeNull();
});

// proves: ORG-18 (only: renaming a unit begins with an order)
test("renaming a unit drafts an order of that one change", async () => {
  let drafted: Asked | undefined;
  server.use(
    on("get", "/session", { ...me, permissions: [...me.permissions, "orders.read", "orders.issue"] }),
    on("get", "/unit_registry", { items: [group, trade] }),
    on("post", "/orders", (request) => {
      drafted = request;
      return { id: "0o9" } as Schemas["OrderView"];
    }),
    // Its page is where the drafter is led to.
    refuse("get", "/orders/{id}", { status: 404, code: "not_found" }),
  );
  const { user } = open("/admin/units");
  await user.click(await screen.findByRole("button", { name: "更名：青禾国际" }));
  await user.type(await screen.findByLabelText("新名称"), "青禾环球");
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "起草调整令" }));
  await waitFor(() =>
    expect(drafted?.body).toEqual({
      unit: "0g1",
      title: "更名：青禾国际",
      basis: "",
      changes: [{ change: "rename_unit", unit: "0g2", name: { zh: "青禾环球" } }],
    }),
  );
});
