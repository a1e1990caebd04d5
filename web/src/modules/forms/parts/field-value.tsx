import { PersonNames } from "@/modules/directory/parts/person-name";
import { FileChip } from "@/modules/files/parts/file-chip";
import { capitalAmount, formatDecimal, formatMoney } from "@/lib/money";
import { formatLongDate } from "@/lib/time";
import { currentLocale, listed, t, text } from "@/lib/words";

import { asList, asPeriod, asText, type Field, isEmpty, type Moment } from "../model";
import styles from "./form-grid.module.css";

/** A field's value to read: as paper would show it. */
export function FieldValue({ field, value }: { field: Field; value: unknown }) {
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
      return <Money value={asText(value)} currency={field.currency ?? "CNY"} />;
    case "date":
      return <>{formatLongDate(asText(value))}</>;
    case "period":
      return <PeriodValue value={value} granularity={field.granularity} />;
    case "choice":
    case "choices":
      return <>{listed(asList(value).map((id) => optionLabel(field, id)))}</>;
    case "person":
      return <PersonNames ids={asList(value)} />;
    case "attachment":
      return (
        <span className={styles.files}>
          {asList(value).map((id) => (
            <FileChip key={id} id={id} />
          ))}
        </span>
      );
    case "text":
      return <>{asText(value)}</>;
  }
}

export function optionLabel(field: Field, id: string): string {
  return text(field.options?.find((option) => option.id === id)?.label) || id;
}

function Money({ value, currency }: { value: string; currency: string }) {
  return (
    <>
      {formatMoney(value, currency)}
      <Capitals value={value} currency={currency} />
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
