import { lazy, type ReactNode, Suspense, useId } from "react";

import { text } from "@/lib/words";

import type { RowMarks } from "../check";
import { fillsItself, mayWrite, mayWriteRows } from "../lib/schema";
import { asOffered, type Cell, type Field, type Form, plainRights, rightIn, type Rights, type Values } from "../model";
import { FieldValue } from "./field-value";
import styles from "./form-grid.module.css";

// Pickers and editors are fetched only where something may be written.
const FieldInput = lazy(() => import("./field-input").then((module) => ({ default: module.FieldInput })));

interface FormGridProps {
  form: Form;
  rights: Rights;
  values: Values;
  /** Values as the server counted them: computed fields, the length of a period. */
  counted?: Values | undefined;
  /** What is wrong, by field, in words. */
  errors?: Record<string, string> | undefined;
  /** Fields that must be filled in now, beside those that always must. */
  required?: ReadonlySet<string> | undefined;
  /** Fields that a condition hides now. */
  invisible?: ReadonlySet<string> | undefined;
  /** Of each table, row by row: which cells are part of it, and which must be filled in. */
  rows?: ReadonlyMap<string, readonly RowMarks[]> | undefined;
  /** Of each choice that depends on others, what can be chosen now. */
  offered?: ReadonlyMap<string, ReadonlySet<string>> | undefined;
  onChange?: ((field: string, change: (value: unknown) => unknown) => void) | undefined;
  onBlur?: ((field: string) => void) | undefined;
  /** What stands in the opinion box of a node. */
  opinions: (node: string) => ReactNode;
  title: string;
}

/** The id under which a field's control can be found and focused. */
export const controlId = (field: string) => `field-${field}`;

/** Of a layout that does not say. */
const COLUMNS = 4;

/** The paper: a bordered grid with the opinion boxes inside; on a phone one cell under the other. */
export function FormGrid(props: FormGridProps) {
  const { form } = props;
  const columns = form.layout.columns ?? COLUMNS;
  const fields = new Map(form.fields.map((field) => [field.id, field]));
  return (
    <div className={styles.grid} role="group" aria-label={props.title} style={{ "--columns": columns } as React.CSSProperties}>
      {form.layout.rows.map((row, index) => {
        const cells = row.filter((cell) => isShown(cell, props));
        if (cells.length === 0) return null;
        const spans = spread(cells, columns);
        return (
          <div key={index} className={styles.row}>
            {cells.map((cell, at) => (
              <div key={cellKey(cell, at)} className={styles.cell} data-narrow={isNarrow(spans[at], columns) || isTable(cell, fields) || undefined} style={{ "--span": spans[at] } as React.CSSProperties}>
                <CellBody cell={cell} field={"field" in cell ? fields.get(cell.field) : undefined} {...props} />
              </div>
            ))}
          </div>
        );
      })}
    </div>
  );
}

/** Rows need all the room there is: the label stands above them. */
function isTable(cell: Cell, fields: ReadonlyMap<string, Field>): boolean {
  return "field" in cell && fields.get(cell.field)?.type === "table";
}

function isShown(cell: Cell, { rights, invisible }: FormGridProps): boolean {
  if (!("field" in cell)) return true;
  return rightIn(rights, cell.field) !== "hidden" && !invisible?.has(cell.field);
}

/** Columns of each cell: as given, the rest shared, and the last one takes what is left of the row. */
export function spread(cells: readonly Cell[], columns: number): number[] {
  const given = cells.reduce((sum, cell) => sum + (cell.span ?? 0), 0);
  const open = cells.filter((cell) => cell.span == null).length;
  const share = open ? Math.max(1, Math.floor((columns - given) / open)) : 0;
  const spans = cells.map((cell) => cell.span ?? share);
  const used = spans.reduce((sum, span) => sum + span, 0);
  if (used < columns) spans[spans.length - 1]! += columns - used;
  return spans;
}

