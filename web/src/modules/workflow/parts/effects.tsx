import { Link } from "@tanstack/react-router";

import { t, text } from "@/lib/words";
import { Chip, type Tone } from "@/ui";

import type { CaseView } from "../api";
import { Reason } from "./called";
import styles from "./called.module.css";
import { CaseBlock, CaseSection } from "./case-section";
import type { Story } from "./story";
import { sayEffect } from "./waiting";

type Effect = CaseView["effects"][number];

/** 办理效果: what the case did in modules, what was only recorded, and what was refused and why. */
export function Effects({ view, story }: { view: CaseView; story: Story }) {
  if (view.effects.length === 0) return null;
  return (
    <CaseSection title={t("workflow.effects")}>
      {view.effects.map((effect) => (
        <li key={effect.activation}>
          <span>{text(effect.name)}</span>
          <Chip tone={effect.undone_at ? "plain" : tone(effect.state)}>{sayEffect(effect)}</Chip>
          {effect.made && <Made made={effect.made} />}
          {effect.state === "declared" && (
            <span className={styles.number}>{t("workflow.effect_recorded", { module: text(effect.module) })}</span>
          )}
          {effect.reason && <Reason reason={effect.reason} story={story} />}
        </li>
      ))}
    </CaseSection>
  );
}

type Standing = NonNullable<CaseView["standing"]>[number];

/** 撤销: what the original has done, and what becomes of it. A revocation undoes nothing that is in force. */
export function StandingEffects({ effects }: { effects: readonly Standing[] | undefined }) {
  if (!effects?.length) return null;
  return (
    <CaseBlock title={t("workflow.standing")}>
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
    </CaseBlock>
  );
}

function Made({ made }: { made: NonNullable<Effect["made"]> }) {
  return made.link ? <Link to={made.link}>{text(made.label)}</Link> : <span>{text(made.label)}</span>;
}

function tone(state: string): Tone {
  if (state === "done") return "good";
  return state === "refused" ? "warn" : "plain";
}
