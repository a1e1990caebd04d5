import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test, vi } from "vitest";

import type { Schemas } from "@/api/client";
import { expectAccessible } from "@/test/axe";
import { CASE, FLOW, start, SUN, view } from "@/test/cast";
import { type Asked, on } from "@/test/contract";
import { open } from "@/test/render";
import { server } from "@/test/server";

/** Fields that name things of the directory, and places. */
const words = (zh: string) => ({ zh, en: zh });
const id = (end: string) => `0${end.padStart(25, "0")}`;
const [FINANCE, SALES, MANAGER, HOUSE, PARTNER] = ["f1", "f2", "f3", "f4", "f5"].map(id) as [string, string, string, string, string];

const fields: Schemas["Field"][] = [
  { id: "joint", label: words("联合走访"), type: "description", text: words("两个以上部门请指定带队岗位。"), visible_when: "size(form.departments) > 1" },
  { id: "departments", label: words("参加部门"), type: "department", multiple: true, max_count: 5, required: true },
  { id: "lead", label: words("带队岗位"), type: "post" },
  { id: "host", label: words("接待单位"), type: "unit", among: "external" },
  { id: "address", label: words("走访地址"), type: "address" },
  { id: "arrived", label: words("到达定位"), type: "location" },
];
const form: Schemas["Form"] = { fields, layout: { columns: 2, rows: fields.map(({ id }) => [{ field: id, span: 2 }]) } };

const node = (id: string, kind: "unit" | "department", zh: string, rest: Partial<Schemas["UnitNode"]> = {}): Schemas["UnitNode"] => ({
  id,
  kind,
  name: words(zh),
  people: 1,
  children: [],
  can: ["read"],
  version: 1,
  ...rest,
});
const house = node(HOUSE, "unit", "青禾集团", {
  unit_kind: "group",
  children: [node(FINANCE, "department", "财务部"), node(SALES, "department", "销售部", { can: [] }), node(PARTNER, "unit", "远山经销（示例）", { unit_kind: "external" })],
});

beforeEach(() => {
  server.use(
    on("get", "/flows/{id}/start", { ...start, form, rights: { others: "write" }, choices: [] }),
    on("get", "/units", { items: [house] }),
    on("get", "/posts", {
      items: [{ id: MANAGER, unit: HOUSE, code: "manager", name: words("财务经理"), position: 1, valid_from: "2020-01-01T00:00:00Z", can: ["read"], version: 1 }],
    }),
  );
});

const begin = async () => {
  const opened = open(`/start/${FLOW}`);
  await screen.findByRole("combobox", { name: /参加部门/ }, { timeout: 60_000 });
  return opened;
};

// proves: FORM-01, FORM-04
test("departments, posts and units are found by name, and what is not for the reader cannot be chosen", async () => {
  const asked: Asked[] = [];
  server.use(
    on("post", "/cases", (request) => {
      asked.push(request);
      return { id: CASE };
    }),
  );
  const { user } = await begin();
  await expectAccessible();
  await user.type(screen.getByRole("combobox", { name: /参加部门/ }), "部");
  expect(await screen.findByTitle("销售部")).toHaveAttribute("aria-disabled", "true");
  await user.click(screen.getByTitle("财务部"));
  await user.keyboard("{Escape}");
  await user.type(screen.getByRole("combobox", { name: /带队岗位/ }), "经理");
  await user.click(await screen.findByTitle("财务经理"));
  await user.click(screen.getByRole("combobox", { name: /接待单位/ }));
  expect(await screen.findByTitle("远山经销（示例）")).toBeInTheDocument();
  expect(screen.queryByTitle("青禾集团")).toBeNull();
  await user.click(screen.getByTitle("远山经销（示例）"));
  await user.click(screen.getByRole("checkbox", { name: /本人确认/ }));
  await user.click(screen.getByRole("button", { name: "提交" }));
  await waitFor(() => expect(asked).toHaveLength(1));
  expect(asked[0]?.body).toMatchObject({ values: { departments: [FINANCE], lead: [MANAGER], host: [PARTNER] } });
});

// proves: FORM-04
test("an address is chosen in steps, and what it lacks is named", async () => {
  const { user } = await begin();
  const group = screen.getByRole("group", { name: "走访地址" });
  await user.type(within(group).getByRole("textbox", { name: /详细地址/ }), "示例路 1 号");
  await user.click(screen.getByRole("button", { name: "提交" }));
  expect(await screen.findByText("请选择所在地区，选到最后一级。")).toBeInTheDocument();
  await user.click(within(group).getByRole("combobox", { name: /所在地区/ }));
  for (const step of ["浙江省", "杭州市", "西湖区"]) await user.click(await screen.findByTitle(step));
  await waitFor(() => expect(screen.queryByText("请选择所在地区，选到最后一级。")).toBeNull());
  await user.type(within(group).getByRole("textbox", { name: /邮政编码/ }), "31001");
  expect(await screen.findByText("邮政编码应为 6 位数字。")).toBeInTheDocument();
});

