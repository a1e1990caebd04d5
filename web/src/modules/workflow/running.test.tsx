import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";

import type { Schemas } from "@/api/client";
import { expectAccessible } from "@/test/axe";
import { CASE, FLOW, HE, LIN, me, ZHAO } from "@/test/cast";
import { type Asked, on } from "@/test/contract";
import { open } from "@/test/render";
import { server } from "@/test/server";

const text = (zh: string, en: string) => ({ zh, en });

const row: Schemas["MonitoredCase"] = {
  id: CASE,
  number: "20261120-7F3K2A",
  flow: FLOW,
  flow_name: text("请假申请", "Leave request"),
  core: true,
  initiator: LIN,
  place_name: text("技术部", "Engineering"),
  stage: "in_handling",
  submitted_at: "2026-11-20T01:00:00Z",
  tasks: [
    {
      id: `${CASE}-1`,
      node_name: text("主管审批", "Supervisor"),
      person: ZHAO,
      purpose: "approve",
      since: "2026-11-20T01:00:00Z",
      seen: false,
      held: false,
    },
  ],
};

// proves: FLOW-31
test("running cases are filtered by how long somebody is waited for, and pushed or handed over", async () => {
  let asked: Asked | undefined;
  let urged: unknown;
  let handed: unknown;
  server.use(
    on("get", "/session", { ...me, permissions: ["workflow.manage"] }),
    on("get", "/monitored_flows", [
      { flow: FLOW, name: text("请假申请", "Leave request"), core: true, running: 3, without_handler: 0, oldest: "2026-11-20T01:00:00Z" },
    ]),
    on("get", "/monitored_cases", (request) => {
      asked = request;
      return { items: [row] };
    }),
    on("post", "/monitored_cases/{id}/urges", ({ body }) => {
      urged = body;
      return { id: CASE };
    }),
    on("post", "/monitored_cases/{id}/hand_overs", ({ body }) => {
      handed = body;
      return { id: CASE };
    }),
  );
  const { user } = open("/admin/running");
  const list = await screen.findByRole("list", { name: "运行监控" });
  expect(list).toHaveTextContent("主管审批：赵敏");
  expect(list).toHaveTextContent("技术部 · 20261120-7F3K2A");
  expect(within(list).getByText("核心流程")).toBeVisible();
  await user.selectOptions(screen.getByLabelText("流程"), "core");
  await waitFor(() => expect(asked?.query.get("core")).toBe("true"));
  expect(asked?.query.get("flow")).toBeNull();
  await user.selectOptions(screen.getByLabelText("流程"), "");
  await user.selectOptions(screen.getByLabelText("等待时间"), "week");
  await waitFor(() => expect(asked?.query.get("hours")).toBe("168"));
  await user.selectOptions(screen.getByLabelText("等待时间"), "without_handler");
  await waitFor(() => expect(asked?.query.get("without_handler")).toBe("true"));
  expect(asked?.query.get("hours")).toBeNull();
  await user.click(within(list).getByText("请假申请"));
  const drawer = await screen.findByRole("dialog");
  expect(drawer).toHaveTextContent("未打开");
  await expectAccessible();
  await user.type(within(drawer).getByLabelText("说明（可选）"), "请今天处理");
  await user.click(within(drawer).getByText("催办所有处理人"));
  await waitFor(() => expect(urged).toEqual({ text: "请今天处理" }));
  await user.click(within(drawer).getByLabelText("移交 赵敏 的待办"));
  await user.click(await screen.findByLabelText("移交给"));
  await user.click(await screen.findByTitle("何静"));
  await user.type(screen.getByLabelText("说明"), "出差");
  // Drawer and dialog stand over one another: the dialog is the last.
  const dialog = screen.getAllByRole("dialog").at(-1) ?? document.body;
  await user.click(within(dialog).getByRole("button", { name: /^移\s?交$/ }));
  await waitFor(() => expect(handed).toEqual({ task: `${CASE}-1`, to: HE.id, text: "出差" }));
});
