import { useId, useState } from "react";

import { PersonPicker } from "@/modules/directory/parts/person-picker";
import { t, text } from "@/lib/words";

import type { TaskView } from "../api";
import { FieldsDialog, Lacking } from "./fields-dialog";
import styles from "./fields-dialog.module.css";

interface ChooseDialogProps {
  task: TaskView;
  /** What is done with it: 同意 or 办理完成. */
  label: string;
  pending: boolean;
  onChosen: (choices: Record<string, string[]>) => void;
  onClose: () => void;
}

/** Who agrees here chooses whom it goes to later. */
export function ChooseDialog({ task, label, pending, onChosen, onClose }: ChooseDialogProps) {
  const [chosen, setChosen] = useState<Record<string, string[]>>({});
  const [tried, setTried] = useState(false);
  const ids = useId();
  const choices = task.choices ?? [];
  const lacks = (choice: (typeof choices)[number]) => (chosen[choice.node]?.length ?? 0) < choice.min;
  const send = () => {
    setTried(true);
    if (!choices.some(lacks)) onChosen(chosen);
  };
  return (
    <FieldsDialog
      title={t("workflow.choose_later")}
      submit={label}
      pending={pending}
      focus={`${ids}-${choices[0]?.node}`}
      onSubmit={send}
      onClose={onClose}
    >
      <p className={styles.hint}>{t("workflow.choose_later_hint")}</p>
      {choices.map((choice) => {
        const missing = tried && lacks(choice);
        const error = `${ids}-${choice.node}-missing`;
        return (
          <div key={choice.node}>
            <label htmlFor={`${ids}-${choice.node}`}>{text(choice.name)}</label>
            <PersonPicker
              id={`${ids}-${choice.node}`}
              value={chosen[choice.node] ?? []}
              multiple={choice.max !== 1}
              maxCount={choice.max ?? undefined}
              candidates={choice.candidates ?? undefined}
              aria-invalid={missing || undefined}
              aria-describedby={missing ? error : undefined}
              onChange={(people) => setChosen((now) => ({ ...now, [choice.node]: people }))}
            />
            {missing && <Lacking id={error}>{t("workflow.choose_missing", { min: choice.min })}</Lacking>}
          </div>
        );
      })}
    </FieldsDialog>
  );
}