// proves: FORM-04
test("a position is taken from the device over https only, and marked as taken", async () => {
  const { user } = await begin();
  const take = screen.getByRole("button", { name: /获取当前位置/ });
  vi.stubGlobal("isSecureContext", false);
  await user.click(take);
  expect(await screen.findByText(/只有通过 https 访问时才能定位/)).toBeInTheDocument();

  vi.stubGlobal("isSecureContext", true);
  const coords = { latitude: 30.2741501, longitude: 120.15507, accuracy: 34.2 };
  const tell = vi.fn((told: PositionCallback) => told({ coords, timestamp: Date.parse("2026-11-23T01:30:00.400Z") } as GeolocationPosition));
  Object.defineProperty(navigator, "geolocation", { configurable: true, value: { getCurrentPosition: tell } });
  await user.click(take);
  expect(await screen.findByText(/纬度 30.27415，经度 120.15507/)).toBeInTheDocument();
  expect(screen.getByText(/由设备定位.*误差约 35 米/)).toBeInTheDocument();
  expect(screen.queryByRole("alert")).toBeNull();
  vi.unstubAllGlobals();
});

// proves: FORM-04
test("a case shows what was chosen by the names that came with it", async () => {
  const values = {
    departments: [FINANCE, SALES],
    lead: [MANAGER],
    address: { province: "北京市", city: "北京市", district: "东城区", street: "示例胡同 2 号", postcode: "100010" },
    arrived: { latitude: "39.9", longitude: "116.4", accuracy: "12", taken_at: "2026-11-23T01:30:00Z" },
  };
  const names = { [FINANCE]: words("财务部"), [SALES]: words("销售部"), [MANAGER]: words("财务经理") };
  server.use(on("get", "/cases/{id}", { ...view, form, rights: { others: "read" }, values, names, tasks: [] }));
  open(`/cases/${CASE}`);
  expect(await screen.findByText("财务部")).toBeInTheDocument();
  expect(screen.getByText(/销售部/)).toBeInTheDocument();
  expect(screen.getByText("两个以上部门请指定带队岗位。")).toBeInTheDocument();
  expect(screen.getByText(/北京市东城区 示例胡同 2 号/)).toBeInTheDocument();
  expect(screen.getByText(/由设备定位.*误差约 12 米/)).toBeInTheDocument();
  await expectAccessible();
});

const OTHER = id("c7");
const other: Schemas["RelatedCase"] = { id: OTHER, number: "20261120-7K3QZW", title: words("请假申请 · 林晓"), status: "running", readable: true };
const signed: Schemas["Form"] = {
  fields: [
    { id: "others", label: words("关联事项"), type: "case", multiple: true },
    { id: "signature", label: words("本人签名"), type: "handwriting", required: true },
  ],
  layout: { columns: 2, rows: [[{ field: "others", span: 2 }], [{ field: "signature", span: 2 }]] },
};

// proves: FORM-01, TRACE-03
test("a case is found among one's own, and a signature is drawn, cleared, drawn again and sent", async () => {
  const asked: Asked[] = [];
  server.use(
    on("get", "/flows/{id}/start", { ...start, form: signed, rights: { others: "write" }, choices: [] }),
    on("get", "/flows/{id}/fields/{field}/cases", { items: [other] }),
    http.post("*/api/v1/files", () => HttpResponse.json({ id: id("aa"), name: "signature.png", size: 70, media_type: "image/png" })),
    on("post", "/cases", (request) => {
      asked.push(request);
      return { id: CASE };
    }),
  );
  const ink = { fillRect: vi.fn(), beginPath: vi.fn(), moveTo: vi.fn(), lineTo: vi.fn(), stroke: vi.fn() };
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(ink as unknown as CanvasRenderingContext2D);
  vi.spyOn(HTMLCanvasElement.prototype, "toBlob").mockImplementation((then) => then(new Blob(["png"], { type: "image/png" })));

  const { user } = open(`/start/${FLOW}`);
  await user.click(await screen.findByRole("combobox", { name: /关联事项/ }, { timeout: 60_000 }));
  await user.click(await screen.findByTitle(/20261120-7K3QZW/));
  await user.keyboard("{Escape}");

  await user.click(screen.getByRole("button", { name: /^签名$/ }));
  await user.click(screen.getByRole("button", { name: "完成签名" }));
  expect(await screen.findByText("请先在框内签名。")).toBeInTheDocument();
  const pad = screen.getByRole("img", { name: /签名区/ });
  await expectAccessible();
  const stroke = () =>
    user.pointer([
      { keys: "[MouseLeft>]", target: pad, coords: { clientX: 10, clientY: 10 } },
      { target: pad, coords: { clientX: 60, clientY: 40 } },
      { keys: "[/MouseLeft]", target: pad },
    ]);
  await stroke();
  expect(ink.stroke).toHaveBeenCalled();
  await user.click(screen.getByRole("button", { name: "清除重写" }));
  await stroke();
  await user.click(screen.getByRole("button", { name: "完成签名" }));
  expect(await screen.findByRole("img", { name: "本人签名" })).toHaveAttribute("src", expect.stringContaining(id("aa")));
  await user.click(screen.getByRole("checkbox", { name: /本人确认/ }));
  await user.click(screen.getByRole("button", { name: "提交" }));
  await waitFor(() => expect(asked).toHaveLength(1));
  expect(asked[0]?.body).toMatchObject({ values: { others: [OTHER], signature: [id("aa")] } });
});

