import { useEffect, useMemo, useState } from "react";

import { mine, readStored, writeStored } from "@/lib/stored";
import { text } from "@/lib/words";

import type { CaseView, OpinionView, Status } from "../api";

/**
 * How a case stood when its reader last had it open. The server tells no reads of single cases: it is kept here, for
 * this person, without any content, and goes when he signs out (ACC-20).
 */
export interface Look {
  /** By this browser's clock: for words only. */
  at: string;
  status: Status;
  /** The newest opinion or comment, by the server's clock. */
  said: string;
  /** A fingerprint of each field. */
  fields: Record<string, string>;
}

/** What others did since. */
export interface Changes {
  since: string;
  opinions: OpinionView[];
  comments: number;
  /** Labels of the fields whose values are others now. */
  fields: string[];
}

const MOST = 300;
const place = () => mine("workflow.looks");

export function lookAt(view: CaseView, now: string): Look {
  return {
    at: now,
    status: view.status,
    said: view.opinions.map((opinion) => opinion.at).sort().at(-1) ?? "",
    fields: Object.fromEntries(Object.entries(view.values).map(([field, value]) => [field, fingerprint(value)])),
  };
}

/** Nothing, if all that is new is the reader's own. */
export function changesSince(look: Look, view: CaseView, me: string | undefined): Changes | undefined {
  const fresh = view.opinions.filter((opinion) => opinion.at > look.said && opinion.person !== me);
  const opinions = fresh.filter((opinion) => opinion.verdict !== "commented");
  const fields = view.form.fields
    .filter((field) => field.id in view.values || field.id in look.fields)
    .filter((field) => (look.fields[field.id] ?? fingerprint(undefined)) !== fingerprint(view.values[field.id]))
    .filter((field) => lastRepairOf(field.id, view)?.person !== me)
    .map((field) => text(field.label));
  const comments = fresh.length - opinions.length;
  if (opinions.length === 0 && comments === 0 && fields.length === 0) return undefined;
  return { since: look.at, opinions, comments, fields };
}

/** The repair by which the field says what it says now. */
function lastRepairOf(field: string, view: CaseView) {
  const says = (after: unknown) => fingerprint(after) === fingerprint(view.values[field]);
  return view.repairs?.filter((repair) => repair.changes.some((change) => change.field === field && says(change.after))).at(-1);
}

/** What changed since the reader had this case open before; while he looks, the look is kept for the next time. */
export function useChanges(view: CaseView, me: string | undefined): Changes | undefined {
  const [before] = useState(() => looks()[view.id]);
  useEffect(() => keepLook(view), [view]);
  return useMemo(() => before && changesSince(before, view, me), [before, view, me]);
}

export function keepLook(view: CaseView): void {
  // The oldest go first: what is written last stands last.
  const kept = Object.entries(looks()).filter(([id]) => id !== view.id).slice(1 - MOST);
  writeStored(place(), JSON.stringify(Object.fromEntries([...kept, [view.id, lookAt(view, new Date().toISOString())]])));
}

function looks(): Record<string, Look> {
  const stored = readStored(place());
  if (!stored) return {};
  try {
    const read: unknown = JSON.parse(stored);
    return typeof read === "object" && read !== null ? (read as Record<string, Look>) : {};
  } catch {
    // Cut off, or written by something else: worth nothing.
    return {};
  }
}

/** FNV-1a of the value: enough to see that it is another one, and nothing can be read from it. */
function fingerprint(value: unknown): string {
  let hash = 0x811c9dc5;
  for (const char of value === undefined || value === null ? "" : JSON.stringify(value)) {
    hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return hash.toString(36);
}
