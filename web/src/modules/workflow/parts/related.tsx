import { Link } from "@tanstack/react-router";
import { createContext, type ReactNode, use, useDeferredValue, useState } from "react";

import type { Schemas } from "@/api/client";
import { type CaseInputProps, type CaseParts, CasePartsContext } from "@/modules/forms/parts/case-parts";
import { say, t, text } from "@/lib/words";
import { Chip, Select } from "@/ui";

import { useCases } from "../api";
import styles from "./related.module.css";
import { TONES } from "./rows";

type Related = Schemas["RelatedCase"];

const Known = createContext<Readonly<Record<string, Related>>>({});

/** Fields of the form choose and name cases with this; `cases` came with what is shown. */
export function RelatedCases({ cases, children }: { cases: Readonly<Record<string, Related>>; children: ReactNode }) {
  return (
    <Known value={cases}>
      <CasePartsContext value={PARTS}>{children}</CasePartsContext>
    </Known>
  );
}

const PARTS: CaseParts = { Input: CaseInput, Value: CaseNames };

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
  const known = use(Known);
  return (
    <ul className={styles.cases}>
      {ids.map((id) => (
        <li key={id}>{known[id] ? <CaseLine related={known[id]} /> : "…"}</li>
      ))}
    </ul>
  );
}

/** Number, title and how it stands; a link for whoever may read it. */
function CaseLine({ related: { id, number, title, status, readable } }: { related: Related }) {
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
      {status ? <Chip tone={TONES[status]}>{say(`workflow.status.${status}`)}</Chip> : <span className={styles.closed}>{t("workflow.case_without_right")}</span>}
    </span>
  );
}

/** One or several of the reader's cases: begun, handled or copied to him, found by title or number. */
function CaseInput({ field, id, value, onChange, ...aria }: CaseInputProps) {
  const [typed, setTyped] = useState("");
  const [open, setOpen] = useState(false);
  const known = use(Known);
  const filter = { q: useDeferredValue(typed.trim()) || undefined };
  const lists = [useCases("started", filter, open), useCases("done", filter, open), useCases("copied", filter, open)];
  const found = lists.flatMap((list) => list.data?.pages.flatMap((page) => page.items) ?? []);
  const cases = [...new Map(found.map((row) => [row.id, row])).values()];
  const multiple = field.multiple ?? false;

  return (
    <Select
      id={id}
      {...aria}
      className={styles.picker ?? ""}
      mode={multiple ? "multiple" : undefined}
      value={multiple ? [...value] : (value[0] ?? null)}
      {...(field.max_count == null ? {} : { maxCount: field.max_count })}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      allowClear
      placeholder={t("workflow.pick_case")}
      notFoundContent={lists.some((list) => list.isFetching) ? t("ui.searching") : t("workflow.no_case_found")}
      options={cases.map((row) => ({ value: row.id, label: `${row.number} ${text(row.title)}` }))}
      onOpenChange={setOpen}
      labelRender={({ value: chosen, label }) => label ?? nameOf(known[String(chosen)]) ?? <Fetched id={String(chosen)} />}
      onChange={(chosen: string | string[] | null | undefined) => onChange(Array.isArray(chosen) ? chosen : chosen ? [chosen] : [])}
    />
  );
}

function nameOf(related: Related | undefined): string | undefined {
  return related && `${related.number} ${text(related.title)}`;
}

/** Of a draft: only the id was kept. */
function Fetched({ id }: { id: string }) {
  const lists = [useCases("started", {}), useCases("done", {}), useCases("copied", {})];
  const row = lists.flatMap((list) => list.data?.pages.flatMap((page) => page.items) ?? []).find((row) => row.id === id);
  return <>{row ? `${row.number} ${text(row.title)}` : "…"}</>;
}
