import { http, HttpResponse, type PathParams } from "msw";

import type { paths } from "@/api/client";

type Method = "get" | "post" | "put" | "patch" | "delete";
type With<M extends Method> = { [P in keyof paths]: paths[P] extends Record<M, unknown> ? P : never }[keyof paths];
type Answer<P extends keyof paths, M extends Method> =
  paths[P] extends Record<M, { responses: { 200: { content: { "application/json": infer A } } } }> ? A : undefined;

export interface Asked {
  params: PathParams;
  query: URLSearchParams;
  headers: Headers;
  /** The JSON that was sent, if any. */
  body: unknown;
}

/** A handler whose answer has the type that the contract gives this operation: a drift fails the type check. */
export function on<M extends Method, P extends With<M>>(method: M, path: P, answer: Answer<P, M> | ((asked: Asked) => Answer<P, M>)) {
  const pattern = `*/api/v1${path.replace(/\{(\w+)\}/g, ":$1")}`;
  return http[method](pattern, async ({ request, params }) => {
    const written = await request.text();
    const body: unknown = written ? JSON.parse(written) : undefined;
    const asked = { params, query: new URL(request.url).searchParams, headers: request.headers, body };
    const made = typeof answer === "function" ? (answer as (asked: Asked) => unknown)(asked) : answer;
    return made === undefined ? new HttpResponse(null, { status: 200 }) : HttpResponse.json(made as object);
  });
}

interface Refusal {
  status: number;
  code: string;
  args?: Record<string, unknown>;
  fields?: { field: string; code: string; args?: Record<string, unknown> }[];
}

/** The operation is refused as the server refuses (RFC 9457). */
export function refuse<M extends Method, P extends With<M>>(method: M, path: P, refusal: Refusal) {
  return http[method](`*/api/v1${path.replace(/\{(\w+)\}/g, ":$1")}`, () =>
    HttpResponse.json({ type: "about:blank", title: "", args: {}, ...refusal }, {
      status: refusal.status,
      headers: { "content-type": "application/problem+json" },
    }),
  );
}

/** The network breaks. */
export function cut<M extends Method, P extends With<M>>(method: M, path: P) {
  return http[method](`*/api/v1${path.replace(/\{(\w+)\}/g, ":$1")}`, () => HttpResponse.error());
}
