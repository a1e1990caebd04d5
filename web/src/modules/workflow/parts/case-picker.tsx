import { useDeferredValue, useEffect, useState } from "react";

import type { Schemas } from "@/api/client";
import type { CaseInputProps } from "@/modules/forms/parts/case-parts";
import { t, text } from "@/lib/words";
import { Select } from "@/ui";

import { useCases } from "../api";
import { useRelated } from "./related";
import styles from "./related.module.css";

/** One or several of the reader's cases: begun, handled or copied to him, found by title or number. */
export function CasePicker({ field, id, value, onChange, ...aria }: CaseInputProps) {
  const [typed, setTyped] = useState("");
  const [open, setOpen] = useState(false);
  const known = useRelated();
  const filter = { q: useDeferredValue(typed.trim()) || undefined };
  const lists = [useCases("started", filter, open), useCases("done", filter, open), useCases("copied", filter, open)];
  const found = lists.flatMap((list) => list.data?.pages.flatMap((page) => page.items) ?? []);
  const cases = [...new Map(found.map((row) => [row.id, row])).values()];
  const multiple = field.multiple ?? false;
  // A search looks through so many rows at a time.
  const further = cases.length > 0 ? undefined : lists.find((list) => list.hasNextPage && !list.isFetching);
  useEffect(() => {
    if (open) void further?.fetchNextPage();
  }, [open, further]);

  return (
    <Select
      id={id}
      {...aria}
      className={styles.picker ?? ""}
      mode={multiple ? "multiple" : undefined}
      value={multiple ? [...value] : (value[0] ?? null)}
      {...(field.max_count == null ? {} : { maxCount: field.max_count })}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      allowClear
      placeholder={t("workflow.pick_case")}
      notFoundContent={lists.some((list) => list.isFetching) ? t("ui.searching") : t("workflow.no_case_found")}
      options={cases.map((row) => ({ value: row.id, label: `${row.number} ${text(row.title)}` }))}
      onOpenChange={(now) => {
        setOpen(now);
        if (!now) setTyped("");
      }}
      labelRender={({ value: chosen, label }) => label ?? nameOf(known[String(chosen)]) ?? <Fetched id={String(chosen)} />}
      onChange={(chosen: string | string[] | null | undefined) => onChange(Array.isArray(chosen) ? chosen : chosen ? [chosen] : [])}
    />
  );
}

function nameOf(related: Schemas["RelatedCase"] | undefined): string | undefined {
  return related && `${related.number} ${text(related.title)}`;
}

/** Of a draft: only the id was kept. */
function Fetched({ id }: { id: string }) {
  const lists = [useCases("started", {}), useCases("done", {}), useCases("copied", {})];
  const row = lists.flatMap((list) => list.data?.pages.flatMap((page) => page.items) ?? []).find((row) => row.id === id);
  return <>{row ? `${row.number} ${text(row.title)}` : "…"}</>;
}
