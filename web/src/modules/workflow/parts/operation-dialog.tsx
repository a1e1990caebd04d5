import { useId, useState } from "react";

import type { Schemas } from "@/api/client";
import { PersonPicker } from "@/modules/directory/parts/person-picker";
import type { Values } from "@/modules/forms/model";
import { t, text } from "@/lib/words";
import { Select } from "@/ui";

import type { CaseView } from "../api";
import { ChoiceField } from "./choice-field";
import { FieldsDialog, Lacking } from "./fields-dialog";
import styles from "./fields-dialog.module.css";
import { ASKS, heldBy, nameOf, type Operation, type Said, useOperation } from "./operations";
import { WordsField } from "./words-field";

interface OperationDialogProps {
  view: CaseView;
  operation: Operation;
  task?: string | undefined;
  signer?: string | undefined;
  /** By name, whom it concerns. */
  about?: string | undefined;
  /** What was typed as an opinion already. */
  begun?: string;
  /** Fields that he fills in with it. */
  values?: Values | undefined;
  /** Whom he may name; absent: anyone in service. */
  candidates?: Schemas["PersonName"][] | undefined;
  onClose: () => void;
  onDone?: (() => void) | undefined;
}

const PLACES = ["before", "beside", "after"] as const;
const AMONG = ["all", "any", "in_turn"] as const;

/** One dialog for all that a handler does besides deciding: whom, how, and why. */
export function OperationDialog({ view, operation, task, signer = "", about, begun = "", values, candidates, onClose, onDone }: OperationDialogProps) {
  const asks = ASKS[operation];
  const held = operation === "hand_over" && !task ? heldBy(view) : [];
  const [said, setSaid] = useState<Said>({
    task: task ?? held[0]?.id,
    people: [],
    text: begun,
    place: "before",
    among: "all",
    to: view.destinations[0]?.node ?? "",
    signer,
    values,
  });
  const [tried, setTried] = useState(false);
  const ids = useId();
  const action = useOperation(view, operation, t(`workflow.did_${operation}`), () => {
    onClose();
    onDone?.();
  });
  const change = (part: Partial<Said>) => setSaid((now) => ({ ...now, ...part }));
  const nobody = asks.people !== undefined && said.people.length === 0;
  const mute = asks.words === "needed" && said.text.trim() === "";
  const send = () => {
    setTried(true);
    if (!nobody && !mute) void action.run({ ...said, text: said.text.trim() });
  };
  return (
    <FieldsDialog
      title={about ? t("workflow.remove_signer_named", { name: about }) : nameOf(operation)}
      submit={nameOf(operation)}
      danger={operation === "terminate" || operation === "terminate_case"}
      pending={action.pending}
      focus={`${ids}-${asks.people ? "people" : "words"}`}
      onSubmit={send}
      onClose={onClose}
    >
      <p className={styles.hint}>{t(`workflow.${operation}_hint`)}</p>
      {held.length > 0 && (
        <>
          <label htmlFor={`${ids}-held`}>{t("workflow.hand_over_from")}</label>
          <Select
            id={`${ids}-held`}
            value={said.task}
            options={held.map(({ id, label }) => ({ value: id, label }))}
            onChange={(task: string) => change({ task })}
          />
        </>
      )}
      {asks.people && (
        <>
          <label htmlFor={`${ids}-people`}>{t(operation === "hand_over" ? "workflow.hand_over_to" : "workflow.operation_people")}</label>
          <div>
            <PersonPicker
              id={`${ids}-people`}
              value={said.people}
              onChange={(people) => change({ people })}
              multiple={asks.people === "many"}
              candidates={candidates}
              aria-invalid={(tried && nobody) || undefined}
              aria-describedby={tried && nobody ? `${ids}-nobody` : undefined}
            />
            {tried && nobody && <Lacking id={`${ids}-nobody`}>{t("workflow.operation_nobody")}</Lacking>}
          </div>
        </>
      )}
      {operation === "add_signer" && (
        <ChoiceField
          id={`${ids}-place`}
          label={t("workflow.signer_place")}
          value={said.place}
          options={PLACES.map((value) => ({ value, label: t(`workflow.place_${value}`) }))}
          onChange={(place) => change({ place })}
        />
      )}
      {(operation === "add_signer" || operation === "pass_on") && said.people.length > 1 && (
        <ChoiceField
          id={`${ids}-among`}
          label={t("workflow.signer_among")}
          value={said.among}
          options={AMONG.map((value) => ({ value, label: t(`workflow.among_${value}`) }))}
          onChange={(among) => change({ among })}
        />
      )}
      {operation === "move" && (
        <>
          <label htmlFor={`${ids}-to`}>{t("workflow.move_to")}</label>
          <Select
            id={`${ids}-to`}
            value={said.to}
            options={view.destinations.map((target) => ({ value: target.node, label: text(target.name) }))}
            onChange={(to: string) => change({ to })}
          />
        </>
      )}
      <WordsField
        id={`${ids}-words`}
        label={t(operation === "consult" ? "workflow.operation_question" : "workflow.operation_words")}
        optional={asks.words === "free"}
        value={said.text}
        placeholder={t(`workflow.${operation}_words`)}
        missing={
          tried && mute ? t(operation === "consult" ? "workflow.operation_question_missing" : "workflow.operation_words_missing") : undefined
        }
        onChange={(text) => change({ text })}
      />
    </FieldsDialog>
  );
}
