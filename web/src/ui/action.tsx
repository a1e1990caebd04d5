import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { Button, type ButtonProps } from "antd";
import { type ReactNode, useCallback, useLayoutEffect, useRef, useState } from "react";

import { describe, describeField, type FieldProblem, Problem } from "@/lib/problem";
import { uuid } from "@/lib/uuid";

import { useToast } from "./toast";

/** What every try of one attempt carries, so that the server does it once however often it is asked. */
export interface Attempt {
  headers: { "Idempotency-Key": string };
}

export type Outcome<O> = { ok: true; data: O } | { ok: false; problem: Problem };

export interface Action<I, O> {
  /** Never rejects. While one run is under way a second is ignored: a double click submits once. */
  run: (input: I) => Promise<Outcome<O> | undefined>;
  pending: boolean;
  problem: Problem | undefined;
  clear: () => void;
}

interface Options<I, O> {
  /** The line shown when it is done. */
  done?: string | ((data: O, input: I) => string | undefined);
  /** What to read again, beside what live events bring. */
  invalidates?: QueryKey[];
  then?: (data: O, input: I) => unknown;
  /** Where the page shows the refusal itself, no toast. */
  quiet?: boolean;
}

/** What the server says of rules that were broken and only warn (RULE-21). */
function warningsOf(data: unknown): FieldProblem[] {
  const told = typeof data === "object" && data !== null && "warnings" in data ? data.warnings : undefined;
  return Array.isArray(told) ? (told as FieldProblem[]) : [];
}

/**
 * The one place where the client changes something: pending state, the idempotency key, the refusal in words, the
 * toast, what is read again. The key stays the same while the same input is sent again after an uncertain failure
 * (no answer, 5xx), so a retry can never do it twice; a definite refusal ends the attempt.
 */
export function useAction<I, O>(
  perform: (input: I, attempt: Attempt) => Promise<O>,
  options: Options<I, O> = {},
): Action<I, O> {
  const toast = useToast();
  const queries = useQueryClient();
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const running = useRef(false);
  const attempt = useRef<{ key: string; input: string } | undefined>(undefined);
  const latest = useRef({ perform, options });
  useLayoutEffect(() => {
    latest.current = { perform, options };
  });

  const run = useCallback(
    async (input: I): Promise<Outcome<O> | undefined> => {
      if (running.current) return undefined;
      running.current = true;
      setPending(true);
      setProblem(undefined);
      const fingerprint = JSON.stringify(input) ?? "";
      if (attempt.current?.input !== fingerprint) attempt.current = { key: uuid(), input: fingerprint };
      const { perform, options } = latest.current;
      try {
        const data = await perform(input, { headers: { "Idempotency-Key": attempt.current.key } });
        attempt.current = undefined;
        const line = typeof options.done === "function" ? options.done(data, input) : options.done;
        if (line) toast.done(line);
        for (const warning of warningsOf(data)) toast.note(describeField(warning));
        await options.then?.(data, input);
        await Promise.all((options.invalidates ?? []).map((queryKey) => queries.invalidateQueries({ queryKey })));
        return { ok: true, data };
      } catch (error) {
        // What is no Problem is a fault of this program: shown to the reader in words, and left to the console.
        if (!(error instanceof Problem)) reportError(error);
        const refused = error instanceof Problem ? error : new Problem({ status: 0, code: "internal" });
        if (!refused.uncertain) attempt.current = undefined;
        // Refused because things are no longer as they are shown: they are read again.
        if (refused.status === 409 || refused.status === 412) {
          void Promise.all((options.invalidates ?? []).map((queryKey) => queries.invalidateQueries({ queryKey })));
        }
        setProblem(refused);
        if (!options.quiet) toast.failed(describe(refused));
        return { ok: false, problem: refused };
      } finally {
        running.current = false;
        setPending(false);
      }
    },
    [queries, toast],
  );

  return { run, pending, problem, clear: useCallback(() => setProblem(undefined), []) };
}

type ActionButtonProps<I, O> = Omit<ButtonProps, "onClick" | "loading"> & {
  action: Action<I, O>;
  label: ReactNode;
} & (undefined extends I ? { input?: I } : { input: I });

/** A button that runs an action and shows that it runs. */
export function ActionButton<I, O>({ action, label, input, ...rest }: ActionButtonProps<I, O>) {
  return (
    <Button {...rest} loading={action.pending} onClick={() => void action.run(input as I)}>
      {label}
    </Button>
  );
}
