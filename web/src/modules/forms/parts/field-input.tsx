import { use } from "react";

import { Attachments } from "@/modules/files/parts/attachments";
import { EntryPicker } from "@/modules/directory/parts/entry-picker";
import { PersonPicker } from "@/modules/directory/parts/person-picker";
import { currencySign } from "@/lib/money";
import { t, text } from "@/lib/words";
import { Cascader, Checkbox, Input, Radio, Rate, Select, Switch } from "@/ui";
import { DateField, TimeField } from "@/ui/date";

import { asList, asPeriod, asText, type Field, type Moment, type Period, type Rights } from "../model";
import type { RowMarks } from "../check";
import { maxOf } from "../lib/schema";
import { AddressInput } from "./address-input";
import { type CaseInputProps, CasePartsContext } from "./case-parts";
import { Capitals, Duration } from "./field-value";
import styles from "./form-grid.module.css";
import { HandwritingInput } from "./handwriting-input";
import { LocationInput } from "./location-input";
import { RecordPartsContext } from "./record-parts";
import { TableInput } from "./table-input";

/** The next value, or a change of the value as it is then (uploads end later than other fields are typed). */
export type Change = (next: unknown) => void;

interface FieldInputProps {
  field: Field;
  id: string;
  value: unknown;
  /** The value as the server last counted it: `days` of a period. */
  counted: unknown;
  onChange: (change: (value: unknown) => unknown) => void;
  invalid: boolean;
  describedBy: string | undefined;
  /** Of a table: which cells of each row are part of it and must be filled in, and what is wrong by `items.3.amount`. */
  rows?: readonly RowMarks[] | undefined;
  errors?: Record<string, string> | undefined;
  /** Of a table: what he may do with its rows and with each of its columns. */
  rights?: Rights | undefined;
  /** In a row of a table: no room for all options side by side, nor for sums in words. */
  compact?: boolean;
}

/** Few enough to be seen at once. */
const SHORT_LIST = 4;

