import { use } from "react";

import { EntryNames } from "@/modules/directory/parts/entry-name";
import { PersonNames } from "@/modules/directory/parts/person-name";
import { FileChip } from "@/modules/files/parts/file-chip";
import { capitalAmount, formatDecimal, formatMoney } from "@/lib/money";
import { formatLongDate } from "@/lib/time";
import { currentLocale, listed, t, text } from "@/lib/words";

import { isAddress, isLocation } from "../lib/places";
import { allOptions, maxOf } from "../lib/schema";
import { asList, asPeriod, asRows, asText, type Field, isEmpty, type Moment, type Values } from "../model";
import { CasePartsContext } from "./case-parts";
import { RecordPartsContext } from "./record-parts";
import styles from "./form-grid.module.css";
import { Drawing } from "./handwriting-value";
import { AddressValue, LocationValue } from "./place-value";

/** A field's value to read: as paper would show it. */
export function FieldValue({ field, value, plain = false }: { field: Field; value: unknown; plain?: boolean }) {
  if (field.type === "description") return <span className={styles.prose}>{text(field.text)}</span>;
  if (field.type === "switch") return <>{t(value === true ? "forms.on" : "forms.off")}</>;
  if (field.type === "serial" && isEmpty(value)) return <span className={styles.nothing}>{t("forms.numbered_on_submit")}</span>;
  if (isEmpty(value)) return <span className={styles.nothing}>{t("forms.empty")}</span>;
  switch (field.type) {
    case "long_text":
      return <span className={styles.prose}>{asText(value)}</span>;
    case "number":
      return (
        <>
          {formatDecimal(asText(value), field.scale ?? undefined)} {text(field.unit)}
        </>
      );
    case "money":
      return <Money value={asText(value)} currency={field.currency ?? "CNY"} plain={plain} />;
    case "date":
      return <>{formatLongDate(asText(value))}</>;
    case "period":
      return <PeriodValue value={value} granularity={field.granularity} />;
    case "choice":
    case "choices":
      return <>{listed(asList(value).map((id) => optionLabel(field, id)))}</>;
    case "person":
      return <PersonNames ids={asList(value)} />;
    case "department":
    case "post":
    case "unit":
      return <EntryNames ids={asList(value)} kind={field.type} />;
    case "case":
      return <Cases ids={asList(value)} />;
    case "record":
      return <Records ids={asList(value)} />;
    case "handwriting":
      return asList(value).map((id) => <Drawing key={id} id={id} label={text(field.label)} />);
    case "address":
      return isAddress(value) ? <AddressValue address={value} /> : null;
    case "location":
      return isLocation(value) ? <LocationValue location={value} /> : null;
    case "table":
      return <Rows field={field} rows={asRows(value)} />;
    case "rating":
      return <Stars field={field} value={asText(value)} />;
    case "cascade":
      return <>{asList(value).map((id) => optionLabel(field, id)).join(" / ")}</>;
    case "image":
    case "attachment":
      return (
        <span className={styles.files}>
          {asList(value).map((id) => (
            <FileChip key={id} id={id} />
          ))}
        </span>
      );
    case "text":
      return <Written field={field} value={asText(value)} />;
    case "serial":
      return <>{asText(value)}</>;
  }
}

function Records({ ids }: { ids: readonly string[] }) {
  const parts = use(RecordPartsContext);
  return parts ? <parts.Value ids={ids} /> : null;
}

function Cases({ ids }: { ids: readonly string[] }) {
  const parts = use(CasePartsContext);
  return parts ? <parts.Value ids={ids} /> : null;
}

export function optionLabel(field: Field, id: string): string {
  return text(allOptions(field.options).find((option) => option.id === id)?.label) || id;
}

/** A table to read; on a phone each row is a card. */
function Rows({ field, rows }: { field: Field; rows: readonly Values[] }) {
  const columns = field.columns ?? [];
  return (
    <table className={styles.rows} aria-label={text(field.label)}>
      <thead>
        <tr>
          <th scope="col">{t("forms.row_number")}</th>
          {columns.map((column) => (
            <th key={column.id} scope="col" data-number={isNumeric(column) || undefined}>
              {text(column.label)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={index}>
            <th scope="row">{index + 1}</th>
            {columns.map((column) => (
              <td key={column.id} data-label={text(column.label)} data-number={isNumeric(column) || undefined}>
                <FieldValue field={column} value={row[column.id]} plain />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function isNumeric({ type }: Field): boolean {
  return type === "money" || type === "number";
}

function Stars({ field, value }: { field: Field; value: string }) {
  const most = Number(maxOf(field));
  const given = Math.min(Number(value), most);
  return (
    <span role="img" aria-label={t("forms.stars", { n: given, most })} className={styles.stars}>
      {"★".repeat(given)}
      {"☆".repeat(most - given)}
    </span>
  );
}

/** A text; a number or an address that can be called or written to is a link. */
function Written({ field, value }: { field: Field; value: string }) {
  if (field.format === "email") return <a href={`mailto:${value}`}>{value}</a>;
  if (field.format === "mobile" || field.format === "phone") return <a href={`tel:${value}`}>{value}</a>;
  return <>{value}</>;
}

/** In a row of a table without the sum in words. */
function Money({ value, currency, plain }: { value: string; currency: string; plain: boolean }) {
  return (
    <>
      {formatMoney(value, currency)}
      {!plain && <Capitals value={value} currency={currency} />}
    </>
  );
}

/** 人民币大写, where the currency is the yuan and the reader reads Chinese. */
export function Capitals({ value, currency }: { value: string; currency: string }) {
  const capitals = currency === "CNY" && currentLocale() === "zh-CN" ? capitalAmount(value) : null;
  return capitals ? <span className={styles.capitals}>{capitals}</span> : null;
}

function PeriodValue({ value, granularity }: { value: unknown; granularity: Field["granularity"] }) {
  const { from, to } = asPeriod(value);
  return (
    <>
      {from && to ? spanText(from, to) : "—"} <Duration value={value} granularity={granularity} />
    </>
  );
}

/** How long a period is in working time, as the server counted it. */
export function Duration({ value, granularity }: { value: unknown; granularity: Field["granularity"] }) {
  const { days, hours } = asPeriod(value);
  const spoken =
    granularity === "hour" && hours !== undefined
      ? t("forms.working_hours", { n: trimDecimal(hours) })
      : days === undefined
        ? null
        : t("forms.working_days", { n: trimDecimal(days) });
  return spoken ? <span className={styles.duration}>{spoken}</span> : null;
}

/** "3.0" → "3". */
export function trimDecimal(value: string): string {
  return value.includes(".") ? value.replace(/\.?0+$/, "") : value;
}

/** "Mon 23 Nov, morning to Wed 25 Nov, afternoon"; a day named once where both ends are of it. */
function spanText(from: Moment, to: Moment): string {
  const [first, last] = [partOfDay(from), partOfDay(to)];
  if (from.date !== to.date) return `${join(formatLongDate(from.date), first)} ${t("forms.until")} ${join(formatLongDate(to.date), last)}`;
  return join(formatLongDate(from.date), first === last ? first : `${first} ${t("forms.until")} ${last}`);
}

function partOfDay({ half, time }: Moment): string {
  return half ? t(half === "am" ? "forms.morning" : "forms.afternoon") : (time ?? "");
}

const join = (date: string, part: string): string => (part ? `${date} ${part}` : date);
