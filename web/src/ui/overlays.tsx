import { Drawer, Modal as BaseModal, type ModalProps } from "antd";
import { type ReactNode, useEffect, useState } from "react";

import { usePhone } from "@/lib/use-media";
import { t } from "@/lib/words";

/**
 * The focus goes back to where it was when this opened. The library sees to that only for what is closed before it goes;
 * our dialogs and panels go as they are closed.
 */
function useFocusBack(): void {
  const [opener] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus({ preventScroll: true });
    },
    [opener],
  );
}

/** A dialog: its ways out are called the same everywhere. */
export function Modal({ closable, ...props }: ModalProps) {
  useFocusBack();
  return <BaseModal cancelText={t("ui.cancel")} {...props} closable={closable === false ? false : { "aria-label": t("ui.close") }} />;
}

/** One thing of a list beside it; on a phone, over it. */
export function Panel({ title, width = 480, onClose, children }: { title: ReactNode; width?: number; onClose: () => void; children: ReactNode }) {
  const phone = usePhone();
  useFocusBack();
  return (
    <Drawer open onClose={onClose} size={phone ? "100%" : width} title={title} closable={{ "aria-label": t("ui.close") }}>
      {children}
    </Drawer>
  );
}
