import { Link } from "@tanstack/react-router";
import { createContext, lazy, type ReactNode, use } from "react";

import type { Schemas } from "@/api/client";
import { RecordPartsContext, type RecordParts } from "@/modules/forms/parts/record-parts";
import { text } from "@/lib/words";

import type { FormOf } from "../api";
import styles from "./related.module.css";

type Shown = Schemas["RelatedRecord"];

export interface RecordsShown {
  /** The records whose names came with what is shown. */
  records: Readonly<Record<string, Shown>>;
  /** Whose form it is, to choose in it. */
  of: FormOf;
}

const Here = createContext<RecordsShown | undefined>(undefined);

export const useRecordsHere = () => use(Here);

/** Fields of the form choose and name entries of registers with this. */
export function RelatedRecords({ records, of, children }: RecordsShown & { children: ReactNode }) {
  return (
    <Here value={{ records, of }}>
      <RecordPartsContext value={PARTS}>{children}</RecordPartsContext>
    </Here>
  );
}

// Fetched only where something may be written, as all pickers are.
const RecordPicker = lazy(() => import("./record-picker").then((module) => ({ default: module.RecordPicker })));
const PARTS: RecordParts = { Input: RecordPicker, Value: RecordNames };

function RecordNames({ ids }: { ids: readonly string[] }) {
  const known = useRecordsHere()?.records ?? {};
  return (
    <ul className={styles.cases}>
      {ids.map((id) => (
        <li key={id}>{known[id] ? <RecordLine record={known[id]} /> : "…"}</li>
      ))}
    </ul>
  );
}

/** What it was called and what was shown of it when the case was handed in; a link for whoever may read it. */
function RecordLine({ record: { name, shown, link } }: { record: Shown }) {
  return (
    <span className={styles.line}>
      {link ? <Link to={link}>{text(name)}</Link> : <span>{text(name)}</span>}
      {shown.length > 0 && <span className={styles.closed}>{inOneLine(shown)}</span>}
    </span>
  );
}

/** `Account 6222 · City Hangzhou` */
export function inOneLine(shown: Shown["shown"]): string {
  return shown.map((one) => `${text(one.label)} ${text(one.text)}`).join(" · ");
}
