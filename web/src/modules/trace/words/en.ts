import type { zh } from "./zh-CN";

export const en: Record<keyof typeof zh, string> = {
  "trace.for": "for",
  "trace.hide": "Hide",
  "trace.never_sealed": "Not sealed yet",
  "trace.none": "No entries",
  "trace.none_hint": "Everything that happened is listed here, newest first.",
  "trace.only_stream": "Only this chain",
  "trace.removed": "The content was lawfully removed",
  "trace.sample": "Sample",
  "trace.sealed_until": "Sealed until {time}",
  "trace.search": "Filter by chain, e.g. workflow/case/…",
  "trace.show": "Content",
  "trace.system": "System",
  "trace.trace": "Trace",
  "trace.unsealed": "{n} not yet sealed",
};
