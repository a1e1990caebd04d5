import "@testing-library/jest-dom/vitest";

import { cleanup, configure } from "@testing-library/react";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";

import { loadLocale } from "@/app/words";

import { server } from "./server";

// Pages come as chunks and are drawn on a shared machine: waiting longer makes no test slower that passes.
configure({ asyncUtilTimeout: 8_000 });

/** What the browser has and jsdom lacks. */
Object.defineProperty(window, "matchMedia", {
  writable: true,
  value: (query: string) => ({
    // A desktop in light colours, unless a test says otherwise.
    matches: /min-width/.test(query),
    media: query,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    addListener: () => undefined,
    removeListener: () => undefined,
  }),
});
window.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
Object.assign(Element.prototype, { scrollIntoView: () => undefined });
window.scrollTo = () => undefined;
HTMLCanvasElement.prototype.getContext = () => null;
Object.assign(window, {
  reportError: (error: unknown) => {
    throw error;
  },
});

/** Live updates are tested by themselves; pages get a socket that never speaks. */
class SilentSocket {
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: (() => void) | null = null;
  close() {}
}

beforeAll(() => {
  server.listen({ onUnhandledRequest: "error" });
  Object.defineProperty(globalThis, "WebSocket", { writable: true, value: SilentSocket });
});
beforeEach(async () => {
  await loadLocale("zh-CN");
});
afterEach(() => {
  cleanup();
  server.resetHandlers();
  localStorage.clear();
});
afterAll(() => server.close());
