import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeAll, expect, test } from "vitest";

import type { Schemas } from "@/api/client";
import { expectAccessible } from "@/test/axe";
import { CASE, FLOW, start, view } from "@/test/cast";
import { type Asked, on, refuse } from "@/test/contract";
import { open } from "@/test/render";
import { server } from "@/test/server";

const words = (zh: string) => ({ zh });

/** Page and controls come in parts of their own, which are fetched first. */
beforeAll(async () => {
  await Promise.all([import("./pages/fill"), import("@/modules/forms/parts/field-input")]);
}, 120_000);

const claim: Schemas["Form"] = {
  fields: [
    {
      id: "items",
      label: words("费用明细"),
      type: "table",
      required: true,
      max_rows: 2,
      columns: [
        { id: "what", label: words("事由"), type: "text", required: true },
        { id: "price", label: words("单价"), type: "money", required: true },
        { id: "sum", label: words("小计"), type: "money", computed: "row.price * 2" },
      ],
    },
    { id: "total", label: words("合计"), type: "money", computed: "sum(form.items.sum)" },
    { id: "urgent", label: words("加急"), type: "switch" },
    { id: "number", label: words("单号"), type: "serial", series: "BX-{seq:4}" },
  ],
  layout: { columns: 4, rows: [[{ field: "items", span: 4 }], [{ field: "total", span: 2 }, { field: "urgent", span: 2 }], [{ field: "number", span: 4 }]] },
};

function given(part: Partial<Schemas["StartView"]> = {}) {
  const view: Schemas["StartView"] = { ...start, form: claim, rights: { others: "write" }, ...part };
  server.use(http.get("*/api/v1/flows/:id/start", () => HttpResponse.json(view)));
}

// proves: FORM-01, FORM-02
test("rows are added, summed up and removed, and a wrong cell is named with its row", async () => {
  const asked: Asked[] = [];
  given();
  server.use(
    on("post", "/cases", (request) => {
      asked.push(request);
      return { id: CASE };
    }),
  );
  const { user } = open(`/start/${FLOW}`);
  await user.click(await screen.findByRole("button", { name: "添加一行" }));
  await user.type(await screen.findByLabelText(/第 1 行 事由/), "打车");
  await user.type(screen.getByLabelText(/第 1 行 单价/), "12.5");
  await user.click(screen.getByRole("button", { name: "添加一行" }));
  await user.type(screen.getByLabelText(/第 2 行 事由/), "住宿");
  expect(screen.getByRole("button", { name: "添加一行" })).toBeDisabled();
  expect(screen.getAllByText(/25\.00/).length).toBeGreaterThanOrEqual(2);
  await expectAccessible();

  await user.click(screen.getByRole("button", { name: "提交" }));
  expect((await screen.findAllByText(/第 2 行“单价”/)).length).toBeGreaterThanOrEqual(1);
  expect(screen.getByLabelText(/第 2 行 单价/)).toHaveAttribute("aria-invalid", "true");

  await user.click(screen.getByRole("button", { name: "删除第 2 行" }));
  await user.click(screen.getByRole("switch", { name: "加急" }));
  await user.click(screen.getByRole("checkbox", { name: /本人确认/ }));
  await user.click(screen.getByRole("button", { name: "提交" }));
  await waitFor(() => expect(asked).toHaveLength(1));
  expect(asked[0]?.body).toMatchObject({ values: { items: [{ what: "打车", price: "12.50" }], urgent: true } });
});

// proves: FORM-04
test("what the server refuses in a row stands at its cell, and a number is said to come later", async () => {
  given();
  server.use(refuse("post", "/cases", { status: 422, code: "invalid", fields: [{ field: "values.items.1.price", code: "forms.too_large", args: { limit: "10" } }] }));
  const { user } = open(`/start/${FLOW}`);
  await user.click(await screen.findByRole("button", { name: "添加一行" }));
  await user.type(await screen.findByLabelText(/第 1 行 事由/), "打车");
  await user.type(screen.getByLabelText(/第 1 行 单价/), "12");
  expect(screen.getByText("提交后自动编号")).toBeInTheDocument();
  await user.click(screen.getByRole("checkbox", { name: /本人确认/ }));
  await user.click(screen.getByRole("button", { name: "提交" }));
  await waitFor(() => expect(screen.getByLabelText(/第 1 行 单价/)).toHaveAttribute("aria-invalid", "true"));
});

