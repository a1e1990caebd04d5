import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";

import { t, text } from "@/lib/words";
import { Chip, ListPage } from "@/ui";

import { type ClauseView, useClauses } from "../api";
import { ClausePanel } from "../parts/clause-panel";
import { ModeChip, parameterName, showValue } from "../parts/parameter";
import styles from "./clauses.module.css";

/** 制度条款: what the organisation's rules say, as parameters with a mode; every change on the record. */
export function ClausesPage() {
  const { q = "", clause: openId } = useSearch({ strict: false });
  const clauses = useClauses();
  const navigate = useNavigate();
  const found = useMemo(() => clauses.data?.items.filter((clause) => matches(clause, q.toLowerCase())), [clauses.data, q]);
  const change = useCallback(
    (next: { q?: string | undefined; clause?: string | undefined }) =>
      void navigate({
        to: "/admin/clauses",
        search: Object.fromEntries(Object.entries({ q, ...next }).filter(([, value]) => value)),
        replace: !("clause" in next),
      }),
    [navigate, q],
  );
  const open = clauses.data?.items.find((clause) => clause.id === openId);
  return (
    <>
      <ListPage<ClauseView>
        title={t("rulebook.clauses")}
        label={t("rulebook.clauses")}
        search={{ value: q, onChange: useCallback((typed: string) => change({ q: typed }), [change]), placeholder: t("rulebook.search") }}
        list={{ items: found, error: clauses.error, retry: clauses.refetch }}
        rowKey={(clause) => clause.id}
        row={(clause) => (
          <span className={styles.row}>
            <span className={styles.text}>{text(clause.text)}</span>
            <span className={styles.parameters}>
              {clause.parameters.map((parameter) => (
                <span key={parameter.name}>
                  {parameterName(clause, parameter)}
                  {t("ui.colon")}
                  <strong>{showValue(parameter)}</strong>
                </span>
              ))}
            </span>
            <span className={styles.meta}>
              <ModeChip mode={clause.mode} />
              <Chip>{text(clause.unit)}</Chip>
              {clause.source && <span>{clause.source}</span>}
            </span>
          </span>
        )}
        onOpen={(clause) => change({ clause: clause.id })}
        openKey={openId}
        empty={{ title: t("rulebook.none"), hint: t("rulebook.none_hint") }}
      />
      {open && <ClausePanel key={`${open.id}-${open.version}`} clause={open} onClose={() => change({ clause: undefined })} />}
    </>
  );
}

function matches(clause: ClauseView, wanted: string): boolean {
  return (
    wanted === "" ||
    [clause.text.zh, clause.text.en, clause.policy, clause.source].some((words) => words?.toLowerCase().includes(wanted))
  );
}
