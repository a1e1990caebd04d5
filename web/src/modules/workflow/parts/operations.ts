import { answer, api, type Schemas } from "@/api/client";
import { t, text } from "@/lib/words";
import type { Values } from "@/modules/forms/model";
import { useAction } from "@/ui";

import { caseKey, type CaseView, touched } from "../api";
import { storyOf } from "./story";

/** What a handler does besides deciding. Each has a dialog, and a sentence when it is done. */
export type Operation =
  | "transfer"
  | "delegate"
  | "consult"
  | "add_signer"
  | "pass_on"
  | "fail_review"
  | "hold"
  | "end_hold"
  | "terminate"
  | "copy"
  | "take_back"
  | "report_deviation"
  | "move"
  | "terminate_case"
  | "remove_signer"
  | "give_back"
  | "hand_over"
  | "halt"
  | "go_on";

/** 流程管理员: what is done with a case by whoever administers its flow, in this order. */
export const AS_ADMINISTRATOR = ["hand_over", "move", "repair", "halt", "go_on", "terminate_case"] as const;

export interface Said {
  /** The task, where it is done at one. */
  task?: string | undefined;
  people: string[];
  text: string;
  place: Schemas["SignerPlace"];
  among: Schemas["Among"];
  /** A node to move to. */
  to: string;
  /** The task of whoever is removed. */
  signer: string;
  /** Fields that he fills in with it. */
  values?: Values | undefined;
}

/** What each operation asks for besides words. */
export const ASKS: Record<Operation, { people?: "one" | "many"; words: "needed" | "free" }> = {
  transfer: { people: "one", words: "needed" },
  delegate: { people: "one", words: "needed" },
  consult: { people: "many", words: "needed" },
  add_signer: { people: "many", words: "needed" },
  pass_on: { people: "many", words: "needed" },
  fail_review: { words: "needed" },
  hold: { words: "needed" },
  end_hold: { words: "free" },
  terminate: { words: "needed" },
  copy: { people: "many", words: "free" },
  take_back: { words: "free" },
  report_deviation: { words: "needed" },
  move: { words: "needed" },
  terminate_case: { words: "needed" },
  remove_signer: { words: "needed" },
  give_back: { words: "needed" },
  hand_over: { people: "one", words: "needed" },
  halt: { words: "needed" },
  go_on: { words: "needed" },
};

/** Tasks that may be handed over: whose, and at which step. */
export function heldBy(view: CaseView): { id: string; label: string }[] {
  const story = storyOf(view);
  return view.route.steps.flatMap((step) =>
    step.people.flatMap(({ person, task, state }) =>
      task && (state?.state === "open" || state?.state === "waiting")
        ? [{ id: `${view.id}.${task}`, label: [story.person(person), text(step.name)].filter(Boolean).join(" · ") }]
        : [],
    ),
  );
}

/** What the button says. `workflow.copy` is the word for a step of that kind. */
export const nameOf = (operation: Operation) => t(operation === "copy" ? "workflow.send_copy" : `workflow.${operation}`);

export const useOperation = (view: CaseView, operation: Operation, done: string, then: () => void) =>
  useAction(
    ({ task = "", people, text: words, place, among, to, signer, values }: Said, attempt) => {
      const params = { path: { id: task } };
      const ofCase = { path: { id: view.id } };
      const said = { text: words, attachments: [] };
      const first = people[0] ?? "";
      switch (operation) {
        case "transfer":
          return answer(api.POST("/tasks/{id}/transfer", { params, body: { to: first, ...said }, ...attempt }));
        case "delegate":
          return answer(api.POST("/tasks/{id}/delegation", { params, body: { to: first, ...said }, ...attempt }));
        case "consult":
          return answer(api.POST("/tasks/{id}/consultation", { params, body: { people, ...said }, ...attempt }));
        case "add_signer":
          return answer(api.POST("/tasks/{id}/signers", { params, body: { people, place, among, ...said }, ...attempt }));
        case "pass_on":
          return answer(api.POST("/tasks/{id}/passing_on", { params, body: { people, among, values: values ?? {}, ...said }, ...attempt }));
        case "remove_signer":
          return answer(api.POST("/tasks/{id}/signer_removal", { params, body: { signer, text: words }, ...attempt }));
        case "fail_review":
          return answer(api.POST("/tasks/{id}/review_failure", { params, body: said, ...attempt }));
        case "hold":
          return answer(api.POST("/tasks/{id}/hold", { params, body: said, ...attempt }));
        case "end_hold":
          return answer(api.POST("/tasks/{id}/hold_end", { params, ...attempt }));
        case "terminate":
          return answer(api.POST("/tasks/{id}/termination", { params, body: said, ...attempt }));
        case "take_back":
          return answer(api.POST("/tasks/{id}/take_back", { params, body: said, ...attempt }));
        case "give_back":
          return answer(api.POST("/tasks/{id}/return_to_pool", { params, body: said, ...attempt }));
        case "hand_over":
          return answer(api.POST("/tasks/{id}/hand_over", { params, body: { to: first, text: words }, ...attempt }));
        case "halt":
          return answer(api.POST("/cases/{id}/halt", { params: ofCase, body: said, ...attempt }));
        case "go_on":
          return answer(api.POST("/cases/{id}/continuation", { params: ofCase, body: said, ...attempt }));
        case "copy":
          return answer(api.POST("/cases/{id}/copies", { params: ofCase, body: { people, ...said }, ...attempt }));
        case "report_deviation":
          return answer(api.POST("/cases/{id}/deviations", { params: ofCase, body: said, ...attempt }));
        case "move":
          return answer(api.POST("/cases/{id}/move", { params: ofCase, body: { to, text: words }, ...attempt }));
        case "terminate_case":
          return answer(api.POST("/cases/{id}/termination", { params: ofCase, body: said, ...attempt }));
      }
    },
    { done, invalidates: [...touched, caseKey(view.id)], then },
  );
