import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";

import { expectAccessible } from "@/test/axe";
import { type Asked, on, refuse } from "@/test/contract";
import { open } from "@/test/render";
import { server } from "@/test/server";

import type { CalendarView, HolidayYear, WorkingDay } from "./api";
import { readHours, showHours } from "./lib/hours";
import { standardWeek } from "./lib/week";
import { missingYears } from "./lib/years";

const YEAR = new Date().getFullYear();

const calendar: CalendarView = {
  id: "0c1",
  unit: "0g1",
  name: { zh: "集团日历" },
  zone: "Asia/Shanghai",
  region: "CN",
  weeks: [{ week: standardWeek() }, { valid_from: `${YEAR}-06-01`, week: { friday: { am: [{ from: "08:00", to: "12:00" }] } } }],
  exceptions: [{ date: `${YEAR}-11-23`, exception: { kind: "holiday", name: { zh: "厂庆" } } }],
  version: 3,
  can: ["read", "change"],
};

const year = (of: number, shipped: boolean): HolidayYear => ({
  region: "CN",
  year: of,
  source: "国办发明电〔2025〕7号",
  entries: [
    { from: `${of}-01-01`, to: `${of}-01-03`, kind: "off", name: { zh: "元旦" } },
    { from: `${of}-01-04`, kind: "work", name: { zh: "元旦调休上班" } },
  ],
  shipped,
  can: ["read", "replace"],
});

function days(of: number): WorkingDay[] {
  const all: WorkingDay[] = [];
  for (const date = new Date(Date.UTC(of, 0, 1)); date.getUTCFullYear() === of; date.setUTCDate(date.getUTCDate() + 1)) {
    all.push({ date: date.toISOString().slice(0, 10), kind: "workday", am: [], pm: [], days: "1", known: of === YEAR });
  }
  return [{ ...all[0]!, kind: "holiday", name: { zh: "元旦" }, days: "0" }, ...all.slice(1)];
}

function worktime(years: HolidayYear[]) {
  const asked: { created?: Asked; changed?: Asked; set?: Asked; removed?: unknown; imported?: Asked } = {};
  server.use(
    on("get", "/calendars", { items: [{ id: "0c1", unit: "0g1", name: calendar.name, zone: calendar.zone, region: "CN", can: [] }] }),
    on("get", "/calendars/{id}", calendar),
    on("get", "/calendars/{id}/days", ({ query }) => ({ items: days(Number(query.get("from")?.slice(0, 4))) })),
    on("get", "/holiday_years", { items: years }),
    on("post", "/calendars", (request) => ((asked.created = request), calendar)),
    on("put", "/calendars/{id}", (request) => ((asked.changed = request), calendar)),
    on("post", "/calendars/{id}/exceptions", (request) => ((asked.set = request), calendar)),
    on("delete", "/calendars/{id}/exceptions/{date}", ({ params }) => ((asked.removed = params.date), calendar)),
    on("post", "/holiday_years", (request) => {
      asked.imported = request;
      return { region: "CN", year: YEAR, off: 3, work: 1, doubts: [{ field: "entries", code: "worktime.festival_absent", args: { name: "春节" } }] };
    }),
  );
  return asked;
}

// proves: TIME-04
test("years that are missing are warned of, and one is imported", async () => {
  const asked = worktime([year(YEAR - 1, true)]);
  const { user } = open("/admin/calendars");
  expect(await screen.findByText(new RegExp(`缺少公共假日：.*中国 ${YEAR}`), {}, { timeout: 30_000 })).toBeInTheDocument();
  expect(screen.getByRole("link", { name: "集团日历" })).toBeInTheDocument();
  expect(screen.getByText("放假 3 天，调休上班 1 天")).toBeInTheDocument();
  await expectAccessible();
  await user.click(screen.getAllByRole("button", { name: "导入一年的公共假日" })[0]!);
  const dialog = await screen.findByRole("dialog");
  expect(within(dialog).getByRole("textbox", { name: "年份" })).toHaveValue(String(YEAR));
  await user.type(within(dialog).getByRole("textbox", { name: "依据" }), "国办发明电〔2026〕1号");
  await user.type(within(dialog).getByRole("textbox", { name: "条目" }), `from,to,kind,name\n${YEAR}-01-01,,off,元旦`);
  await user.click(within(dialog).getByRole("button", { name: "导入" }));
  await waitFor(() => expect(asked.imported?.body).toMatchObject({ region: "CN", year: YEAR, source: "国办发明电〔2026〕1号" }));
  expect(await within(dialog).findByText(/没有找到.*春节|春节/)).toBeInTheDocument();
  await expectAccessible();
});

