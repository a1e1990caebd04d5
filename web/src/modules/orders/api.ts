import { infiniteQueryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";

import { answer, api, type Schemas } from "@/api/client";
import { useAction } from "@/ui";

export type OrderRow = Schemas["OrderRow"];
export type OrderView = Schemas["OrderView"];
export type OrderContent = Schemas["OrderContent"];
export type OrderChange = Schemas["OrderChange"];
export type OrderClass = Schemas["OrderClass"];
export type OrderState = Schemas["OrderState"];
export type OrderItem = Schemas["OrderItem"];
export type OrderPreview = Schemas["OrderPreview"];
export type OrderTarget = Schemas["OrderTarget"];
export type Post = Schemas["PostView"];
export type Rank = Schemas["RankView"];

export const useOrders = () =>
  useInfiniteQuery(
    infiniteQueryOptions({
      queryKey: ["orders", "list"],
      queryFn: ({ pageParam, signal }) =>
        answer(api.GET("/orders", { params: { query: pageParam ? { after: pageParam } : {} }, signal })),
      initialPageParam: "",
      getNextPageParam: (page) => page.next ?? undefined,
    }),
  );

export const useOrder = (id: string) =>
  useQuery({
    queryKey: ["orders", "order", id],
    queryFn: ({ signal }) => answer(api.GET("/orders/{id}", { params: { path: { id } }, signal })),
  });

export type UnitEntry = Schemas["UnitEntry"];
export type UnitRegistration = Schemas["UnitRegistration"];

/** 使用单位登记: every unit with its names and the orders behind them. */
export const useUnitRegistry = () =>
  useQuery({ queryKey: ["orders", "units"], queryFn: ({ signal }) => answer(api.GET("/unit_registry", { signal })) });

/** The posts that an appointment can be to. */
export const usePosts = (enabled: boolean) =>
  useQuery({
    queryKey: ["directory", "posts"],
    queryFn: ({ signal }) => answer(api.GET("/posts", { params: { query: { limit: 200 } }, signal })),
    enabled,
  });

export const useRanks = (enabled: boolean) =>
  useQuery({
    queryKey: ["directory", "ranks"],
    queryFn: ({ signal }) => answer(api.GET("/ranks", { params: { query: { limit: 200 } }, signal })),
    enabled,
  });

const changed = [["orders"], ["directory"]];
const on = (order: Pick<OrderView, "id" | "version">) => ({
  path: { id: order.id },
  header: { "If-Match": String(order.version) },
});

export const useDraftOrder = (then: (order: OrderView) => void) =>
  useAction((body: Schemas["CreateOrder"], attempt) => answer(api.POST("/orders", { body, ...attempt })), {
    invalidates: [["orders"]],
    then,
  });

export const useSaveOrder = (order: OrderView, done: string) =>
  useAction(
    (body: OrderContent, attempt) => answer(api.PUT("/orders/{id}", { params: on(order), body, ...attempt })),
    { done, invalidates: [["orders"]] },
  );

export const usePreview = (order: OrderView) =>
  useAction((_: undefined, attempt) =>
    answer(api.POST("/orders/{id}/preview", { params: { path: { id: order.id } }, ...attempt })),
  );

export const useReview = (order: OrderView, done: string) =>
  useAction((_: undefined, attempt) => answer(api.POST("/orders/{id}/review", { params: on(order), ...attempt })), {
    done,
    invalidates: [["orders"]],
  });

/** 退回修改: with the reason, instead of approving it. */
export const useReturn = (order: OrderView, done: string, then: () => void) =>
  useAction((reason: string, attempt) => answer(api.POST("/orders/{id}/return", { params: on(order), body: { reason }, ...attempt })), {
    done,
    invalidates: [["orders"]],
    then,
  });

export const useIssue = (order: OrderView, done: string) =>
  useAction((_: undefined, attempt) => answer(api.POST("/orders/{id}/issue", { params: on(order), ...attempt })), {
    done,
    invalidates: changed,
  });

export const useWithdrawOrder = (order: OrderView, done: string) =>
  useAction((_: undefined, attempt) => answer(api.POST("/orders/{id}/withdrawal", { params: on(order), ...attempt })), {
    done,
    invalidates: [["orders"]],
  });

export const useTick = (order: OrderView) =>
  useAction(
    (body: { item: string; ticked: boolean }, attempt) =>
      answer(api.POST("/orders/{id}/ticks", { params: { path: { id: order.id } }, body, ...attempt })),
    { invalidates: [["orders"]] },
  );

export const useVerify = (order: OrderView, done: string) =>
  useAction((_: undefined, attempt) => answer(api.POST("/orders/{id}/verification", { params: on(order), ...attempt })), {
    done,
    invalidates: [["orders"]],
  });

export const useCounterOrder = (order: OrderView, then: (order: OrderView) => void) =>
  useAction(
    (title: string, attempt) =>
      answer(api.POST("/orders/{id}/counter_order", { params: { path: { id: order.id } }, body: { title }, ...attempt })),
    { invalidates: [["orders"]], then },
  );

export const useHoldings = (person: string | undefined) =>
  useQuery({
    queryKey: ["workflow", "holdings", person],
    queryFn: ({ signal }) => answer(api.GET("/people/{id}/holdings", { params: { path: { id: person ?? "" } }, signal })),
    enabled: person !== undefined,
  });

export const useHandOverAll = (person: string) =>
  useAction(
    (body: { successor: string; reason: string }, attempt) =>
      answer(api.POST("/people/{id}/hand_over", { params: { path: { id: person } }, body, ...attempt })),
    { invalidates: [["workflow"], ["counts"]] },
  );
