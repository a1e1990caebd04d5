/** The shape of a form as the API sends it: modules/forms/src/form/model.rs. Kept here so that these rules need no network. */

export interface Words {
  readonly zh: string;
  readonly en?: string | null;
}

export type FieldType =
  | "text"
  | "long_text"
  | "number"
  | "money"
  | "date"
  | "period"
  | "choice"
  | "choices"
  | "person"
  | "attachment"
  | "table"
  | "switch"
  | "rating"
  | "image"
  | "cascade"
  | "serial"
  | "department"
  | "post"
  | "unit"
  | "description"
  | "address"
  | "location"
  | "case"
  | "record"
  | "handwriting";

export type Format = "mobile" | "email" | "phone" | "id_number" | "digits" | "letters";
export type Origin = "house" | "external";
/** How far an address is told, nearest last. */
export const PRECISIONS = ["province", "city", "district", "street"] as const;
export type Precision = (typeof PRECISIONS)[number];
export type Granularity = "day" | "half_day" | "hour";

export interface FormField {
  readonly id: string;
  readonly label: Words;
  readonly type: FieldType;
  readonly required?: boolean;
  readonly required_when?: string | null;
  readonly visible_when?: string | null;
  readonly computed?: string | null;
  /** The value it takes whenever something changes that this reads. */
  readonly set?: string | null;
  readonly set_when?: string | null;
  readonly max_length?: number | null;
  readonly format?: Format | null;
  readonly pattern?: string | null;
  readonly min?: string | null;
  readonly max?: string | null;
  readonly scale?: number | null;
  readonly earliest?: string | null;
  readonly latest?: string | null;
  readonly granularity?: Granularity | null;
  readonly options?: readonly FormOption[];
  /** By option: it can be chosen only where this condition holds. */
  readonly options_when?: Readonly<Record<string, string>>;
  readonly multiple?: boolean;
  /** Of units: only those of the house, or only external organisations. */
  readonly among?: Origin | null;
  /** Of cases: whoever may read this field may read the case that it names. */
  readonly grants_reading?: boolean;
  /** Of related records: which fields take what the chosen one has: own field → theirs. */
  readonly fill?: Readonly<Record<string, string>>;
  /** Of a description. */
  readonly text?: Words | null;
  /** Of an address; `street` unless told. */
  readonly precision?: Precision | null;
  readonly max_count?: number | null;
  readonly series?: string | null;
  /** Of a table: what stands in each row. */
  readonly columns?: readonly FormField[];
  readonly min_rows?: number | null;
  readonly max_rows?: number | null;
}

export interface FormOption {
  readonly id: string;
  readonly label: Words;
  /** Of a cascade: what can be chosen below it. */
  readonly options?: readonly FormOption[];
}

export interface FormSchema {
  readonly fields: readonly FormField[];
}

/** Field id → value. A field without a value is absent. */
export type FormValues = Readonly<Record<string, unknown>>;

export type FieldRight = "hidden" | "read" | "write" | "required";

export interface FieldRights {
  /** Of fields that are not named; `read` unless told. */
  readonly others?: FieldRight;
  readonly fields?: Readonly<Record<string, FieldRight>>;
}

/** A column of a table is named `items.price`; one that is not named is as its table, only that no cell must be filled. */
export function rightOf(rights: FieldRights, field: string): FieldRight {
  const named = rights.fields && Object.hasOwn(rights.fields, field) ? rights.fields[field] : undefined;
  if (named) return named;
  const table = field.includes(".") ? field.slice(0, field.indexOf(".")) : undefined;
  if (table === undefined) return rights.others ?? "read";
  const whole = rightOf(rights, table);
  return whole === "required" ? "write" : whole;
}

/** May he write any of it? Beside the table's own right, one on a column of it lets him. */
export function mayWriteRows(rights: FieldRights, table: FormField): boolean {
  return mayWrite(rightOf(rights, table.id)) || (table.columns ?? []).some((column) => mayWriteCells(rights, table, column));
}

export function mayWriteCells(rights: FieldRights, table: FormField, column: FormField): boolean {
  return !fillsItself(column) && mayWrite(rightOf(rights, `${table.id}.${column.id}`));
}

export function mayWrite(right: FieldRight): boolean {
  return right === "write" || right === "required";
}

export const MAX_SCALE = 6;
export const NUMBER_LIMIT = "1000000000000";
export const MAX_BYTES = 1_000_000;

/** Most characters of a text. */
export function maxLength(field: FormField): number {
  return field.max_length ?? (field.type === "long_text" ? 100_000 : 10_000);
}

/** Digits after the point, where the field fixes them. */
export function scaleOf(field: FormField): number | undefined {
  return field.scale ?? (field.type === "money" ? 2 : field.type === "rating" ? 0 : undefined);
}

/** The smallest number that is handed in. */
export function minOf(field: FormField): string | undefined {
  return field.type === "rating" ? "1" : (field.min ?? undefined);
}

/** The largest number that is handed in; of a rating the most stars. */
export function maxOf(field: FormField): string | undefined {
  return field.max ?? (field.type === "rating" ? "5" : undefined);
}

/** Most rows of a table. */
export function maxRows(field: FormField): number {
  return field.max_rows ?? 100;
}

/** Most steps of a cascade. */
export const MAX_STEPS = 6;

/** All options, those of a cascade at every step. */
export function allOptions(options: readonly FormOption[] | undefined): FormOption[] {
  return (options ?? []).flatMap((option) => [option, ...allOptions(option.options)]);
}

/** Nobody fills it in: it is computed, given at submission, or has no value. */
export function fillsItself(field: Pick<FormField, "computed" | "type">): boolean {
  return field.computed != null || field.type === "serial" || field.type === "description";
}

/** Named by id, and chosen from the directory. */
export function isOfDirectory(type: FieldType): type is "person" | "department" | "post" | "unit" {
  return type === "person" || type === "department" || type === "post" || type === "unit";
}

/** One unless told otherwise. */
function isOneUnlessTold(field: FormField): boolean {
  return (isOfDirectory(field.type) || field.type === "case" || field.type === "record") && !field.multiple;
}

/** Most options, files, or persons and whatever else of the directory. */
export function maxCount(field: FormField): number {
  if (isOneUnlessTold(field) || field.type === "handwriting") return 1;
  const options = field.options?.length ?? 0;
  if (field.type === "choices") return Math.min(field.max_count ?? options, options);
  return field.max_count ?? 20;
}

/** What an expression must give to set the field; nothing where none can. */
export function settable(type: FieldType): "text" | "number" | "date" | "bool" | undefined {
  if (type === "choice") return "text";
  return type === "switch" ? "bool" : computable(type);
}

/** What an expression must give to fill the field; nothing where none can. */
export function computable(type: FieldType): "text" | "number" | "date" | undefined {
  switch (type) {
    case "text":
    case "long_text":
      return "text";
    case "number":
    case "money":
    case "rating":
      return "number";
    case "date":
      return "date";
    default:
      return undefined;
  }
}
