import { lazy, Suspense, useState } from "react";

import { t, text } from "@/lib/words";
import { Button, type Choice } from "@/ui";

import type { TaskRow } from "../api";
import styles from "./choosing.module.css";

const BatchDialog = lazy(() => import("./batch-dialog").then((module) => ({ default: module.BatchDialog })));

/** Several tasks chosen at once, and what is done with them. */
export function useChoosing(items: TaskRow[] | undefined) {
  const [shown, setShown] = useState(false);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [batch, setBatch] = useState<readonly TaskRow[]>();
  const rows = (items ?? []).filter((row) => chosen.has(row.id));
  const leave = () => {
    setShown(false);
    setChosen(new Set());
  };
  const toggle = (row: TaskRow) => {
    setShown(true);
    setChosen((now) => (now.has(row.id) ? without(now, row.id) : new Set([...now, row.id])));
  };
  const choice: Choice<TaskRow> = {
    shown,
    has: (key) => (items ?? []).some((row) => row.case_id === key && chosen.has(row.id)),
    toggle,
    name: (row) => t("workflow.choose_task", { who: row.initiator.name, what: text(row.flow_name) }),
  };
  const none = items?.length === 0;
  const all = !none && rows.length === items?.length;
  return {
    choice,
    /** The switch beside the filters; of an empty list nothing can be chosen. */
    tool: !none && (
      <Button aria-pressed={shown} onClick={() => (shown ? leave() : setShown(true))}>
        {t("workflow.choose_several")}
      </Button>
    ),
    foot: shown && !none && (
      <div className={styles.foot}>
        <span role="status">{t("workflow.chosen", { n: rows.length })}</span>
        <span className={styles.buttons}>
          <Button type="text" onClick={() => setChosen(new Set(all ? [] : items?.map((row) => row.id)))}>
            {t(all ? "workflow.choose_none" : "workflow.choose_all")}
          </Button>
          <Button type="text" onClick={leave}>
            {t("ui.cancel")}
          </Button>
          <Button type="primary" disabled={rows.length === 0} onClick={() => setBatch(rows)}>
            {t("workflow.batch")}
          </Button>
        </span>
      </div>
    ),
    dialog: batch && (
      <Suspense>
        <BatchDialog
          rows={batch}
          onAgreed={(row) => setChosen((now) => without(now, row.id))}
          onClose={() => setBatch(undefined)}
        />
      </Suspense>
    ),
  };
}

function without(set: ReadonlySet<string>, gone: string): ReadonlySet<string> {
  return new Set([...set].filter((each) => each !== gone));
}
