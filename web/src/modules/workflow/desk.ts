import { useQuery, useQueryClient } from "@tanstack/react-query";

import { answer, api, type Schemas } from "@/api/client";
import { Problem } from "@/lib/problem";
import { mine, readStored, writeStored } from "@/lib/stored";
import { useAction } from "@/ui";

export type SavedFilter = Schemas["SavedFilter"];

/** What the reader keeps ready for his work, on all his devices. */
interface Kept<T> {
  items: T[];
  /** How many he may keep, and how long one may be. */
  most: number;
  longest: number;
  version: number;
}

interface Shelf<T> {
  /** What it is called where it is read again, and where it was kept in this browser before the server kept it. */
  name: string;
  before: string;
  get: (signal?: AbortSignal) => Promise<Kept<T>>;
  put: (version: number, items: T[]) => Promise<Kept<T>>;
}

const seen = (version: number) => ({ header: { "If-Match": String(version) } });

const PHRASES: Shelf<string> = {
  name: "own_phrases",
  before: "workflow.phrases",
  get: (signal) => answer(api.GET("/own_phrases", signal ? { signal } : {})),
  put: (version, items) => answer(api.PUT("/own_phrases", { params: seen(version), body: { items } })),
};

const FILTERS: Shelf<SavedFilter> = {
  name: "own_filters",
  before: "workflow.filters",
  get: (signal) => answer(api.GET("/own_filters", signal ? { signal } : {})),
  put: (version, items) => answer(api.PUT("/own_filters", { params: seen(version), body: { items } })),
};

/** A list that is kept in this browser; what is cut off, or was written by something else, is worth nothing. */
export function listIn(stored: string | null): unknown[] {
  if (!stored) return [];
  try {
    const read: unknown = JSON.parse(stored);
    return Array.isArray(read) ? read : [];
  } catch {
    return [];
  }
}

/** What was kept in this browser goes to the server once; where the server has some, that is what counts. */
async function read<T>({ before, get, put }: Shelf<T>, signal: AbortSignal): Promise<Kept<T>> {
  const kept = await get(signal);
  const place = mine(before);
  const here = listIn(readStored(place)).slice(0, kept.most) as T[];
  if (kept.version > 0 || here.length === 0) return kept;
  try {
    const taken = await put(0, here);
    writeStored(place, null);
    return taken;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    // Another window was faster; or not now, and it stays where it is until it can be taken.
    return error.status === 412 ? get(signal) : kept;
  }
}

function useShelf<T>(shelf: Shelf<T>) {
  const queries = useQueryClient();
  const queryKey = ["workflow", shelf.name];
  const { data: kept } = useQuery({ queryKey, queryFn: ({ signal }) => read(shelf, signal) });
  const save = useAction((items: T[]) => shelf.put(kept?.version ?? 0, items), {
    invalidates: [queryKey],
    then: (now) => queries.setQueryData(queryKey, now),
  });
  return {
    items: kept?.items ?? [],
    full: !kept || kept.items.length >= kept.most,
    most: kept?.most ?? 0,
    longest: kept?.longest ?? 0,
    save: save.run,
    pending: save.pending || !kept,
  };
}

/** 我的常用语 */
export const useOwnPhrases = () => useShelf(PHRASES);

/** 常用筛选 */
export const useOwnFilters = () => useShelf(FILTERS);
