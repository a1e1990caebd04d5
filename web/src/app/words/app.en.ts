import type { zh } from "./app.zh-CN";

export const en: Record<keyof typeof zh, string> = {
  "app.account_of": "Account menu of {name}",
  "app.admin_clauses": "Rules",
  "app.admin_flows": "Flows",
  "app.admin_import": "Import",
  "app.admin_people": "Staff",
  "app.admin_trace": "Trace",
  "app.inbox": "Inbox",
  "app.me": "Me",
  "app.more": "More",
  "app.no_connection":
    "The connection to the server is lost. What you see may be old; it updates by itself when the connection is back.",
  "app.no_such_page": "There is no such page",
  "app.notifications": "Messages",
  "app.page": "Page",
  "app.people": "People",
  "app.sample_data": "Sample data: people and organisations are fictional. Do not enter real business.",
  "app.sign_out": "Sign out",
  "app.start": "Start",
  "app.to_dark": "Dark appearance",
  "app.to_light": "Light appearance",
  "app.to_start": "Go to the start page",
};
