import { t, text } from "@/lib/words";
import { Chip, type Tone } from "@/ui";

import type { CaseView, Step } from "../api";
import { Reason } from "./called";
import styles from "./called.module.css";
import { CaseSection } from "./case-section";
import type { Story } from "./story";
import { sayAsked } from "./waiting";

/** 外部系统: whom the case asked and how that stands, and why somebody is asked about it. */
export function Others({ view, story }: { view: CaseView; story: Story }) {
  const steps = view.route.steps.filter((step) => step.when !== "future" && !step.superseded && step.waits?.webhook);
  if (steps.length === 0) return null;
  return (
    <CaseSection title={t("workflow.others")}>
      {steps.map((step) => (
        <Line key={step.activation} step={step} story={story} />
      ))}
    </CaseSection>
  );
}

function Line({ step, story }: { step: Step; story: Story }) {
  const webhook = step.waits?.webhook;
  if (!webhook) return null;
  return (
    <li>
      <span>{text(step.name)}</span>
      <Chip tone={tone(webhook.state)}>{sayAsked(webhook.state)}</Chip>
      <span className={styles.number}>{webhook.endpoint}</span>
      {webhook.reason && <Reason reason={webhook.reason} story={story} />}
    </li>
  );
}

function tone(state: string | null | undefined): Tone {
  if (state === "answered") return "good";
  return state === "failed" ? "warn" : "plain";
}
