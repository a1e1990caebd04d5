import { useId, useState } from "react";

import { t } from "@/lib/words";
import { Button, Input, Modal } from "@/ui";

import styles from "./saved-filters.module.css";

/** What the filter that is in force shall be called. */
export function FilterNameDialog({ begun, longest, taken, onNamed, onClose }: {
  begun: string;
  longest: number;
  taken: string[];
  onNamed: (name: string) => void;
  onClose: () => void;
}) {
  const [typed, setTyped] = useState(begun.slice(0, longest));
  const id = useId();
  const name = typed.trim();
  return (
    <Modal open centered width={400} title={t("workflow.filter_save")} footer={null} onCancel={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name) onNamed(name);
        }}
      >
        <label htmlFor={id}>{t("workflow.filter_name")}</label>
        <Input id={id} value={typed} maxLength={longest} onChange={(event) => setTyped(event.target.value)} />
        <p className={styles.hint}>{taken.includes(name) ? t("workflow.filter_replaces", { name }) : t("workflow.filter_hint")}</p>
        <Button type="primary" htmlType="submit" disabled={!name}>
          {t("ui.save")}
        </Button>
      </form>
    </Modal>
  );
}
