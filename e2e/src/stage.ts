/** A journey: a stage on which people come and go; pictures of everybody's screen when it fails. */
import assert from "node:assert/strict";
import nodeTest, { after } from "node:test";

import type { Browser, BrowserContext } from "playwright-core";

import { houseUrl, PASSWORD } from "./house.ts";
import { picture } from "./look.ts";
import { Person } from "./person.ts";
import { launch, seat, type Seat, sitDown } from "./seat.ts";

let browser: Promise<Browser> | undefined;
after(async () => (await browser)?.close());

export class Stage {
  readonly #contexts: BrowserContext[] = [];
  readonly #people: Person[] = [];
  readonly #closers: (() => Promise<void>)[] = [];

  /** Somebody opens a browser at the sign-in page of a server. */
  async stranger(seated: Partial<Seat> = {}, login?: string, url = houseUrl()): Promise<Person> {
    browser ??= launch();
    const context = await sitDown(await browser, url, seat(seated));
    this.#contexts.push(context);
    const person = await Person.stranger(context, seat(seated), login);
    this.#people.push(person);
    return person;
  }

  /**
   * Somebody of the sample organisation, signed in, before the page that he opens first. The sign-in page has journeys of
   * its own; everybody else is past it.
   */
  async enters(login: string, seated: Partial<Seat> = {}, first = "/"): Promise<Person> {
    const person = await this.stranger(seated, login);
    const answer = await person.page.request.post("/api/v1/sessions", { data: { login, password: PASSWORD } });
    assert.ok(answer.ok(), `${login} cannot sign in: ${answer.status()} ${await answer.text()}`);
    await person.goto(first);
    return person;
  }

  /** Run when the journey is over, however it ended. */
  onEnd(close: () => Promise<void>): void {
    this.#closers.push(close);
  }

  async pictures(name: string): Promise<void> {
    for (const person of this.#people) {
      // A window that crashed gives no picture; the failure itself is what is reported.
      await picture(person, `failed/${name}/${person.login}`).catch(() => undefined);
    }
  }

  /** What went wrong in any window that the journey did not provoke. */
  get faults(): string[] {
    return [...new Set(this.#people.flatMap((person) => person.faults.map((fault) => `${person.login}: ${fault}`)))];
  }

  async close(): Promise<void> {
    for (const context of this.#contexts) await context.close();
    for (const close of this.#closers) await close();
  }
}

/** A journey. */
export function test(name: string, walk: (stage: Stage) => Promise<void>): void {
  void nodeTest(name, { timeout: 180_000 }, async () => {
    const stage = new Stage();
    try {
      await walk(stage);
    } catch (error) {
      await stage.pictures(name.replaceAll(/[^a-z0-9]+/gi, "-"));
      throw stage.faults.length > 0 ? new Error(`${describe(error)}\n${list(stage.faults)}`, { cause: error }) : error;
    } finally {
      await stage.close();
    }
    assert.equal(stage.faults.length, 0, list(stage.faults));
  });
}

const list = (faults: readonly string[]): string => faults.map((fault) => `- ${fault}`).join("\n");

const describe = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
