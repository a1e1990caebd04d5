import type { zh } from "./zh-CN";

export const en: Record<keyof typeof zh, string> = {
  "rulebook.changed": "Saved; the new value holds at once",
  "rulebook.clause": "Clause",
  "rulebook.clauses": "Rules",
  "rulebook.entries": "{n} entries",
  "rulebook.history": "Changes",
  "rulebook.holds_for": "Holds for {unit} and below",
  "rulebook.mode": "When broken",
  "rulebook.mode_block": "Block",
  "rulebook.mode_record": "Record",
  "rulebook.mode_warn": "Warn",
  "rulebook.none": "No clauses",
  "rulebook.none_hint": "Load a rulebook preset and its clauses will stand here.",
  "rulebook.now": "Now: {value}",
  "rulebook.reason": "Reason for the change",
  "rulebook.reason_missing": "Please give a reason; it is recorded",
  "rulebook.search": "Search rules",
  "rulebook.whole_number": "Please enter a whole number",
};
