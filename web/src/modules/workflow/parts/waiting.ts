import { formatMoment } from "@/lib/time";
import { t } from "@/lib/words";

import type { Step } from "../api";
import { sayState } from "./effects";

/** What a step waits for, other than a person: until when and since when, or how long from when the case comes there. */
export function sayWaiting({ waits, when, end, opened_at }: Step): string {
  if (!waits) return "";
  if (waits.span && !waits.event) return t("workflow.waits_span", { span: t(`workflow.span.${waits.span.unit}`, { n: waits.span.amount }) });
  if (waits.effect) return waits.effect.state ? sayState(waits.effect.state) : t("workflow.effect_by_itself");
  if (waits.webhook) return waits.webhook.state ? sayAsked(waits.webhook.state) : t("workflow.asks_other", { endpoint: waits.webhook.endpoint });
  if (waits.event) return sayEvent(waits.event, opened_at);
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

/** How a request to another system stands, in a word. */
export function sayAsked(state: string | null | undefined): string {
  switch (state) {
    case "sending":
      return t("workflow.other_sending");
    case "sent":
      return t("workflow.other_sent");
    case "answered":
      return t("workflow.other_answered");
    case "failed":
      return t("workflow.other_failed");
    case "by_hand":
      return t("workflow.effect_by_hand");
    default:
      return "";
  }
}

/** Which event is waited for, about what, and since when; or what came of it. */
function sayEvent({ event, about, state }: NonNullable<NonNullable<Step["waits"]>["event"]>, since: string | null | undefined): string {
  const name = about ? `${event} (${about})` : event;
  switch (state) {
    case "come":
      return t("workflow.event_came", { event: name });
    case "without":
      return t("workflow.event_without", { event: name });
    case "late":
      return t("workflow.event_is_late", { event: name });
    case "waiting":
      return t("workflow.waits_event", { event: name, since: since ? formatMoment(since) : "" });
    default:
      return t("workflow.will_wait_event", { event: name });
  }
}