/** Too little room for label and value side by side. */
function isNarrow(span: number | undefined, columns: number): boolean {
  return (span ?? 1) / columns < 0.4;
}

/** A table as its reader knows it: without the columns that are hidden from him. */
function shownOf(field: Field, rights: Rights): Field {
  if (field.type !== "table") return field;
  return { ...field, columns: (field.columns ?? []).filter((column) => rightIn(rights, `${field.id}.${column.id}`) !== "hidden") };
}

function cellKey(cell: Cell, at: number): string {
  if ("field" in cell) return cell.field;
  return "opinions" in cell ? `opinions-${cell.opinions}` : `text-${at}`;
}

function CellBody({ cell, field, ...props }: FormGridProps & { cell: Cell; field: Field | undefined }) {
  if ("opinions" in cell) {
    return (
      <>
        <span className={styles.label}>{text(cell.label)}</span>
        <div className={styles.opinions}>{props.opinions(cell.opinions)}</div>
      </>
    );
  }
  if ("text" in cell) return <span className={styles.text}>{text(cell.text)}</span>;
  if (!field) return null;
  if (field.type === "description") {
    return (
      <div className={styles.description} data-field={field.id}>
        <FieldValue field={field} value={undefined} />
      </div>
    );
  }
  return <FieldCell field={field} {...props} />;
}

function FieldCell({ field: whole, rights, values, counted, errors, required, rows, offered, onChange, onBlur }: FormGridProps & { field: Field }) {
  const base = useId();
  const right = rightIn(rights, whole.id);
  const field = shownOf(whole, rights);
  const may = field.type === "table" ? mayWriteRows(plainRights(rights), field) : mayWrite(right);
  const writable = onChange !== undefined && may && !fillsItself(field);
  const error = errors?.[field.id];
  const hint = text(field.hint);
  const must = right === "required" || field.required === true || (required?.has(field.id) ?? false);
  const describedBy = [error && `${base}-error`, hint && `${base}-hint`].filter(Boolean).join(" ") || undefined;
  // A group of controls is named by itself; a single one by its label.
  const grouped = field.type === "period" || field.type === "choices" || field.type === "choice" || field.type === "table" || field.type === "rating" || field.type === "address" || field.type === "location" || field.type === "handwriting";

  return (
    <>
      {writable && !grouped ? (
        <label className={styles.label} htmlFor={controlId(field.id)}>
          {text(field.label)}
          {must && <Star />}
        </label>
      ) : (
        <span className={styles.label}>
          {text(field.label)}
          {writable && must && <Star />}
        </span>
      )}
      {/* eslint-disable-next-line jsx-a11y/no-static-element-interactions -- hears when its control is left, and does nothing itself */}
      <div
        className={writable ? styles.control : styles.value}
        data-invalid={error ? true : undefined}
        data-field={field.id}
        onBlur={writable ? () => onBlur?.(field.id) : undefined}
      >
        {writable ? (
          <Suspense fallback={<span className={styles.coming} />}>
          <FieldInput
            field={asOffered(field, values[field.id], offered?.get(field.id))}
            id={controlId(field.id)}
            value={values[field.id]}
            counted={counted?.[field.id]}
            onChange={(change) => onChange(field.id, change)}
            invalid={Boolean(error)}
            describedBy={describedBy}
            rows={rows?.get(field.id)}
            errors={errors}
            rights={rights}
          />
          </Suspense>
        ) : (
          <FieldValue field={field} value={counted?.[field.id] ?? values[field.id]} />
        )}
        {error && (
          <p id={`${base}-error`} className={styles.error} role="alert">
            {error}
          </p>
        )}
        {writable && hint && (
          <p id={`${base}-hint`} className={styles.hint}>
            {hint}
          </p>
        )}
      </div>
    </>
  );
}

function Star() {
  return (
    <span className={styles.star} aria-hidden="true">
      *
    </span>
  );
}
