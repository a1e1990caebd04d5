import { useState } from "react";

import { formatDuration, formatMoment } from "@/lib/time";
import { listed, say, t, text } from "@/lib/words";
import { Button, Icon } from "@/ui";

import type { CaseView, Fork, OpinionView, Route, Step, StepPerson } from "../api";
import styles from "./route-map.module.css";
import { type Branching, isBranching, laid, type Laid } from "./lanes";
import { Signed } from "./paper";
import { sayWaiting } from "./waiting";
import { sayClosing, sayWhy, saysNoMore, type Story } from "./story";

interface Context {
  story: Story;
  opinions?: readonly OpinionView[];
  /** What the case did in modules, and what came of it. */
  effects?: CaseView["effects"];
  /** Whose task was looked at, and when first. */
  seen?: CaseView["seen"] | undefined;
  me?: string | undefined;
  /** The case stands still: nobody decides where it is. */
  halted?: boolean;
}

/** 流程走向: what was (who, what, how long it lay), what is (who, why him), what will be (as predicted). */
export function RouteMap({ route, folded = false, ...context }: Context & { route: Route; folded?: boolean }) {
  const [open, setOpen] = useState(!folded);
  if (!open) {
    const present = route.steps.filter((step) => step.when === "present" && !isBranching(step));
    const names = present.flatMap((step) => step.people.filter((person) => isAtWork(person) && !isTold(person, step)).map((person) => context.story.person(person.person)));
    return (
      <Button block className={styles.folded ?? ""} onClick={() => setOpen(true)} aria-expanded={false}>
        <Icon name="flow" size={16} />
        <span className={styles.foldedText}>
          {present[0] ? t("workflow.now_at", { node: stepName(present[0]), people: names }) : t("workflow.route")}
        </span>
        <Icon name="down" size={14} />
      </Button>
    );
  }
  return (
    <ol className={styles.route} aria-label={t("workflow.route")}>
      <Items items={laid(route.steps)} {...context} />
      {route.fork && (
        <li className={styles.step} data-state="future">
          <ForkBody fork={route.fork} {...context} />
        </li>
      )}
    </ol>
  );
}

function Items({ items, ...context }: Context & { items: readonly Laid[] }) {
  return items.map((item, index) => (
    <li key={`${item.step.node}-${index}`} className={styles.step} data-state={stateOf(item.step)} data-superseded={item.step.superseded || undefined} data-undone={isUndone(item.step) || undefined} data-turned={turned(item.step)}>
      <StepBody step={item.step} {...context} />
      {item.lanes && <Lanes branching={{ ...item, lanes: item.lanes }} {...context} />}
    </li>
  ));
}

/** Branches that are walked at the same time: side by side where there is room, else one below the other. */
function Lanes({ branching, ...context }: Context & { branching: Branching }) {
  return (
    <ul className={styles.lanes} aria-label={text(branching.step.name)}>
      {branching.lanes.map(({ lane, items }) => (
        <li key={lane.branch} className={styles.lane} data-state={lane.state?.state}>
          <p className={styles.laneHead}>
            <span className={styles.branchName}>{text(lane.name) || t("workflow.otherwise")}</span>
            {lane.state && <span className={styles.kind}>{t(`workflow.lane_${lane.state.state}`)}</span>}
          </p>
          <ol>
            <Items items={items} {...context} />
          </ol>
        </li>
      ))}
    </ul>
  );
}

/** How many had or have a say: somebody to whom it came back is one of them, not two. */
function voters(step: Step): number {
  return new Set(step.people.filter((person) => !isHandedOn(person) && !isTold(person, step)).map((each) => each.person)).size;
}

function sayQuorum(quorum: NonNullable<Step["quorum"]>): string {
  if (typeof quorum === "string") return say(`workflow.quorum.${quorum}`);
  const [kind] = Object.keys(quorum);
  return say(`workflow.quorum.${kind}`, quorum);
}

/** Where votes are counted: how they stand. */
function sayTally({ needed, yes, no, abstained, open }: NonNullable<Step["tally"]>): string {
  const parts = [t("workflow.tally_yes", { yes, needed }), t("workflow.tally_no", { n: no })];
  if (abstained > 0) parts.push(t("workflow.tally_abstained", { n: abstained }));
  if (open > 0) parts.push(t("workflow.tally_open", { n: open }));
  return parts.join(t("ui.semicolon"));
}

