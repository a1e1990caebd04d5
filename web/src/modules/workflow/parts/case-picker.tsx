import { useEffect } from "react";

import type { Schemas } from "@/api/client";
import type { CaseInputProps } from "@/modules/forms/parts/case-parts";
import { t, text } from "@/lib/words";

import { useCases } from "../api";
import { useRelated } from "./related";
import { howMany, useSeeking } from "./seeking";
import { SoughtSelect } from "./sought-select";

/** One or several of the reader's cases: begun, handled or copied to him, found by title or number. */
export function CasePicker({ field, ...picking }: CaseInputProps) {
  const seeking = useSeeking();
  const { open } = seeking;
  const known = useRelated();
  const filter = { q: seeking.q || undefined };
  const lists = [useCases("started", filter, open), useCases("done", filter, open), useCases("copied", filter, open)];
  const found = lists.flatMap((list) => list.data?.pages.flatMap((page) => page.items) ?? []);
  const cases = [...new Map(found.map((row) => [row.id, row])).values()];
  // A search looks through so many rows at a time.
  const further = cases.length > 0 ? undefined : lists.find((list) => list.hasNextPage && !list.isFetching);
  useEffect(() => {
    if (open) void further?.fetchNextPage();
  }, [open, further]);

  return (
    <SoughtSelect
      {...picking}
      {...howMany(field)}
      seeking={seeking}
      found={cases.map((row) => ({ id: row.id, name: nameOf(row) }))}
      busy={lists.some((list) => list.isFetching)}
      error={lists.find((list) => list.error)?.error}
      placeholder={t("workflow.pick_case")}
      nothing={t("workflow.no_case_found")}
      named={(id) => (known[id] ? nameOf(known[id]) : <Fetched id={id} />)}
    />
  );
}

function nameOf({ number, title }: Pick<Schemas["RelatedCase"], "number" | "title">): string {
  return `${number} ${text(title)}`;
}

/** Of a draft: only the id was kept. */
function Fetched({ id }: { id: string }) {
  const lists = [useCases("started", {}), useCases("done", {}), useCases("copied", {})];
  const row = lists.flatMap((list) => list.data?.pages.flatMap((page) => page.items) ?? []).find((row) => row.id === id);
  return <>{row ? nameOf(row) : "…"}</>;
}
