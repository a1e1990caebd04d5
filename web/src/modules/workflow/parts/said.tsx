import { lazy, type ReactNode, Suspense, useState } from "react";

import { t } from "@/lib/words";
import { Button } from "@/ui";

import type { CaseView, OpinionView } from "../api";
import styles from "./said.module.css";
import type { Story } from "./story";

const CorrectionDialog = lazy(() => import("./correction-dialog").then((module) => ({ default: module.CorrectionDialog })));

interface AmendedProps {
  /** Where it can be put right. */
  view: Pick<CaseView, "id"> | undefined;
  opinion: OpinionView;
  /** The words, struck through where others stand in their place. */
  children?: ReactNode;
}

/** What became of the words: put right there, or putting right what stands there. The old words stay (TRACE-03). */
export function Amended({ view, opinion, children }: AmendedProps) {
  const [changing, setChanging] = useState(false);
  const { corrects, corrected_by: by } = opinion;
  return (
    <>
      {by && children ? <del>{children}</del> : children}
      {by && (
        <a className={styles.link} href={`#opinion-${by}`} onClick={(event) => goTo(event, by)}>
          {t("workflow.corrected_there")}
        </a>
      )}
      {corrects && (
        <a className={styles.link} href={`#opinion-${corrects}`} onClick={(event) => goTo(event, corrects)}>
          {t("workflow.corrects_that")}
        </a>
      )}
      {view && opinion.can.includes("correct") && (
        <Button type="link" size="small" className={styles.correct ?? ""} onClick={() => setChanging(true)}>
          {t("workflow.correct")}
        </Button>
      )}
      {view && changing && (
        <Suspense>
          <CorrectionDialog id={view.id} opinion={opinion} onClose={() => setChanging(false)} />
        </Suspense>
      )}
    </>
  );
}

/** Within the page, and not as an address: the address stays that of the case. */
function goTo(event: React.MouseEvent, no: number): void {
  event.preventDefault();
  document.getElementById(`opinion-${no}`)?.scrollIntoView({ block: "center" });
}

/** Whom the words name. */
export function Named({ opinion, story }: { opinion: OpinionView; story: Story }) {
  if (opinion.mentions.length === 0) return null;
  return <p className={styles.named}>{opinion.mentions.map((person) => `@${story.person(person)}`).join(" ")}</p>;
}
