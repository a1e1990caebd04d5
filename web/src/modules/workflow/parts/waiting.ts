import { formatMoment } from "@/lib/time";
import { t } from "@/lib/words";

import type { Step } from "../api";
import { sayState } from "./effects";

/** What a step waits for, other than a person: until when and since when, or how long from when the case comes there. */
export function sayWaiting({ waits, when, end, opened_at }: Step): string {
  if (!waits) return "";
  if (waits.span) return t("workflow.waits_span", { span: t(`workflow.span.${waits.span.unit}`, { n: waits.span.amount }) });
  if (waits.effect) return waits.effect.state ? sayState(waits.effect.state) : t("workflow.effect_by_itself");
  const cases = waits.cases ?? [];
  if (cases.length > 0) {
    if (when === "future") return t("workflow.opens_cases", { n: cases.length });
    const done = cases.filter((one) => one.state !== "opening" && one.state !== "running").length;
    return t("workflow.waits_cases", { done, all: cases.length });
  }
  if (!waits.until) return "";
  const time = formatMoment(waits.until);
  if (when === "present" && opened_at) return t("workflow.waits_until", { time, since: formatMoment(opened_at) });
  // Called off before its time, it did not wait so long.
  if (when === "past") return end === "arrived" ? t("workflow.waited_until", { time }) : "";
  return t("workflow.will_wait_until", { time });
}
