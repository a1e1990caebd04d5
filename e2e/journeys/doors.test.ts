/** Doors: the first start, the initial password, wrong passwords, leaving, and who else is signed in. */
import assert from "node:assert/strict";

import { OwnHouse } from "../src/house.ts";
import { look, picture } from "../src/look.ts";
import type { Person } from "../src/person.ts";
import { test } from "../src/stage.ts";

const GOOD = "Kranich&Reiher7";

// proves: ACC-01
test("the one-time link of an empty folder sets the organisation up, once", async (stage) => {
  const house = await OwnHouse.start();
  stage.onEnd(() => house.stop());
  const link = await house.printed(/http:\/\/\S+\/setup\?token=\S+/);

  const first = await stage.stranger({ device: "phone" }, "first", house.url);
  await first.goto(new URL(link).pathname + new URL(link).search);
  await look(first, "doors/1-set-up");
  await first.page.getByLabel(first.t("access.organisation"), { exact: true }).fill("白鹭文化有限公司");
  await first.page.getByLabel(first.t("access.your_name")).fill("纪云");
  await first.page.getByLabel(first.t("access.login")).fill("jiyun");
  const password = first.page.getByLabel(first.t("access.password"), { exact: true });
  await password.fill("123456");
  first.expects(422);
  await first.exactly("access.setup_submit").click();
  await first.sees(refusal(first));
  await look(first, "doors/2-set-up-refused");
  await password.fill(GOOD);
  await first.exactly("access.setup_submit").click();
  await first.page.waitForURL(/\/(inbox|sign-in|admin|start)/);
  if (first.page.url().includes("/sign-in")) await first.signIn(GOOD, "jiyun");
  await first.page.waitForURL(/\/(inbox|admin|start)/);
  await look(first, "doors/3-set-up-done");

  // The link is worth nothing any more, to nobody.
  const second = await stage.stranger({ locale: "en" }, "second", house.url);
  await second.goto(new URL(link).pathname + new URL(link).search);
  await second.sees(second.t("access.setup_done"));
  await look(second, "doors/4-set-up-used");
  second.expects(401, 403, 409, 422);
  const again = await second.ask("POST", "/setup", { token: new URL(link).searchParams.get("token"), organisation: "X", name: "X", login: "xx", password: GOOD });
  assert.ok(again.status >= 400 && again.status < 500, `${again.status} ${JSON.stringify(again.body)}`);
});

