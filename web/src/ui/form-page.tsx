import type { ReactNode } from "react";

import { RecordPage } from "./record-page";
import { useShortcuts } from "./shortcuts";

interface FormPageProps {
  title: string;
  meta?: ReactNode;
  tools?: ReactNode;
  aside?: ReactNode;
  asideLabel?: string;
  /** What stands in the bar at the bottom: what is missing, confirmation, submit. */
  actions: ReactNode;
  onBack?: (() => void) | undefined;
  /** Ctrl/Cmd+Enter, from anywhere on the page. */
  submit: { label: string; run: () => void };
  children: ReactNode;
}

/** Something filled in and sent. The bar with the submit button stays in sight, and Ctrl/Cmd+Enter presses it. */
export function FormPage({ submit, children, ...rest }: FormPageProps) {
  useShortcuts([{ keys: "mod+Enter", label: submit.label, run: submit.run }]);
  return <RecordPage {...rest}>{children}</RecordPage>;
}
