import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";

import type { Schemas } from "@/api/client";
import { expectAccessible } from "@/test/axe";
import { CASE, FLOW, people, route, start } from "@/test/cast";
import { type Asked, cut, on, refuse } from "@/test/contract";
import { open } from "@/test/render";
import { server } from "@/test/server";

type User = ReturnType<typeof open>["user"];

async function fillIn(user: User) {
  await user.click(await screen.findByRole("radio", { name: "年假" }));
  await user.type(screen.getByLabelText(/天数/), "3");
  await user.type(screen.getByLabelText(/事由/), "回家探亲");
}

test("the gallery shows what one may start, by subject", async () => {
  const { user } = open("/start");
  const personnel = await screen.findByRole("region", { name: "人事" });
  expect(within(personnel).getByRole("link", { name: /请假申请/ })).toHaveAttribute("href", `/start/${FLOW}`);
  await expectAccessible();
  await user.type(screen.getByRole("textbox", { name: "搜索表单" }), "报销");
  await waitFor(() => expect(screen.queryByRole("region", { name: "人事" })).toBeNull());
  expect(screen.getByRole("link", { name: /费用报销/ })).toBeInTheDocument();
});

// proves: FORM-02
test("what is missing is named at the button, and each name leads to its field", async () => {
  const { user } = open(`/start/${FLOW}`);
  await screen.findByRole("radio", { name: "年假" });
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "提交" }));
  const missing = (await screen.findAllByRole("alert")).find((alert) => alert.textContent?.includes("还有 3 处要填"));
  expect(missing).toBeDefined();
  await user.click(within(missing!).getByRole("button", { name: "事由" }));
  expect(screen.getByLabelText(/事由/)).toHaveFocus();
});

// proves: FORM-03
test("a field required and shown under a condition follows what is typed", async () => {
  const { user } = open(`/start/${FLOW}`);
  await user.click(await screen.findByRole("radio", { name: "年假" }));
  expect(screen.queryByLabelText(/病历/)).toBeNull();
  await user.click(screen.getByRole("radio", { name: "病假" }));
  expect(await screen.findByLabelText(/病历/)).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "提交" }));
  expect((await screen.findAllByRole("button", { name: "病历" })).length).toBe(1);
});

// proves: FORM-05
test("a field that belongs to a later node is not on the initiator's form", async () => {
  open(`/start/${FLOW}`);
  await screen.findByRole("radio", { name: "年假" });
  expect(screen.queryByText("档案号")).toBeNull();
});

// proves: FORM-13
test("nothing is submitted before the entries are confirmed; then once, with the confirmation", async () => {
  const asked: Asked[] = [];
  server.use(
    on("post", "/cases", (request) => {
      asked.push(request);
      return { id: CASE };
    }),
  );
  const { user, router } = open(`/start/${FLOW}`);
  await fillIn(user);
  await user.keyboard("{Control>}{Enter}{/Control}");
  const confirm = screen.getByRole("checkbox", { name: "本人确认所填内容真实、准确、完整。" });
  await waitFor(() => expect(confirm).toHaveFocus());
  expect(asked).toHaveLength(0);
  await user.click(confirm);
  await user.dblClick(screen.getByRole("button", { name: "提交" }));
  await waitFor(() => expect(router.state.location.pathname).toBe(`/inbox/started/${CASE}`));
  expect(asked).toHaveLength(1);
  expect(asked[0]?.body).toMatchObject({
    flow: FLOW,
    confirmed: true,
    values: { kind: "annual", days: "3.0", reason: "回家探亲" },
  });
});

// proves: FLOW-38
test("the predicted route is asked again as values change", async () => {
  const asked: unknown[] = [];
  server.use(
    on("post", "/flows/{id}/prediction", ({ body }) => {
      const { values } = body as { values: Record<string, unknown> };
      asked.push(values);
      return { route: values.days === "3.0" ? route : { steps: route.steps.slice(0, 3) }, values, people };
    }),
  );
  const { user } = open(`/start/${FLOW}`);
  const map = await screen.findByRole("list", { name: "流程走向" });
  expect(within(map).queryByText("总经理")).toBeNull();
  await user.type(await screen.findByLabelText(/天数/), "3");
  expect(await screen.findByText("总经理")).toBeInTheDocument();
  expect(asked.at(-1)).toEqual({ days: "3.0" });
});

