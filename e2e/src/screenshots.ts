/**
 * `npm run screenshots`: the pictures of the README, taken of a sample organisation of their own with a few cases
 * under way. Written to docs/screenshots/; look at them before you commit them.
 */
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import type { Browser } from "playwright-core";

import { OwnHouse } from "./house.ts";
import { agree, fillIn, halfDay, LEAVE, openForm } from "./leave.ts";
import { Person } from "./person.ts";
import { launch, seat, type Seat, sitDown } from "./seat.ts";

const FOLDER = fileURLToPath(new URL("../../docs/screenshots", import.meta.url));
/** Pictures live in the repository for good. */
const MOST_BYTES = 200_000;

/** A server that HANLIN_URL names, which must be as fresh as one of its own. */
const named = process.env["HANLIN_URL"];
const own = named ? undefined : await OwnHouse.start("--sample");
const url = named ?? own?.url ?? "";
const browser = await launch();
try {
  await take(browser);
} finally {
  await browser.close();
  await own?.stop();
}

async function take(browser: Browser): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  await file(browser, "wutong", "annual", ["2026-12-03", "2026-12-04"], "回老家参加婚礼");
  await submits(browser, "wutong", "物品采购申请", {
    goods: "27 寸显示器两台\n扩展坞两个", amount: "4656.00", needed_on: "2026-12-08", reason: "新员工入职",
  });
  await file(browser, "linxiao", "annual", ["2026-12-07", "2026-12-09"], "年休假，工作已与吴桐交接");
  const number = await file(browser, "linxiao", "personal", ["2026-11-30", "2026-11-30"], "上午办理落户，下午取材料");

  const zhaoQing = await enters(browser, "zhaoqing");
  await zhaoQing.goto("/inbox/waiting");
  await zhaoQing.page.getByRole("listitem").filter({ hasText: "物品采购申请" }).first().click();
  await zhaoQing.sees(zhaoQing.t("workflow.why_me"));
  await picture(zhaoQing, "inbox-desktop");
  await zhaoQing.page.getByRole("listitem").filter({ hasText: "3 天" }).first().click();
  await zhaoQing.sees(zhaoQing.t("workflow.why_me"));
  await agree(zhaoQing, "同意，注意交接");

  const xuJing = await enters(browser, "xujing");
  await xuJing.page.getByRole("listitem").filter({ hasText: "3 天" }).first().click();
  await xuJing.sees(xuJing.t("workflow.why_me"));
  await picture(xuJing, "case-desktop");

  const linXiao = await enters(browser, "linxiao", { device: "phone" });
  await openForm(linXiao);
  await fillIn(linXiao, halfDay("上午去医院复查"));
  await linXiao.sees(linXiao.like("workflow.draft_saved"));
  await linXiao.page.locator("body").click({ position: { x: 5, y: 300 } });
  await picture(linXiao, "fill-phone");
  await linXiao.goto(`/inbox/started?q=${number}`);
  await linXiao.page.getByRole("listitem").first().click();
  await linXiao.sees("赵晴");
  await picture(linXiao, "case-phone");

  await administration(browser);
}

/** An order on the structure, drafted and previewed: what was, what will be, and what must be checked. */
async function administration(browser: Browser): Promise<void> {
  const gaoXiang = await enters(browser, "gaoxiang");
  const { items } = await gaoXiang.asks<{ items: UnitNode[] }>("GET", "/units");
  const group = items[0];
  const department = (name: string) => {
    const found = group?.children.find((each) => each.name.zh === name);
    if (!found) throw new Error(`the sample has no department ${name}`);
    return found.id;
  };
  const { id } = await gaoXiang.asks<{ id: string }>("POST", "/orders", {
    unit: group?.id,
    title: "采购部并入行政部，仓储部更名",
    basis: "总经理办公会纪要第 12 号",
    class: "ordinary",
    changes: [
      { change: "merge_department", department: department("采购部"), into: { kind: "department", id: department("行政部") } },
      { change: "rename_department", department: department("仓储部"), name: { zh: "物流部", en: "Logistics" } },
    ],
  });
  await gaoXiang.goto(`/admin/orders/${id}`);
  await gaoXiang.exactly("orders.preview").click();
  const before = await gaoXiang.sees(gaoXiang.t("orders.chart"));
  await before.evaluate((heading) => heading.scrollIntoView({ block: "center" }));
  await gaoXiang.page.mouse.move(0, 0);
  await picture(gaoXiang, "administration-desktop");
}

interface UnitNode {
  id: string;
  name: { zh: string };
  children: UnitNode[];
}

/** Somebody asks for leave; the case's number. */
async function file(browser: Browser, login: string, kind: string, [from, to]: [string, string], reason: string): Promise<string> {
  return submits(browser, login, LEAVE.zh, { kind, period: { from: { date: from, half: "am" }, to: { date: to, half: "pm" } }, reason });
}

/** Somebody submits a form; the case's number. */
async function submits(browser: Browser, login: string, name: string, values: object): Promise<string> {
  const person = await enters(browser, login);
  const { items } = await person.asks<{ items: { id: string; code: string; name: { zh: string } }[] }>("GET", "/flows");
  const flow = items.find((each) => each.name.zh === name);
  if (!flow) throw new Error(`the sample has no flow ${name}`);
  const { id } = await person.asks<{ id: string }>("POST", "/cases", { flow: flow.id, values, confirmed: true });
  const { number } = await person.asks<{ number: string }>("GET", `/cases/${id}`);
  await person.page.context().close();
  return number;
}

async function enters(browser: Browser, login: string, other: Partial<Seat> = {}): Promise<Person> {
  const seated = seat(other);
  const person = await Person.stranger(await sitDown(browser, url, seated), seated, login);
  await person.goto("/sign-in");
  await person.signIn();
  await person.page.waitForURL(/\/inbox\//);
  await person.settled();
  return person;
}

async function picture(person: Person, name: string, path?: string): Promise<void> {
  if (path) await person.goto(path);
  await person.settled();
  const file = join(FOLDER, `${name}.png`);
  await person.page.screenshot({ path: file, animations: "disabled" });
  const { size } = statSync(file);
  if (size > MOST_BYTES) throw new Error(`${file} has ${size} bytes, more than ${MOST_BYTES}`);
  process.stdout.write(`${name}.png ${Math.round(size / 1000)} kB\n`);
}
