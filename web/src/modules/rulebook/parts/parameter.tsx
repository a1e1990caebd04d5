import { knows, say, t } from "@/lib/words";
import { Chip, type Tone } from "@/ui";

import type { ClauseView, Parameter } from "../api";

const TONES: Record<ClauseView["mode"], Tone> = { block: "danger", warn: "warn", record: "plain" };

export function ModeChip({ mode }: { mode: ClauseView["mode"] }) {
  return <Chip tone={TONES[mode]}>{t(`rulebook.mode_${mode}`)}</Chip>;
}

/** The parameter's name from the server's catalog (`rulebook.parameter.password.min_length`), else as it is written. */
export function parameterName(clause: ClauseView, parameter: Parameter): string {
  const code = `rulebook.parameter.${clause.policy}.${parameter.name}`;
  return knows(code) ? say(code) : parameter.name;
}

export function showValue(parameter: Pick<Parameter, "value" | "unit">): string {
  const { value, unit } = parameter;
  if (typeof value === "boolean") return t(value ? "ui.yes" : "ui.no");
  if (Array.isArray(value)) return value.length > 4 ? t("rulebook.entries", { n: value.length }) : value.join("、");
  const shown = typeof value === "string" || typeof value === "number" ? String(value) : JSON.stringify(value);
  return unit ? `${shown} ${knows(`rulebook.unit.${unit}`) ? say(`rulebook.unit.${unit}`) : unit}` : shown;
}