// proves: ACC-07, ACC-08
test("an initial password opens nothing but its own change, and a weak one is refused in words", async (stage) => {
  const gaoXiang = await stage.enters("gaoxiang");
  const { one_time_password: initial } = await resetPassword(gaoXiang, "sunhao");

  const sunHao = await stage.stranger({ device: "phone" }, "sunhao");
  await sunHao.goto("/sign-in");
  await sunHao.signIn(initial);
  await sunHao.page.waitForURL(/\/password/);
  await look(sunHao, "doors/5-initial-password");
  // No other page opens, by address or by request.
  sunHao.expects(401, 403);
  await sunHao.page.goto("/inbox/waiting");
  await sunHao.page.waitForURL(/\/password/);
  assert.equal((await sunHao.ask("GET", "/tasks")).status, 403);

  const fill = async (next: string) => {
    await sunHao.page.getByLabel(sunHao.t("access.current_password"), { exact: true }).fill(initial);
    await sunHao.page.getByLabel(sunHao.t("access.new_password"), { exact: true }).fill(next);
    await sunHao.page.getByLabel(sunHao.t("access.new_password_again"), { exact: true }).fill(next);
    await sunHao.exactly("access.change_password").click();
  };
  sunHao.expects(422);
  await fill("sunhao11");
  await sunHao.sees(refusal(sunHao));
  await look(sunHao, "doors/6-weak-password");
  await fill(GOOD);
  await sunHao.page.waitForURL(/\/inbox\//);
  await sunHao.isTold("access.password_changed");
  await sunHao.settled();

  // The initial password is worth nothing any more.
  sunHao.expects(409);
  await signOut(sunHao);
  await sunHao.signIn(initial);
  await sunHao.sees(sunHao.page.getByRole("alert").getByText(sunHao.t("access.wrong_credentials")));
  await sunHao.signIn(GOOD);
  await sunHao.page.waitForURL(/\/inbox\//);
});

// proves: ACC-10
test("wrong passwords are refused, then blocked with the time to wait, for this login only", async (stage) => {
  const guesser = await stage.stranger({ locale: "en" }, "tianyu");
  guesser.expects(401, 403, 409, 422, 429);
  await guesser.goto("/sign-in");
  await look(guesser, "doors/7-sign-in");
  await guesser.exactly("access.sign_in").click();
  await guesser.sees(guesser.t("access.login_missing"));
  await guesser.signIn("Not-her-1st-guess");
  await guesser.sees(guesser.page.getByRole("alert").getByText(guesser.t("access.wrong_credentials")));
  await look(guesser, "doors/8-wrong-password");
  const statuses: number[] = [];
  for (let guess = 2; guess <= 6; guess += 1) {
    statuses.push((await guesser.ask("POST", "/sessions", { login: "tianyu", password: `Guess-no-${guess}` })).status);
  }
  assert.equal(statuses.at(-1), 429, String(statuses));
  // Now even the right one has to wait, and nobody else.
  await guesser.signIn();
  await guesser.sees(guesser.page.getByRole("alert").getByText(/\d+/));
  await look(guesser, "doors/9-blocked");
  await stage.enters("majian");
});

// proves: ACC-12, SEC-01
test("whoever is signed in elsewhere is listed and put out, and signing out leaves nothing behind", async (stage) => {
  // Somebody whom no other journey signs in.
  const desk = await stage.enters("bailu");
  const phone = await stage.enters("bailu", { device: "phone" });
  await desk.goto("/me/sessions");
  const sessions = desk.page.getByRole("region", { name: desk.t("access.section_sessions") }).getByRole("listitem");
  await sessions.nth(1).waitFor();
  assert.equal(await sessions.count(), 2);
  await look(desk, "doors/10-sessions");
  phone.expects(401);
  await desk.page.getByRole("button", { name: desk.like("access.end_session_of") }).click();
  await desk.isTold("access.session_ended");
  await desk.seesNot(sessions.nth(1));

  // The phone is put out by itself, not at the next tap.
  await phone.page.waitForURL(/\/sign-in/);

  await desk.goto("/me/sign_ins");
  await look(desk, "doors/11-sign-in-log");
  desk.expects(401);
  await signOut(desk);
  // Going back shows nothing of what stood there.
  await desk.page.goBack();
  await desk.page.waitForURL(/\/sign-in/);
  assert.equal((await desk.ask("GET", "/session")).status, 401);
  await picture(desk, "doors/12-signed-out");
});

/** What stands under a field that was refused. */
const refusal = (person: Person) => person.page.locator(".ant-form-item-explain-error");

async function signOut(person: Person): Promise<void> {
  if (person.isOnPhone) {
    await person.goto("/me");
    await person.exactly("app.sign_out").click();
  } else {
    await person.page.getByRole("button", { name: person.like("app.account_of") }).click();
    await person.page.getByRole("menuitem", { name: person.t("app.sign_out") }).click();
  }
  await person.page.waitForURL(/\/sign-in/);
}

async function resetPassword(administrator: Person, login: string): Promise<{ one_time_password: string }> {
  const found = await administrator.asks<{ items: { id: string; login: string }[] }>("GET", `/accounts?limit=200`);
  const account = found.items.find((each) => each.login === login);
  assert.ok(account, `${login} has an account`);
  return administrator.asks("POST", `/accounts/${account.id}/password_reset`);
}
