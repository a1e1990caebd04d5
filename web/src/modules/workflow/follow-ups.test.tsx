import { cleanup, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";

import type { Schemas } from "@/api/client";
import { expectAccessible } from "@/test/axe";
import { CASE, form, people, route, view } from "@/test/cast";
import { type Asked, on, refuse } from "@/test/contract";
import { open } from "@/test/render";
import { server } from "@/test/server";

const SECOND = "0follow0000000000000000001";

const completed: Schemas["CaseView"] = { ...view, status: "completed", stage: "closed", tasks: [], can: ["revoke", "change"] };

const start: Schemas["FollowUpStart"] = {
  kind: "revoke",
  number: view.number,
  title: view.title,
  form: {
    ...form,
    fields: [
      { id: "follow_up_reason", label: { zh: "撤销原因", en: "Reason" }, type: "long_text", required: true, max_length: 2000 },
      ...form.fields,
    ],
    layout: { ...form.layout, rows: [[{ field: "follow_up_reason", span: 4 }], ...form.layout.rows] },
  },
  rights: { others: "read", fields: { follow_up_reason: "required" } },
  values: view.values,
  initiator: view.initiator,
  declaration: { zh: "我确认以上内容属实", en: "I confirm" },
  route,
  people,
  cases: {},
};

const followed: Schemas["FollowUpView"] = {
  kind: "change",
  case: { id: SECOND, number: "20261121-AB12CD", title: { zh: "变更：请假申请 · 林晓" }, status: "completed", readable: true },
  reason: "日期写错",
  opened_at: "2026-11-21T01:00:00Z",
  ended_at: "2026-11-21T03:00:00Z",
  took_effect: true,
  changes: [{ field: "reason", before: "回家探亲" as never, after: "外出办事" as never }],
};

// proves: FLOW-24
test("the initiator of a completed case asks that it is revoked, with a reason, and sees who must agree", async () => {
  let asked: Asked | undefined;
  server.use(
    on("get", "/cases/{id}", (about) => ({ ...completed, id: String(about.params["id"]) })),
    on("get", "/cases/{id}/follow_up", start),
    on("post", "/cases/{id}/follow_ups", (about) => {
      asked = about;
      return { id: SECOND };
    }),
  );
  const { user } = open(`/cases/${CASE}`);
  await user.click(await screen.findByRole("link", { name: "申请撤销" }));
  expect(await screen.findByRole("heading", { name: "原审批人" })).toBeInTheDocument();
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "提交" }));
  const missing = (await screen.findAllByRole("alert")).find((alert) => alert.textContent?.includes("还有 1 处要填"));
  expect(missing).toBeDefined();
  await user.type(await screen.findByLabelText(/撤销原因/, {}, { timeout: 10_000 }), "行程取消");
  await user.click(screen.getByRole("checkbox"));
  await user.click(screen.getByRole("button", { name: "提交" }));
  await waitFor(() => expect(asked).toBeDefined());
  expect(asked?.body).toEqual({ kind: "revoke", values: { follow_up_reason: "行程取消" }, confirmed: true });
});

// proves: FLOW-24
test("what cannot be asked for now is said in words", async () => {
  server.use(refuse("get", "/cases/{id}/follow_up", { status: 409, code: "workflow.follow_up_open", args: { number: "20261121-AB12CD" } }));
  open(`/cases/${CASE}/follow-up?kind=change`);
  expect(await screen.findByText(/20261121-AB12CD/)).toBeInTheDocument();
});

// proves: FLOW-24, TRACE-03
test("a change in effect shows old and new beside one another, and the case that did it", async () => {
  server.use(on("get", "/cases/{id}", { ...completed, can: [], follow_ups: [followed] }));
  open(`/cases/${CASE}`);
  const region = await screen.findByRole("region", { name: "撤销与变更" });
  expect(within(region).getByRole("link", { name: /变更 20261121-AB12CD/ })).toHaveAttribute("href", `/cases/${SECOND}`);
  expect(within(region).getByText("已生效")).toBeInTheDocument();
  expect(region.querySelector("del")).toHaveTextContent("回家探亲");
  expect(region.querySelector("ins")).toHaveTextContent("外出办事");
  expect(screen.queryByRole("link", { name: "申请撤销" })).toBeNull();
  await expectAccessible();
});

const drafted = {
  activation: 3, node: "draft", asked_at: "2026-11-20T03:00:00Z", effect: "organisation.transfer", name: { zh: "调岗" },
  did: { zh: "已起草调整令" }, module: { zh: "组织调整令" }, state: "done",
  made: { label: { zh: "调整令“调岗申请”" }, link: "/admin/orders/01ABCDEFGHJKMNPQRSTVWXYZ00" },
};

// proves: FLOW-24
test("whoever asks for a revocation reads what stands and what goes with it, and so does whoever approves it", async () => {
  const standing = [
    { ...drafted, standing: "loose" as const },
    { ...drafted, activation: 4, name: { zh: "请假记入考勤" }, made: undefined as never, standing: "firm" as const },
  ];
  server.use(
    on("get", "/cases/{id}", (about) => ({ ...completed, can: [], standing, id: String(about.params["id"]) })),
    on("get", "/cases/{id}/follow_up", { ...start, standing }),
  );
  open(`/cases/${CASE}/follow-up?kind=revoke`);
  const section = await screen.findByRole("region", { name: "原审批已办的事" });
  expect(section).toHaveTextContent("调岗尚未生效，随撤销收回");
  expect(section).toHaveTextContent("请假记入考勤仍然有效，须另行处理");
  expect(within(section).getByRole("link", { name: "调整令“调岗申请”" })).toHaveAttribute("href", drafted.made.link);
  await expectAccessible();
  cleanup();
  open(`/cases/${SECOND}`);
  expect(await screen.findByRole("region", { name: "原审批已办的事" })).toHaveTextContent("须另行处理");
});

// proves: FLOW-24
test("what was taken back with a revocation no longer counts as done", async () => {
  const effects = [{ ...drafted, undone_at: "2026-11-21T03:00:00Z" }];
  server.use(on("get", "/cases/{id}", (about) => ({ ...completed, effects, id: String(about.params["id"]) })));
  open(`/cases/${CASE}`);
  const section = await screen.findByRole("region", { name: "办理效果" });
  expect(section).toHaveTextContent("已收回");
  expect(section).not.toHaveTextContent("已起草调整令");
});
