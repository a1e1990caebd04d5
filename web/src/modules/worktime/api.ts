import { useQuery } from "@tanstack/react-query";

import { answer, api, type Schemas } from "@/api/client";
import { useAction } from "@/ui";

export type CalendarItem = Schemas["CalendarItem"];
export type CalendarView = Schemas["CalendarView"];
export type CalendarSettings = Schemas["CalendarSettings"];
export type CalendarException = Schemas["CalendarException"];
export type DatedWeek = Schemas["DatedWeek"];
export type HolidayYear = Schemas["HolidayYearView"];
export type WorkingDay = Schemas["WorkingDayView"];
export type WorkingHours = Schemas["WorkingHours"];

const KEY = "worktime";

/** Every calendar in reach: an organisation has some tens of them. */
export const useCalendars = () =>
  useQuery({
    queryKey: [KEY, "calendars"],
    queryFn: async ({ signal }) => {
      const items: CalendarItem[] = [];
      let after: string | undefined;
      do {
        const page = await answer(api.GET("/calendars", { params: { query: { limit: 200, ...(after ? { after } : {}) } }, signal }));
        items.push(...page.items);
        after = page.next ?? undefined;
      } while (after);
      return items;
    },
  });

export const useCalendar = (id: string) =>
  useQuery({
    queryKey: [KEY, "calendar", id],
    queryFn: ({ signal }) => answer(api.GET("/calendars/{id}", { params: { path: { id } }, signal })),
  });

/** What each date of a year is on this calendar. */
export const useYear = (id: string, year: number) =>
  useQuery({
    queryKey: [KEY, "days", id, year],
    queryFn: ({ signal }) =>
      answer(api.GET("/calendars/{id}/days", { params: { path: { id }, query: { from: `${year}-01-01`, to: `${year}-12-31` } }, signal })),
  });

export const useHolidayYears = () =>
  useQuery({ queryKey: [KEY, "years"], queryFn: ({ signal }) => answer(api.GET("/holiday_years", { signal })) });

export const useCreateCalendar = (done: string, then: (made: CalendarView) => void) =>
  useAction((body: Schemas["CreateCalendar"], attempt) => answer(api.POST("/calendars", { body, ...attempt })), {
    done,
    invalidates: [[KEY]],
    then,
  });

export const useChangeCalendar = (calendar: Pick<CalendarView, "id" | "version">, done: string, then: () => void) =>
  useAction(
    (body: CalendarSettings, attempt) =>
      answer(
        api.PUT("/calendars/{id}", {
          params: { path: { id: calendar.id }, header: { "If-Match": String(calendar.version) } },
          body,
          ...attempt,
        }),
      ),
    { done, invalidates: [[KEY]], then },
  );

export const useSetExceptions = (id: string, done: string, then: () => void) =>
  useAction(
    (body: Schemas["SetExceptions"], attempt) =>
      answer(api.POST("/calendars/{id}/exceptions", { params: { path: { id } }, body, ...attempt })),
    { done, invalidates: [[KEY]], then },
  );

export const useRemoveException = (id: string, done: string) =>
  useAction(
    (date: string, attempt) => answer(api.DELETE("/calendars/{id}/exceptions/{date}", { params: { path: { id, date } }, ...attempt })),
    { done, invalidates: [[KEY]] },
  );

export const useImportYear = () =>
  useAction((body: Schemas["ImportYear"], attempt) => answer(api.POST("/holiday_years", { body, ...attempt })), {
    invalidates: [[KEY]],
    quiet: true,
  });
