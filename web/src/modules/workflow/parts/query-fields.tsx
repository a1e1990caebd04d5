import { type ReactNode, useState } from "react";

import { EntryPicker } from "@/modules/directory/parts/entry-picker";
import { PersonPicker } from "@/modules/directory/parts/person-picker";
import { t, text } from "@/lib/words";
import { Filter, Input } from "@/ui";
import { DateField } from "@/ui/date";

import { type QueryField, useQueryNames } from "../api";
import styles from "../pages/query.module.css";
import { type Condition, readConditions, withCondition } from "./conditions";
import { eachOnce, useFurther, useSeeking } from "./seeking";
import { SoughtSelect } from "./sought-select";

interface QueryFieldsProps {
  flow: string;
  fields: readonly QueryField[];
  where: string | undefined;
  sort: string | undefined;
  onChange: (next: { where?: string | undefined; sort?: string | undefined }) => void;
}

/** What stands in the indexed fields of a form: by that its cases are found and put in order. */
export function QueryFields({ flow, fields, where, sort, onChange }: QueryFieldsProps) {
  const all = readConditions(where);
  const sortable = fields.filter((field) => field.sortable);
  return (
    <fieldset className={styles.fields}>
      <legend className="visually-hidden">{t("workflow.query_fields")}</legend>
      {fields.map((field) => (
        <FieldFilter
          key={field.id}
          flow={flow}
          field={field}
          asked={all.find((one) => one.field === field.id) ?? { field: field.id }}
          onChange={(next) => onChange({ where: withCondition(all, next) })}
        />
      ))}
      {sortable.length > 0 && (
        <Filter
          label={t("workflow.query_sort")}
          none={t("workflow.query_sort_none")}
          value={sort}
          options={sortable.flatMap((field) => [
            { value: field.id, label: t("workflow.query_sort_up", { field: text(field.label) }) },
            { value: `-${field.id}`, label: t("workflow.query_sort_down", { field: text(field.label) }) },
          ])}
          onChange={(next) => onChange({ sort: next })}
        />
      )}
      {sort && <small className={styles.hint}>{t("workflow.query_sort_hint")}</small>}
    </fieldset>
  );
}

type Kind = "words" | "number" | "day" | "options" | "switch" | "person" | "entry" | "named" | "none";

function kindOf({ type }: QueryField): Kind {
  switch (type) {
    case "text":
    case "long_text":
    case "serial":
      return "words";
    case "number":
    case "money":
    case "rating":
      return "number";
    case "date":
    case "period":
      return "day";
    case "choice":
    case "choices":
    case "cascade":
      return "options";
    case "switch":
    case "person":
      return type;
    case "department":
    case "post":
    case "unit":
      return "entry";
    case "case":
    case "record":
      return "named";
    default:
      return "none";
  }
}

interface FieldFilterProps {
  flow: string;
  field: QueryField;
  asked: Condition;
  onChange: (next: Condition) => void;
}

function FieldFilter({ flow, field, asked, onChange }: FieldFilterProps) {
  const label = text(field.label);
  const id = `query-${field.id}`;
  const one = (ids: readonly string[]) => onChange({ field: field.id, is: [...ids] });
  switch (kindOf(field)) {
    case "words":
      return (
        <Asked label={t("workflow.query_begins", { field: label })}>
          <Typed label={t("workflow.query_begins", { field: label })} short="" value={asked.prefix} onChange={(prefix) => onChange({ field: field.id, prefix })} />
        </Asked>
      );
    case "number":
    case "day":
      return <Range field={field} label={label} asked={asked} onChange={onChange} />;
    case "options":
      return (
        <Filter
          label={label}
          value={asked.is?.[0]}
          options={optionsOf(field.options ?? [])}
          onChange={(next) => one(next ? [next] : [])}
        />
      );
    case "switch":
      return (
        <Filter
          label={label}
          value={asked.is?.[0]}
          options={[
            { value: "true", label: t("forms.on") },
            { value: "false", label: t("forms.off") },
          ]}
          onChange={(next) => one(next ? [next] : [])}
        />
      );
    case "person":
      return (
        <Asked label={label} id={id}>
          <PersonPicker id={id} value={asked.is ?? []} multiple={false} onChange={one} />
        </Asked>
      );
    case "entry":
      return (
        <Asked label={label} id={id}>
          <EntryPicker kind={field.type as "department" | "post" | "unit"} id={id} aria-label={label} value={asked.is ?? []} multiple={false} onChange={one} />
        </Asked>
      );
    case "named":
      return (
        <Asked label={label} id={id}>
          <NamedFilter flow={flow} field={field} id={id} value={asked.is ?? []} onChange={one} />
        </Asked>
      );
    case "none":
      return null;
  }
}

