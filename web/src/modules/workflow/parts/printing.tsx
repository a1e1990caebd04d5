import { type ReactNode, useEffect, useState } from "react";
import { flushSync } from "react-dom";

import { useMe } from "@/modules/access/api";
import { formatInstant } from "@/lib/time";
import { t } from "@/lib/words";
import { Button, Icon } from "@/ui";

import type { CaseView } from "../api";
import styles from "./printing.module.css";

/** 打印: while paper is made of a page, nothing on it can be filled in, and it says when it was printed. */
export function usePrinting() {
  const [at, setAt] = useState<string>();
  useEffect(() => {
    const begin = () => flushSync(() => setAt(new Date().toISOString()));
    const end = () => setAt(undefined);
    window.addEventListener("beforeprint", begin);
    window.addEventListener("afterprint", end);
    return () => {
      window.removeEventListener("beforeprint", begin);
      window.removeEventListener("afterprint", end);
    };
  }, []);
  return at;
}

export function PrintButton() {
  return (
    <Button icon={<Icon name="file" size={15} />} onClick={() => window.print()}>
      {t("workflow.print")}
    </Button>
  );
}

/**
 * The last line of the sheet: what it is of, who printed it when, and where to see whether it is so. It stands there always
 * and is shown on paper only, so that no way of printing leaves it out. `at`: when it was printed, where the browser said so;
 * else when the page was opened.
 */
export function PrintLine({ view, at }: { view: CaseView; at: string | undefined }) {
  const me = useMe();
  const [opened] = useState(() => new Date().toISOString());
  const address = `${window.location.origin}/cases/${view.id}`;
  return (
    <p className={styles.line}>
      {view.edition ? `${t("workflow.print_edition", { n: view.edition })} · ` : ""}
      {t("workflow.print_line", { number: view.number, person: me?.person.name ?? "", time: formatInstant(at ?? opened), address })}
    </p>
  );
}

/** What belongs to the screen and not to the sheet. */
export function OnScreen({ children }: { children: ReactNode }) {
  return <div className={styles.screen}>{children}</div>;
}