function joinName(step: Step): string | undefined {
  if (!step.join || step.join === "all") return undefined;
  if (step.join === "first") return t("workflow.join_first");
  return t("workflow.join_at_least", { n: step.join.at_least });
}

type State = "past" | "present" | "future" | "skipped";

function stateOf(step: Step): State {
  return step.end === "passed_over" ? "skipped" : step.when;
}

/** It did not go on from there: it went elsewhere, or ended. */
function turned({ end }: Step): "back" | "ended" | undefined {
  if (end === "returned" || end === "taken_back" || end === "jumped") return "back";
  return end === "rejected" || end === "withdrawn" || end === "terminated" ? "ended" : undefined;
}

const TURNED_ICONS = { back: "back", ended: "cross" } as const;

function stepName(step: Step): string {
  return text(step.name) || t("workflow.start_node");
}

function isAtWork(person: StepPerson): boolean {
  return !person.state || person.state.state === "open";
}

/** It was walked past, and what it is there for was not done: an effect that was only recorded, or refused. */
function isUndone({ when, waits }: Step): boolean {
  return when === "past" && ["declared", "refused"].includes(waits?.effect?.state ?? "");
}

/** 抄送: he got a copy on the way, and has nothing to decide there. */
function isTold({ state, why }: StepPerson, step: Step): boolean {
  return step.kind !== "copy" && !state && why.some(({ code }) => code === "mentioned_by" || code === "copied_by");
}

/** Another decides in his place: he is not one of those who must agree. */
function isHandedOn(person: StepPerson): boolean {
  return person.state?.state === "closed" && ["transferred", "handed_over"].includes(person.state.how.code);
}

function StepBody({ step, story, opinions = [], effects, seen, me, halted = false }: { step: Step } & Context) {
  const state = stateOf(step);
  const way = turned(step);
  return (
    <>
      <span className={styles.knot} aria-hidden="true">
        {state === "past" && <Icon name={way ? TURNED_ICONS[way] : isUndone(step) ? "file" : "check"} size={12} />}
      </span>
      <div className={styles.head}>
        <span className={styles.name}>{stepName(step)}</span>
        <span className="visually-hidden">{t(isUndone(step) ? "workflow.step_passed" : `workflow.step_${state}`)}</span>
        {joinName(step) && <span className={styles.kind}>{joinName(step)}</span>}
        {halted && state === "present" && <span className={styles.halted}>{say("workflow.stage.halted")}</span>}
        {step.kind === "copy" && <span className={styles.kind}>{t("workflow.copy")}</span>}
        {step.on_paper && <span className={styles.kind}>{t("workflow.on_paper")}</span>}
        {step.round > 1 && <span className={styles.kind}>{t("workflow.round", { n: step.round })}</span>}
        {step.quorum && voters(step) > 1 && <span className={styles.kind}>{sayQuorum(step.quorum)}</span>}
        {step.opened_at && step.closed_at && step.kind !== "start" && step.kind !== "copy" && (
          <span className={styles.lay} title={t("workflow.lay")}>
            {formatDuration(Date.parse(step.closed_at) - Date.parse(step.opened_at))}
          </span>
        )}
      </div>
      {step.waits && <p className={styles.tally}>{sayWaiting(step, effects)}</p>}
      {step.tally && <p className={styles.tally}>{sayTally(step.tally)}</p>}
      {step.people.map((person) => (
        <PersonLine key={`${person.person}-${person.turn}`} person={person} step={step} story={story} opinions={opinions} seen={seen} me={me} />
      ))}
      {step.left_out?.map((left) => (
        <p key={left.person ?? left.because} className={styles.why}>
          {left.person && `${story.person(left.person)} `}
          {say(`workflow.left_out.${left.because}`)}
        </p>
      ))}
      {step.end === "passed_over" && <p className={styles.why}>{say("workflow.end.passed_over")}</p>}
      {step.depends_on && step.depends_on.length > 0 && (
        <p className={styles.why}>{t("workflow.depends_on", { fields: step.depends_on.map(story.field) })}</p>
      )}
      {step.kind === "free" && step.when !== "past" && <p className={styles.why}>{t("workflow.free_ahead")}</p>}
      {step.chosen_by && <p className={styles.why}>{t("workflow.chosen_by", { node: story.node(step.chosen_by) })}</p>}
      {step.choose && <p className={styles.why}>{t("workflow.to_choose", { min: step.choose.min })}</p>}
    </>
  );
}

