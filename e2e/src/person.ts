/** One person before one browser window, and what people do there. */
import assert from "node:assert/strict";

import type { BrowserContext, Locator, Page } from "playwright-core";

import { PASSWORD } from "./house.ts";
import type { Seat } from "./seat.ts";
import { type Args, pattern, type Word, words } from "./words.ts";

/** How long a page may take on a busy machine with an unoptimised server. */
export const PATIENCE = 15_000;

type Key = Word | (string & {});

export class Person {
  readonly page: Page;
  readonly seat: Seat;
  readonly login: string;
  readonly #faults: string[] = [];
  readonly #expected = new Set<number>();

  private constructor(page: Page, seat: Seat, login: string) {
    this.page = page;
    this.seat = seat;
    this.login = login;
    page.setDefaultTimeout(PATIENCE);
    page.on("pageerror", (error) => this.#faults.push(`uncaught: ${error.stack ?? error.message}`));
    page.on("console", (message) => {
      if (message.type() !== "error") return;
      const status = /status of (\d{3})/.exec(message.text())?.[1];
      if (status && this.#expected.has(Number(status))) return;
      // Nobody is told over a socket that the door is shut.
      if (this.#expected.has(401) && message.text().startsWith("WebSocket connection")) return;
      if (this.#expected.has(0) && message.text().includes("net::ERR_")) return;
      this.#faults.push(`console: ${message.text()} (${message.location().url})`);
    });
  }

  /** Somebody whom the server does not know yet. */
  static async stranger(context: BrowserContext, seat: Seat, login = "stranger"): Promise<Person> {
    const person = new Person(await context.newPage(), seat, login);
    return person;
  }

  /** Another tab of the same browser. */
  async tab(): Promise<Person> {
    return new Person(await this.page.context().newPage(), this.seat, this.login);
  }

  /** Refusals that this journey provokes; the browser logs each as an error. 0 stands for a broken network. */
  expects(...statuses: number[]): this {
    statuses.forEach((status) => this.#expected.add(status));
    return this;
  }

  /** Something is wrong that does not stop the journey. */
  complain(words: string): void {
    this.#faults.push(words);
  }

  /** What went wrong in this window that nobody asked for. */
  get faults(): readonly string[] {
    return this.#faults;
  }

  t(key: Key, args?: Args): string {
    return words(this.seat.locale, key, args);
  }

  /** The words with arguments left open. */
  like(key: Key, args?: Args): RegExp {
    return pattern(this.seat.locale, key, args);
  }

  /** What an organisation named in both languages. */
  named(zh: string, en: string): string {
    return this.seat.locale === "en" ? en : zh;
  }

  get isOnPhone(): boolean {
    return this.seat.device === "phone";
  }

  async goto(path: string): Promise<void> {
    await this.page.goto(path);
    await this.settled();
  }

  /** Nothing is being fetched for the first time any more, and nothing is being counted anew. */
  async settled(): Promise<void> {
    await this.page.locator("#root :is(main, form)").first().waitFor();
    await this.page.waitForFunction(
      (loading) => !document.querySelector(`[role="status"][aria-label="${loading}"], [aria-busy="true"]`),
      this.t("ui.loading"),
    );
  }

  async signIn(password = PASSWORD, login = this.login): Promise<void> {
    await this.page.getByLabel(this.t("access.login")).fill(login);
    await this.page.getByLabel(this.t("access.password"), { exact: true }).fill(password);
    await this.page.getByRole("button", { name: this.t("access.sign_in") }).click();
  }

  button(key: Key, args?: Args): Locator {
    return this.page.getByRole("button", { name: this.like(key, args) });
  }

  /** The one button whose words are exactly these, whatever keys are hinted at beside them. */
  exactly(key: Key, args?: Args): Locator {
    return this.page.getByRole("button", { name: this.t(key, args), exact: true });
  }

  async sees(what: Locator | RegExp | string): Promise<Locator> {
    const found = typeof what === "string" || what instanceof RegExp ? this.page.getByText(what) : what;
    await found.first().waitFor();
    return found.first();
  }

  async seesNot(what: Locator | RegExp | string): Promise<void> {
    const found = typeof what === "string" || what instanceof RegExp ? this.page.getByText(what) : what;
    await found.first().waitFor({ state: "hidden" });
  }

  /** The line that says what happened. */
  async isTold(key: Key, args?: Args): Promise<void> {
    await this.page.getByRole("log").getByText(this.like(key, args)).first().waitFor();
  }

  /** Opens a choice list and takes one of it. */
  async choose(list: Locator, option: string): Promise<void> {
    await list.click();
    await this.page.locator(".ant-select-dropdown:visible .ant-select-item-option", { hasText: option }).first().click();
  }

  /** Types into a choice list and takes the option that is called exactly this. */
  async pick(list: Locator, option: string, typed = option): Promise<void> {
    await list.click();
    await list.pressSequentially(typed);
    await this.page.locator(`.ant-select-dropdown:visible .ant-select-item-option[title="${option}"]`).first().click();
  }

  /** Taps a day in the calendar behind a date field; a phone opens no keyboard for it. */
  async pickDay(field: Locator, day: string): Promise<void> {
    await field.click();
    const calendar = this.page.locator(".ant-picker-dropdown:visible");
    const cell = calendar.locator(`td.ant-picker-cell-in-view[title="${day}"]`);
    const shown = async () => (await calendar.locator("td.ant-picker-cell-in-view").first().getAttribute("title")) ?? "";
    for (let month = await shown(); month.slice(0, 7) !== day.slice(0, 7); month = await shown()) {
      const step = month > day ? ".ant-picker-header-prev-btn" : ".ant-picker-header-next-btn";
      await calendar.locator(step).click();
    }
    await cell.click();
    await calendar.waitFor({ state: "hidden" });
  }

  /** A request as this person, past the page: for what a journey needs but is not about. */
  async ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
    return this.page.evaluate(
      async ([method, path, body]) => {
        const headers: Record<string, string> = { "Idempotency-Key": crypto.randomUUID() };
        if (body !== undefined) headers["Content-Type"] = "application/json";
        const answer = await fetch(`/api/v1${path as string}`, {
          method: method as string,
          headers,
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        const text = await answer.text();
        return { status: answer.status, body: text ? (JSON.parse(text) as unknown) : undefined };
      },
      [method, path, body] as const,
    );
  }

  /** The same, and it must be granted. */
  async asks<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.ask(method, path, body);
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body as T;
  }
}
