import { formatMoment } from "@/lib/time";
import { t, text, type Word } from "@/lib/words";

import type { CaseView, Step } from "../api";

type Waits = Required<NonNullable<Step["waits"]>>;
type Effects = CaseView["effects"];
type Say<Kind extends keyof Waits> = (waited: NonNullable<Waits[Kind]>, step: Step, effects: Effects) => string;
type Says = { [Kind in keyof Waits]: Say<Kind> };

/** Each thing that a step may wait for other than a person, and how it is said: the first of them that it has. */
const SAYS: Says = {
  effect: ({ state }, { activation }, effects) => sayEffect(effects.find((one) => one.activation === activation) ?? { state }),
  webhook: ({ state, endpoint }) => (state ? sayAsked(state) : t("workflow.asks_other", { endpoint })),
  event: sayEvent,
  cases: sayCases,
  span: ({ unit, amount }) => t("workflow.waits_span", { span: t(`workflow.span.${unit}`, { n: amount }) }),
  until: sayUntil,
};

const KINDS = Object.keys(SAYS) as (keyof Waits)[];

/** What a step waits for, other than a person: until when and since when, or how long from when the case comes there. */
export function sayWaiting(step: Step, effects: Effects = []): string {
  for (const kind of KINDS) {
    const words = sayOne(kind, step, effects);
    if (words !== undefined) return words;
  }
  return "";
}

function sayOne<Kind extends keyof Waits>(kind: Kind, step: Step, effects: Effects): string | undefined {
  const waited = step.waits?.[kind] as Waits[Kind] | undefined;
  if (waited == null || (Array.isArray(waited) && waited.length === 0)) return undefined;
  const say: Say<Kind> = SAYS[kind];
  return say(waited, step, effects);
}

const EFFECT: Record<string, Word> = {
  done: "workflow.effect_done",
  declared: "workflow.effect_declared",
  refused: "workflow.effect_refused",
  by_hand: "workflow.effect_by_hand",
};

/** What came of an effect: what it did by its own name, where it did something that still stands. */
export function sayEffect({ state, did, undone_at }: Partial<Pick<Effects[number], "did" | "undone_at">> & { state?: string | null | undefined }): string {
  if (undone_at) return t("workflow.standing_gone");
  if (!state) return t("workflow.effect_by_itself");
  return state === "done" && did ? text(did) : word(EFFECT, state);
}

const ASKED: Record<string, Word> = {
  sending: "workflow.other_sending",
  sent: "workflow.other_sent",
  answered: "workflow.other_answered",
  failed: "workflow.other_failed",
  by_hand: "workflow.effect_by_hand",
};

/** How a request to another system stands, in a word. */
export const sayAsked = (state: string | null | undefined): string => word(ASKED, state);

const EVENT: Record<string, Word> = {
  come: "workflow.event_came",
  without: "workflow.event_without",
  late: "workflow.event_is_late",
  waiting: "workflow.waits_event",
};

/** Which event is waited for, about what, and since when; or what came of it. */
function sayEvent({ event, about, state }: NonNullable<Waits["event"]>, { opened_at }: Step): string {
  const name = about ? `${event} (${about})` : event;
  const since = opened_at ? formatMoment(opened_at) : "";
  return t((state && EVENT[state]) || "workflow.will_wait_event", { event: name, since });
}

function sayCases(cases: NonNullable<Waits["cases"]>, { when }: Step): string {
  if (when === "future") return t("workflow.opens_cases", { n: cases.length });
  const done = cases.filter((one) => one.state !== "opening" && one.state !== "running").length;
  return t("workflow.waits_cases", { done, all: cases.length });
}

function sayUntil(until: string, { when, end, opened_at }: Step): string {
  const time = formatMoment(until);
  if (when === "present" && opened_at) return t("workflow.waits_until", { time, since: formatMoment(opened_at) });
  // Called off before its time, it did not wait so long.
  if (when === "past") return end === "arrived" ? t("workflow.waited_until", { time }) : "";
  return t("workflow.will_wait_until", { time });
}

const word = (words: Record<string, Word>, state: string | null | undefined): string => {
  const known = state && words[state];
  return known ? t(known) : "";
};
