import type { zh } from "./zh-CN";

export const en: Record<keyof typeof zh, string> = {
  "notify.all": "All",
  "notify.all_read": "All marked as read",
  "notify.none": "No messages",
  "notify.none_hint": "New tasks, results and comments will be told here.",
  "notify.none_unread": "No unread messages",
  "notify.notifications": "Messages",
  "notify.read_all": "Mark all as read",
  "notify.show": "Show",
  "notify.unread": "Unread",
};