function PersonLine({ person, step, story, opinions, seen, me }: { person: StepPerson; step: Step; opinions: readonly OpinionView[] } & Context) {
  const state = person.state;
  const closed = state?.state === "closed" ? state : undefined;
  const actor = closed?.by && closed.by.person !== person.person ? story.person(closed.by.person) : undefined;
  // Another decided in his name, or took it from him.
  const [forHim, overHim] = closed && ["handed_over", "removed"].includes(closed.how.code) ? [undefined, actor] : [actor];
  const told = isTold(person, step);
  const isMe = person.person === me && step.when === "present" && isAtWork(person) && !told;
  const name = story.person(person.person);
  const looked = seen?.find((task) => task.no === person.task)?.seen_at;
  const waitsForHim = state?.state === "open" && step.when === "present" && !isMe && seen !== undefined;
  const said = closed && opinions.find((opinion) => opinion.node === step.node && opinion.at === closed.at && opinion.text);
  const at = closed?.at ?? (step.kind === "start" && !told ? step.closed_at : person.read_at);
  return (
    <div className={styles.person}>
      <div className={styles.personLine}>
        <span className={styles.personName}>{isMe ? t("workflow.me", { name }) : name}</span>
        {forHim && <span className={styles.lay}>{t("workflow.by", { name: forHim })}</span>}
        {closed && <span data-how={closed.how.code}>{sayClosing(closed.how, story)}</span>}
        {overHim && <span className={styles.lay}>{t("workflow.by_other", { name: overHim })}</span>}
        {state?.state === "waiting" && step.when !== "future" && <span className={styles.lay}>{t("workflow.not_his_turn")}</span>}
        {waitsForHim && (
          <span className={styles.lay}>{looked ? t("workflow.looked_at", { time: formatMoment(looked) }) : t("workflow.not_looked_at")}</span>
        )}
        {told && <span className={styles.lay}>{t("workflow.copy")}</span>}
        {(told || step.kind === "copy") && person.read_at && <span className={styles.lay}>{t("workflow.read")}</span>}
        {at && (
          <time className={styles.lay} dateTime={at}>
            {formatMoment(at)}
          </time>
        )}
      </div>
      {person.paper && <Signed paper={person.paper} story={story} />}
      {said && !saysNoMore(said) && <p className={styles.opinion}>{said.text}</p>}
      {step.when !== "past" && step.kind !== "start" && person.why.length > 0 && (
        <p className={styles.why}>
          {isMe && <strong>{t("workflow.why_me")} </strong>}
          {sayWhy(person.why, story)}
        </p>
      )}
    </div>
  );
}

/** The way parts here, and what decides is not filled in yet: each way it can take. */
function ForkBody({ fork, story }: { fork: Fork } & Context) {
  return (
    <>
      <span className={styles.knot} aria-hidden="true" />
      <div className={styles.head}>
        <span className={styles.name}>{text(fork.name)}</span>
        <span className="visually-hidden">{t("workflow.step_future")}</span>
      </div>
      <p className={styles.why}>{t("workflow.depends_on", { fields: fork.depends_on.map(story.field) })}</p>
      <ul className={styles.branches}>
        {fork.branches.map((branch) => (
          <li key={branch.branch}>
            <span className={styles.branchName}>{text(branch.name) || t("workflow.otherwise")}</span>
            <span>{branch.route.steps.filter((step) => !isBranching(step)).map((step) => ahead(step, story)).join(" → ") || t("workflow.nobody_more")}</span>
          </li>
        ))}
        {fork.more && <li>{t("workflow.more_ways")}</li>}
      </ul>
    </>
  );
}

/** 总经理(孙启明) */
function ahead(step: Step, story: Story): string {
  const names = listed(step.people.map((person) => story.person(person.person)));
  return names ? t("workflow.step_by", { name: stepName(step), people: names }) : stepName(step);
}
