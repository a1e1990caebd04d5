import { FileList } from "@/modules/files/parts/file-chip";
import { formatLongDate } from "@/lib/time";
import { t, text } from "@/lib/words";
import { Alert, Button, Icon } from "@/ui";

import { type CaseView, type OpinionView, type TaskView, usePrint } from "../api";
import styles from "./paper.module.css";
import type { Story } from "./story";

/** 纸质办理: that this step is signed on paper, and where the sheet stands: not printed, printed, or printed before a change (FLOW-35). */
export function OnPaper({ view, task, className }: { view: CaseView; task: TaskView; className?: string }) {
  if (!task.paper) return null;
  const { edition, is_current: current } = task.paper;
  return (
    <Alert
      type={edition && !current ? "warning" : "info"}
      className={className ?? ""}
      title={t("workflow.paper_here")}
      description={
        <div className={styles.state}>
          <span>{t(stateOf(task.paper), { n: edition ?? 0 })}</span>
          <PrintToSign view={view} task={task} />
        </div>
      }
    />
  );
}

function stateOf({ edition, is_current: current }: NonNullable<TaskView["paper"]>) {
  if (!edition) return "workflow.paper_not_printed";
  return current ? "workflow.paper_printed" : "workflow.paper_outdated";
}

/** The printing is on record before the sheet is made, and the sheet bears its number. */
export function PrintToSign({ view, task }: { view: CaseView; task: TaskView }) {
  const print = usePrint(view, task);
  const run = async () => {
    const done = await print.run({});
    // The number must stand on the page before the browser takes it to paper.
    if (done?.ok) setTimeout(() => window.print(), 100);
  };
  return (
    <Button icon={<Icon name="file" size={15} />} loading={print.pending} onClick={() => void run()}>
      {t("workflow.print_to_sign")}
    </Button>
  );
}

/** Where the sheet is signed by hand: at each step that is done on paper and was not yet. It stands on paper only. */
export function SignHere({ view, node }: { view: CaseView; node: string }) {
  const waits = view.route.steps.some((step) => step.node === node && step.on_paper && step.when !== "past");
  return waits ? <p className={styles.blank}>{t("workflow.sign_here")}</p> : null;
}

/** The same for steps that have no opinion box on the form. */
export function SignatureLines({ view }: { view: CaseView }) {
  const boxed = new Set(view.form.layout.rows.flat().flatMap((cell) => ("opinions" in cell ? [cell.opinions] : [])));
  const loose = view.route.steps.filter((step) => step.on_paper && step.when !== "past" && !boxed.has(step.node));
  return loose.map((step) => (
    <p key={step.node} className={styles.blank}>
      {text(step.name)} {t("workflow.sign_here")}
    </p>
  ));
}

/** What was signed on paper: by whom, when, on which printing, and the scan of it. */
export function Signed({ paper, opinion, story }: { paper: NonNullable<OpinionView["paper"]>; opinion?: OpinionView; story: Story }) {
  return (
    <div className={styles.signed}>
      <p>
        {t("workflow.signed_on_paper_line", { person: story.person(paper.signed_by), day: formatLongDate(paper.signed_on), n: paper.edition })}
        {opinion && paper.signed_by !== opinion.person && ` ${t("workflow.recorded_by", { person: story.person(opinion.person) })}`}
      </p>
      {opinion && <FileList ids={paper.scan} />}
    </div>
  );
}
