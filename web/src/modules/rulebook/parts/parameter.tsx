import { knows, listed, say, t, type Word } from "@/lib/words";
import { Chip, type Tone } from "@/ui";

import type { Given, Mode, Setting } from "../api";

const TONES: Record<Mode, Tone> = { block: "danger", warn: "warn", record: "plain" };

export function modeName(mode: Mode): string {
  return say(`rulebook.mode.${mode}`);
}

export function ModeChip({ mode = "block" }: { mode: Mode | undefined }) {
  return <Chip tone={TONES[mode]}>{modeName(mode)}</Chip>;
}

/** The parameter's sentence from the server's catalog, else its name. */
export function parameterName(name: string): string {
  const code = `rulebook.parameter.${name}`;
  return knows(code) ? say(code) : name;
}

export function isByClass(given: Given): given is Record<string, Setting> {
  return typeof given === "object" && !Array.isArray(given);
}

/** What a clause gives: one value, or one for each class of accounts. */
export function showGiven(given: Given, measure: string | undefined): string {
  if (!isByClass(given)) return showSetting(given, measure);
  return Object.entries(given)
    .map(([name, value]) => `${say(`rulebook.class.${name}`)} ${showSetting(value, measure)}`)
    .join(t("ui.semicolon"));
}

/** The choices that parameters know. */
const CHOICES: Record<string, Word> = {
  agree: "rulebook.choice.agree",
  allow: "rulebook.choice.allow",
  allowed: "rulebook.choice.allowed",
  ask: "rulebook.choice.ask",
  block: "rulebook.choice.block",
  bmp: "rulebook.choice.bmp",
  disagree: "rulebook.choice.disagree",
  email: "rulebook.choice.email",
  forbidden: "rulebook.choice.forbidden",
  jpeg: "rulebook.choice.jpeg",
  mobile: "rulebook.choice.mobile",
  none: "rulebook.choice.none",
  note: "rulebook.choice.note",
  office_phone: "rulebook.choice.office_phone",
  pdf: "rulebook.choice.pdf",
  png: "rulebook.choice.png",
  recommended: "rulebook.choice.recommended",
  refuse: "rulebook.choice.refuse",
  required: "rulebook.choice.required",
  second_person: "rulebook.choice.second_person",
  skip: "rulebook.choice.skip",
  successor: "rulebook.choice.successor",
  superior: "rulebook.choice.superior",
  tiff: "rulebook.choice.tiff",
  to_admin: "rulebook.choice.to_admin",
  webp: "rulebook.choice.webp",
};

/** A choice as people say it: `to_admin` is the flow's administrator. */
export function choiceName(choice: string): string {
  const word = CHOICES[choice];
  return word ? t(word) : choice;
}

const MEBIBYTE = 1_048_576;

export function showSetting(value: Setting, measure: string | undefined): string {
  if (typeof value === "boolean") return t(value ? "ui.yes" : "ui.no");
  if (Array.isArray(value)) return value.length > 4 ? t("rulebook.entries", { n: value.length }) : value.length === 0 ? t("rulebook.choice.nothing") : listed(value.map(choiceName));
  if (typeof value === "string") return choiceName(value);
  if (measure === "bytes" && value % MEBIBYTE === 0) return `${value / MEBIBYTE} MB`;
  return measure && measure !== "none" ? `${value} ${say(`rulebook.measure.${measure}`)}` : String(value);
}

/** The organisation's own name of a clause, in its own language; without the preset's name, which stands beside it. */
export function OwnNumber({ clause: { number, preset } }: { clause: { number: string; preset?: string | null } }) {
  const own = preset && number.startsWith(`${preset} `) ? number.slice(preset.length + 1) : number;
  return <span lang={/\p{Script=Han}/u.test(own) ? "zh-CN" : undefined}>{own}</span>;
}
