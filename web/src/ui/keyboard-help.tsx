import { t } from "@/lib/words";

import { Modal } from "./overlays";
import styles from "./shortcuts.module.css";
import { Keys, useKeysInForce } from "./shortcuts";

/** What the keyboard can do on the page that is open. */
export function KeyboardHelp({ onClose }: { onClose: () => void }) {
  const keys = useKeysInForce();
  return (
    <Modal open onCancel={onClose} footer={null} title={t("ui.keyboard_help")} width={420} centered>
      <dl className={styles.help}>
        {keys.map((shortcut) => (
          <div key={shortcut.keys}>
            <dt>{shortcut.label}</dt>
            <dd>
              <Keys keys={shortcut.keys} />
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
