import { useQuery } from "@tanstack/react-query";

import { answer, api, type Schemas } from "@/api/client";
import { useAction } from "@/ui";

export type Endpoint = Schemas["EndpointView"];
export type Delivery = Schemas["DeliveryView"];
export type EndpointSettings = Schemas["EndpointSettings"];

const ENDPOINTS = ["workflow", "endpoints"];

export const useEndpoints = () =>
  useQuery({ queryKey: ENDPOINTS, queryFn: ({ signal }) => answer(api.GET("/endpoints", { signal })) });

/** What was sent lately. Read again as long as something is on its way. */
export const useDeliveries = (id: string) =>
  useQuery({
    queryKey: [...ENDPOINTS, id, "deliveries"],
    queryFn: ({ signal }) => answer(api.GET("/endpoints/{id}/deliveries", { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => (state.data?.items.some((each) => each.state === "waiting") ? 2_000 : false),
  });

export const useRegisterEndpoint = (done: string, then: (made: Endpoint) => void) =>
  useAction((body: Schemas["EndpointRegistration"], attempt) => answer(api.POST("/endpoints", { body, ...attempt })), {
    done,
    invalidates: [ENDPOINTS],
    then,
  });

const seen = ({ id, version }: Endpoint) => ({ path: { id }, header: { "If-Match": String(version) } });

export const useChangeEndpoint = (endpoint: Endpoint, done: string, then: () => void) =>
  useAction(
    (body: EndpointSettings, attempt) => answer(api.PUT("/endpoints/{id}", { params: seen(endpoint), body, ...attempt })),
    { done, invalidates: [ENDPOINTS], then },
  );

export const useRenewSecret = (then: (made: Endpoint) => void) =>
  useAction((endpoint: Endpoint, attempt) => answer(api.POST("/endpoints/{id}/secret", { params: seen(endpoint), ...attempt })), {
    invalidates: [ENDPOINTS],
    then,
  });

export const useDeleteEndpoint = (done: string) =>
  useAction((endpoint: Endpoint, attempt) => answer(api.DELETE("/endpoints/{id}", { params: seen(endpoint), ...attempt })), {
    done,
    invalidates: [ENDPOINTS],
  });

export const useTryEndpoint = (done: string) =>
  useAction(
    (endpoint: Endpoint, attempt) => answer(api.POST("/endpoints/{id}/trial", { params: { path: { id: endpoint.id } }, ...attempt })),
    { done, invalidates: [ENDPOINTS] },
  );