/** What is asked for stands before its box, also when something was typed there; an id is that of a picker. */
function Asked({ label, id, children }: { label: string; id?: string; children: ReactNode }) {
  return (
    <span className={styles.period}>
      {id ? (
        <>
          <label className={styles.asked} htmlFor={id}>
            {label}
          </label>
          <span className={styles.picker}>{children}</span>
        </>
      ) : (
        <>
          <span className={styles.asked}>{label}</span>
          {children}
        </>
      )}
    </span>
  );
}

interface NamedFilterProps {
  flow: string;
  field: QueryField;
  id: string;
  value: readonly string[];
  onChange: (ids: readonly string[]) => void;
}

/** What the cases that are found name there: another case, or a record. */
function NamedFilter({ flow, field, id, value, onChange }: NamedFilterProps) {
  const seeking = useSeeking();
  const names = useQueryNames(flow, field.id, { q: seeking.q || undefined }, seeking.open);
  const found = eachOnce(names);
  const further = useFurther(names, found.length, seeking.open);
  const isCase = field.type === "case";
  return (
    <SoughtSelect
      id={id}
      value={value}
      multiple={false}
      seeking={seeking}
      found={found.map((one) => ({ id: one.id, name: text(one.name) }))}
      busy={names.isFetching}
      error={names.error}
      retry={names.refetch}
      further={further}
      placeholder={t("forms.choose")}
      nothing={t(isCase ? "workflow.no_case_found" : "forms.no_record_found")}
      named={(chosen) => <NamedAs flow={flow} field={field.id} id={chosen} />}
      onChange={onChange}
    />
  );
}

/** Of what stood in the address. */
function NamedAs({ flow, field, id }: { flow: string; field: string; id: string }) {
  const names = useQueryNames(flow, field, { id });
  const [one] = eachOnce(names);
  // The latest cases that name it may not be his to read.
  useFurther(names, one ? Infinity : 0, true);
  return <>{one ? text(one.name) : "…"}</>;
}

/** Options as one may look for them; those of a cascade at every step. */
function optionsOf(options: NonNullable<QueryField["options"]>, above = ""): { value: string; label: string }[] {
  return options.flatMap((option) => {
    const label = above ? `${above} / ${text(option.label)}` : text(option.label);
    return [{ value: option.id, label }, ...optionsOf(option.options ?? [], label)];
  });
}

function Range({ field, label, asked, onChange }: { field: QueryField; label: string; asked: Condition; onChange: (next: Condition) => void }) {
  const { from, to } = asked;
  const change = (next: { from?: string; to?: string }) => onChange({ field: field.id, ...(from ? { from } : {}), ...(to ? { to } : {}), ...next });
  return <Between label={label} type={kindOf(field) === "day" ? "day" : "number"} from={from} to={to} onChange={change} />;
}

interface BetweenProps {
  label: string;
  type: "day" | "number";
  from: string | undefined;
  to: string | undefined;
  onChange: (next: { from?: string; to?: string }) => void;
}

/** From one end to the other, each of which may stay open. */
export function Between({ label, type, from, to, onChange }: BetweenProps) {
  const End = type === "day" ? Day : Typed;
  return (
    <span className={styles.period} role="group" aria-label={label}>
      <span className={styles.asked}>{label}</span>
      <End label={t("workflow.query_from", { field: label })} short={t("workflow.query_begin")} value={from} onChange={(next) => onChange({ from: next })} />–
      <End label={t("workflow.query_to", { field: label })} short={t("workflow.query_end")} value={to} onChange={(next) => onChange({ to: next })} />
    </span>
  );
}

interface EndProps {
  label: string;
  /** What stands in it while it is empty, where it says less than the label. */
  short?: string;
  value?: string | undefined;
  onChange: (next: string) => void;
}

function Day({ label, short, value, onChange }: EndProps) {
  return (
    <span className={styles.end}>
      <DateField aria-label={label} placeholder={short} value={value} onChange={(day) => onChange(day ?? "")} />
    </span>
  );
}

/** A box that asks when it is left or Enter is pressed: half a number is no condition. */
function Typed({ label, short = label, value = "", onChange }: EndProps) {
  const [typed, setTyped] = useState(value);
  const [known, setKnown] = useState(value);
  if (known !== value) {
    setKnown(value);
    setTyped(value);
  }
  const ask = () => {
    if (typed.trim() !== value) onChange(typed.trim());
  };
  return (
    <span className={styles.end}>
      <Input
        aria-label={label}
        placeholder={short}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={ask}
        onPressEnter={ask}
      />
    </span>
  );
}
