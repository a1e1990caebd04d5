import { useState } from "react";

import { describeField } from "@/lib/problem";
import { t } from "@/lib/words";
import { Button, Change, Chip, ErrorState, Filter, Section, Skeleton, type Tone } from "@/ui";

import { type ImportRow, type ImportView, type Status, useRows } from "../api";
import { fieldName } from "./matching";
import styles from "./imports.module.css";

const STATUSES: Exclude<Status, "passed">[] = ["wrong", "new", "changed", "unchanged", "gone"];
const TONES: Record<Status, Tone> = {
  wrong: "danger", new: "good", changed: "warn", unchanged: "plain", gone: "plain", passed: "plain",
};

/** What each row would do, and what is wrong with it at which cell. */
export function PreviewPart({ made }: { made: ImportView }) {
  const [status, setStatus] = useState<Status | undefined>(made.counts.wrong > 0 ? "wrong" : undefined);
  const rows = useRows(made.id, status);
  const items = rows.data?.pages.flatMap((page) => page.items);
  return (
    <Section
      title={t("imports.preview")}
      hint={STATUSES.map((each) => `${t(`imports.status.${each}`)} ${made.counts[each]}`).join(" · ")}
      tools={
        <Filter
          label={t("imports.status")}
          value={status}
          options={STATUSES.map((each) => ({ value: each, label: `${t(`imports.status.${each}`)} ${made.counts[each]}` }))}
          onChange={(next) => setStatus(next as Status | undefined)}
        />
      }
    >
      {rows.error ? <ErrorState error={rows.error} retry={() => void rows.refetch()} /> : !items && <Skeleton />}
      {items?.length === 0 && <p className={styles.none}>{t("imports.no_rows")}</p>}
      {items && items.length > 0 && (
        <ul className={styles.rows} aria-label={t("imports.rows")}>
          {items.map((row) => (
            <RowLine key={row.number} row={row} made={made} />
          ))}
        </ul>
      )}
      {rows.hasNextPage && (
        <div className={styles.more}>
          <Button onClick={() => void rows.fetchNextPage()} loading={rows.isFetchingNextPage}>
            {t("app.more")}
          </Button>
        </div>
      )}
    </Section>
  );
}

function RowLine({ row, made }: { row: ImportRow; made: ImportView }) {
  const table = made.tables.find((each) => each.name === row.table);
  const cellOf = (field: string | null | undefined) => {
    const column = table?.columns.findIndex((each) => each === field) ?? -1;
    return column >= 0 ? row.cells[column] : undefined;
  };
  return (
    <li className={styles.row}>
      <div className={styles.line}>
        <Chip tone={TONES[row.status]}>{t(`imports.status.${row.status}`)}</Chip>
        <strong>{row.about || t("imports.blank")}</strong>
        <span className={styles.meta}>
          {row.table}
          {row.line > 0 ? ` · ${t("imports.fault_at", { line: row.line })}` : ` · ${t("imports.gone_row")}`}
        </span>
      </div>
      {row.faults.map((fault, index) => (
        <p key={index} className={styles.fault}>
          {fault.field && <span className={styles.cell}>{fieldName(fault.field)}{cellOf(fault.field) && `: ${cellOf(fault.field)}`}</span>}
          {describeField({ field: fault.field ?? "", code: fault.code, args: fault.args })}
        </p>
      ))}
      {row.changes.length > 0 && (
        <p className={styles.changes}>
          {row.changes.map((change) => (
            <span key={change.field}>
              {fieldName(change.field)}: <Change before={change.old} after={change.new ?? t("imports.blank")} />
            </span>
          ))}
        </p>
      )}
    </li>
  );
}
