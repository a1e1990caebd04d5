import type { WorkingHours } from "../api";

const STRETCH = /^([01]?\d|2[0-4])[:：]([0-5]\d)\s*[-–—~～至]\s*([01]?\d|2[0-4])[:：]([0-5]\d)$/;

/** 08:30–12:00, several one after the other. */
export function showHours(hours: WorkingHours[] | undefined): string {
  return (hours ?? []).map(({ from, to }) => `${from}–${to}`).join(", ");
}

/** What was typed as working hours; `undefined` where it cannot be read. Whether the hours are sound, the server says. */
export function readHours(typed: string): WorkingHours[] | undefined {
  const stretches: WorkingHours[] = [];
  for (const part of typed.split(/[,，;；、]/).map((each) => each.trim())) {
    if (part === "") continue;
    const [, fromHour, fromMinute, toHour, toMinute] = STRETCH.exec(part) ?? [];
    if (!fromHour || !toHour) return undefined;
    stretches.push({ from: `${fromHour.padStart(2, "0")}:${fromMinute}`, to: `${toHour.padStart(2, "0")}:${toMinute}` });
  }
  return stretches;
}
