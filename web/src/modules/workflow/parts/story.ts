import { trimDecimal } from "@/modules/forms/parts/field-value";
import { formatDecimal, formatMoney } from "@/lib/money";
import { formatDate } from "@/lib/time";
import { say, t, text, type Text } from "@/lib/words";
import type { Tone } from "@/ui";

import type { CaseView, DecisiveFact, Verdict, Why } from "../api";

/** How ids in reasons and routes are read: people, nodes and fields by name. */
export interface Story {
  person: (id: string) => string;
  node: (key: string) => string;
  field: (id: string) => string;
}

type Named = Pick<CaseView, "form" | "people"> & { route: CaseView["route"] };

export function storyOf({ form, people, route }: Named): Story {
  const nodes = new Map(route.steps.map((step) => [step.node, text(step.name)]));
  const fields = new Map(form.fields.map((field) => [field.id, text(field.label)]));
  return {
    person: (id) => people[id]?.name ?? "…",
    node: (key) => nodes.get(key) || (key === "start" ? t("workflow.start_node") : key),
    field: (id) => fields.get(id) ?? id,
  };
}

/** A stored reason in the reader's words: each of the chain. */
export function sayWhy(why: readonly Why[], story: Story): string {
  return why
    .map(({ code, ...args }) => {
      const read = Object.fromEntries(
        Object.entries(args).map(([name, value]): [string, unknown] => {
          if (typeof value !== "string") return [name, value];
          if (name === "person" || name === "by" || name === "to" || (name === "from" && code === "handed_over")) {
            return [name, story.person(value)];
          }
          if (name === "field") return [name, story.field(value)];
          return [name, name === "node" || name === "from" ? story.node(value) : value];
        }),
      );
      return say(`workflow.why.${code}`, read);
    })
    .join(t("ui.semicolon"));
}

/** How somebody's task ended, in a word: 同意, 转办给何静. */
export function sayClosing(how: { code: string } & Record<string, unknown>, story: Story): string {
  return say(`workflow.closing.${how.code}`, typeof how.to === "string" ? { ...how, to: story.person(how.to) } : how);
}

/** Its words are the verdict itself, 同意 beside 同意: said once. */
export function saysNoMore({ verdict, text }: { verdict: Verdict; text: string }): boolean {
  return text.trim() === say(`workflow.verdict.${verdict}`);
}

export const VERDICT_TONES: Record<Verdict, Tone> = {
  approved: "good",
  completed: "good",
  passed_on: "plain",
  rejected: "danger",
  abstained: "plain",
  returned: "warn",
  resubmitted: "plain",
  withdrawn: "plain",
  commented: "plain",
  handed_over: "plain",
  transferred: "plain",
  delegated: "plain",
  consulted: "plain",
  advised: "plain",
  signers_added: "plain",
  signer_removed: "plain",
  held: "plain",
  taken_back: "warn",
  review_failed: "danger",
  terminated: "danger",
  moved: "warn",
  deviation_reported: "danger",
  corrected: "plain",
  given_back: "plain",
  repaired: "warn",
  halted: "warn",
  continued: "plain",
};

/** One of the facts that decide a case, as rows show it. */
export function showFact({ kind, value }: DecisiveFact): string {
  if (kind === "words") return text(value as unknown as Text);
  const written = typeof value === "string" ? value : JSON.stringify(value);
  switch (kind) {
    case "money":
      return formatMoney(written);
    case "number":
      return formatDecimal(written);
    case "days":
      return t("workflow.days", { n: trimDecimal(written) });
    case "date":
      return formatDate(written);
    default:
      return written;
  }
}
