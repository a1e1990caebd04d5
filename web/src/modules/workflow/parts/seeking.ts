import { useDeferredValue, useState } from "react";

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

/** How many a field names. */
export function howMany(field: Field) {
  return { multiple: field.multiple ?? false, maxCount: field.max_count ?? undefined };
}
