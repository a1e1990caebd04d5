import { formatDuration } from "@/lib/time";
import { t } from "@/lib/words";

import type { TaskRow } from "../api";

/** 已等: how long somebody was waited for, in working time as the server counts it. */
export function sayWaited(waited: TaskRow["waited"]): string {
  if (!waited) return "";
  const time = waited.days > 0 ? t("workflow.span.working_days", { n: waited.days }) : formatDuration(waited.minutes * 60_000);
  return t(waited.uncertain ? "workflow.waited_about" : "workflow.waited", { time });
}
