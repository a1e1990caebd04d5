/** One condition on an indexed field, as the server takes it. */
export interface Condition {
  field: string;
  from?: string;
  to?: string;
  prefix?: string;
  is?: string[];
}

/** The conditions that stand in an address; what is no condition is none. */
export function readConditions(where: string | undefined): Condition[] {
  if (!where) return [];
  try {
    const read: unknown = JSON.parse(where);
    return Array.isArray(read) ? read.filter(isCondition) : [];
  } catch {
    return [];
  }
}

function isCondition(value: unknown): value is Condition {
  return typeof value === "object" && value !== null && "field" in value && typeof value.field === "string";
}

/** The same with this one in the place of what was said of its field; nothing where none is left. */
export function withCondition(all: readonly Condition[], next: Condition): string | undefined {
  const told = Object.fromEntries(Object.entries(next).filter(([, value]) => (Array.isArray(value) ? value.length > 0 : value))) as unknown as Condition;
  const rest = all.filter((one) => one.field !== next.field);
  const kept = Object.keys(told).length > 1 ? [...rest, told] : rest;
  return kept.length > 0 ? JSON.stringify(kept) : undefined;
}