// proves: FLOW-33, FLOW-34
test("what the server would refuse is said at its field before anything is submitted", async () => {
  server.use(
    on("post", "/flows/{id}/prediction", ({ body }) => {
      const { values } = body as { values: Record<string, unknown> };
      const late = { field: "values.days", code: "workflow.too_late_working", args: { days: 2, earliest: "2026-11-25" } };
      const spent = { field: "values", code: "workflow.limit_reached", args: { at_most: 2, used: 2, from: "2026-11-01", until: "2026-11-30", next: "2026-12-01" } };
      return { route, values, people, refusals: values.days === "3.0" ? [late, spent] : [] };
    }),
  );
  const { user } = open(`/start/${FLOW}`);
  const days = await screen.findByLabelText(/天数/);
  await user.type(days, "3");
  expect(await screen.findByText(/11月25日/)).toBeInTheDocument();
  expect(days).toHaveAccessibleDescription(/11月25日/);
  expect(screen.getByText(/12月1日/)).toBeInTheDocument();
  await expectAccessible();
  await user.clear(days);
  await user.type(days, "2");
  await waitFor(() => expect(screen.queryByText(/11月25日/)).toBeNull());
});

// proves: FORM-04
test("options that other fields rule out are not offered, and one that was chosen is marked", async () => {
  const words = (zh: string) => ({ zh });
  const fields: Schemas["Field"][] = [
    { id: "far", label: words("远途"), type: "switch" },
    { id: "by", label: words("交通"), type: "choice", options: [{ id: "bus", label: words("客车") }, { id: "plane", label: words("飞机") }], options_when: { plane: "form.far" } },
    { id: "rows", label: words("行程"), type: "table", columns: [
      { id: "by", label: words("工具"), type: "choice", options: [{ id: "bus", label: words("客车") }, { id: "plane", label: words("飞机") }], options_when: { plane: "form.far" } },
    ] },
  ];
  const form: Schemas["Form"] = { fields, layout: { columns: 1, rows: fields.map(({ id }) => [{ field: id }]) } };
  server.use(on("get", "/flows/{id}/start", { ...start, form, rights: { others: "write" } }));
  const { user } = open(`/start/${FLOW}`);
  await screen.findByRole("radio", { name: "客车" });
  expect(screen.queryByRole("radio", { name: "飞机" })).toBeNull();
  await user.click(screen.getByRole("switch", { name: "远途" }));
  await user.click(await screen.findByRole("radio", { name: "飞机" }));
  expect(screen.queryByText(/现在不能选这一项/)).toBeNull();
  await user.click(screen.getByRole("switch", { name: "远途" }));
  await user.click(screen.getByRole("button", { name: "提交" }));
  expect((await screen.findAllByText(/现在不能选这一项/)).length).toBeGreaterThan(0);
  expect(screen.getByRole("radio", { name: "飞机" })).toBeChecked();
  await expectAccessible();
});

test("a draft saves itself, says so, and goes on as the same draft", async () => {
  const stored: string[] = [];
  server.use(
    http.post("*/api/v1/drafts", async ({ request }) => {
      const body = (await request.json()) as Record<string, unknown>;
      stored.push("new");
      return HttpResponse.json({ ...body, id: "0draft", flow_name: { zh: "请假申请" }, facts: [], version: 1, updated_at: "2026-11-20T05:00:00Z" });
    }),
    http.put("*/api/v1/drafts/:id", async ({ request, params }) => {
      const body = (await request.json()) as Record<string, unknown>;
      stored.push(`${String(params.id)}@${request.headers.get("if-match")}`);
      return HttpResponse.json({ ...body, id: "0draft", flow: FLOW, flow_name: { zh: "请假申请" }, facts: [], version: 2, updated_at: "2026-11-20T05:00:00Z" });
    }),
  );
  const { user } = open(`/start/${FLOW}`);
  await user.type(await screen.findByLabelText(/事由/), "回家");
  expect(await screen.findByText(/草稿已保存/)).toBeInTheDocument();
  await user.type(screen.getByLabelText(/事由/), "探亲");
  await waitFor(() => expect(stored).toEqual(["new", "0draft@1"]), { timeout: 8_000 });
});

test("when the network drops, what was typed stays here and is found again", async () => {
  server.use(cut("post", "/drafts"));
  const first = open(`/start/${FLOW}`);
  await first.user.type(await screen.findByLabelText(/事由/), "写了一半");
  expect(await screen.findByText(/尚未存到服务器，内容留在本机/)).toBeInTheDocument();
  document.body.innerHTML = "";
  open(`/start/${FLOW}`);
  expect(await screen.findByDisplayValue("写了一半")).toBeInTheDocument();
  expect(screen.getByText("已恢复上次未提交的内容")).toBeInTheDocument();
});

test("an error that only the server can see stands at its field", async () => {
  server.use(
    refuse("post", "/cases", {
      status: 422,
      code: "invalid",
      fields: [{ field: "values.reason", code: "forms.too_long", args: { limit: 10 } }],
    }),
  );
  const { user } = open(`/start/${FLOW}`);
  await fillIn(user);
  await user.click(screen.getByRole("checkbox", { name: /本人确认/ }));
  await user.click(screen.getByRole("button", { name: "提交" }));
  await waitFor(() => expect(screen.getByLabelText(/事由/)).toHaveAttribute("aria-invalid", "true"));
});