/** The control of one field. */
export function FieldInput({ field, id, value, counted, onChange, invalid, describedBy, rows, errors, rights, compact = false }: FieldInputProps) {
  const set = (next: unknown) => onChange(() => next);
  const label = text(field.label);
  const aria = { "aria-describedby": describedBy, "aria-invalid": invalid || undefined, "aria-required": field.required || undefined };
  const status = invalid ? ({ status: "error" } as const) : {};
  const options = (field.options ?? []).map((option) => ({ value: option.id, label: text(option.label) }));

  switch (field.type) {
    case "text":
      return (
        <Input id={id} {...aria} {...status} {...keyboard(field)} value={asText(value)} {...limit(field)} onChange={(event) => set(event.target.value)} />
      );
    case "long_text":
      return (
        <Input.TextArea
          id={id}
          {...aria}
          {...status}
          autoSize={{ minRows: 3, maxRows: 12 }}
          value={asText(value)}
          {...limit(field)}
          onChange={(event) => set(event.target.value)}
        />
      );
    case "number":
    case "money":
      return (
        <>
          <Input
            id={id}
            {...aria}
            {...status}
            inputMode="decimal"
            autoComplete="off"
            value={asText(value)}
            prefix={field.type === "money" ? currencySign(field.currency ?? "CNY") : undefined}
            suffix={field.type === "number" ? text(field.unit) || undefined : undefined}
            onChange={(event) => set(plainDecimal(event.target.value))}
          />
          {field.type === "money" && !compact && <Capitals value={asText(value)} currency={field.currency ?? "CNY"} />}
        </>
      );
    case "date":
      return <DateField id={id} {...describedByOnly(describedBy)} {...status} value={asText(value) || undefined} onChange={set} />;
    case "period":
      return (
        <PeriodInput field={field} id={id} value={value} counted={counted} onChange={set} invalid={invalid} describedBy={describedBy} />
      );
    case "choice":
      return options.length <= SHORT_LIST && !compact ? (
        <Radio.Group id={id} {...describedByOnly(describedBy)} aria-label={label} value={asText(value)} options={options} onChange={(event) => set(event.target.value)} />
      ) : (
        <Select
          id={id}
          className={styles.list ?? ""}
          aria-label={label}
          {...aria}
          {...status}
          allowClear
          value={asText(value) || null}
          options={options}
          placeholder={t("forms.choose")}
          onChange={(next: string | null) => set(next ?? undefined)}
        />
      );
    case "choices":
      return options.length <= SHORT_LIST * 2 && !compact ? (
        <Checkbox.Group className={styles.checks ?? ""} aria-label={label} value={asList(value)} options={options} onChange={set} />
      ) : (
        <Select id={id} className={styles.list ?? ""} aria-label={label} {...aria} {...status} mode="multiple" value={asList(value)} options={options} placeholder={t("forms.choose")} onChange={set} />
      );
    case "person":
      return (
        <PersonPicker
          id={id}
          {...aria}
          value={asList(value)}
          onChange={set}
          multiple={field.multiple ?? false}
          maxCount={field.max_count ?? undefined}
        />
      );
    case "department":
    case "post":
    case "unit":
      return (
        <EntryPicker
          kind={field.type}
          id={id}
          aria-label={label}
          {...aria}
          value={asList(value)}
          onChange={(ids) => set(ids.length > 0 ? ids : undefined)}
          multiple={field.multiple ?? false}
          maxCount={field.max_count ?? undefined}
          among={field.among ?? undefined}
        />
      );
    case "case":
      return (
        <CaseInput field={field} id={id} aria-label={label} {...aria} value={asList(value)} onChange={(ids) => set(ids.length > 0 ? ids : undefined)} />
      );
    case "record":
      return (
        <RecordInput field={field} id={id} aria-label={label} {...aria} value={asList(value)} onChange={(ids) => set(ids.length > 0 ? ids : undefined)} />
      );
    case "handwriting":
      return <HandwritingInput id={id} label={label} {...describedByOnly(describedBy)} value={asList(value)} onChange={set} />;
    case "address":
      return <AddressInput field={field} id={id} label={label} {...aria} value={value} onChange={set} />;
    case "location":
      return <LocationInput id={id} {...describedByOnly(describedBy)} value={value} onChange={set} />;
    case "table":
      return <TableInput field={field} id={id} value={value} counted={counted} onChange={onChange} rows={rows} errors={errors} rights={rights} />;
    case "switch":
      return <Switch id={id} {...describedByOnly(describedBy)} aria-label={label} checked={value === true} onChange={set} />;
    case "rating":
      return (
        <Rate
          id={id}
          aria-label={label}
          count={Number(maxOf(field))}
          value={Number(asText(value)) || 0}
          onChange={(stars) => set(stars > 0 ? String(stars) : undefined)}
        />
      );
    case "cascade":
      return (
        <Cascader
          id={id}
          className={styles.list ?? ""}
          aria-label={label}
          {...aria}
          {...status}
          options={steps(field.options)}
          value={asList(value)}
          placeholder={t("forms.choose")}
          onChange={(way) => set(Array.isArray(way) && way.length > 0 ? way : undefined)}
        />
      );
    case "serial":
    case "description":
      return null;
    case "image":
    case "attachment":
      return (
        <Attachments
          id={id}
          aria-describedby={describedBy}
          value={asList(value)}
          onChange={(change) => onChange((current) => change(asList(current)))}
          maxCount={field.max_count ?? undefined}
        />
      );
  }
}

function CaseInput(props: CaseInputProps) {
  const parts = use(CasePartsContext);
  return parts ? <parts.Input {...props} /> : null;
}

function RecordInput(props: CaseInputProps) {
  const parts = use(RecordPartsContext);
  return parts ? <parts.Input {...props} /> : null;
}

interface Step {
  value: string;
  label: string;
  children?: Step[];
}

