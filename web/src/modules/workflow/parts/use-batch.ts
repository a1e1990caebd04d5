import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import { describe } from "@/lib/problem";

import { caseQuery, type CaseView, type TaskRow, touched } from "../api";
import { AT_ONCE, type BatchVerb, decideOn, inTurn, Keys, type RowState, standsApart } from "./batch";

export interface BatchRow {
  row: TaskRow;
  state: RowState;
}

/** Deciding several tasks with one opinion: each is looked at first, sent by itself, and has a result of its own. */
export function useBatch(rows: readonly TaskRow[], verb: BatchVerb, opinion: string, onDone: (row: TaskRow) => void) {
  const queries = useQueryClient();
  const [views, setViews] = useState<Record<string, CaseView | { unread: string }>>({});
  const [results, setResults] = useState<Record<string, RowState>>({});
  const [spent, setSpent] = useState<number>();
  const stopped = useRef(false);
  const closed = useRef(false);
  const keys = useRef(new Keys());

  // Once, when it opens: what the nodes ask for is told before anything is sent.
  useEffect(() => {
    closed.current = false;
    void inTurn(rows, AT_ONCE, () => closed.current, async (row) => {
      const view = await queries
        .fetchQuery({ ...caseQuery(row.case_id), staleTime: 0 })
        .catch((error: unknown) => ({ unread: describe(error) }));
      if (!closed.current) setViews((now) => ({ ...now, [row.id]: view }));
    });
    return () => {
      closed.current = true;
    };
  }, [rows, queries]);

  const stateOf = (row: TaskRow): RowState => {
    const result = results[row.id];
    if (result) return result;
    const view = views[row.id];
    if (!view) return { kind: "looking" };
    if ("unread" in view) return { kind: "apart", why: view.unread };
    const why = standsApart(view, row, opinion, verb);
    return why ? { kind: "apart", why } : { kind: "ready" };
  };
  const states: BatchRow[] = rows.map((row) => ({ row, state: stateOf(row) }));

  /** Those that are ready; and those that were refused, again. */
  const run = async () => {
    const words = opinion.trim();
    const sent = states.filter(({ state }) => state.kind === "ready" || state.kind === "refused").map(({ row }) => row);
    stopped.current = false;
    const begunAt = Date.now();
    setSpent(0);
    await inTurn(sent, AT_ONCE, () => stopped.current, async (row) => {
      const view = views[row.id];
      const task = view && "tasks" in view ? view.tasks.find((one) => one.id === row.id) : undefined;
      if (!task) return;
      setResults((now) => ({ ...now, [row.id]: { kind: "sending" } }));
      const { state, uncertain } = await decideOn(task, verb, words, keys.current.of(row, verb, words));
      if (!uncertain) keys.current.forget(row, verb, words);
      if (state.kind === "done") onDone(row);
      setResults((now) => ({ ...now, [row.id]: state }));
      setSpent(Date.now() - begunAt);
    });
    setSpent(undefined);
    await Promise.all([...touched, ["workflow", "case"]].map((queryKey) => queries.invalidateQueries({ queryKey })));
  };

  return {
    states,
    /** Milliseconds that the results until now took; nothing while it does not run. */
    spent,
    run,
    stop: () => {
      stopped.current = true;
    },
  };
}
