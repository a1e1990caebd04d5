import "@testing-library/jest-dom/vitest";

import { cleanup, configure, prettyDOM } from "@testing-library/react";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";

import { loadLocale } from "@/app/words";
import { allWords } from "@/lib/words";

import { lookOf } from "./look";
import { server } from "./server";

// Pages come as chunks and are drawn on a shared machine: waiting longer makes no test slower that passes.
// Whether an element is hidden is not asked for each of a page: that is most of the time a query takes.
configure({ asyncUtilTimeout: 15_000, defaultHidden: true, getElementError: missing });
// React notes where each element was made. What a failure shows is far above the hundredth caller.
Error.stackTraceLimit = 20;

/** What stands on the page is written out for whoever reads that an element is missing, not each time one is waited for. */
function missing(message: string | null, container: Element): Error {
  const error = new Error();
  error.name = "TestingLibraryElementError";
  Error.captureStackTrace(error, missing);
  const get = () => [message, prettyDOM(container)].filter(Boolean).join("\n\n");
  return Object.defineProperty(error, "message", { configurable: true, get });
}

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
window.getComputedStyle = lookOf;
Object.assign(window, {
  reportError: (error: unknown) => {
    throw error;
  },
});

/** The component library writes its styles while it draws; jsdom would read all of them. Files share a page: once. */
const plain = Symbol.for("hanlin.no-styles");
if (!(plain in document.head)) {
  for (const method of ["appendChild", "insertBefore", "prepend"] as const) {
    const insert = document.head[method].bind(document.head) as (node: Node, ...rest: unknown[]) => unknown;
    Object.assign(document.head, {
      [method]: (node: Node, ...rest: unknown[]) => {
        if (node instanceof HTMLStyleElement) node.textContent = "";
        return insert(node, ...rest);
      },
    });
  }
  Object.assign(document.head, { [plain]: true });
}

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
  await allWords();
});
afterEach(() => {
  cleanup();
  server.resetHandlers();
  localStorage.clear();
});
afterAll(() => server.close());
