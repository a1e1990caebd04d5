import { useQueryClient } from "@tanstack/react-query";
import { type ComponentRef, lazy, Suspense, useRef, useState } from "react";

import type { Values } from "@/modules/forms/model";
import { t, text } from "@/lib/words";
import { Button, Input, Keys, useShortcuts } from "@/ui";

import { type CaseView, type Signing, type TaskView, useDecide, type Verb } from "../api";
import { readOnly } from "./bare-read";
import styles from "./decision-bar.module.css";
import { useNaming } from "./mention-field";
import { More } from "./more";
import type { Operation } from "./operations";
import { noteSaid, withPhrase } from "./phrases";
import { QuickOpinions } from "./quick-opinions";
import type { Turning } from "./return-dialog";

const ReturnDialog = lazy(() => import("./return-dialog").then((module) => ({ default: module.ReturnDialog })));
const OperationDialog = lazy(() => import("./operation-dialog").then((module) => ({ default: module.OperationDialog })));
const ChooseDialog = lazy(() => import("./choose-dialog").then((module) => ({ default: module.ChooseDialog })));
const SignDialog = lazy(() => import("./sign-dialog").then((module) => ({ default: module.SignDialog })));

interface DecisionBarProps {
  view: CaseView;
  task: TaskView;
  /** Fields that the reader filled in at this node. */
  edits: Values;
  /** The first field that must be filled in here and is empty; focusing it is the caller's. */
  missing: string[];
  onMissing: (field: string) => void;
  onDecided: () => void;
}

/** What stands behind "more", in this order. */
const BESIDES: Operation[] = ["transfer", "delegate", "consult", "add_signer", "fail_review", "hold", "end_hold", "give_back", "terminate"];

