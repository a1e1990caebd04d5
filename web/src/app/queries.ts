import { QueryClient } from "@tanstack/react-query";

import { Problem } from "@/lib/problem";

/**
 * Reads are kept fresh by live events, so they are not polled; what failed without an answer is tried again twice,
 * what was refused is not.
 */
export function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        gcTime: 10 * 60_000,
        retry: (failures, error) => failures < 2 && (!(error instanceof Problem) || error.uncertain),
        retryDelay: (attempt) => Math.min(8_000, 500 * 2 ** attempt),
        refetchOnWindowFocus: false,
        networkMode: "always",
      },
      mutations: { networkMode: "always" },
    },
  });
}
