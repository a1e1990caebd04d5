import { MAX_LIST } from "./ast";

export type RefKind = "person" | "unit" | "department" | "post" | "rank";

/** What a value is. `null` is the type of `null` and of the elements of `[]`: it fits everywhere. */
export type Type = "null" | "bool" | "number" | "text" | "date" | "file" | "record" | "period" | "row" | RefKind | { readonly list: Type };

const PLAIN = ["null", "bool", "number", "text", "date", "file", "record", "period", "row"] as const;
export const REF_KINDS: readonly RefKind[] = ["person", "unit", "department", "post", "rank"];

/** `number`, `person`, `list<text>`. */
export function typeName(type: Type): string {
  return typeof type === "string" ? type : `list<${typeName(type.list)}>`;
}

/** Reads what `typeName` writes. */
export function typeNamed(name: string): Type | undefined {
  const list = /^list<(.+)>$/.exec(name)?.[1];
  if (list !== undefined) {
    const of = typeNamed(list);
    return of && { list: of };
  }
  return [...PLAIN, ...REF_KINDS].find((type) => type === name);
}

export function isRef(type: Type): type is RefKind {
  return typeof type === "string" && (REF_KINDS as readonly string[]).includes(type);
}

export function isList(type: Type): type is { readonly list: Type } {
  return typeof type === "object";
}

const MEMBERS: Readonly<Record<string, Type>> = { days: "number", hours: "number", from: "date", to: "date" };
export const MEMBER_NAMES = ["days", "hours", "from", "to"] as const;

export function memberType(member: string): Type | undefined {
  return Object.hasOwn(MEMBERS, member) ? MEMBERS[member] : undefined;
}

/** The type that both have, where there is one: for lists, branches and alternatives. */
export function joinTypes(left: Type, right: Type): Type | undefined {
  if (left === "null") return right;
  if (right === "null") return left;
  if (isList(left) && isList(right)) {
    const of = joinTypes(left.list, right.list);
    return of && { list: of };
  }
  if ((left === "text" && isRef(right)) || (right === "text" && isRef(left))) return "text";
  return left === right ? left : undefined;
}

export function fits(found: Type, wanted: Type): boolean {
  return found === "null" || sameType(found, wanted) || (wanted === "text" && isRef(found));
}

export function comparable(left: Type, right: Type): boolean {
  if (left === "null" || right === "null") return true;
  if (isList(left) || isList(right) || left === "period" || left === "row" || left === "record") return false;
  return left === right || (isRef(left) && right === "text") || (left === "text" && isRef(right));
}

function sameType(left: Type, right: Type): boolean {
  if (isList(left) && isList(right)) return sameType(left.list, right.list);
  return left === right;
}

/** What is known of a variable before it has a value. */
export interface Variable {
  readonly type: Type;
  /** Of a choice: its ids. Empty: any text. */
  readonly options: readonly string[];
  /** Of a list: most elements. */
  readonly maxItems: number;
}

export function variable(type: Type, known: Partial<Omit<Variable, "type">> = {}): Variable {
  return { type, options: known.options ?? [], maxItems: Math.min(known.maxItems ?? MAX_LIST, MAX_LIST) };
}

/** The variables that an expression may name: path → what is known of it. */
export type Env = ReadonlyMap<string, Variable>;

/** The variables about whoever starts the case. */
export function initiatorEnv(): Map<string, Variable> {
  const env = new Map<string, Variable>(REF_KINDS.map((kind) => [`initiator.${kind}`, variable(kind)]));
  return env.set("initiator.rank_level", variable("number")).set("initiator.name", variable("text"));
}

/** The variable that a written path reads, and the member of it, if it names one: `form.leave` and `days`. */
export function resolve(env: Env, path: string): { base: string; variable: Variable; member?: string } | undefined {
  const own = env.get(path);
  if (own) return { base: path, variable: own };
  const dot = path.lastIndexOf(".");
  const [base, member] = [path.slice(0, Math.max(dot, 0)), path.slice(dot + 1)];
  const period = env.get(base);
  return period?.type === "period" && memberType(member) ? { base, variable: period, member } : undefined;
}

/** Everything that can be written as a path, for suggestions. */
export function writablePaths(env: Env): string[] {
  return [...env].flatMap(([path, { type }]) =>
    type === "period" ? [path, ...MEMBER_NAMES.map((member) => `${path}.${member}`)] : [path],
  );
}
