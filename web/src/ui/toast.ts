import { App } from "antd";
import { type ReactNode, useMemo } from "react";

import { t } from "@/lib/words";

export interface Question {
  title: string;
  body?: ReactNode;
  yes: string;
  danger?: boolean;
}

/** One line that says what happened, and goes away by itself. */
export function useToast() {
  const { message } = App.useApp();
  return useMemo(
    () => ({
      done: (content: ReactNode) => void message.success(content),
      note: (content: ReactNode) => void message.info(content),
      failed: (content: ReactNode) => void message.error(content, 6),
    }),
    [message],
  );
}

/** Asks before something that cannot simply be taken back. Resolves to the answer. */
export function useConfirm(): (question: Question) => Promise<boolean> {
  const { modal } = App.useApp();
  return useMemo(
    () => (question) =>
      new Promise((resolve) => {
        modal.confirm({
          title: question.title,
          content: question.body,
          okText: question.yes,
          okButtonProps: question.danger ? { danger: true } : {},
          cancelText: t("ui.cancel"),
          onOk: () => resolve(true),
          onCancel: () => resolve(false),
          icon: null,
          centered: true,
          autoFocusButton: question.danger ? "cancel" : "ok",
        });
      }),
    [modal],
  );
}
