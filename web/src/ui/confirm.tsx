import { lazy, type ReactNode, Suspense } from "react";

import { signal, useSignal } from "@/lib/signal";

export interface Question {
  title: string;
  body?: ReactNode;
  yes: string;
  danger?: boolean;
}

interface Asked extends Question {
  answer: (yes: boolean) => void;
}

const asked = signal<Asked | undefined>(undefined);

function confirm(question: Question): Promise<boolean> {
  asked.get()?.answer(false);
  return new Promise((resolve) => {
    asked.set({
      ...question,
      answer: (yes) => {
        asked.set(undefined);
        resolve(yes);
      },
    });
  });
}

/** Asks before something that cannot simply be taken back. Resolves to the answer. */
export function useConfirm(): (question: Question) => Promise<boolean> {
  return confirm;
}

// Dialogs are not part of the first page; they are fetched when one is needed.
const ConfirmDialog = lazy(() => import("./confirm-dialog").then((module) => ({ default: module.ConfirmDialog })));

/** Where questions appear; one for the whole application. */
export function ConfirmHost() {
  const question = useSignal(asked);
  return question ? (
    <Suspense>
      <ConfirmDialog {...question} />
    </Suspense>
  ) : null;
}
