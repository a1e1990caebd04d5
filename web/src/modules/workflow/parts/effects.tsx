import { Link } from "@tanstack/react-router";

import { t, text } from "@/lib/words";
import { Chip, type Tone } from "@/ui";

import type { CaseView } from "../api";
import { Reason } from "./called";
import styles from "./called.module.css";
import type { Story } from "./story";

type Effect = CaseView["effects"][number];

/** 办理效果: what the case did in modules, what was only recorded, and what was refused and why. */
export function Effects({ view, story }: { view: CaseView; story: Story }) {
  if (view.effects.length === 0) return null;
  return (
    <section className={styles.called} aria-label={t("workflow.effects")}>
      <h2>{t("workflow.effects")}</h2>
      <ul>
        {view.effects.map((effect) => (
          <li key={effect.activation}>
            <span>{text(effect.name)}</span>
            <Chip tone={effect.undone_at ? "plain" : tone(effect.state)}>{saidOf(effect)}</Chip>
            {effect.made && <Made made={effect.made} />}
            {effect.state === "declared" && (
              <span className={styles.number}>{t("workflow.effect_recorded", { module: text(effect.module) })}</span>
            )}
            {effect.reason && <Reason reason={effect.reason} story={story} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

type Standing = NonNullable<CaseView["standing"]>[number];

/** 撤销: what the original has done, and what becomes of it. A revocation undoes nothing that is in force. */
export function StandingEffects({ effects }: { effects: readonly Standing[] | undefined }) {
  if (!effects?.length) return null;
  return (
    <section className={styles.called} aria-label={t("workflow.standing")}>
      <h2>{t("workflow.standing")}</h2>
      <p className={styles.number}>{t("workflow.standing_hint")}</p>
      <ul>
        {effects.map((effect) => (
          <li key={effect.activation}>
            <span>{text(effect.name)}</span>
            <Chip tone={effect.standing === "firm" ? "warn" : "plain"}>{t(`workflow.standing_${effect.standing}`)}</Chip>
            {effect.made && <Made made={effect.made} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

function saidOf(effect: Effect): string {
  if (effect.undone_at) return t("workflow.standing_gone");
  return effect.state === "done" && effect.did ? text(effect.did) : sayState(effect.state);
}

function Made({ made }: { made: NonNullable<Effect["made"]> }) {
  return made.link ? <Link to={made.link}>{text(made.label)}</Link> : <span>{text(made.label)}</span>;
}

function tone(state: string): Tone {
  if (state === "done") return "good";
  return state === "refused" ? "warn" : "plain";
}

/** How an effect stands, in a word. */
export function sayState(state: string): string {
  switch (state) {
    case "done":
      return t("workflow.effect_done");
    case "declared":
      return t("workflow.effect_declared");
    case "refused":
      return t("workflow.effect_refused");
    case "by_hand":
      return t("workflow.effect_by_hand");
    default:
      return "";
  }
}