function steps(options: Field["options"]): Step[] {
  return (options ?? []).map((option) => ({
    value: option.id,
    label: text(option.label),
    ...(option.options?.length ? { children: steps(option.options) } : {}),
  }));
}

/** The keys that a phone offers for this text. */
function keyboard({ format }: Field) {
  if (format === "mobile" || format === "phone") return { inputMode: "tel", autoComplete: "off" } as const;
  if (format === "email") return { inputMode: "email", autoComplete: "off" } as const;
  return format === "digits" ? ({ inputMode: "numeric" } as const) : {};
}

function limit(field: Field) {
  return field.max_length ? { maxLength: field.max_length, count: { show: ({ count }: { count: number }) => (count > field.max_length! * 0.8 ? `${count}/${field.max_length}` : "") } } : {};
}

function describedByOnly(describedBy: string | undefined) {
  return { "aria-describedby": describedBy };
}

/** Full-width digits and separators, as Chinese keyboards type them, become the decimal text that is sent. */
export function plainDecimal(typed: string): string {
  return typed
    .replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
    .replace(/[．。]/g, ".")
    .replace(/[，,\s￥¥]/g, "");
}

function PeriodInput({ field, id, value, counted, onChange, invalid, describedBy }: Omit<FieldInputProps, "onChange"> & { onChange: Change }) {
  const period = asPeriod(value);
  const granularity = field.granularity ?? "day";
  const change = (end: "from" | "to", moment: Moment | undefined) => {
    const next: Period = { ...(period.from ? { from: period.from } : {}), ...(period.to ? { to: period.to } : {}) };
    if (moment) next[end] = moment;
    else delete next[end];
    // A period begins as one day: the end follows the start until it is chosen, and never lies before it.
    if (end === "from" && moment && (!next.to || next.to.date < moment.date)) {
      next.to = granularity === "half_day" ? { date: moment.date, half: "pm" } : granularity === "hour" ? { date: moment.date, time: "18:00" } : { date: moment.date };
    }
    onChange(next.from || next.to ? next : undefined);
  };
  const label = text(field.label);
  return (
    <div className={styles.period} role="group" aria-label={label}>
      {(["from", "to"] as const).map((end) => (
        <div key={end} className={styles.periodEnd}>
          <span className={styles.periodWord}>{t(end === "from" ? "forms.from" : "forms.to")}</span>
          <DateField
            {...(end === "from" ? { id } : {})}
            aria-label={`${label} ${t(end === "from" ? "forms.from" : "forms.to")}`}
            aria-describedby={describedBy}
            {...(invalid ? { status: "error" } : {})}
            value={period[end]?.date}
            onChange={(date) => change(end, date ? { ...(period[end] ?? start(granularity, end)), date } : undefined)}
          />
          {granularity === "half_day" && (
            <Select
              className={styles.half ?? ""}
              aria-label={`${label} ${t("forms.half_day")} ${t(end === "from" ? "forms.from" : "forms.to")}`}
              disabled={!period[end]}
              value={period[end]?.half ?? (end === "from" ? "am" : "pm")}
              options={[
                { value: "am", label: t("forms.morning") },
                { value: "pm", label: t("forms.afternoon") },
              ]}
              onChange={(half: "am" | "pm") => period[end] && change(end, { ...period[end], half })}
            />
          )}
          {granularity === "hour" && (
            <TimeField
              aria-label={`${label} ${t("forms.time")} ${t(end === "from" ? "forms.from" : "forms.to")}`}
              value={period[end]?.time}
              onChange={(time) => period[end] && change(end, { ...period[end], ...(time ? { time } : {}) })}
            />
          )}
        </div>
      ))}
      {period.from && period.to && <Duration value={counted} granularity={granularity} />}
    </div>
  );
}

function start(granularity: NonNullable<Field["granularity"]>, end: "from" | "to"): Omit<Moment, "date"> {
  if (granularity === "half_day") return { half: end === "from" ? "am" : "pm" };
  if (granularity === "hour") return { time: end === "from" ? "09:00" : "18:00" };
  return {};
}
