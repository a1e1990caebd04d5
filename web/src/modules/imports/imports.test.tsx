import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";

import { expectAccessible } from "@/test/axe";
import { type Asked, on } from "@/test/contract";
import { open } from "@/test/render";
import { server } from "@/test/server";

import type { ImportRow, ImportView } from "./api";

const ID = "01j0000000000000000000import".slice(0, 26);

const made: ImportView = {
  id: ID,
  name: "人员.xlsx",
  state: "previewed",
  expires_at: "2026-11-21T03:00:00Z",
  counts: { new: 1, changed: 1, unchanged: 3, wrong: 0, gone: 2 },
  tables: [
    {
      name: "人员",
      sheet: "people",
      headings: ["姓名", "联系"],
      columns: ["name", null],
      rows: 5,
      fields: ["name", "employee_number", "mobile"],
    },
  ],
};

const rows: ImportRow[] = [
  { number: 0, table: "人员", line: 2, status: "new", about: "示例甲", cells: ["示例甲"], faults: [], changes: [{ field: "name", new: "示例甲" }] },
  { number: 1, table: "人员", line: 3, status: "changed", about: "示例乙", cells: ["示例乙"], faults: [], changes: [{ field: "mobile", old: "1", new: "2" }] },
];

const wrong: ImportRow = {
  number: 2,
  table: "人员",
  line: 4,
  status: "wrong",
  about: "示例丙",
  cells: ["示例丙"],
  faults: [{ field: "name", code: "imports.number_twice", args: { line: 2 } }],
  changes: [],
};

function file(name = "人员.xlsx") {
  return new File(["PK"], name, { type: "application/octet-stream" });
}

test("a file is uploaded, looked at, and carried out", async () => {
  let asked: Asked | undefined;
  let state: ImportView["state"] = "previewed";
  server.use(
    http.post("*/api/v1/imports", () => HttpResponse.json(made)),
    on("get", "/imports/{id}", () => ({ ...made, state })),
    on("get", "/imports/{id}/rows", { items: rows }),
    on("post", "/imports/{id}/application", (request) => {
      asked = request;
      state = "done";
      return { state: "queued", done: 0, total: 0 };
    }),
    on("get", "/imports/{id}/job", { state: "done", done: 1, total: 1, result: { people: 1, changes: 1, ended: 0 } }),
  );
  const { user, router } = open("/admin/import");
  await expectAccessible();
  await user.upload(await screen.findByLabelText("选择文件"), file());
  await user.click(await screen.findByRole("button", { name: "上传并预览" }));
  const list = await screen.findByRole("list", { name: "导入的行" });
  expect(router.state.location.searchStr).toBe(`?import=${ID}`);
  expect(within(list).getByText("示例乙")).toBeInTheDocument();
  await expectAccessible();
  await user.click(screen.getByRole("checkbox", { name: /同时结束文件里没有的（2 项）/ }));
  await user.click(screen.getByRole("button", { name: "执行导入" }));
  await waitFor(() => expect(asked?.body).toEqual({ end_gone: true }));
  expect(await screen.findByText(/新增人员 1 人/)).toBeInTheDocument();
});

test("faults stand at their cells, and keep the file from being carried out", async () => {
  let status: string | null = null;
  server.use(
    on("get", "/imports/{id}", { ...made, counts: { ...made.counts, wrong: 1 } }),
    on("get", "/imports/{id}/rows", ({ query }) => {
      status = query.get("status");
      return { items: [wrong] };
    }),
  );
  open(`/admin/import?import=${ID}`);
  expect(await screen.findByText(/这个工号与第 2 行相同/)).toBeInTheDocument();
  expect(status).toBe("wrong");
  expect(screen.getByText("名称或姓名: 示例丙")).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "执行导入" })).toBeDisabled();
  await expectAccessible();
});

test("a file that cannot be read is refused in words, cell by cell", async () => {
  const refusal = { type: "about:blank", title: "", status: 422, code: "invalid", args: {}, fields: [{ field: "人员!A2", code: "imports.merged" }] };
  server.use(
    http.post("*/api/v1/imports", () =>
      HttpResponse.json(refusal, { status: 422, headers: { "content-type": "application/problem+json" } }),
    ),
  );
  const { user } = open("/admin/import");
  await user.upload(await screen.findByLabelText("选择文件"), file());
  await user.click(await screen.findByRole("button", { name: "上传并预览" }));
  expect(await screen.findByText("人员!A2")).toBeInTheDocument();
  expect(screen.getByText(/合并的单元格/)).toBeInTheDocument();
});

test("columns are matched by hand", async () => {
  let asked: Asked | undefined;
  server.use(
    on("get", "/imports/{id}", made),
    on("get", "/imports/{id}/rows", { items: rows }),
    on("put", "/imports/{id}/matching", (request) => {
      asked = request;
      return made;
    }),
  );
  const { user } = open(`/admin/import?import=${ID}`);
  await user.selectOptions(await screen.findByLabelText("“联系”列的含义"), "mobile");
  await user.click(screen.getByRole("button", { name: "按此重新预览" }));
  await waitFor(() => expect(asked?.body).toEqual({ tables: [{ name: "人员", sheet: "people", columns: ["name", "mobile"] }] }));
});

test("a running import shows how far it is, and can be stopped", async () => {
  let stopped = false;
  server.use(
    on("get", "/imports/{id}", { ...made, state: "applying" }),
    on("get", "/imports/{id}/job", { state: "running", done: 200, total: 1000 }),
    on("post", "/imports/{id}/cancellation", () => {
      stopped = true;
      return {};
    }),
  );
  const { user } = open(`/admin/import?import=${ID}`);
  expect(await screen.findByText("已登记 200 / 1000 人")).toBeInTheDocument();
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: /停\s*止/ }));
  await waitFor(() => expect(stopped).toBe(true));
});

test("a file is chosen or dropped, shown with its size, and can be taken back before it is sent", async () => {
  let sent = 0;
  server.use(
    http.post("*/api/v1/imports", () => {
      sent += 1;
      return HttpResponse.json(made);
    }),
  );
  const { user } = open("/admin/import");
  const chooser = await screen.findByLabelText("选择文件");
  await user.upload(chooser, file());
  expect(screen.getByText("人员.xlsx")).toBeInTheDocument();
  expect(screen.getByText("2 B")).toBeInTheDocument();
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "移除 人员.xlsx" }));
  expect(screen.queryByText("人员.xlsx")).not.toBeInTheDocument();
  fireEvent.drop(chooser, { dataTransfer: { files: [file("部门.csv")] } });
  expect(await screen.findByText("部门.csv")).toBeInTheDocument();
  expect(sent).toBe(0);
});
