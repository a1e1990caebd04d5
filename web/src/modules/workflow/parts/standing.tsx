import { formatMoment } from "@/lib/time";
import { listed, say, t, text } from "@/lib/words";
import { Icon } from "@/ui";

import type { CaseView, TaskView } from "../api";
import { isBranching } from "./lanes";
import type { Changes } from "./last-seen";
import styles from "./standing.module.css";
import { sayWhy, type Story } from "./story";

/** Over the form, a line each: why it came to the reader, who urged, what is new, what comes next. */
export function Standing({ view, task, story, changes }: {
  view: CaseView;
  task: TaskView | undefined;
  story: Story;
  changes: Changes | undefined;
}) {
  const next = task ? whatComes(view, story) : "";
  const urge = task ? view.urges.at(-1) : undefined;
  const principal = task?.on_behalf_of ?? (task ? undefined : view.acts_for[0]);
  if (!task?.why.length && !next && !urge && !changes && !principal) return null;
  return (
    <ul className={styles.lines}>
      {principal && (
        <li className={styles.fresh}>
          <Icon name="people" size={15} />
          <span>
            <strong>{t("workflow.you_act_for", { name: story.person(principal) })}</strong> {t("workflow.you_act_for_hint")}
          </span>
        </li>
      )}
      {task && task.why.length > 0 && (
        <li>
          <Icon name="person" size={15} />
          <span>
            <strong>{task.on_behalf_of ? t("workflow.why_him", { name: story.person(task.on_behalf_of) }) : t("workflow.why_me")}</strong> {sayWhy(task.why, story)}
          </span>
        </li>
      )}
      {urge && (
        <li className={styles.urged}>
          <Icon name="urge" size={15} />
          <span>
            {t("workflow.urged_by", { person: story.person(urge.person), time: formatMoment(urge.at) })}
            {view.urges.length > 1 && ` ${t("workflow.urged_times", { n: view.urges.length })}`}
          </span>
        </li>
      )}
      {changes && (
        <li className={styles.fresh}>
          <Icon name="clock" size={15} />
          <span>
            <strong>{t("workflow.since_last_look", { time: formatMoment(changes.since) })}</strong> {whatChanged(changes, story)}
          </span>
        </li>
      )}
      {next && (
        <li>
          <Icon name="flow" size={15} />
          <span>
            <strong>{t("workflow.comes_next")}</strong> {next}
          </span>
        </li>
      )}
    </ul>
  );
}

function whatChanged({ opinions, comments, fields }: Changes, story: Story): string {
  return [
    ...opinions.map((opinion) =>
      t(opinion.text ? "workflow.changed_opinion" : "workflow.changed_verdict", {
        person: story.person(opinion.person),
        verdict: say(`workflow.verdict.${opinion.verdict}`),
        words: opinion.text,
      }),
    ),
    ...(comments > 0 ? [t("workflow.changed_comments", { n: comments })] : []),
    ...(fields.length > 0 ? [t("workflow.changed_fields", { fields: listed(fields) })] : []),
  ].join(t("ui.semicolon"));
}

/** The way as it is predicted, with names: 总经理（孙启明） → 抄送（何静）. */
function whatComes({ route }: CaseView, story: Story): string {
  const steps = route.steps.filter((step) => step.when === "future" && !isBranching(step) && step.end !== "passed_over");
  const named = steps.map((step) => {
    const name = text(step.name) || t("workflow.start_node");
    const people = listed(step.people.map((person) => story.person(person.person)));
    return people ? t("workflow.step_by", { name, people }) : name;
  });
  if (route.fork) named.push(t("workflow.depends_on", { fields: route.fork.depends_on.map(story.field) }));
  return named.join(" → ");
}
