import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";

import { expectAccessible } from "@/test/axe";
import { CASE, HE, SUN, task, view, ZHAO } from "@/test/cast";
import { type Asked, on, refuse } from "@/test/contract";
import { open } from "@/test/render";
import { server } from "@/test/server";

type Task = typeof task;
const withTask = (more: Partial<Task>) => on("get", "/cases/{id}", { ...view, tasks: [{ ...task, ...more }] });

/** Keeps what is sent. */
function taken(path: "/tasks/{id}/passing_on" | "/tasks/{id}/approval" | "/tasks/{id}/return" | "/cases/{id}/repairs") {
  const sent: Asked[] = [];
  server.use(
    on("post", path, (asked) => {
      sent.push(asked);
      return { id: CASE };
    }),
  );
  return sent;
}

/** Opens the list of a picker, and takes one of it. */
async function pick(user: ReturnType<typeof open>["user"], dialog: HTMLElement, box: string, name: string) {
  await user.click(within(dialog).getByRole("combobox", { name: box }));
  await user.click(await screen.findByTitle(name));
}

// proves: FLOW-21
test("whoever has it passes it on to those whom the node lets him name, with what he asks of them", async () => {
  const sent = taken("/tasks/{id}/passing_on");
  server.use(
    withTask({
      purpose: "handle",
      can: ["complete", "pass_on"],
      next: { candidates: [HE, SUN], back_to: [ZHAO.id], steps_left: 2 },
      requests: [{ person: ZHAO.id, text: "请安排会议室" }],
    }),
  );
  const { user } = open(`/inbox/waiting/${CASE}`);
  expect(await screen.findByText(`${ZHAO.name}：请安排会议室`)).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "转给下一步" }));
  const dialog = await screen.findByRole("dialog", { name: "转给下一步" });
  await user.click(within(dialog).getByRole("button", { name: "转给下一步" }));
  expect(within(dialog).getByText("请选择人员")).toBeInTheDocument();
  await expectAccessible();
  await pick(user, dialog, "人员", HE.name);
  await user.click(await screen.findByTitle(ZHAO.name));
  await user.click(await within(dialog).findByRole("radio", { name: "一人同意即可" }));
  await user.type(within(dialog).getByRole("textbox", { name: "说明" }), "已安排，请确认");
  await user.click(within(dialog).getByRole("button", { name: "转给下一步" }));
  expect(await screen.findByText("已转给下一步")).toBeInTheDocument();
  expect(sent[0]?.body).toEqual({ people: [HE.id, ZHAO.id], among: "any", text: "已安排，请确认", attachments: [], values: {} });
});

// proves: FLOW-07
test("where the step has him choose, agreeing asks whom, and nothing is sent before", async () => {
  const sent = taken("/tasks/{id}/approval");
  const choices = [{ node: "countersign", name: { zh: "会签" }, min: 1, max: 2, candidates: [HE, SUN] }];
  server.use(withTask({ choices }));
  const { user } = open(`/inbox/waiting/${CASE}`);
  await user.click(await screen.findByRole("button", { name: /^同意/ }));
  const dialog = await screen.findByRole("dialog", { name: "选定后续处理人" });
  await user.click(within(dialog).getByRole("button", { name: "同意" }));
  expect(within(dialog).getByText("请至少选择 1 人")).toBeInTheDocument();
  expect(sent).toEqual([]);
  await expectAccessible();
  await pick(user, dialog, "会签", SUN.name);
  await user.click(within(dialog).getByRole("button", { name: "同意" }));
  expect(await screen.findByText(/已同意/)).toBeInTheDocument();
  expect(sent[0]?.body).toEqual({ text: "", attachments: [], values: {}, choices: { countersign: [SUN.id] } });
});

// proves: FLOW-22
test("a return may pass over those for whom nothing changed", async () => {
  const sent = taken("/tasks/{id}/return");
  const { user } = open(`/inbox/waiting/${CASE}`);
  await user.click(await screen.findByRole("button", { name: /^退回/ }));
  const dialog = await screen.findByRole("dialog");
  await user.click(within(dialog).getByRole("radio", { name: "重新走，内容未变的人跳过" }));
  await user.type(within(dialog).getByRole("textbox"), "天数不对");
  await user.click(within(dialog).getByRole("button", { name: "退回" }));
  expect(await screen.findByText(/已退回/)).toBeInTheDocument();
  expect(sent[0]?.body).toEqual({ to: "start", then: "skip_unchanged", text: "天数不对" });
});

// proves: FLOW-22, FORM-05
test("who is asked again sees the old value beside the new, and what administrators put right", async () => {
  const changes = [{ field: "reason", before: "回家", after: "回家探亲" }];
  const repairs = [{ person: HE.id, at: "2026-11-20T04:00:00Z", reason: "录入错误", changes: [{ field: "reason", before: "探亲", after: "回家" }] }];
  server.use(on("get", "/cases/{id}", { ...view, repairs, tasks: [{ ...task, changes }] }));
  open(`/inbox/waiting/${CASE}`);
  const section = await screen.findByRole("region", { name: "自您上次处理后的变化" });
  expect(section).toHaveTextContent(/回家→回家探亲/);
  expect(screen.getByRole("region", { name: "管理员修正" })).toHaveTextContent(/修正：录入错误.*探亲→回家/);
  await expectAccessible();
});

// proves: TRACE-01, TRACE-03
test("an administrator puts one value right, with the reason; what the server refuses stands at the field", async () => {
  server.use(
    on("get", "/cases/{id}", { ...view, tasks: [], can: ["repair"] }),
    refuse("post", "/cases/{id}/repairs", { status: 422, code: "invalid", fields: [{ field: "values.reason", code: "forms.too_long" }] }),
  );
  const { user } = open(`/cases/${CASE}`);
  await user.click(await screen.findByRole("button", { name: "更多" }));
  await user.click(screen.getByRole("menuitem", { name: "修正内容" }));
  const dialog = await screen.findByRole("dialog", { name: "修正内容" });
  const chosen = within(dialog).getByRole("combobox", { name: "字段" });
  await user.click(chosen);
  await user.click(await screen.findByTitle("事由"));
  const box = within(dialog).getByRole("textbox", { name: "改为" });
  await user.clear(box);
  await user.type(box, "回家");
  await user.click(within(dialog).getByRole("button", { name: "修正内容" }));
  expect(within(dialog).getByText("请填写说明")).toBeInTheDocument();
  await user.type(within(dialog).getByRole("textbox", { name: "说明" }), "录入错误");
  await user.click(within(dialog).getByRole("button", { name: "修正内容" }));
  expect(await within(dialog).findByRole("alert")).toBeInTheDocument();
  await expectAccessible();
  const sent = taken("/cases/{id}/repairs");
  await user.click(within(dialog).getByRole("button", { name: "修正内容" }));
  expect(await screen.findByText("已修正")).toBeInTheDocument();
  expect(sent[0]?.body).toEqual({ values: { reason: "回家" }, text: "录入错误" });
});
