import { answer, api } from "@/api/client";
import { describe, describeField, Problem } from "@/lib/problem";
import { uuid } from "@/lib/uuid";
import { listed, t, text } from "@/lib/words";
import { checkValues, fieldOf } from "@/modules/forms/check";
import { prepare } from "@/modules/forms/lib/form";

import type { CaseView, TaskRow, TaskView } from "../api";
import { readOnly } from "./bare-read";

/** What is said to all of them: yes, where a task is to be done that it is done; or no. */
export type BatchVerb = "agree" | "reject";

/** How one of the chosen tasks stands. */
export type RowState =
  /** Its case is being read. */
  | { kind: "looking" }
  | { kind: "ready" }
  /** Its node wants what a batch cannot give; it is not sent. */
  | { kind: "apart"; why: string }
  | { kind: "sending" }
  | { kind: "done"; warnings: string[] }
  | { kind: "refused"; why: string };

/** Several at once, so that it is quick, and few, so that others are served too. */
export const AT_ONCE = 3;

/** Why this task is not decided together with others under this opinion; nothing: it is. */
export function standsApart(view: CaseView, row: TaskRow, opinion: string, verb: BatchVerb): string | undefined {
  const task = view.tasks.find((task) => task.id === row.id);
  if (!task) return t("workflow.batch_gone");
  if (verb === "reject") return whyNotRejected(task, opinion);
  if (!task.can.includes(pathOf(task) === "completion" ? "complete" : "approve")) return t("workflow.batch_not_approve");
  if (task.choices?.some((choice) => choice.min > 0)) return t("workflow.batch_choice");
  if (task.paper) return t("workflow.batch_paper");
  const missing = missingFields(view);
  if (missing.length > 0) return t("workflow.batch_fields", { fields: listed(missing) });
  const bare = readOnly(task, opinion);
  if (bare === "refuse" || bare === "disagree") return t(`workflow.bare_read_${bare}`);
  if ([...opinion.trim()].length >= task.words_to_agree) return undefined;
  return task.words_to_agree > 1 ? t("workflow.batch_words", { n: task.words_to_agree }) : t("workflow.batch_word");
}

/** A no is always said with a reason, which is more than that it was read. */
function whyNotRejected(task: TaskView, opinion: string): string | undefined {
  if (!task.can.includes("reject")) return t("workflow.batch_not_reject");
  if (opinion.trim() === "") return t("workflow.batch_word");
  return readOnly(task, opinion) === "refuse" ? t("workflow.bare_read_refuse") : undefined;
}

const pathOf = (task: TaskView) => (task.purpose === "handle" ? "completion" : "approval");

/** Labels of what the reader must fill in on this form himself. */
function missingFields(view: CaseView): string[] {
  const { errors } = checkValues({
    form: prepare(view.form),
    typed: view.values,
    rights: view.rights,
    initiator: view.initiator.described,
    told: view.values,
  });
  const wrong = new Set(errors.map((error) => fieldOf(error.field)));
  return view.form.fields.filter((field) => wrong.has(field.id)).map((field) => text(field.label));
}

/** Decides one task. The same key may be sent again, and does it once. */
export async function decideOn(task: TaskView, verb: BatchVerb, opinion: string, key: string): Promise<{ state: RowState; uncertain: boolean }> {
  try {
    const done = await answer(send(task, verb, opinion, key));
    return { state: { kind: "done", warnings: (done.warnings ?? []).map(describeField) }, uncertain: false };
  } catch (error) {
    // What is no Problem is a fault of this program: it is said in words, and left to the console.
    if (!(error instanceof Problem)) reportError(error);
    const fields = error instanceof Problem ? error.fields.map(describeField) : [];
    return {
      state: { kind: "refused", why: [describe(error), ...fields].join(" ") },
      uncertain: !(error instanceof Problem) || error.uncertain,
    };
  }
}

function send(task: TaskView, verb: BatchVerb, text: string, key: string) {
  const attempt = { params: { path: { id: task.id } }, headers: { "Idempotency-Key": key } };
  const said = { text, attachments: [] };
  if (verb === "reject") return api.POST("/tasks/{id}/rejection", { ...attempt, body: said });
  const path = pathOf(task) === "completion" ? "/tasks/{id}/completion" : "/tasks/{id}/approval";
  return api.POST(path, { ...attempt, body: { ...said, values: {} } });
}

/** The keys of one batch: a task that may have been done already keeps its own for the next try. */
export class Keys {
  readonly #keys = new Map<string, string>();

  of(row: TaskRow, verb: BatchVerb, opinion: string): string {
    const attempt = `${row.id} ${verb} ${opinion}`;
    const key = this.#keys.get(attempt) ?? uuid();
    this.#keys.set(attempt, key);
    return key;
  }

  forget(row: TaskRow, verb: BatchVerb, opinion: string): void {
    this.#keys.delete(`${row.id} ${verb} ${opinion}`);
  }
}

/** Works through these, so many at once, until all are done or it is stopped. */
export async function inTurn<T>(items: readonly T[], atOnce: number, stopped: () => boolean, work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined && !stopped(); next = waiting.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