// proves: FORM-01, TIME-11
test("who fills a form in for another names one of that one's cases, and a search goes on where it found nothing", async () => {
  const queries: Asked["query"][] = [];
  server.use(
    on("get", "/flows/{id}/start", { ...start, form: signed, rights: { others: "write" }, choices: [] }),
    on("get", "/flows/{id}/fields/{field}/cases", ({ query }) => {
      queries.push(query);
      return query.get("q") && !query.get("after") ? { items: [], next: "a" } : { items: [other] };
    }),
  );
  const { user } = open(`/start/${FLOW}?hat=${SUN.id}`);
  const picker = await screen.findByRole("combobox", { name: /关联事项/ }, { timeout: 60_000 });
  await user.type(picker, "7K3");
  await waitFor(() => expect(queries.some((query) => query.get("q") === "7K3" && query.get("after") === "a")).toBe(true));
  await user.click(await screen.findByTitle(/20261120-7K3QZW/));
  expect(queries.map((query) => query.get("on_behalf_of"))).toEqual(queries.map(() => SUN.id));
  await expectAccessible();
});

// proves: FORM-01
test("a search of cases that fails is tried again from the list, and more of them are loaded there", async () => {
  let fails = true;
  const some = Array.from({ length: 8 }, (_, n) => ({ ...other, id: id(`e${n}`), number: `20261120-0000${n}` }));
  server.use(
    on("get", "/flows/{id}/start", { ...start, form: signed, rights: { others: "write" }, choices: [] }),
    http.get("*/api/v1/flows/:id/fields/:field/cases", ({ request }) => {
      if (fails) return HttpResponse.error();
      return HttpResponse.json(new URL(request.url).searchParams.has("after") ? { items: [other] } : { items: some, next: "a" });
    }),
  );
  const { user } = open(`/start/${FLOW}`);
  await user.click(await screen.findByRole("combobox", { name: /关联事项/ }, { timeout: 60_000 }));
  const again = await screen.findByRole("button", { name: /重\s?试/ });
  expect(screen.getByText(/网络不通/)).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "加载更多" })).toBeNull();

  fails = false;
  await user.click(again);
  await user.click(await screen.findByRole("button", { name: "加载更多" }));
  await waitFor(() => expect(screen.queryByRole("button", { name: "加载更多" })).toBeNull());
  await user.keyboard("{ArrowUp}");
  await user.click(await screen.findByTitle(/20261120-7K3QZW/));
  expect(screen.getByRole("combobox", { name: /关联事项/ }).closest(".ant-select")).toHaveTextContent("20261120-7K3QZW");
});

// proves: PERM-02
test("a named case is a link for whoever may read it, and tells nobody else how it stands", async () => {
  const shut: Schemas["RelatedCase"] = { id: id("c8"), number: "20261119-AAAAAA", title: words("用印申请 · 何静"), readable: false };
  const values = { others: [OTHER, shut.id] };
  server.use(
    on("get", "/cases/{id}", { ...view, form: signed, rights: { others: "read" }, values, cases: { [OTHER]: other, [shut.id]: shut }, named_by: [other], tasks: [] }),
  );
  open(`/cases/${CASE}`);
  const links = await screen.findAllByRole("link", { name: /20261120-7K3QZW/ });
  expect(links[0]).toHaveAttribute("href", `/cases/${OTHER}`);
  expect(screen.getByText(/20261119-AAAAAA/)).toBeInTheDocument();
  expect(screen.queryByRole("link", { name: /20261119-AAAAAA/ })).toBeNull();
  expect(screen.getByText("您无权查看")).toBeInTheDocument();
  expect(within(screen.getByRole("region", { name: "被以下事项关联" })).getByRole("link")).toBeInTheDocument();
  await expectAccessible();
});

// proves: FLOW-35
test("printed, a case is a sheet to read: nothing to fill in, and a line that says of what, by whom and where to check", async () => {
  const print = vi.spyOn(window, "print").mockImplementation(() => {
    window.dispatchEvent(new Event("beforeprint"));
  });
  server.use(on("get", "/cases/{id}", { ...view, rights: { others: "write" } }));
  const { user } = open(`/cases/${CASE}`);
  const reason = await screen.findByRole("textbox", { name: /事由/ });
  expect(screen.getByText(new RegExp(`编号 ${view.number} · 由 周岚`)), "the line is on paper however it is printed").toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "打印" }));
  expect(print).toHaveBeenCalledOnce();
  expect(reason).not.toBeInTheDocument();
  expect(screen.getByText(new RegExp(`编号 ${view.number} · 由 周岚 于 .*打印.*/cases/${CASE}`))).toBeInTheDocument();
  window.dispatchEvent(new Event("afterprint"));
  expect(await screen.findByRole("textbox", { name: /事由/ })).toBeInTheDocument();
});