test("a year whose lines are faulty is refused at each of them", async () => {
  worktime([year(YEAR, true), year(YEAR + 1, false)]);
  const fields = [{ field: "csv line 2", code: "worktime.csv_not_a_date", args: { text: "2027-02-30" } }];
  server.use(refuse("post", "/holiday_years", { status: 422, code: "invalid", fields }));
  const { user } = open("/admin/calendars");
  await user.click(await screen.findByRole("button", { name: "导入一年的公共假日" }));
  const dialog = await screen.findByRole("dialog");
  await user.type(within(dialog).getByRole("textbox", { name: "年份" }), "2027");
  await user.type(within(dialog).getByRole("textbox", { name: "依据" }), "通知");
  await user.upload(within(dialog).getByLabelText("选择 CSV 文件"), new File(["from,kind,name\n2027-02-30,off,春节"], "2027.csv", { type: "text/csv" }));
  await waitFor(() => expect(within(dialog).getByRole("textbox", { name: "条目" })).toHaveValue("from,kind,name\n2027-02-30,off,春节"));
  await user.click(within(dialog).getByRole("button", { name: "导入" }));
  expect(await within(dialog).findByText(/csv line 2 .*2027-02-30/)).toBeInTheDocument();
});

// proves: TIME-04, UNIT-05 (the part that a unit keeps its own calendar)
test("a calendar shows its weeks, exceptions and year; exceptional days are added and taken off", async () => {
  const asked = worktime([year(YEAR, true)]);
  const { user } = open("/admin/calendars/0c1");
  expect(await screen.findByRole("heading", { name: /集团日历/ })).toBeInTheDocument();
  expect(screen.getAllByText("08:30–12:00")).toHaveLength(5);
  expect(await screen.findByText(/全年 36[45] 个工作日/)).toBeInTheDocument();
  expect(screen.getAllByRole("table").length).toBe(14);
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: `看 ${YEAR + 1} 年` }));
  expect(await screen.findByText(`${YEAR + 1} 年的公共假日还没有导入`)).toBeInTheDocument();

  await user.click(screen.getByRole("button", { name: /^移除 .* 的例外$/ }));
  const question = await screen.findByRole("dialog");
  await user.click(within(question).getByRole("button", { name: "移除" }));
  await waitFor(() => expect(asked.removed).toBe(`${YEAR}-11-23`));

  await user.click(screen.getByRole("button", { name: "增加例外日" }));
  const dialog = await screen.findByRole("dialog", { name: "增加例外日" });
  await user.type(within(dialog).getByRole("textbox", { name: "日期" }), `${YEAR}-11-25{Enter}`);
  await user.click(within(dialog).getByRole("radio", { name: "下午休息" }));
  await user.type(within(dialog).getByRole("textbox", { name: "名称" }), "大扫除");
  await user.click(within(dialog).getByRole("button", { name: "保存" }));
  await waitFor(() =>
    expect(asked.set?.body).toEqual({ from: `${YEAR}-11-25`, exception: { kind: "half_off", half: "pm", name: { zh: "大扫除" } } }),
  );
});

test("the weeks of a calendar are changed with the version that was read", async () => {
  // Without its holidays there is no year to lay out: that takes longer than all that is asked here.
  const asked = worktime([]);
  server.use(on("get", "/calendars/{id}/days", { items: [] }));
  const { user } = open("/admin/calendars/0c1");
  await user.click(await screen.findByRole("button", { name: "修改日历" }));
  const dialog = await screen.findByRole("dialog");
  // By role, each of the fifty fields would be given its name first: seconds.
  const [friday] = within(dialog).getAllByLabelText("周五 下午");
  fireEvent.change(friday!, { target: { value: "noon" } });
  await user.click(within(dialog).getByText("保存"));
  expect(await within(dialog).findByText("请按 08:30-12:00 填写")).toBeInTheDocument();
  fireEvent.change(friday!, { target: { value: "13:00-15:00，15:30-17:00" } });
  await expectAccessible();
  await user.click(within(dialog).getByText("保存"));
  await waitFor(() => expect(asked.changed?.headers.get("If-Match")).toBe("3"));
  const body = asked.changed?.body as CalendarView;
  expect(body.weeks).toHaveLength(2);
  expect(body.weeks[0]!.week.friday!.pm).toEqual([{ from: "13:00", to: "15:00" }, { from: "15:30", to: "17:00" }]);
  expect(body.weeks[1]).toMatchObject({ valid_from: `${YEAR}-06-01` });
});

test("hours are read as people type them", () => {
  expect(readHours("8:30-12:00, 13：00～14：00")).toEqual([{ from: "08:30", to: "12:00" }, { from: "13:00", to: "14:00" }]);
  expect(readHours("")).toEqual([]);
  expect(readHours("9-12")).toBeUndefined();
  expect(readHours("25:00-26:00")).toBeUndefined();
  expect(showHours(readHours("08:30-12:00"))).toBe("08:30–12:00");
});

test("from November on the next year is missed too", () => {
  expect(missingYears([year(2026, true)], "CN", new Date(2026, 9, 31))).toEqual([]);
  expect(missingYears([year(2026, true)], "CN", new Date(2026, 10, 1))).toEqual([2027]);
  expect(missingYears([], "DE", new Date(2026, 0, 1))).toEqual([2026]);
});
