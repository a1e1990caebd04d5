import createClient, { type Middleware } from "openapi-fetch";

import { networkProblem, problemOf } from "@/lib/problem";
import { uuid } from "@/lib/uuid";
import { allWords } from "@/lib/words";

import type { components, paths } from "./schema.gen";

export type { paths };
export type Schemas = components["schemas"];

/** Every request of the client goes to this root, and to no other place. */
export const ROOT = "/api/v1";

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/** An unsafe request without a key of its own gets one; `useAction` gives the same key to every try of one attempt. */
const idempotency: Middleware = {
  onRequest({ request }) {
    if (!SAFE.has(request.method) && !request.headers.has("idempotency-key")) {
      request.headers.set("idempotency-key", uuid());
    }
    return request;
  },
};

export const api = createClient<paths>({
  baseUrl: `${window.location.origin}${ROOT}`,
  credentials: "same-origin",
  // Looked up at each call, so that tests can stand in for the network.
  fetch: (request) => globalThis.fetch(request),
});
api.use(idempotency);

const signedOut = new Set<() => void>();

/** Told when the server no longer knows who we are, whatever was asked. */
export function onSignedOut(listener: () => void): () => void {
  signedOut.add(listener);
  return () => signedOut.delete(listener);
}

interface Exchange<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** Waits for the answer; a refusal or a broken network becomes a thrown `Problem`. */
export async function answer<T>(exchange: Promise<Exchange<T>>): Promise<T> {
  let settled: Exchange<T>;
  try {
    settled = await exchange;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw networkProblem();
  }
  if (!settled.response.ok) {
    const problem = problemOf(settled.response, settled.error);
    // A refusal may come from any module. Without its sentence it is still one.
    await allWords().catch(() => undefined);
    if (problem.signedOut) signedOut.forEach((listener) => listener());
    throw problem;
  }
  return settled.data as T;
}
