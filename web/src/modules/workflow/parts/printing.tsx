import { type ReactNode, useEffect, useState } from "react";
import { flushSync } from "react-dom";

import { useMe } from "@/modules/access/api";
import { formatInstant } from "@/lib/time";
import { say, t, text } from "@/lib/words";

import type { CaseView, Step, StepPerson } from "../api";
import styles from "./printing.module.css";
import { sayClosing, type Story } from "./story";

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

interface PrintFootProps {
  view: CaseView;
  story: Story;
  /** When it was printed, where the browser said so; else it is when the page was opened. */
  at: string | undefined;
}

/**
 * The foot of the sheet: how a case ended and who decided what when, what the sheet is of, who printed it when, and where to
 * see whether it is so. It stands there always and is shown on paper only, so that no way of printing leaves it out.
 */
export function PrintFoot({ view, story, at }: PrintFootProps) {
  const me = useMe();
  const [opened] = useState(() => new Date().toISOString());
  const address = `${window.location.origin}/cases/${view.id}`;
  return (
    <div className={styles.foot}>
      {view.finished_at && <Outcome view={view} finished={view.finished_at} story={story} />}
      <p>
        {view.edition && isToBeSigned(view) ? `${t("workflow.print_edition", { n: view.edition })} · ` : ""}
        {t("workflow.print_line", { number: view.number, person: me?.person.name ?? "", time: formatInstant(at ?? opened), address })}
      </p>
    </div>
  );
}

/** Somebody still signs on the sheet. */
const isToBeSigned = ({ status, tasks, route }: CaseView): boolean =>
  status === "running" && (tasks.some((task) => task.paper) || route.steps.some((step) => step.on_paper && step.when !== "past"));

/** How it ended and when, and by whom and when each step was decided. */
function Outcome({ view, finished, story }: { view: CaseView; finished: string; story: Story }) {
  const decided = view.route.steps
    .filter((step) => step.when === "past" && step.kind !== "start" && step.kind !== "copy")
    .flatMap((step) => step.people.flatMap((person) => sayDecided(step, person, story)));
  return (
    <>
      <p>{t("workflow.print_ended", { status: say(`workflow.status.${view.status}`), time: formatInstant(finished) })}</p>
      {decided.map((words, at) => (
        <p key={at}>{words}</p>
      ))}
    </>
  );
}

/** 主管审批：赵晴 同意，2026年11月22日 10:40. */
function sayDecided(step: Step, { person, state }: StepPerson, story: Story): string[] {
  if (state?.state !== "closed") return [];
  const by = state.by && state.by.person !== person ? ` ${t("workflow.by", { name: story.person(state.by.person) })}` : "";
  const name = `${story.person(person)}${by}`;
  return [t("workflow.print_decided", { node: text(step.name), person: name, how: sayClosing(state.how, story), time: formatInstant(state.at) })];
}

/** What belongs to the screen and not to the sheet. */
export function OnScreen({ children }: { children: ReactNode }) {
  return <div className={styles.screen}>{children}</div>;
}
