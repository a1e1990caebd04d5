import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";

import { answer, api, type Schemas } from "@/api/client";
import { useAction } from "@/ui";

export type Notification = Schemas["Notification"];

export const useNotifications = (unread: boolean) =>
  useInfiniteQuery(
    infiniteQueryOptions({
      queryKey: ["notify", "list", unread],
      queryFn: ({ pageParam, signal }) =>
        answer(
          api.GET("/notifications", {
            params: { query: { ...(unread ? { unread: true } : {}), ...(pageParam ? { after: pageParam } : {}) } },
            signal,
          }),
        ),
      initialPageParam: "",
      getNextPageParam: (page) => page.next ?? undefined,
    }),
  );

const changed = [["notify"], ["counts"]];

export const useReadNotification = () =>
  useAction(
    (id: string, attempt) => answer(api.POST("/notifications/{id}/read", { params: { path: { id } }, ...attempt })),
    { quiet: true, invalidates: changed },
  );

export const useReadAll = (done: string) =>
  useAction((_: void, attempt) => answer(api.POST("/notifications/read_all", { ...attempt })), { done, invalidates: changed });
