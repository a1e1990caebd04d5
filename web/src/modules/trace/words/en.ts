import type { zh } from "./zh-CN";

export const en: Record<keyof typeof zh, string> = {
  "trace.for": "(for {name})",
  "trace.hide": "Hide",
  "trace.none": "No entries",
  "trace.none_hint": "Everything that happened is listed here, newest first.",
  "trace.only_stream": "Only this chain",
  "trace.sealed": "Sealed",
  "trace.search": "Filter by chain, e.g. workflow/case/…",
  "trace.show": "Content",
  "trace.system": "System",
  "trace.trace": "Trace",
  "trace.unsealed": "Not yet sealed",
};
