import type { zh } from "./zh-CN";

export const en: Record<keyof typeof zh, string> = {
  "rulebook.changed": "Saved; the new value holds at once",
  "rulebook.clause": "Clause",
  "rulebook.clauses": "Rules",
  "rulebook.entries": "{n} entries",
  "rulebook.history": "Changes",
  "rulebook.holds_for": "Holds for {unit} and below",
  "rulebook.holds_since": "since {time}",
  "rulebook.mode": "When broken",
  "rulebook.none": "No clauses",
  "rulebook.none_hint": "Load a rulebook preset and its clauses will stand here.",
  "rulebook.now": "Now: {value}",
  "rulebook.preset": "from preset {name}",
  "rulebook.reason": "Reason for the change",
  "rulebook.reason_missing": "Please give a reason; it is recorded",
  "rulebook.search": "Search rules",
};
