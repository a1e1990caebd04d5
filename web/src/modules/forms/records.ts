import type { Values } from "./model";

/** What the related records that were chosen here have for the fields that they fill; of others the server knows it. */
const known = new Map<string, Values>();

export function noteRecord(id: string, values: Values): void {
  // Another field may name the same record, and take something else of it.
  known.set(id, { ...known.get(id), ...values });
}

export const recordOf = (id: string): Values | undefined => known.get(id);
