import { useId, useState } from "react";

import { answer, api } from "@/api/client";
import { describeField } from "@/lib/problem";
import { t, text } from "@/lib/words";
import { fieldOf } from "@/modules/forms/check";
import { fillsItself, rightOf } from "@/modules/forms/lib/schema";
import { FieldInput } from "@/modules/forms/parts/field-input";
import { Select, useAction } from "@/ui";

import { caseKey, type CaseView, touched } from "../api";
import { FieldsDialog, Lacking } from "./fields-dialog";
import styles from "./fields-dialog.module.css";
import { WordsField } from "./words-field";

interface RepairDialogProps {
  view: CaseView;
  onClose: () => void;
}

/** 修正: one field of the form, by an administrator and with the reason. What stood there before stays on the record. */
export function RepairDialog({ view, onClose }: RepairDialogProps) {
  const fields = view.form.fields.filter((field) => !fillsItself(field) && rightOf(view.rights, field.id) !== "hidden");
  const [chosen, setChosen] = useState(fields[0]?.id ?? "");
  const [value, setValue] = useState<unknown>(view.values[fields[0]?.id ?? ""]);
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const ids = useId();
  const action = useAction(
    (body: { values: Record<string, unknown>; text: string }, attempt) =>
      answer(api.POST("/cases/{id}/repairs", { params: { path: { id: view.id } }, body, ...attempt })),
    { done: t("workflow.did_repair"), invalidates: [...touched, caseKey(view.id)], then: onClose },
  );
  const field = fields.find((field) => field.id === chosen);
  const wrong = action.problem?.fields.find((error) => fieldOf(error.field) === chosen);
  const mute = reason.trim() === "";
  const send = () => {
    setTried(true);
    if (field && !mute) void action.run({ values: { [chosen]: value ?? null }, text: reason.trim() });
  };
  return (
    <FieldsDialog title={t("workflow.repair")} submit={t("workflow.repair")} pending={action.pending} focus={`${ids}-field`} onSubmit={send} onClose={onClose}>
      <p className={styles.hint}>{t("workflow.repair_hint")}</p>
      <label htmlFor={`${ids}-field`}>{t("workflow.repair_field")}</label>
      <Select
        id={`${ids}-field`}
        value={chosen}
        options={fields.map((field) => ({ value: field.id, label: text(field.label) }))}
        onChange={(id: string) => {
          setChosen(id);
          setValue(view.values[id]);
        }}
      />
      {field && (
        <>
          <label htmlFor={`${ids}-value`}>{t("workflow.repair_value")}</label>
          <div>
            <FieldInput
              key={field.id}
              field={field}
              id={`${ids}-value`}
              value={value}
              counted={value}
              onChange={(change) => setValue(change)}
              invalid={wrong !== undefined}
              describedBy={wrong ? `${ids}-wrong` : undefined}
            />
            {wrong && <Lacking id={`${ids}-wrong`}>{describeField(wrong)}</Lacking>}
          </div>
        </>
      )}
      <WordsField
        id={`${ids}-reason`}
        label={t("workflow.operation_words")}
        value={reason}
        placeholder={t("workflow.repair_words")}
        missing={tried && mute ? t("workflow.operation_words_missing") : undefined}
        rows={2}
        onChange={setReason}
      />
    </FieldsDialog>
  );
}
