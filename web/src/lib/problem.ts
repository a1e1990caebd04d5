import { formatDate, formatMoment } from "./time";
import { knows, say, t } from "./words";

/** What is wrong with one field, by its path. */
export interface FieldProblem {
  field: string;
  code: string;
  args?: Record<string, unknown> | undefined;
}

/** The body of a refusal (RFC 9457). */
export interface ProblemBody {
  type?: string;
  title?: string;
  status: number;
  code: string;
  args?: Record<string, unknown>;
  request_id?: string;
  fields?: FieldProblem[];
}

/** Everything that can keep a request from being done, as one error with words. */
export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly args: Record<string, unknown>;
  readonly fields: FieldProblem[];
  readonly requestId: string | undefined;

  constructor(body: ProblemBody) {
    super(`${body.status} ${body.code}`);
    this.name = "Problem";
    this.code = body.code;
    this.status = body.status;
    this.args = body.args ?? {};
    this.fields = body.fields ?? [];
    this.requestId = body.request_id;
  }

  /** The request may not have reached the server, or its answer did not reach us: the same attempt may be sent again. */
  get uncertain(): boolean {
    return this.status === 0 || this.status >= 500;
  }

  get signedOut(): boolean {
    return this.status === 401;
  }
}

/** The network failed before an answer came. */
export function networkProblem(): Problem {
  return new Problem({ status: 0, code: "network" });
}

/** Reads a refused response. A body that is no problem+json (a proxy's page) still becomes words. */
export function problemOf(response: Response, body: unknown): Problem {
  if (isProblemBody(body)) return new Problem({ ...body, status: response.status });
  const requestId = response.headers.get("x-request-id");
  return new Problem({
    status: response.status,
    code: fallbackCode(response.status),
    ...(requestId ? { request_id: requestId } : {}),
  });
}

function isProblemBody(body: unknown): body is ProblemBody {
  return typeof body === "object" && body !== null && "code" in body && typeof body.code === "string";
}

function fallbackCode(status: number): string {
  const codes: Record<number, string> = {
    401: "signed_out",
    403: "forbidden",
    404: "not_found",
    412: "stale",
    413: "too_large",
    422: "invalid",
    429: "too_many",
    502: "unavailable",
    503: "unavailable",
    504: "unavailable",
  };
  return codes[status] ?? "internal";
}

/** What happened and what to do, in the reader's language. */
export function describe(error: unknown): string {
  if (!(error instanceof Problem)) return t("problem.internal");
  if (error.code === "network") return t("problem.network");
  const specific = knows(error.code) ? error.code : `problem.${error.code}`;
  const sentence = knows(specific) ? say(specific, readable(error.args)) : t("problem.refused", { code: error.code });
  return error.status >= 500 && error.requestId ? `${sentence} ${t("problem.request", { id: error.requestId })}` : sentence;
}

/** The sentence of a field's error. */
export function describeField(problem: FieldProblem): string {
  return say(problem.code, problem.args && readable(problem.args));
}

const DAY = /^\d{4}-\d\d-\d\d$/;
const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** Days and instants as people read them. */
function readable(args: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [name, typeof value === "string" ? dated(value) : value]));
}

function dated(value: string): string {
  if (DAY.test(value)) return isDay(value) ? formatDate(value) : value;
  return INSTANT.test(value) ? formatMoment(value) : value;
}

/** Whether there is such a day: what somebody typed is said as he typed it. */
function isDay(value: string): boolean {
  const at = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(value);
}
