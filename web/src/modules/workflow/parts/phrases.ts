import { mine, useStored, writeStored, readStored } from "@/lib/stored";
import { t, type Word } from "@/lib/words";

import { listIn, useOwnPhrases } from "../desk";

/** What every office says; the first is what most opinions are. */
const USUAL = ["workflow.quick_agree", "workflow.quick_read", "workflow.quick_rules", "workflow.quick_true", "workflow.quick_more"] as const satisfies Word[];

/** What is longer is an opinion on one matter, and no phrase. */
const LONGEST = 40;
const MOST_SAID = 4;
const MOST_SHOWN = { desk: 8, phone: 5 };

// What he said last is kept here for this person, and goes when he signs out (ACC-20).
const saidPlace = () => mine("workflow.said");
const saidIn = (stored: string | null) => listIn(stored).filter((each): each is string => typeof each === "string");

/** What is offered with the opinion: his own, all of them, then what he said last and what every office says; each once. */
export function useOfferedPhrases(device: keyof typeof MOST_SHOWN): string[] {
  const { items: own } = useOwnPhrases();
  const [said] = useStored(saidPlace());
  const all = [...new Set([...own, ...saidIn(said), ...USUAL.map((word) => t(word))])];
  return all.slice(0, Math.max(own.length + 1, MOST_SHOWN[device]));
}

/** An opinion was given: short ones are offered again. */
export function noteSaid(opinion: string): void {
  const words = opinion.trim();
  if (!words || [...words].length > LONGEST) return;
  const before = saidIn(readStored(saidPlace())).filter((other) => other !== words);
  writeStored(saidPlace(), JSON.stringify([words, ...before].slice(0, MOST_SAID)));
}

/** A phrase fills an empty opinion, and is added to one that was begun: nothing that was typed is lost. */
export function withPhrase(opinion: string, phrase: string): string {
  const begun = opinion.trim();
  if (begun === "" || begun === phrase) return phrase;
  return begun.endsWith(phrase) ? begun : `${begun.replace(/[，。；,;.\s]+$/, "")}${t("ui.semicolon")}${phrase}`;
}
