import type { QueryClient } from "@tanstack/react-query";

import { ROOT } from "@/api/client";
import { Live, type LiveEvent } from "@/lib/live";
import { meQuery } from "@/modules/access/api";

/** Several events of one decision arrive together; they cause one round of reading. */
const GATHER = 120;

/** Every query key begins with its module's name: an event of a module makes its queries stale. */
export function createLive(queries: QueryClient): Live {
  let waiting = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    timer = undefined;
    const modules = waiting;
    waiting = new Set();
    void queries.invalidateQueries({
      predicate: ({ queryKey }) => modules.has(String(queryKey[0])) || queryKey[0] === "counts",
    });
  };
  return new Live({
    url: socketAddress(),
    onEvent: (event: LiveEvent) => {
      // The server could not tell everything in time: then everything shown may be old.
      if (event.module === "*") {
        void queries.invalidateQueries();
        return;
      }
      waiting.add(event.module);
      timer ??= setTimeout(flush, GATHER);
    },
    onReturn: () => void queries.invalidateQueries(),
    // A session that was ended elsewhere ends here too, and not at the next click.
    onLost: () => void queries.invalidateQueries({ queryKey: meQuery.queryKey }),
  });
}

function socketAddress(): string {
  const scheme = window.location.protocol === "https:" ? "wss:" : "ws:";
  return `${scheme}//${window.location.host}${ROOT}/live`;
}
