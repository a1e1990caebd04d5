import { t, type Word } from "@/lib/words";
import { Chip, type Tone } from "@/ui";

/** What a person did with a task, as the engine names it. */
const ACTS: Record<string, { word: Word; tone: Tone }> = {
  submitted: { word: "workflow.act_submitted", tone: "plain" },
  resubmitted: { word: "workflow.act_resubmitted", tone: "plain" },
  approved: { word: "workflow.act_approved", tone: "good" },
  completed: { word: "workflow.act_completed", tone: "good" },
  rejected: { word: "workflow.act_rejected", tone: "danger" },
  returned: { word: "workflow.act_returned", tone: "warn" },
  withdrawn: { word: "workflow.act_withdrawn", tone: "plain" },
  handed_over: { word: "workflow.act_handed_over", tone: "plain" },
  read: { word: "workflow.act_read", tone: "plain" },
  commented: { word: "workflow.act_commented", tone: "plain" },
};

export function actWord(act: string): string {
  const known = ACTS[act];
  return known ? t(known.word) : act;
}

export function ActChip({ act }: { act: string }) {
  return <Chip tone={ACTS[act]?.tone ?? "plain"}>{actWord(act)}</Chip>;
}