// proves: FLOW-33, FLOW-34
test("how often it may still be submitted and for when is said before anything is typed", async () => {
  const quota = { at_most: 2, used: 2, from: "2026-11-01", until: "2026-11-30", next: "2026-12-01" };
  given({ quotas: [quota], earliest: "2026-11-24" });
  open(`/start/${FLOW}`);
  const spent = await screen.findByText(/您已用完；12月1日 起可再次提交/);
  expect(within(spent.closest("[role=alert]") as HTMLElement).getByText(/最多提交 2 次/)).toBeInTheDocument();
  expect(screen.getByText(/最早可申请/)).toBeInTheDocument();
  await expectAccessible();
});

// proves: FORM-04
test("a value follows what it reads until it is changed by hand, also in a row, and is sent as it stands", async () => {
  const asked: Asked[] = [];
  const linked: Schemas["Form"] = {
    fields: [
      { id: "kind", label: words("类别"), type: "choice", options: [{ id: "a", label: words("甲") }, { id: "b", label: words("乙") }] },
      { id: "days", label: words("期限"), type: "number", scale: 0, set: 'form.kind == "a" ? 2 : 10', set_when: "!is_null(form.kind)" },
      { id: "place", label: words("地点"), type: "text", set: '"总部"' },
      {
        id: "items",
        label: words("明细"),
        type: "table",
        columns: [
          { id: "what", label: words("事由"), type: "text" },
          { id: "count", label: words("数量"), type: "number", scale: 0, set: '"x" == row.what ? 9 : 1', set_when: "!is_null(row.what)" },
        ],
      },
    ],
    layout: { columns: 4, rows: [[{ field: "kind" }, { field: "days" }, { field: "place", span: 2 }], [{ field: "items", span: 4 }]] },
  };
  given({ form: linked });
  server.use(
    on("post", "/cases", (request) => {
      asked.push(request);
      return { id: CASE };
    }),
  );
  const { user } = open(`/start/${FLOW}`);
  const days = await screen.findByRole("textbox", { name: "期限" });
  expect(screen.getByRole("textbox", { name: "地点" }), "a first value").toHaveValue("总部");
  expect(days).toHaveValue("");
  await user.click(screen.getByRole("radio", { name: "甲" }));
  expect(days).toHaveValue("2");
  await user.clear(days);
  await user.type(days, "5");
  await user.type(screen.getByRole("textbox", { name: "地点" }), "二楼");
  expect(days, "by hand it stays").toHaveValue("5");
  await user.click(screen.getByRole("radio", { name: "乙" }));
  expect(days, "until what it reads changes").toHaveValue("10");
  await user.click(screen.getByRole("button", { name: "添加一行" }));
  await user.type(await screen.findByLabelText(/第 1 行 事由/), "x");
  expect(screen.getByLabelText(/第 1 行 数量/)).toHaveValue("9");
  await user.clear(days);
  await user.click(screen.getByRole("checkbox", { name: /本人确认/ }));
  await user.click(screen.getByRole("button", { name: "提交" }));
  await waitFor(() => expect(asked).toHaveLength(1));
  expect(asked[0]?.body, "what was taken out is said to be").toMatchObject({
    values: { kind: "b", days: null, place: "总部二楼", items: [{ what: "x", count: "9" }] },
  });
});

// proves: FORM-05
test("columns are read, written and hidden each by its own right", async () => {
  given({ rights: { others: "write", fields: { "items.price": "hidden", "items.sum": "hidden", total: "read" } } });
  const first = open(`/start/${FLOW}`);
  await first.user.click(await screen.findByRole("button", { name: "添加一行" }));
  expect(await screen.findByLabelText(/第 1 行 事由/)).toBeInTheDocument();
  expect(screen.queryByText("单价")).toBeNull();
  await expectAccessible();
});

test("who may write a column only adds and removes no rows", async () => {
  const form: Schemas["Form"] = claim;
  const values = { items: [{ what: "打车" }, { what: "住宿" }] };
  server.use(
    on("get", "/cases/{id}", {
      ...view,
      form,
      values,
      rights: { others: "read", fields: { "items.price": "required" } },
    }),
  );
  open(`/cases/${CASE}`);
  expect(await screen.findByLabelText(/第 2 行 单价/)).toBeInTheDocument();
  expect(screen.queryByLabelText(/第 1 行 事由/)).toBeNull();
  expect(screen.queryByRole("button", { name: "添加一行" })).toBeNull();
  expect(screen.queryByRole("button", { name: "删除第 1 行" })).toBeNull();
});
