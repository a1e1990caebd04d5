import type { TaskView } from "../api";

/** What is left of words without signs and spaces, as the server compares them. */
const bare = (words: string) => words.replaceAll(/[^\p{L}\p{N}]/gu, "").toLowerCase();

/** What it means here that no more than 已阅 is written; undefined: more is, or nothing. */
export function readOnly(task: TaskView, opinion: string): TaskView["bare_read"] {
  const decides = task.purpose === "approve" || task.purpose === "handle";
  if (!decides || opinion.trim() === "") return undefined;
  return task.read_phrases.some((phrase) => bare(phrase) === bare(opinion)) ? task.bare_read : undefined;
}
