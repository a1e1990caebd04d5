import type { Schemas } from "@/api/client";

export const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
export const HALVES = ["am", "pm"] as const;
export type Weekday = (typeof WEEKDAYS)[number];
export type Half = (typeof HALVES)[number];
export type Week = Schemas["WorkingWeek"];

/** Monday to Friday, 08:30–12:00 and 13:30–18:00: what a calendar begins with. */
export function standardWeek(): Week {
  const day = { am: [{ from: "08:30", to: "12:00" }], pm: [{ from: "13:30", to: "18:00" }] };
  return Object.fromEntries(WEEKDAYS.slice(0, 5).map((weekday) => [weekday, day]));
}
