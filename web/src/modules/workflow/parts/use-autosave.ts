import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";

import { describe, Problem } from "@/lib/problem";
import { mine, readStored, writeStored } from "@/lib/stored";
import type { Values } from "@/modules/forms/model";

import { type Draft, storeDraft } from "../api";

export interface Typed {
  values: Values;
  choices: Record<string, string[]>;
  appointment: string | undefined;
  /** For whom, where it is typed by his agent. */
  on_behalf_of?: string | undefined;
}

export type SaveState =
  | { kind: "clean" }
  | { kind: "pending" }
  | { kind: "saved"; at: string }
  /** Not stored on the server; kept in this browser, and tried again by itself. */
  | { kind: "kept"; why: string };

const REST = 1_200;
const AGAIN = 10_000;

const place = (flow: string, draft: string | undefined) => mine(`typed.${flow}.${draft ?? "new"}`);

/** What was typed here and never reached the server: the network dropped, or the window was closed. */
export function keptHere(flow: string, draft: string | undefined): Typed | undefined {
  const stored = readStored(place(flow, draft));
  if (!stored) return undefined;
  try {
    return JSON.parse(stored) as Typed;
  } catch {
    // Written by something else, or cut off: worth nothing.
    writeStored(place(flow, draft), null);
    return undefined;
  }
}

/**
 * Saves a draft a moment after the last change, one request at a time, always the newest state. Every change is kept
 * in this browser at once; it goes from there when the server has it.
 */
export function useAutosave(flow: string, begun: Draft | undefined) {
  const queries = useQueryClient();
  const [state, setState] = useState<SaveState>({ kind: "clean" });
  const draft = useRef(begun);
  const newest = useRef<Typed | undefined>(undefined);
  const sending = useRef<Promise<boolean> | undefined>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const closed = useRef(false);
  // `send` plans the next try, and the next try sends: the newest of both is reached through here.
  const flushRef = useRef<() => Promise<boolean>>(() => Promise.resolve(true));

  const send = useCallback(async (): Promise<boolean> => {
    const typed = newest.current;
    if (!typed || closed.current) return true;
    newest.current = undefined;
    try {
      const stored = await storeDraft(draft.current, flow, {
        values: typed.values,
        choices: typed.choices,
        ...(typed.appointment ? { appointment: typed.appointment } : {}),
        ...(typed.on_behalf_of ? { on_behalf_of: typed.on_behalf_of } : {}),
      });
      if (!newest.current) writeStored(place(flow, begun?.id), null);
      if (!draft.current) void queries.invalidateQueries({ queryKey: ["counts"] });
      draft.current = stored;
      if (!newest.current) setState({ kind: "saved", at: new Date().toISOString() });
      return true;
    } catch (error) {
      newest.current ??= typed;
      setState({ kind: "kept", why: describe(error) });
      // What the server refuses for good is not sent again until it is changed.
      if (!(error instanceof Problem) || error.uncertain) timer.current = setTimeout(() => void flushRef.current(), AGAIN);
      return false;
    }
  }, [begun, flow, queries]);

  const flush = useCallback(async (): Promise<boolean> => {
    clearTimeout(timer.current);
    while (sending.current) await sending.current;
    if (!newest.current) return true;
    sending.current = send();
    const ok = await sending.current;
    sending.current = undefined;
    return ok;
  }, [send]);
  useEffect(() => {
    flushRef.current = flush;
  }, [flush]);

  // Changes can come before the page was drawn with the last one: each is made on the newest, not on what is shown.
  const latest = useRef<Typed | undefined>(undefined);
  const changed = useCallback(
    (change: (typed: Typed) => Typed, shown: Typed) => {
      if (closed.current) return;
      const typed = change(latest.current ?? shown);
      latest.current = typed;
      newest.current = typed;
      writeStored(place(flow, begun?.id), JSON.stringify(typed));
      setState({ kind: "pending" });
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void flushRef.current(), REST);
    },
    [begun, flow],
  );

  /** Stops saving until the next change or `flush`, and waits for what is on its way; the draft as the server has it. */
  const settle = useCallback(async (): Promise<string | undefined> => {
    clearTimeout(timer.current);
    while (sending.current) await sending.current;
    clearTimeout(timer.current);
    return draft.current?.id;
  }, []);

  /** It was submitted, or thrown away: nothing is to be saved any more. */
  const close = useCallback(() => {
    closed.current = true;
    newest.current = undefined;
    clearTimeout(timer.current);
    writeStored(place(flow, begun?.id), null);
  }, [begun, flow]);

  useEffect(() => {
    const online = () => void flushRef.current();
    window.addEventListener("online", online);
    return () => {
      window.removeEventListener("online", online);
      clearTimeout(timer.current);
    };
  }, []);

  return { state, changed, flush, settle, close };
}