/** The opinion and the decision; it never scrolls away. A phone shows the same under the thumb. */
export function DecisionBar({ view, task, edits, missing, onMissing, onDecided }: DecisionBarProps) {
  const [opinion, setOpinion] = useTyped(task.id);
  const [named, setNamed] = useState<string[]>([]);
  const naming = useNaming({ text: opinion, mentions: named, onText: setOpinion, onMentions: setNamed });
  const mentions = named.length > 0 ? { mentions: named } : {};
  const [wanting, setWanting] = useState(0);
  /** What he is asked about: by key also whether to disagree. */
  const [returning, setReturning] = useState<readonly Turning[]>();
  const [handingOver, setHandingOver] = useState(false);
  const [transferring, setTransferring] = useState(false);
  const [passing, setPassing] = useState(false);
  const [choosing, setChoosing] = useState(false);
  /** Whom he has chosen, while he records the signature. */
  const [signing, setSigning] = useState<Record<string, string[]>>();
  const field = useRef<ComponentRef<typeof Input.TextArea>>(null);
  const decide = useDecide(view, task, (verb) => t(`workflow.did_${verb}`, { title: text(view.title) }), () => {
    noteSaid(opinion);
    setOpinion("");
    setNamed([]);
    naming.close();
    setChoosing(false);
    setSigning(undefined);
    onDecided();
  });
  const may = (verb: string) => task.can.includes(verb);

  const agreeing: Verb = may("complete") ? "complete" : may("advise") ? "advise" : "approve";
  const bare = readOnly(task, opinion);
  // Agreeing needs as many characters as the node says; refusing always needs some.
  const fewest = (verb: Verb) => {
    if (verb === "advise") return 1;
    if (verb === "abstain" || verb === "try_again") return 0;
    return verb === "reject" ? Math.max(1, task.words_to_agree) : task.words_to_agree;
  };
  const act = (verb: Verb) => {
    if (!["reject", "abstain", "try_again"].includes(verb) && missing[0]) {
      onMissing(missing[0]);
      return;
    }
    if ([...opinion.trim()].length < fewest(verb)) {
      setWanting(fewest(verb));
      field.current?.focus();
      return;
    }
    if (bare === "refuse" && (verb === "reject" || verb === agreeing)) {
      field.current?.focus();
      return;
    }
    // What counts as disagreeing is sent, and told, as that.
    const meant = bare === "disagree" && verb === agreeing && may("reject") ? "reject" : verb;
    if (meant === agreeing && task.choices?.length) setChoosing(true);
    else if (meant === agreeing) agree({});
    else void decide.run({ verb: meant, text: opinion.trim(), attachments: [], ...mentions, values: edits });
  };
  /** With the signed sheet, where it is done on paper. */
  const agree = (choices: Record<string, string[]>, paper?: Signing) => {
    if (task.paper && !paper) setSigning(choices);
    else void decide.run({ verb: agreeing, text: opinion.trim(), attachments: [], ...mentions, values: edits, ...(Object.keys(choices).length > 0 ? { choices } : {}), ...(paper ? { paper } : {}) });
  };
  const operations = BESIDES.filter(may);
  const turning = (["return", "reject"] as const).filter(may);
  useShortcuts([
    ...(may(agreeing)
      ? [
          { keys: "a", label: t(`workflow.${agreeing}`), run: (event: KeyboardEvent) => onOpenCase(event, () => act(agreeing)) },
          { keys: "mod+Enter", label: t("workflow.agree_with_opinion"), run: (event: KeyboardEvent) => onOpenCase(event, () => act(agreeing)) },
        ]
      : []),
    ...(turning[0] ? [{ keys: "r", label: turning.map((verb) => t(`workflow.${verb}`)).join(" / "), run: (event: KeyboardEvent) => onOpenCase(event, () => setReturning(turning)) }] : []),
    ...(may("transfer") ? [{ keys: "t", label: t("workflow.transfer"), run: (event: KeyboardEvent) => onOpenCase(event, () => setTransferring(true)) }] : []),
    { keys: "o", label: t("workflow.write_opinion"), run: (event: KeyboardEvent) => onOpenCase(event, () => field.current?.focus()) },
  ]);

  return (
    <div className={styles.bar}>
      <div className={styles.words}>
        <Input.TextArea
          ref={field}
          aria-label={t("workflow.opinion")}
          aria-describedby={wanting > 0 ? "opinion-wanting" : undefined}
          aria-invalid={wanting > 0 || undefined}
          placeholder={t(task.purpose === "mend" && may("complete") ? "workflow.mend_words" : "workflow.opinion_placeholder")}
          autoSize={{ minRows: 1, maxRows: 5 }}
          value={opinion}
          {...(wanting > 0 ? { status: "error" as const } : {})}
          onChange={(event) => {
            naming.type(event.target.value);
            setWanting(0);
          }}
          onKeyDown={(event) => {
            // Out of the field, so that single letters mean something again.
            if (event.key === "Escape") event.currentTarget.blur();
          }}
        />
        {naming.picker}
        <QuickOpinions
          onMention={naming.pick}
          onPick={(phrase) => {
            setOpinion(withPhrase(opinion, phrase));
            setWanting(0);
          }}
        >
          {bare && bare !== "note" && (
            <span className={styles.wanting} role="status">
              {t(`workflow.bare_read_${bare}`)}
            </span>
          )}
          {wanting > 0 && (
            <span id="opinion-wanting" className={styles.wanting} role="alert">
              {wanting > 1 ? t("workflow.opinion_too_short", { n: wanting }) : t("workflow.opinion_missing")}
            </span>
          )}
        </QuickOpinions>
      </div>
      <div className={styles.buttons}>
        {may(agreeing) && (
          <Button type="primary" className={styles.agree ?? ""} loading={decide.pending} onClick={() => act(agreeing)}>
            {t(`workflow.${agreeing}`)} <KeyHint keys="a" light />
          </Button>
        )}
        {may("pass_on") && (
          <Button disabled={decide.pending} onClick={() => (missing[0] ? onMissing(missing[0]) : setPassing(true))}>
            {t("workflow.pass_on")}
          </Button>
        )}
        {may("return") && (
          <Button disabled={decide.pending} onClick={() => setReturning(["return"])}>
            {t("workflow.return")} <KeyHint keys="r" />
          </Button>
        )}
        {may("hand_over") && (
          <Button type={task.purpose === "assign" ? "primary" : "default"} disabled={decide.pending} onClick={() => setHandingOver(true)}>
            {t("workflow.hand_over")}
          </Button>
        )}
        {may("try_again") && (
          <Button disabled={decide.pending} onClick={() => act("try_again")}>
            {t("workflow.try_again")}
          </Button>
        )}
        {may("abstain") && (
          <Button disabled={decide.pending} onClick={() => act("abstain")}>
            {t("workflow.abstain")}
          </Button>
        )}
        {may("reject") && (
          <Button danger disabled={decide.pending} onClick={() => act("reject")}>
            {t("workflow.reject")}
          </Button>
        )}
        <More view={view} operations={operations} task={task.id} begun={opinion.trim()} upwards onDone={onDecided} />
      </div>
      {handingOver && (
        <Suspense>
          <OperationDialog view={view} operation="hand_over" task={task.id} onClose={() => setHandingOver(false)} onDone={onDecided} />
        </Suspense>
      )}
      {returning && (
        <Suspense>
          <ReturnDialog view={view} task={task} opinion={opinion} turning={returning} onClose={() => setReturning(undefined)} onDone={onDecided} />
        </Suspense>
      )}
      {choosing && (
        <Suspense>
          <ChooseDialog
            task={task}
            label={t(`workflow.${agreeing}`)}
            pending={decide.pending}
            onClose={() => setChoosing(false)}
            onChosen={(choices) => agree(choices)}
          />
        </Suspense>
      )}
      {signing && task.paper && (
        <Suspense>
          <SignDialog
            view={view}
            task={{ ...task, paper: task.paper }}
            label={t(`workflow.${agreeing}`)}
            pending={decide.pending}
            onClose={() => setSigning(undefined)}
            onSigned={(paper) => agree(signing, paper)}
          />
        </Suspense>
      )}
      {passing && (
        <Suspense>
          <OperationDialog
            view={view}
            operation="pass_on"
            task={task.id}
            begun={opinion.trim()}
            values={edits}
            candidates={whomToName(view, task)}
            onClose={() => setPassing(false)}
            onDone={onDecided}
          />
        </Suspense>
      )}
      {transferring && (
        <Suspense>
          <OperationDialog view={view} operation="transfer" task={task.id} begun={opinion.trim()} onClose={() => setTransferring(false)} onDone={onDecided} />
        </Suspense>
      )}
    </div>
  );
}

