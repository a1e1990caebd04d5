import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";

import { answer, api, type Schemas } from "@/api/client";

export type Entry = Schemas["Entry"];

export const useTrace = (stream: string | undefined) =>
  useInfiniteQuery(
    infiniteQueryOptions({
      queryKey: ["trace", "entries", stream ?? ""],
      queryFn: ({ pageParam, signal }) =>
        answer(
          api.GET("/trace", {
            params: { query: { ...(stream ? { stream } : {}), ...(pageParam ? { after: pageParam } : {}) } },
            signal,
          }),
        ),
      initialPageParam: "",
      getNextPageParam: (page) => page.next ?? undefined,
      placeholderData: keepPreviousData,
    }),
  );

export const useSeals = () =>
  useQuery({ queryKey: ["trace", "seals"], queryFn: ({ signal }) => answer(api.GET("/trace_seals", { signal })) });
