import type { zh } from "./zh-CN";

export const en: Record<keyof typeof zh, string> = {
  "forms.afternoon": "afternoon",
  "forms.choose": "Choose",
  "forms.empty": "—",
  "forms.from": "From",
  "forms.half_day": "half of the day",
  "forms.morning": "morning",
  "forms.time": "time",
  "forms.to": "To",
  "forms.until": "to",
  "forms.working_days": "{n} working {n:day|days}",
  "forms.working_hours": "{n} working {n:hour|hours}",
};