/** What he typed here: it is still there when he comes back to the case, or when it goes on after it was suspended. */
function useTyped(task: string): [string, (words: string) => void] {
  const queries = useQueryClient();
  const kept = ["typed", task];
  const [typed, setTyped] = useState(() => queries.getQueryData<string>(kept) ?? "");
  const type = (words: string) => {
    setTyped(words);
    queries.setQueryData(kept, words);
  };
  return [typed, type];
}

/** Those whom the node lets him name, and whoever sent it to him; nothing: anyone in service. */
function whomToName(view: CaseView, task: TaskView) {
  if (!task.next?.candidates) return undefined;
  const senders = task.next.back_to.flatMap((id) => view.people[id] ?? []);
  return [...senders, ...task.next.candidates.filter((person) => !senders.some((sender) => sender.id === person.id))];
}

/**
 * A key decides about the case that is open, once each time it is pressed. While the cursor stands on another row, that
 * one is opened first: nobody decides about what he does not look at.
 */
function onOpenCase(event: KeyboardEvent, run: () => void): void {
  const on = event.target instanceof Element ? event.target : document.body;
  // What is typed in a dialog over the page is for the dialog.
  if (event.repeat || on.closest("[role=dialog]")) return;
  const row = on.closest<HTMLElement>("[data-key]:not([aria-current])");
  if (row) row.click();
  else run();
}

function KeyHint({ keys, light }: { keys: string; light?: boolean }) {
  return (
    <span className={light ? styles.keyLight : styles.key} aria-hidden="true">
      <Keys keys={keys} />
    </span>
  );
}
