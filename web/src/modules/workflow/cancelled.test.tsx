import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";

import type { Schemas } from "@/api/client";
import { expectAccessible } from "@/test/axe";
import { CASE, HE, LIN, me, SUN, ZHAO } from "@/test/cast";
import { on } from "@/test/contract";
import { open } from "@/test/render";
import { server } from "@/test/server";

const text = (zh: string, en: string) => ({ zh, en });
// Any ids will do.
const OTHER = SUN.id;

const row: Schemas["CancelledCase"] = {
  id: HE.id,
  case: CASE,
  number: "20261120-7F3K2A",
  title: text("采购 · 林晓", "Buying · Lin Xiao"),
  flow_name: text("采购", "Buying"),
  initiator: LIN,
  asked_by: LIN,
  asked_at: "2026-11-20T01:00:00Z",
  approved_by: [{ person: ZHAO, node: text("直接上级审批", "Superior"), at: "2026-11-20T02:00:00Z" }],
  cancelled_at: "2026-11-20T03:00:00Z",
  by_case: OTHER,
  by_number: "20261120-8A8A8A",
  backup: { place: "blobs/5c/5cb6", digest: "5cb6", size: 4096, made_at: "2026-11-20T02:30:00Z" },
};

// proves: FLOW-25
test("a cancelled case is looked up, its backup verified, and restored with a reason", async () => {
  let restored: unknown;
  server.use(
    on("get", "/session", { ...me, permissions: ["workflow.cancelled"] }),
    on("get", "/cancelled_cases", { items: [row] }),
    on("get", "/cancelled_cases/{id}/verification", { files: 2, entries: 7 }),
    on("post", "/cancelled_cases/{id}/restoration", ({ body }) => {
      restored = body;
      return { id: CASE };
    }),
  );
  const { user } = open("/admin/cancelled");
  const list = await screen.findByRole("list", { name: "已撤销审批" });
  await user.click(within(list).getByText("采购 · 林晓"));
  const panel = await screen.findByRole("dialog");
  expect(panel).toHaveTextContent("直接上级审批");
  expect(panel).toHaveTextContent("blobs/5c/5cb6");
  expect(within(panel).getByRole("link", { name: "下载备份" })).toHaveAttribute("href", expect.stringContaining("/backup"));
  await user.click(within(panel).getByRole("button", { name: "立即核验" }));
  expect(await within(panel).findByText(/核验通过.*2 个附件、7 条留痕/)).toBeVisible();
  await expectAccessible();
  await user.click(within(panel).getByRole("button", { name: /^恢\s?复$/ }));
  const dialog = (await screen.findAllByRole("dialog")).at(-1) ?? document.body;
  await user.type(within(dialog).getByLabelText("恢复原因"), "误撤");
  await user.click(within(dialog).getByRole("button", { name: /^恢\s?复$/ }));
  await waitFor(() => expect(restored).toEqual({ reason: "误撤" }));
});

// proves: FLOW-25
test("a backup that was touched says what is wrong with it", async () => {
  server.use(
    on("get", "/session", { ...me, permissions: ["workflow.cancelled"] }),
    on("get", "/cancelled_cases", { items: [row] }),
    on("get", "/cancelled_cases/{id}/verification", { files: 0, entries: 0, fault: { code: "workflow.backup_other_digest" } }),
  );
  const { user } = open(`/admin/cancelled?open=${row.id}`);
  await user.click(await screen.findByRole("button", { name: "立即核验" }));
  expect(await screen.findByText("备份不是封存时的那一份：SHA-256 摘要不同。")).toBeVisible();
});

// proves: FLOW-25
test("who took part in a cancelled case reads who asked for it and who agreed", async () => {
  server.use(
    http.get("*/api/v1/cases/:id", () =>
      HttpResponse.json({ status: 409, code: "workflow.case_is_cancelled", args: { number: row.number } }, { status: 409 }),
    ),
    on("get", "/cases/{id}/cancellation", { ...row, backup: undefined }),
  );
  open(`/cases/${CASE}`);
  expect(await screen.findByText(/这项审批已经撤销/)).toBeVisible();
  expect(screen.getByText(/直接上级审批/)).toBeVisible();
  expect(screen.getByRole("link", { name: "20261120-8A8A8A" })).toBeVisible();
  expect(screen.queryByText("备份存放位置")).toBeNull();
  await expectAccessible();
});
