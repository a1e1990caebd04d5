/** Every page there is, at a desk and on a phone: nothing serious, nothing sideways, no error, one language. */
import { field, fillIn, halfDay, openForm, submit } from "../src/leave.ts";
import { inspect } from "../src/look.ts";
import type { Person } from "../src/person.ts";
import type { Seat } from "../src/seat.ts";
import { type Stage, test } from "../src/stage.ts";

/**
 * What the other journeys do not sit at: they see their pages in Chinese by daylight, and on a phone in English at night.
 * A page looks the same on either database, so each seat is taken on one of them.
 */
const SEATS: (Seat & { engine: string })[] = [
  { device: "desktop", locale: "zh-CN", scheme: "dark", engine: "sqlite" },
  { device: "phone", locale: "en", scheme: "light", engine: "postgres" },
];
const engine = process.env["HANLIN_ENGINE"];

/** Everybody's pages. */
const PLACES = {
  waiting: "/inbox/waiting",
  done: "/inbox/done",
  started: "/inbox/started",
  copied: "/inbox/copied",
  drafts: "/inbox/drafts",
  gallery: "/start",
  notifications: "/notifications",
  people: "/people",
  me: "/me",
  agents: "/agents",
  password: "/me/password",
  sessions: "/me/sessions",
  "sign-ins": "/me/sign_ins",
  nowhere: "/no-such-page",
};

/** The administrator's. */
const ADMIN_PLACES = {
  all: "/admin",
  flows: "/admin/flows",
  running: "/admin/running",
  cancelled: "/admin/cancelled",
  people: "/admin/people",
  organisation: "/organisation",
  groups: "/groups",
  orders: "/admin/orders",
  "hand-over": "/admin/hand-over",
  completeness: "/admin/completeness",
  units: "/admin/units",
  seats: "/admin/seats",
  accounts: "/admin/accounts",
  grants: "/admin/grants",
  roles: "/admin/roles",
  "sign-ins": "/admin/sign-ins",
  "department-accounts": "/admin/department-accounts",
  "query-rights": "/admin/query-rights",
  agents: "/admin/agents",
  endpoints: "/admin/endpoints",
  "who-may": "/admin/who-may",
  "who-sees": "/admin/who-sees",
  query: "/query",
  import: "/admin/import",
  calendars: "/admin/calendars",
  clauses: "/admin/clauses",
  sample: "/admin/sample",
  trace: "/admin/trace",
};

for (const { engine: onlyOn, ...seat } of SEATS) {
  if (engine && engine !== onlyOn) continue;
  // proves: MOB-01
  test(`every page, ${seat.device}, ${seat.locale}, ${seat.scheme}`, (stage) => everyPage(stage, seat));
}

async function everyPage(stage: Stage, seat: Seat): Promise<void> {
  const xiaTian = await stage.stranger(seat, "xiatian");
  await xiaTian.goto("/sign-in");
  await inspect(xiaTian, "pages/sign-in");
  await xiaTian.exactly("access.sign_in").click();
  await xiaTian.sees(xiaTian.page.locator(".ant-form-item-explain"));
  await inspect(xiaTian, "pages/sign-in-empty");
  await xiaTian.signIn();
  await xiaTian.page.waitForURL(/\/inbox\//);
  await xiaTian.settled();
  await openForm(xiaTian);
  await fillIn(xiaTian, halfDay(xiaTian.named("搬家", "Moving house")));
  await xiaTian.sees(field(xiaTian, "period").getByText(xiaTian.t("forms.working_days", { n: "0.5" })));
  await inspect(xiaTian, "pages/form");
  await submit(xiaTian);
  await inspect(xiaTian, "pages/case");
  for (const [name, path] of Object.entries(PLACES)) await visit(xiaTian, path, name);

  const gaoXiang = await stage.enters("gaoxiang", seat);
  for (const [name, path] of Object.entries(ADMIN_PLACES)) await visit(gaoXiang, path, `admin-${name}`);
  if (seat.device === "desktop") await overlays(gaoXiang);
}

async function visit(person: Person, path: string, name: string): Promise<void> {
  await person.goto(path);
  await inspect(person, `pages/${name}`);
}

/** What opens over a page: search, the keys, the account's menu. */
async function overlays(person: Person): Promise<void> {
  await person.goto("/inbox/waiting");
  await person.page.keyboard.press("Control+k");
  await person.page.getByRole("dialog").getByRole("combobox").fill("lx");
  await person.sees(person.page.getByRole("dialog").getByText("林晓"));
  await inspect(person, "pages/palette");
  await person.page.keyboard.press("Escape");
  await person.page.keyboard.press("?");
  await person.sees(person.t("ui.keyboard_help"));
  await inspect(person, "pages/keyboard");
  await person.page.keyboard.press("Escape");
  await person.page.getByRole("button", { name: person.like("app.account_of") }).click();
  await inspect(person, "pages/account-menu");
}
