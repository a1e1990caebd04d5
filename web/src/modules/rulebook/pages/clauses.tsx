import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useState } from "react";

import { t, text } from "@/lib/words";
import { Button, Chip, listOf, ListPage } from "@/ui";

import { type ClauseView, useClauses, useParameters } from "../api";
import { ClausePanel } from "../parts/clause-panel";
import { ModeChip, OwnNumber, parameterName, showGiven } from "../parts/parameter";
import { PresetPanel } from "../parts/preset-panel";
import styles from "./clauses.module.css";

/** 制度条款: what the organisation's rules say, as parameters with a mode; every change on the record. */
export function ClausesPage() {
  const { q = "", clause: openId } = useSearch({ strict: false });
  const list = listOf(useClauses());
  const parameters = useParameters().data;
  const [loading, setLoading] = useState(false);
  const navigate = useNavigate();
  const change = useCallback(
    (next: { q?: string | undefined; clause?: string | undefined }) =>
      void navigate({
        to: "/admin/clauses",
        search: Object.fromEntries(Object.entries({ q, ...next }).filter(([, value]) => value)),
        replace: !("clause" in next),
      }),
    [navigate, q],
  );
  return (
    <>
      <ListPage<ClauseView>
        title={t("rulebook.clauses")}
        label={t("rulebook.clauses")}
        tools={<Button onClick={() => setLoading(true)}>{t("rulebook.load_preset")}</Button>}
        search={{ value: q, onChange: useCallback((typed: string) => change({ q: typed }), [change]), placeholder: t("rulebook.search") }}
        list={{ ...list, items: list.items?.filter((clause) => matches(clause, q.toLowerCase())) }}
        rowKey={(clause) => clause.id}
        row={(clause) => (
          <span className={styles.row}>
            <span className={styles.text}>
              <span className={styles.number}><OwnNumber clause={clause} /></span> {text(clause.text)}
            </span>
            <span className={styles.parameters}>
              {Object.entries(clause.parameters).map(([name, given]) => (
                <span key={name}>
                  {parameterName(name)}
                  {t("ui.colon")}
                  <strong>{showGiven(given, parameters?.find((each) => each.name === name)?.measure)}</strong>
                </span>
              ))}
            </span>
            <span className={styles.meta}>
              <ModeChip mode={clause.mode} />
              {clause.unit_name && <Chip>{text(clause.unit_name)}</Chip>}
              {clause.preset && <span>{t("rulebook.preset", { name: clause.preset })}</span>}
            </span>
          </span>
        )}
        onOpen={(clause) => change({ clause: clause.id })}
        openKey={openId}
        empty={{ title: t("rulebook.none"), hint: t("rulebook.none_hint") }}
      />
      {loading && <PresetPanel onClose={() => setLoading(false)} />}
      {openId && <ClausePanel key={openId} id={openId} onClose={() => change({ clause: undefined })} />}
    </>
  );
}

function matches(clause: ClauseView, wanted: string): boolean {
  const words = [clause.text.zh, clause.text.en, clause.number, ...Object.keys(clause.parameters).map(parameterName)];
  return wanted === "" || words.some((each) => each?.toLowerCase().includes(wanted));
}
