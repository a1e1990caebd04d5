import { useQuery } from "@tanstack/react-query";

import { answer, api, type Schemas } from "@/api/client";
import { useAction } from "@/ui";

export type UnitSeats = Schemas["UnitSeats"];
export type SeatsOfKind = Schemas["SeatsOfKind"];
export type SeatView = Schemas["SeatView"];
export type SeatKind = Schemas["SeatKind"];
export type NameSeat = Schemas["NameSeat"];

/** The units that the reader keeps, with their seats; on demand only those where one is vacant. */
export const useSeats = (vacant: boolean) =>
  useQuery({
    queryKey: ["seats", "list", vacant],
    queryFn: ({ signal }) => answer(api.GET("/seats", { params: { query: { vacant } }, signal })),
  });

export const useUnitSeats = (unit: string) =>
  useQuery({
    queryKey: ["seats", "unit", unit],
    queryFn: ({ signal }) => answer(api.GET("/units/{id}/seats", { params: { path: { id: unit } }, signal })),
  });

const SEATS = [["seats"], ["orders", "units"]];

/** What is refused stands at its field. */
export const useNameSeat = (unit: string, done: string, then: () => void) =>
  useAction(
    (body: NameSeat, attempt) => answer(api.POST("/units/{id}/seats", { params: { path: { id: unit } }, body, ...attempt })),
    { done, invalidates: SEATS, then },
  );

export const useEndSeat = (done: string) =>
  useAction(
    (id: string, attempt) => answer(api.POST("/seats/{id}/end", { params: { path: { id } }, body: { at: null }, ...attempt })),
    { done, invalidates: SEATS },
  );
