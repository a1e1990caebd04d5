import { useState } from "react";

import { formatDuration, formatMoment } from "@/lib/time";
import { say, t, text } from "@/lib/words";
import { Button, DueMark, Icon } from "@/ui";

import type { Step, StepPerson } from "../api";
import { actWord } from "../parts/acts";
import styles from "./route-map.module.css";

interface RouteMapProps {
  route: readonly Step[];
  /** The label of a form's field, for "depends on". */
  fieldLabel: (field: string) => string;
  me?: string | undefined;
  /** One line that opens: for phones. */
  folded?: boolean;
}

/** 流程走向: what was (who, what, how long it lay), what is (who, until when, why him), what will be (as predicted). */
export function RouteMap({ route, folded = false, ...rest }: RouteMapProps) {
  const [open, setOpen] = useState(!folded);
  const present = route.filter((step) => step.state === "present");
  if (!open) {
    const names = present.flatMap((step) => step.people.map((person) => person.name));
    return (
      <Button block className={styles.folded ?? ""} onClick={() => setOpen(true)} aria-expanded={false}>
        <Icon name="flow" size={16} />
        <span className={styles.foldedText}>
          {names.length > 0 ? t("workflow.now_at", { node: text(present[0]?.name), people: names }) : t("workflow.route")}
        </span>
        <Icon name="down" size={14} />
      </Button>
    );
  }
  return (
    <ol className={styles.route} aria-label={t("workflow.route")}>
      {route.map((step, index) => (
        <li key={`${step.node}-${index}`} className={styles.step} data-state={step.state}>
          <StepBody step={step} {...rest} />
        </li>
      ))}
    </ol>
  );
}

function StepBody({ step, fieldLabel, me }: { step: Step } & Omit<RouteMapProps, "route" | "folded">) {
  return (
    <>
      <span className={styles.knot} aria-hidden="true">
        {step.state === "past" && <Icon name={step.people.some(turnedBack) ? "back" : "check"} size={12} />}
      </span>
      <div className={styles.head}>
        <span className={styles.name}>{text(step.name)}</span>
        <span className="visually-hidden">{t(`workflow.step_${step.state}`)}</span>
        {step.kind === "copy" && <span className={styles.kind}>{t("workflow.copy")}</span>}
        {step.state === "present" && step.due_at && <DueMark at={step.due_at} />}
        {step.state === "past" && step.arrived_at && step.closed_at && step.kind !== "start" && (
          <span className={styles.lay} title={t("workflow.lay")}>
            {formatDuration(Date.parse(step.closed_at) - Date.parse(step.arrived_at))}
          </span>
        )}
      </div>
      {step.people.map((person) => (
        <PersonLine key={person.id} person={person} step={step} me={me} />
      ))}
      {step.state === "skipped" && step.why && <p className={styles.why}>{say(step.why.code, step.why.args)}</p>}
      {step.state === "future" && step.people.length === 0 && step.depends_on.length === 0 && step.why && (
        <p className={styles.why}>{say(step.why.code, step.why.args)}</p>
      )}
      {step.depends_on.length > 0 && (
        <p className={styles.why}>
          {t("workflow.depends_on", { fields: step.depends_on.map(fieldLabel) })}
          {step.alternatives && step.alternatives.length > 0 && (
            <>{t("workflow.one_of", { names: step.alternatives.map((name) => text(name)) })}</>
          )}
        </p>
      )}
    </>
  );
}

function turnedBack(person: StepPerson): boolean {
  return person.act === "returned" || person.act === "rejected" || person.act === "withdrawn";
}

function PersonLine({ person, step, me }: { person: StepPerson; step: Step; me: string | undefined }) {
  const isMe = person.id === me && step.state === "present";
  return (
    <div className={styles.person}>
      <div className={styles.personLine}>
        <span className={styles.personName}>{isMe ? t("workflow.me", { name: person.name }) : person.name}</span>
        {person.on_behalf_of && <span className={styles.lay}>{t("workflow.for", { name: person.on_behalf_of.name })}</span>}
        {person.act && step.kind !== "start" && <span data-act={person.act}>{actWord(person.act)}</span>}
        {person.at && <time className={styles.lay} dateTime={person.at}>{formatMoment(person.at)}</time>}
      </div>
      {person.opinion && <p className={styles.opinion}>{person.opinion}</p>}
      {person.why && step.state !== "past" && (
        <p className={styles.why}>
          {isMe && <strong>{t("workflow.why_me")} </strong>}
          {say(person.why.code, person.why.args)}
        </p>
      )}
    </div>
  );
}
