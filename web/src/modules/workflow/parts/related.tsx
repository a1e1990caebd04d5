import { Link } from "@tanstack/react-router";
import { createContext, lazy, type ReactNode, use } from "react";

import type { Schemas } from "@/api/client";
import { type CaseParts, CasePartsContext } from "@/modules/forms/parts/case-parts";
import { say, t, text } from "@/lib/words";
import { Chip } from "@/ui";

import styles from "./related.module.css";
import { TONES } from "./rows";

type Related = Schemas["RelatedCase"];

const Known = createContext<Readonly<Record<string, Related>>>({});

/** The cases whose names came with what is shown. */
export const useRelated = () => use(Known);

/** Fields of the form choose and name cases with this; `cases` came with what is shown. */
export function RelatedCases({ cases, children }: { cases: Readonly<Record<string, Related>>; children: ReactNode }) {
  return (
    <Known value={cases}>
      <CasePartsContext value={PARTS}>{children}</CasePartsContext>
    </Known>
  );
}

// Fetched only where something may be written, as all pickers are.
const CasePicker = lazy(() => import("./case-picker").then((module) => ({ default: module.CasePicker })));
const PARTS: CaseParts = { Input: CasePicker, Value: CaseNames };

/** Cases that name this one. */
export function NamedBy({ cases }: { cases: readonly Related[] }) {
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
function CaseLine({ related: { id, number, title, status, readable, cancelled } }: { related: Related }) {
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
