import type { zh } from "./zh-CN";

export const en: Record<keyof typeof zh, string> = {
  "directory.address_book": "People",
  "directory.admin_people": "Staff",
  "directory.appointments": "Appointments",
  "directory.changed": "Saved",
  "directory.concurrent": "Concurrent",
  "directory.department": "Department",
  "directory.edit": "Edit",
  "directory.email": "E-mail",
  "directory.main": "Main",
  "directory.name": "Name",
  "directory.nobody": "Nobody here",
  "directory.nobody_found": "Nobody found",
  "directory.nobody_hint": "Choose another department, or clear the filters.",
  "directory.number": "Personnel number",
  "directory.people": "People",
  "directory.phone": "Phone",
  "directory.pick_person": "Choose a person",
  "directory.rank": "Rank",
  "directory.search": "Name, pinyin or initials",
};
