import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";

import type { Schemas } from "@/api/client";
import { expectAccessible } from "@/test/axe";
import { CASE, FLOW, HE, LIN, me, persons, SUN, tasks, view, ZHOU } from "@/test/cast";
import { type Asked, on, refuse } from "@/test/contract";
import { open } from "@/test/render";
import { server } from "@/test/server";

const given: Schemas["AgencyView"] = {
  id: "0agency0000000000000000001",
  principal: ZHOU,
  agent: HE,
  valid_from: "2026-11-20T01:00:00Z",
  valid_to: "2026-11-27T16:00:00Z",
  standing: "in_force",
  scope: { flows: [FLOW], categories: ["attendance"] },
  flow_names: [{ zh: "费用报销", en: "Expense claim" }],
  may_start: false,
  may_decide: true,
  reason: "外出培训",
  given_by: SUN,
  given_at: "2026-11-19T01:00:00Z",
  can: ["end"],
  version: 1,
};
const received: Schemas["AgencyView"] = { ...given, id: "0agency0000000000000000002", principal: SUN, agent: ZHOU, can: [] };
const hat: Schemas["Hat"] = { principal: SUN, waiting: 1, until: "2026-11-27T16:00:00Z", may_start: true, may_decide: true };
const counts = { waiting: 3, copied_unread: 0, drafts: 0, notifications_unread: 0, hats: [hat] };

// proves: TIME-11
test("who acts for me and for whom I act, in what, until when, and by whose word", async () => {
  server.use(on("get", "/agencies", { given: [given], received: [received], longest_days: 180 }));
  open("/agents");
  const mine = await screen.findByRole("list", { name: "由谁代理我" });
  expect(mine).toHaveTextContent(/何静 代理 周岚办理待办 · 费用报销、考勤/);
  expect(mine).toHaveTextContent("由 孙启明 指定 · 外出培训");
  const others = screen.getByRole("list", { name: "我代理谁" });
  expect(others).toHaveTextContent("周岚 代理 孙启明");
  expect(within(others).queryByRole("button")).toBeNull();
  await expectAccessible();
});

// proves: TIME-11
test("an agent is named for a period, and what the rules refuse is said", async () => {
  let asked: Asked | undefined;
  const refusal = { status: 409, code: "workflow.agency_circle", args: { person: "周岚" } };
  server.use(
    on("get", "/people", { items: persons }),
    on("get", "/agency_choices", { flows: [{ id: FLOW, name: { zh: "费用报销" }, category: "finance" }] }),
    refuse("post", "/agencies", refusal),
  );
  const { user } = open("/agents");
  await user.click(await screen.findByRole("button", { name: "指定代理人" }));
  const drawer = await screen.findByRole("dialog");
  await user.click(within(drawer).getByRole("combobox", { name: "代理人" }));
  await user.click(await screen.findByText("何静"));
  await user.type(within(drawer).getByLabelText("结束日期"), "2026-12-01{Enter}");
  await user.click(within(drawer).getByRole("button", { name: "指定代理人" }));
  expect(await within(drawer).findByRole("alert")).toHaveTextContent("这样 周岚 最终会代理自己");
  server.use(
    on("post", "/agencies", (request) => {
      asked = request;
      return given;
    }),
  );
  await user.click(within(drawer).getByRole("button", { name: "指定代理人" }));
  await waitFor(() => expect(asked).toBeDefined());
  expect(asked?.body).toMatchObject({ agent: HE.id, may_decide: true, may_start: false, scope: { flows: [], categories: [] } });
  expect(asked?.body).toMatchObject({ last_day: "2026-12-01" });
});

// proves: TIME-11
test("an administrator ends another's agency with the reason", async () => {
  let asked: Asked | undefined;
  server.use(
    on("get", "/managed_agencies", { items: [given] }),
    on("post", "/agencies/{id}/end", (request) => {
      asked = request;
      return { ...given, standing: "over" as const };
    }),
  );
  const { user } = open("/admin/agents");
  await user.click(await screen.findByRole("button", { name: "提前结束：何静 对 周岚 的代理" }));
  const dialog = await screen.findByRole("dialog");
  await user.type(within(dialog).getByLabelText("原因"), "提前返岗");
  await user.click(within(dialog).getByRole("button", { name: "提前结束" }));
  await waitFor(() => expect(asked?.body).toEqual({ reason: "提前返岗" }));
  expect(asked?.headers.get("if-match")).toBe("1");
  await expectAccessible();
});

// proves: TIME-11
test("two hats in one inbox: what is for another is marked, and one can look at one of them only", async () => {
  const asked: string[] = [];
  server.use(
    on("get", "/counts", counts),
    on("get", "/tasks", ({ query }) => {
      asked.push(query.get("hat") ?? "");
      return { items: tasks.map((task, at) => (at === 0 ? { ...task, on_behalf_of: SUN } : task)) };
    }),
  );
  const { user } = open("/inbox/waiting");
  const list = await screen.findByRole("list", { name: "待我处理" });
  const rows = await within(list).findAllByRole("button");
  expect(rows[0]).toHaveTextContent("代 孙启明");
  expect(rows[1]).not.toHaveTextContent("代 ");
  await user.selectOptions(await screen.findByRole("combobox", { name: "身份" }), "代 孙启明（1）");
  await waitFor(() => expect(asked.at(-1)).toBe(SUN.id));
  await expectAccessible();
});

// proves: TIME-11, TRACE-09
test("a case that is done for another says so at the top", async () => {
  const task = { ...view.tasks[0]!, on_behalf_of: SUN.id };
  server.use(on("get", "/cases/{id}", { ...view, tasks: [task], acts_for: [SUN.id] }));
  open(`/cases/${CASE}`);
  expect(await screen.findByText("您代 孙启明 办理。")).toBeInTheDocument();
  expect(screen.getByText("为何是孙启明")).toBeInTheDocument();
  await expectAccessible();
});

// proves: TIME-11, PERM-11
test("a form is chosen for another among those that he may start", async () => {
  const asked: string[] = [];
  server.use(
    on("get", "/counts", counts),
    on("get", "/flows", ({ query }) => {
      asked.push(query.get("on_behalf_of") ?? "");
      return { items: [{ id: FLOW, code: "f", name: { zh: "费用报销" }, category: "finance", number: 1 }] };
    }),
  );
  const { user } = open("/start");
  await user.selectOptions(await screen.findByRole("combobox", { name: "为谁发起" }), "代 孙启明");
  await waitFor(() => expect(asked.at(-1)).toBe(SUN.id));
  expect(await screen.findByRole("link", { name: /费用报销/ })).toHaveAttribute("href", expect.stringContaining(SUN.id));
  expect(me.person.id).not.toBe(LIN.id);
});
