import { Link } from "@tanstack/react-router";
import { createContext, lazy, type ReactNode, use } from "react";

import type { Schemas } from "@/api/client";
import { type CaseParts, CasePartsContext } from "@/modules/forms/parts/case-parts";
import { say, t, text } from "@/lib/words";
import { Chip } from "@/ui";

import styles from "./related.module.css";
import { RelatedRecords, type RecordsShown } from "./records";
import { TONES } from "./rows";

type Case = Schemas["RelatedCase"];

const Known = createContext<Readonly<Record<string, Case>>>({});

/** Nothing came with what is shown: a form that is not handed in. */
export const NONE = {};

/** The cases whose names came with what is shown. */
export const useRelated = () => use(Known);

/** Fields of the form choose and name cases and records with this; `cases` and `records` came with what is shown. */
export function Related({ cases, children, ...others }: { cases: Readonly<Record<string, Case>>; children: ReactNode } & RecordsShown) {
  return (
    <Known value={cases}>
      <CasePartsContext value={PARTS}>
        <RelatedRecords {...others}>{children}</RelatedRecords>
      </CasePartsContext>
    </Known>
  );
}

// Fetched only where something may be written, as all pickers are.
const CasePicker = lazy(() => import("./case-picker").then((module) => ({ default: module.CasePicker })));
const PARTS: CaseParts = { Input: CasePicker, Value: CaseNames };

/** Cases that name this one. */
export function NamedBy({ cases }: { cases: readonly Case[] }) {
  if (cases.length === 0) return null;
  return (
    <section className={styles.section} aria-label={t("workflow.named_by")}>
      <h2 className={styles.title}>{t("workflow.named_by")}</h2>
      <ul className={styles.cases}>
        {cases.map((each) => (
          <li key={each.id}>
            <CaseLine related={each} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function CaseNames({ ids }: { ids: readonly string[] }) {
  const known = useRelated();
  return (
    <ul className={styles.cases}>
      {ids.map((id) => (
        <li key={id}>{known[id] ? <CaseLine related={known[id]} /> : "…"}</li>
      ))}
    </ul>
  );
}

/** Number, title and how it stands; a link for whoever may read it. */
function CaseLine({ related: { id, number, title, status, readable, cancelled } }: { related: Case }) {
  const words = `${number} ${text(title)}`;
  return (
    <span className={styles.line}>
      {readable ? (
        <Link to="/cases/$id" params={{ id }}>
          {words}
        </Link>
      ) : (
        <span>{words}</span>
      )}
      {cancelled ? (
        <Chip>{t("workflow.case_gone")}</Chip>
      ) : status ? (
        <Chip tone={TONES[status]}>{say(`workflow.status.${status}`)}</Chip>
      ) : (
        <span className={styles.closed}>{t("workflow.case_without_right")}</span>
      )}
    </span>
  );
}
