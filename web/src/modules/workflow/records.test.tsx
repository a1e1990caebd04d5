import { screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";

import type { Schemas } from "@/api/client";
import { expectAccessible } from "@/test/axe";
import { CASE, FLOW, start, SUN, view } from "@/test/cast";
import { type Asked, on } from "@/test/contract";
import { open } from "@/test/render";
import { server } from "@/test/server";

/** Fields that name entries of a register. */
const words = (zh: string) => ({ zh, en: zh });
const id = (end: string) => `0${end.padStart(25, "0")}`;
const [CLOUD, BIRCH] = [id("d1"), id("d2")] as [string, string];

const fields: Schemas["Field"][] = [
  { id: "supplier", label: words("供应商"), type: "record", of: { flow: "suppliers" }, show: ["name", "code"], fill: { account: "account", level: "level" }, required: true },
  { id: "account", label: words("银行账号"), type: "text" },
  { id: "level", label: words("级别"), type: "text" },
];
const form: Schemas["Form"] = { fields, layout: { columns: 2, rows: fields.map(({ id }) => [{ field: id, span: 2 }]) } };
const rights: Schemas["Rights"] = { others: "write", fields: { level: "read" } };

const record = (id: string, name: string, code: string) => ({ id, name: words(name), shown: [{ label: words("代码"), text: words(code) }] });
const cloud = record(CLOUD, "云杉设备", "A-1");
const birch = record(BIRCH, "白桦文具", "B-2");
const values: Record<string, Record<string, string>> = { [CLOUD]: { account: "6222", level: "优选" }, [BIRCH]: { account: "6333" } };

const shown = (name: RegExp) => screen.getByRole("combobox", { name }).closest(".ant-select");

// proves: FORM-01, FORM-04
test("a record is found by what is shown of it, fills the form, and what it filled may be changed by hand", async () => {
  const asked: Asked[] = [];
  const sought: (string | undefined)[] = [];
  server.use(
    on("get", "/flows/{id}/start", { ...start, form, rights, choices: [] }),
    on("get", "/flows/{id}/fields/{field}/records", ({ query }) => {
      const ids = query.get("ids");
      if (ids) return { items: [cloud, birch].filter((one) => one.id === ids).map((one) => ({ ...one, values: values[one.id] ?? {} })), more: false };
      const q = query.get("q") ?? "";
      sought.push(q);
      return { items: [cloud, birch].filter((one) => one.name.zh.includes(q)), more: false };
    }),
    on("post", "/cases", (request) => {
      asked.push(request);
      return { id: CASE };
    }),
  );
  const { user } = open(`/start/${FLOW}`);
  const picker = await screen.findByRole("combobox", { name: /供应商/ }, { timeout: 60_000 });
  await user.type(picker, "云杉");
  expect(await screen.findByText(/代码 A-1/)).toBeInTheDocument();
  await user.click(screen.getByTitle("云杉设备"));
  await waitFor(() => expect(screen.getByRole("textbox", { name: /银行账号/ })).toHaveValue("6222"));
  expect(await screen.findByText("优选"), "what he may only read is shown").toBeInTheDocument();
  expect(sought).toContain("云杉");
  await expectAccessible();

  await user.click(picker);
  await user.click(await screen.findByTitle("白桦文具"));
  await waitFor(() => expect(screen.getByRole("textbox", { name: /银行账号/ })).toHaveValue("6333"));
  expect(shown(/供应商/)).toHaveTextContent("白桦文具");
  expect(screen.queryByText("优选")).toBeNull();
  await user.clear(screen.getByRole("textbox", { name: /银行账号/ }));
  await user.type(screen.getByRole("textbox", { name: /银行账号/ }), "7");
  await user.click(screen.getByRole("checkbox", { name: /本人确认/ }));
  await user.click(screen.getByRole("button", { name: "提交" }));
  await waitFor(() => expect(asked).toHaveLength(1));
  expect(asked[0]?.body).toMatchObject({ values: { supplier: [BIRCH], account: "7" } });
  expect((asked[0]?.body as { values: object }).values).not.toHaveProperty("level");
});

// proves: FORM-01, FORM-04
test("where what a record fills cannot be fetched it is not chosen, and that is said at the field with a way to try again", async () => {
  let fails = true;
  server.use(
    on("get", "/flows/{id}/start", { ...start, form, rights, choices: [] }),
    on("get", "/flows/{id}/fields/{field}/records", { items: [cloud, birch], more: false }),
  );
  const { user } = open(`/start/${FLOW}`);
  const picker = await screen.findByRole("combobox", { name: /供应商/ }, { timeout: 60_000 });
  await user.click(picker);
  await screen.findByTitle("云杉设备");
  server.use(
    http.get("*/api/v1/flows/:id/fields/:field/records", () =>
      fails ? HttpResponse.error() : HttpResponse.json({ items: [{ ...cloud, values: values[CLOUD] }], more: false }),
    ),
  );
  await user.click(screen.getByTitle("云杉设备"));
  const alert = await screen.findByText(/没有选上/);
  expect(alert).toHaveTextContent("网络不通");
  expect(shown(/供应商/)).not.toHaveTextContent("云杉设备");
  expect(screen.getByRole("textbox", { name: /银行账号/ })).toHaveValue("");
  await expectAccessible();

  fails = false;
  await user.click(screen.getByRole("button", { name: /重\s?试/ }));
  await waitFor(() => expect(screen.getByRole("textbox", { name: /银行账号/ })).toHaveValue("6222"));
  expect(shown(/供应商/)).toHaveTextContent("云杉设备");
  expect(screen.queryByText(/没有选上/)).toBeNull();
});

// proves: FORM-01, FORM-04
test("a search of records that fails says why in the list, which stays open for another try; of many the first are listed, and that is said", async () => {
  let fails = true;
  server.use(
    on("get", "/flows/{id}/start", { ...start, form, rights, choices: [] }),
    http.get("*/api/v1/flows/:id/fields/:field/records", () =>
      fails ? HttpResponse.error() : HttpResponse.json({ items: [{ ...birch, values: values[BIRCH] }], more: true }),
    ),
  );
  const { user } = open(`/start/${FLOW}`);
  await user.click(await screen.findByRole("combobox", { name: /供应商/ }, { timeout: 60_000 }));
  const again = await screen.findByRole("button", { name: /重\s?试/ });
  expect(screen.getByText(/网络不通/)).toBeInTheDocument();
  expect(screen.queryByText(/只列出前面的/)).toBeNull();

  fails = false;
  await user.click(again);
  expect(await screen.findByText(/只列出前面的/)).toBeInTheDocument();
  await expectAccessible();
  await user.click(await screen.findByTitle("白桦文具"));
  await waitFor(() => expect(shown(/供应商/)).toHaveTextContent("白桦文具"));
});

// proves: FORM-01, TIME-11
test("who fills a form in for another chooses among the records of that one", async () => {
  const asked: Asked[] = [];
  server.use(
    on("get", "/flows/{id}/start", { ...start, form, rights, choices: [] }),
    on("get", "/flows/{id}/fields/{field}/records", (request) => {
      asked.push(request);
      return { items: [request.query.get("ids") ? { ...cloud, values: values[CLOUD]! } : cloud], more: false };
    }),
  );
  const { user } = open(`/start/${FLOW}?hat=${SUN.id}`);
  await user.click(await screen.findByRole("combobox", { name: /供应商/ }, { timeout: 60_000 }));
  await user.click(await screen.findByTitle("云杉设备"));
  await waitFor(() => expect(screen.getByRole("textbox", { name: /银行账号/ })).toHaveValue("6222"));
  expect(asked.map(({ query }) => query.get("on_behalf_of"))).toEqual(asked.map(() => SUN.id));
  expect(asked.some(({ query }) => query.get("ids") === CLOUD)).toBe(true);
});

// proves: FORM-01, PERM-02
test("a case shows its records as they were called, with a link for whoever may read them", async () => {
  const records = { [CLOUD]: { ...cloud, link: `/cases/${CLOUD}` }, [BIRCH]: birch };
  const told = { ...view, form, rights: { others: "read" as const }, values: { supplier: [CLOUD, BIRCH] }, records, tasks: [] };
  server.use(on("get", "/cases/{id}", told));
  open(`/cases/${CASE}`);
  expect(await screen.findByRole("link", { name: "云杉设备" })).toHaveAttribute("href", `/cases/${CLOUD}`);
  expect(screen.getByText("白桦文具")).toBeInTheDocument();
  expect(screen.queryByRole("link", { name: "白桦文具" })).toBeNull();
  expect(screen.getByText("代码 B-2")).toBeInTheDocument();
  await expectAccessible();
});
