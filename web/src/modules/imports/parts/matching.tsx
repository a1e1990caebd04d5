import { useState } from "react";

import { t } from "@/lib/words";
import { Button, Filter, Section } from "@/ui";

import { type Field, type ImportView, type Sheet, type TableView, useMatch } from "../api";
import styles from "./imports.module.css";

const SHEETS: Sheet[] = ["units", "departments", "posts", "ranks", "people"];

export const fieldName = (field: Field) => t(`imports.field.${field}`);

/** What each table and column was taken for, and what it is to be taken for instead. */
export function MatchingPart({ made }: { made: ImportView }) {
  const [tables, setTables] = useState<readonly TableView[]>(made.tables);
  const match = useMatch(made.id);
  const set = (name: string, next: Partial<TableView>) =>
    setTables(tables.map((table) => (table.name === name ? { ...table, ...next } : table)));
  const send = () =>
    void match.run({
      tables: tables.map(({ name, sheet, columns }) => ({ name, columns, ...(sheet ? { sheet } : {}) })),
    });
  return (
    <Section
      title={t("imports.matching")}
      hint={t("imports.by_headings")}
      tools={<Button onClick={send} loading={match.pending} disabled={tables === made.tables}>{t("imports.match")}</Button>}
    >
      {tables.map((table) => (
        <div key={table.name} className={styles.table}>
          <div className={styles.line}>
            <strong>{table.name}</strong>
            <span className={styles.meta}>{t("imports.count", { n: table.rows })}</span>
            <Filter
              label={t("imports.table", { name: table.name })}
              value={table.sheet ?? undefined}
              options={SHEETS.map((sheet) => ({ value: sheet, label: t(`imports.sheet.${sheet}`) }))}
              onChange={(sheet) => set(table.name, { sheet: (sheet ?? null) as Sheet | null, columns: [] })}
            />
          </div>
          {table.sheet && table.columns.length > 0 && (
            <div className={styles.columns}>
              {table.headings.map((heading, index) => (
                <label key={index} className={styles.column}>
                  <span>{heading || t("imports.blank")}</span>
                  <select
                    aria-label={t("imports.column", { name: heading })}
                    value={table.columns[index] ?? ""}
                    onChange={(event) =>
                      set(table.name, {
                        columns: table.columns.map((field, other) =>
                          other === index ? ((event.target.value || null) as Field | null) : field,
                        ),
                      })
                    }
                  >
                    <option value="">{t("imports.passed_over")}</option>
                    {table.fields.map((field) => (
                      <option key={field} value={field}>
                        {fieldName(field)}
                      </option>
                    ))}
                  </select>
                </label>
              ))}
            </div>
          )}
        </div>
      ))}
    </Section>
  );
}
