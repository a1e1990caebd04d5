import { useQuery } from "@tanstack/react-query";

import { answer, api, type Schemas } from "@/api/client";
import { useAction } from "@/ui";

export type SampleState = Schemas["SampleState"];
export type SampleLogin = Schemas["SampleLogin"];

export const useSample = () =>
  useQuery({ queryKey: ["sample", "state"], queryFn: ({ signal }) => answer(api.GET("/sample", { signal })) });

/** What it brings and takes concerns every page: address book, gallery, tree. */
const EVERYTHING = [[]];

/** What is refused about the password stands at its field. */
export const useLoadSample = (done: string) =>
  useAction(
    (body: Schemas["LoadSample"], attempt) => answer(api.POST("/sample/load", { body, ...attempt })),
    { done, invalidates: EVERYTHING, quiet: true },
  );

export const useRemoveSample = (done: (people: number, cases: number) => string) =>
  useAction((_: undefined, attempt) => answer(api.POST("/sample/removal", { ...attempt })), {
    done: ({ counts }) => done(counts["people"] ?? 0, counts["cases"] ?? 0),
    invalidates: EVERYTHING,
  });
