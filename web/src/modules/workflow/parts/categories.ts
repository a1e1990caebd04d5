import { t, type Word } from "@/lib/words";

/** Subjects that have a word; an organisation's own is shown as it was written. */
const CATEGORIES: Record<string, Word> = {
  "": "workflow.category_other",
  administration: "workflow.category_administration",
  attendance: "workflow.category_attendance",
  finance: "workflow.category_finance",
  other: "workflow.category_other",
  personnel: "workflow.category_personnel",
  purchase: "workflow.category_purchase",
};

export function categoryName(category: string): string {
  const word = CATEGORIES[category];
  return word ? t(word) : category;
}
