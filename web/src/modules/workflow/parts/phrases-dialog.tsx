import { useId, useState } from "react";

import { t } from "@/lib/words";
import { Button, FramedRows, Hint, Icon, Input, Modal } from "@/ui";

import { useOwnPhrases } from "../desk";
import styles from "./phrases-dialog.module.css";

/** 我的常用语: the reader's own phrases, added and taken out. */
export function PhrasesDialog({ onClose }: { onClose: () => void }) {
  const { items: own, full, most, longest, save, pending } = useOwnPhrases();
  const [typed, setTyped] = useState("");
  const id = useId();
  const phrase = typed.trim();
  const others = (phrase: string) => own.filter((other) => other !== phrase);
  const put = async () => {
    if (!phrase || full) return;
    const came = await save([...others(phrase), phrase]);
    if (came?.ok) setTyped("");
  };
  return (
    <Modal open centered width={460} title={t("workflow.own_phrases")} footer={null} onCancel={onClose}>
      <Hint>{t("workflow.own_phrases_hint")}</Hint>
      {own.length > 0 && (
        <FramedRows label={t("workflow.own_phrases")}>
          {own.map((each) => (
            <li key={each}>
              <span className={styles.phrase}>{each}</span>
              <Button type="text" size="small" aria-label={t("workflow.phrase_remove", { words: each })} icon={<Icon name="trash" size={15} />} disabled={pending} onClick={() => void save(others(each))} />
            </li>
          ))}
        </FramedRows>
      )}
      <form
        className={styles.add}
        onSubmit={(event) => {
          event.preventDefault();
          void put();
        }}
      >
        <label htmlFor={id} className="visually-hidden">
          {t("workflow.phrase_new")}
        </label>
        <Input id={id} value={typed} maxLength={longest} placeholder={t("workflow.phrase_new")} onChange={(event) => setTyped(event.target.value)} />
        <Button htmlType="submit" disabled={!phrase || full || pending}>
          {t("workflow.phrase_add")}
        </Button>
      </form>
      {full && !pending && <Hint>{t("workflow.phrases_full", { n: most })}</Hint>}
    </Modal>
  );
}
