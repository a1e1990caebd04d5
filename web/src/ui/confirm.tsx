import { lazy, type ReactNode, Suspense, useEffect } from "react";

import { signal, useSignal } from "@/lib/signal";

import type { Action } from "./action";

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

// Dialogs are not part of the first page.
const fetchDialog = () => import("./confirm-dialog");
const ConfirmDialog = lazy(() => fetchDialog().then((module) => ({ default: module.ConfirmDialog })));

/**
 * Asks before something that cannot simply be taken back. Resolves to the answer. A page that may ask has the dialog
 * fetched as soon as it opens: the reason to ask may be that the network is gone.
 */
export function useConfirm(): (question: Question) => Promise<boolean> {
  useEffect(() => {
    // Not there now: it is fetched again when it is needed.
    fetchDialog().catch(() => undefined);
  }, []);
  return confirm;
}

/** The same action, asked about first: no answer but "yes" runs it. */
export function useAsked<I, O>(action: Action<I, O>, question: Question): Action<I, O> {
  const confirm = useConfirm();
  return { ...action, run: async (input) => ((await confirm(question)) ? action.run(input) : undefined) };
}

/** Where questions appear; one for the whole application. */
export function ConfirmHost() {
  const question = useSignal(asked);
  return question ? (
    <Suspense>
      <ConfirmDialog {...question} />
    </Suspense>
  ) : null;
}
