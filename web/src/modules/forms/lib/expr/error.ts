import type { Span } from "./ast";

/** What is wrong with an expression, where, and what to do about it. */
export interface ExprError {
  /** The key of the sentence, `forms.expr.…`. */
  readonly code: string;
  readonly args: Readonly<Record<string, string | number>>;
  readonly span: Span;
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
  readonly remedy?: Remedy;
}

/** What would put it right: the key of its sentence, and what to write in place of the span. */
export interface Remedy {
  readonly code: "forms.expr.did_you_mean" | "forms.expr.write_instead";
  readonly replacement: string;
}

export function exprError(
  source: string,
  span: Span,
  code: string,
  args: ExprError["args"] = {},
  remedy?: Remedy,
): ExprError {
  const before = source.slice(0, span.start);
  const lineStart = before.lastIndexOf("\n") + 1;
  return {
    code: `forms.expr.${code}`,
    args,
    span,
    line: before.split("\n").length,
    column: [...before.slice(lineStart)].length + 1,
    ...(remedy && { remedy }),
  };
}

export function meant(replacement: string | undefined): Remedy | undefined {
  return replacement === undefined ? undefined : { code: "forms.expr.did_you_mean", replacement };
}

export function write(replacement: string): Remedy {
  return { code: "forms.expr.write_instead", replacement };
}

/** Carries an error out of the parser. Never leaves this folder. */
export class Fault extends Error {
  constructor(readonly found: ExprError) {
    super(found.code);
  }
}
