/** The server under test, and servers of a journey's own. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** Where the sample organisation is served; `cargo xtask test` starts it and says so. */
export function houseUrl(): string {
  const url = process.env["HANLIN_URL"];
  if (!url) throw new Error("HANLIN_URL must name a server with the sample organisation, such as http://127.0.0.1:8080");
  return url;
}

/** What everybody in the sample organisation signs in with. */
export const PASSWORD = "Qinglan-2026!";

const root = fileURLToPath(new URL("../..", import.meta.url));

function binary(): string {
  const named = process.env["HANLIN_BINARY"];
  const path = named ?? join(process.env["CARGO_TARGET_DIR"] ?? join(root, "target"), "debug/hanlin");
  if (!existsSync(path)) throw new Error(`there is no server at ${path}: run cargo build -p hanlin-server, or set HANLIN_BINARY`);
  return path;
}

/** A server on an empty folder. */
export class OwnHouse {
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly url: string;
  #said = "";

  private constructor(process: ChildProcess, folder: string, url: string) {
    this.#process = process;
    this.#folder = folder;
    this.url = url;
    const hear = (chunk: Buffer) => {
      this.#said += chunk.toString();
    };
    process.stdout?.on("data", hear);
    process.stderr?.on("data", hear);
  }

  static async start(...options: string[]): Promise<OwnHouse> {
    const folder = mkdtempSync(join(tmpdir(), "hanlin-journey-"));
    const port = await freePort();
    const process = spawn(binary(), ["serve", "--data", join(folder, "data"), "--listen", `127.0.0.1:${port}`, ...options]);
    const house = new OwnHouse(process, folder, `http://127.0.0.1:${port}`);
    await house.#ready();
    return house;
  }

  /** What the server printed, once it matches. */
  async printed(wanted: RegExp): Promise<string> {
    for (const until = Date.now() + 20_000; Date.now() < until; await sleep(50)) {
      const found = wanted.exec(this.#said);
      if (found) return found[0];
    }
    throw new Error(`the server never printed ${wanted}. It printed:\n${this.#said}`);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    if (this.#process.exitCode === null) {
      this.#process.kill("SIGTERM");
      await ended;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #ready(): Promise<void> {
    for (const until = Date.now() + 60_000; Date.now() < until; await sleep(50)) {
      if (this.#process.exitCode !== null) break;
      // Nobody listens yet: that is what is being waited for.
      const answer = await fetch(`${this.url}/healthz`).catch(() => undefined);
      if (answer?.ok) return;
    }
    throw new Error(`the server did not get ready:\n${this.#said}`);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port is free"))));
    });
  });
}
