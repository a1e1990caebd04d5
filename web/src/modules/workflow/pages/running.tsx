import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";

import { formatMoment } from "@/lib/time";
import { say, t, text } from "@/lib/words";
import { Chip, Filter, listOf, ListPage, Panel } from "@/ui";

import { type MonitoredCase, type MonitorFilter, useMonitoredCases, useMonitoredFlows } from "../api";
import { sayWaited } from "../parts/elapsed";
import { PushCase } from "../parts/push-case";
import styles from "./running.module.css";

/** What a case must have waited for, by the word in the address. */
const WAITS = {
  day: { hours: 24, label: () => t("workflow.running_day") },
  three_days: { hours: 72, label: () => t("workflow.running_three_days") },
  week: { hours: 168, label: () => t("workflow.running_week") },
  without_handler: { without_handler: true, label: () => t("workflow.running_without_handler") },
} satisfies Record<string, MonitorFilter & { label: () => string }>;

const waitsOf = (word: string | undefined): MonitorFilter => {
  const known = Object.entries(WAITS).find(([key]) => key === word)?.[1];
  return known ? ("hours" in known ? { hours: known.hours } : { without_handler: known.without_handler }) : {};
};

/** Instead of one flow: all that are marked as core. */
const CORE = "core";

const flowsOf = (flow: string | undefined): MonitorFilter => (flow === CORE ? { core: true } : { flow });

/** 运行监控: the running cases of the units whose flows I administer, to be pushed without being read (FLOW-31). */
export function RunningPage() {
  const { flow, waits, open } = useSearch({ strict: false });
  const navigate = useNavigate();
  const change = useCallback(
    (next: Partial<Record<"flow" | "waits" | "open", string | undefined>>) =>
      void navigate({
        to: "/admin/running",
        search: Object.fromEntries(Object.entries({ flow, waits, open, ...next }).filter(([, value]) => value)),
        replace: !("open" in next),
      }),
    [navigate, flow, waits, open],
  );
  const flows = useMonitoredFlows();
  const list = listOf(useMonitoredCases({ ...flowsOf(flow), ...waitsOf(waits) }));
  const shown = list.items?.find((row) => row.id === open);
  return (
    <>
      <ListPage<MonitoredCase>
        title={t("workflow.running_cases")}
        label={t("workflow.running_cases")}
        filters={
          <>
            <Filter
              label={t("workflow.filter_flow")}
              value={flow}
              options={[
                ...(flows.data?.some((each) => each.core) || flow === CORE ? [{ value: CORE, label: t("workflow.running_core") }] : []),
                ...(flows.data ?? []).map((each) => ({
                  value: each.flow,
                  label: t("workflow.running_flow", { flow: text(each.name), n: each.running }),
                })),
              ]}
              onChange={(next) => change({ flow: next })}
            />
            <Filter
              label={t("workflow.running_all")}
              value={waits}
              options={Object.entries(WAITS).map(([value, { label }]) => ({ value, label: label() }))}
              onChange={(next) => change({ waits: next })}
            />
          </>
        }
        list={list}
        rowKey={(row) => row.id}
        row={(row) => <RunningLine row={row} />}
        onOpen={(row) => change({ open: row.id })}
        openKey={open}
        empty={{ title: t("workflow.running_none"), hint: t("workflow.running_none_hint") }}
      />
      {shown && (
        <Panel title={`${shown.initiator.name} · ${text(shown.flow_name)}`} onClose={() => change({ open: undefined })}>
          <PushCase key={shown.id} row={shown} />
        </Panel>
      )}
    </>
  );
}

function RunningLine({ row }: { row: MonitoredCase }) {
  const longest = row.tasks[0];
  return (
    <span className={styles.row}>
      <span className={styles.first}>
        <span className={styles.who}>{row.initiator.name}</span>
        <span>{text(row.flow_name)}</span>
        {row.core && <Chip tone="accent">{t("workflow.core")}</Chip>}
        {row.stage === "halted" && <Chip tone="warn">{say("workflow.stage.halted")}</Chip>}
        {row.tasks.some((task) => task.purpose === "assign") && <Chip tone="warn">{t("workflow.running_without_handler")}</Chip>}
        <span className={styles.end}>{t("workflow.running_submitted", { time: formatMoment(row.submitted_at) })}</span>
      </span>
      <span className={styles.second}>
        {longest
          ? t("workflow.running_waiting", {
              node: text(longest.node_name),
              person: [...new Set(row.tasks.map((task) => task.person.name))],
              time: formatMoment(longest.since),
            }) + (longest.waited ? ` · ${sayWaited(longest.waited)}` : "")
          : t("workflow.running_nobody")}
      </span>
      <span className={styles.second}>{row.place_name ? `${text(row.place_name)} · ${row.number}` : row.number}</span>
    </span>
  );
}
