import { infiniteQueryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";

import { answer, api, ROOT, type Schemas } from "@/api/client";
import { useAction } from "@/ui";

export type ImportView = Schemas["ImportView"];
export type ImportRow = Schemas["ImportRow"];
export type TableView = ImportView["tables"][number];
export type Field = Schemas["ImportField"];
export type Sheet = Schemas["ImportSheet"];
export type Status = Schemas["ImportStatus"];

/** The empty workbook, and the organisation as it is, in the reader's language. */
export const templateAddress = (locale: string) => `${ROOT}/organisation/template?locale=${locale}`;
export const exportAddress = (locale: string, csv?: Sheet) =>
  `${ROOT}/organisation/export?locale=${locale}${csv ? `&csv=${csv}` : ""}`;

export const useImport = (id: string) =>
  useQuery({
    queryKey: ["imports", "import", id],
    queryFn: ({ signal }) => answer(api.GET("/imports/{id}", { params: { path: { id } }, signal })),
  });

/** How far it is: asked every second while it runs. */
export const useJob = (id: string, running: boolean) =>
  useQuery({
    queryKey: ["imports", "job", id],
    queryFn: ({ signal }) => answer(api.GET("/imports/{id}/job", { params: { path: { id } }, signal })),
    refetchInterval: running ? 1_000 : false,
  });

export const useRows = (id: string, status: Status | undefined) =>
  useInfiniteQuery(
    infiniteQueryOptions({
      queryKey: ["imports", "rows", id, status ?? ""],
      queryFn: ({ pageParam, signal }) =>
        answer(
          api.GET("/imports/{id}/rows", {
            params: { path: { id }, query: { ...(status ? { status } : {}), ...(pageParam ? { after: pageParam } : {}) } },
            signal,
          }),
        ),
      initialPageParam: "",
      getNextPageParam: (page) => page.next ?? undefined,
    }),
  );

/** A file with what tells it from another: a second try of the same one is the same upload. */
export interface Chosen {
  name: string;
  size: number;
  modified: number;
  file: File;
}

export const useUpload = (then: (made: ImportView) => void) =>
  useAction(
    ({ name, file }: Chosen, attempt) =>
      answer(
        api.POST("/imports", {
          params: { query: { name } },
          body: file as never,
          bodySerializer: (body: unknown) => body as Blob,
          headers: { ...attempt.headers, "Content-Type": "application/octet-stream" },
        }),
      ),
    { quiet: true, invalidates: [["imports"]], then },
  );

export const useMatch = (id: string) =>
  useAction(
    (body: Schemas["SetImportMatching"], attempt) =>
      answer(api.PUT("/imports/{id}/matching", { params: { path: { id } }, body, ...attempt })),
    { invalidates: [["imports"]] },
  );

export const useApply = (id: string) =>
  useAction(
    (body: Schemas["ApplyImport"], attempt) =>
      answer(api.POST("/imports/{id}/application", { params: { path: { id } }, body, ...attempt })),
    { invalidates: [["imports"]] },
  );

export const useCancel = (id: string, done: string) =>
  useAction(
    (_: undefined, attempt) => answer(api.POST("/imports/{id}/cancellation", { params: { path: { id } }, ...attempt })),
    { done, invalidates: [["imports"]] },
  );
