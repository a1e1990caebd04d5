import { t, text } from "@/lib/words";
import { Button, Icon } from "@/ui";

import type { RowMarks } from "../check";
import { fillsItself, maxRows, mayWrite } from "../lib/schema";
import { asOffered, asRows, type Field, rightIn, type Rights, type Values } from "../model";
import { FieldInput } from "./field-input";
import { FieldValue, isNumeric } from "./field-value";
import styles from "./form-grid.module.css";

interface TableInputProps {
  field: Field;
  id: string;
  value: unknown;
  counted: unknown;
  onChange: (change: (value: unknown) => unknown) => void;
  rows: readonly RowMarks[] | undefined;
  errors: Record<string, string> | undefined;
  rights: Rights | undefined;
}

/** Who writes a whole form, where nothing else is said. */
const ALL: Rights = { others: "write", fields: {} };

/** 明细表: rows that are added and removed. On a phone each row is a card, and each cell bears its name. */
export function TableInput({ field, id, value, counted, onChange, rows: marks, errors, rights = ALL }: TableInputProps) {
  const rows = asRows(value);
  const computed = asRows(counted);
  const columns = field.columns ?? [];
  const adds = mayWrite(rightIn(rights, field.id));
  const rightAt = (column: Field) => rightIn(rights, `${field.id}.${column.id}`);
  // Where others' cells stand in the rows, none of them is taken away.
  const others = columns.filter((column) => !fillsItself(column) && !mayWrite(rightAt(column)));
  const removes = adds && !rows.some((row) => others.some((column) => row[column.id] != null));
  const change = (next: (rows: Values[]) => Values[]) => onChange((now) => next(asRows(now)));
  const set = (index: number, column: string, next: (cell: unknown) => unknown) =>
    change((all) => all.map((row, at) => (at === index ? { ...row, [column]: next(row[column]) } : row)));

  return (
    <div id={id} role="group" aria-label={text(field.label)}>
      {rows.length > 0 && (
        <table className={styles.rows}>
          <thead>
            <tr>
              <th scope="col">{t("forms.row_number")}</th>
              {columns.map((column) => (
                <th key={column.id} scope="col">
                  {text(column.label)}
                  {(column.required || rightAt(column) === "required") && mayWrite(rightAt(column)) && !fillsItself(column) && (
                    <span className={styles.star} aria-hidden="true">
                      *
                    </span>
                  )}
                </th>
              ))}
              <td />
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => {
              const number = index + 1;
              const place = `${field.id}.${number}`;
              return (
                <tr key={index} aria-label={t("forms.row", { row: number })}>
                  <th scope="row">{number}</th>
                  {columns.map((column) => (
                    <td key={column.id} data-label={text(column.label)} data-number={isNumeric(column) || undefined}>
                      <TableCell
                        column={column}
                        writable={mayWrite(rightAt(column))}
                        id={`${id}-${number}-${column.id}`}
                        row={number}
                        value={row[column.id]}
                        counted={computed[index]?.[column.id]}
                        marks={marks?.[index]}
                        error={errors?.[`${place}.${column.id}`]}
                        onChange={(next) => set(index, column.id, next)}
                      />
                    </td>
                  ))}
                  <td>
                    {removes && (
                      <Button
                        type="text"
                        aria-label={t("forms.remove_row", { row: number })}
                        icon={<Icon name="trash" size={16} />}
                        onClick={() => change((all) => all.filter((_, at) => at !== index))}
                      />
                    )}
                    {errors?.[place] && (
                      <p className={styles.error} role="alert">
                        {errors[place]}
                      </p>
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      {adds && (
        <Button type="dashed" block disabled={rows.length >= maxRows(field)} onClick={() => change((all) => [...all, {}])}>
          {t("forms.add_row")}
        </Button>
      )}
    </div>
  );
}

interface TableCellProps {
  column: Field;
  writable: boolean;
  id: string;
  row: number;
  value: unknown;
  counted: unknown;
  marks: RowMarks | undefined;
  error: string | undefined;
  onChange: (change: (value: unknown) => unknown) => void;
}

function TableCell({ column, writable, id, row, value, counted, marks, error, onChange }: TableCellProps) {
  if (marks && !marks.shown.has(column.id)) return <span className={styles.nothing}>{t("forms.empty")}</span>;
  if (fillsItself(column)) return <FieldValue field={column} value={counted} plain />;
  if (!writable) return <FieldValue field={column} value={value} plain />;
  return (
    <>
      <label className="visually-hidden" htmlFor={id}>
        {t("forms.row", { row })} {text(column.label)}
      </label>
      <FieldInput
        field={asOffered(column, value, marks?.offered.get(column.id))}
        id={id}
        value={value}
        counted={counted}
        onChange={onChange}
        invalid={Boolean(error)}
        describedBy={error ? `${id}-error` : undefined}
        compact
      />
      {error && (
        <p id={`${id}-error`} className={styles.error} role="alert">
          {error}
        </p>
      )}
    </>
  );
}
