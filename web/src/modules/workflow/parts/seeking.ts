import { useDeferredValue, useEffect, useState } from "react";

import type { Field } from "@/modules/forms/model";

/** What is typed to find something on the server; each opening of the list seeks anew. */
export interface Seeking {
  q: string;
  open: boolean;
  onSearch: (typed: string) => void;
  onOpenChange: (open: boolean) => void;
}

export function useSeeking(): Seeking {
  const [typed, setTyped] = useState("");
  const [open, setOpen] = useState(false);
  const onOpenChange = (now: boolean) => {
    setOpen(now);
    if (!now) setTyped("");
  };
  return { q: useDeferredValue(typed.trim()), open, onSearch: setTyped, onOpenChange };
}

/** A list that the server tells part by part. */
interface InParts {
  data: { pages: readonly unknown[] } | undefined;
  error: unknown;
  hasNextPage: boolean;
  isFetching: boolean;
  fetchNextPage: () => unknown;
}

/** The next part, where there is one. */
export interface Further {
  busy: boolean;
  fetch: () => void;
}

/** So few do not fill the list that opens; of so many parts one is looked through after the other by itself. */
const [FEW, PARTS] = [8, 10];

/**
 * Each part is a search through so many rows, and may find nothing or little: then the next ones are asked for, up to a
 * limit, so that a list that is long past is not read whole by somebody who only opened the choices.
 */
export function useFurther(list: InParts, found: number, open: boolean): Further | undefined {
  const { hasNextPage, isFetching, fetchNextPage } = list;
  const read = list.data?.pages.length ?? 0;
  const goesOn = open && found < FEW && hasNextPage && !isFetching && !list.error && read < PARTS;
  // Also after a part that came so fast that it was never seen on its way.
  useEffect(() => {
    if (goesOn) void fetchNextPage();
  }, [goesOn, read, fetchNextPage]);
  return hasNextPage ? { busy: isFetching || goesOn, fetch: () => void (isFetching || fetchNextPage()) } : undefined;
}

/** What the parts have, each once. */
export function eachOnce<T extends { id: string }>(list: { data: { pages: readonly { items: readonly T[] }[] } | undefined }): T[] {
  const all = list.data?.pages.flatMap((page) => page.items) ?? [];
  return [...new Map(all.map((one) => [one.id, one])).values()];
}

/** How many a field names. */
export function howMany(field: Field) {
  return { multiple: field.multiple ?? false, maxCount: field.max_count ?? undefined };
}
