import type { zh } from "./zh-CN";

export const en: Record<keyof typeof zh, string> = {
  "files.add": "Attach files",
  "files.remove": "Remove file",
  "files.too_many": "No more than {max} files",
};
