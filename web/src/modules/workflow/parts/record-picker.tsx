import { useQueryClient } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";

import type { CaseInputProps } from "@/modules/forms/parts/case-parts";
import { noteRecord } from "@/modules/forms/records";
import { t, text } from "@/lib/words";
import { Select } from "@/ui";

import { type RecordsOf, recordsNamed, useRecords, useRecordsNamed } from "../api";
import { inOneLine, useRecordsHere } from "./records";
import styles from "./related.module.css";

/** One or several entries of a register that the reader may see, found by what is shown of them. */
export function RecordPicker(props: CaseInputProps) {
  const here = useRecordsHere();
  return here ? <Picker {...props} of={here.of} /> : null;
}

function Picker({ field, of, id, value, onChange, ...aria }: CaseInputProps & { of: RecordsOf }) {
  const [typed, setTyped] = useState("");
  const [open, setOpen] = useState(false);
  const queries = useQueryClient();
  const found = useRecords(of, field.id, useDeferredValue(typed.trim()), open);
  const multiple = field.multiple ?? false;

  // What the record fills is known before the form follows it. Where it cannot be had, the server fills it.
  const choose = async (ids: string[]) => {
    const added = ids.find((one) => !value.includes(one));
    if (added !== undefined && Object.keys(field.fill ?? {}).length > 0) {
      const told = await queries.fetchQuery(recordsNamed(of, field.id, added)).catch(() => undefined);
      const record = told?.items[0];
      if (record) noteRecord(added, record.values ?? {});
    }
    onChange(ids);
  };

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
      placeholder={t("forms.pick_record")}
      notFoundContent={found.isFetching ? t("ui.searching") : t("forms.no_record_found")}
      options={(found.data?.items ?? []).map((record) => ({ value: record.id, label: text(record.name), record }))}
      onOpenChange={(now) => {
        setOpen(now);
        if (!now) setTyped("");
      }}
      labelRender={({ value: chosen, label }) => label ?? <RecordName of={of} field={field.id} id={String(chosen)} />}
      optionRender={({ data }) => (
        <span className={styles.option}>
          <span>{text(data.record.name)}</span>
          {data.record.shown.length > 0 && <span className={styles.closed}>{inOneLine(data.record.shown)}</span>}
        </span>
      )}
      onChange={(chosen: string | string[] | null | undefined) => void choose(Array.isArray(chosen) ? chosen : chosen ? [chosen] : [])}
    />
  );
}

/** Of what was chosen before: as it came with the page, else as it is called now. */
function RecordName({ of, field, id }: { of: RecordsOf; field: string; id: string }) {
  const came = useRecordsHere()?.records[id];
  const told = useRecordsNamed(of, field, id, came === undefined);
  const record = came ?? told.data?.items[0];
  return <>{record ? text(record.name) : "…"}</>;
}
