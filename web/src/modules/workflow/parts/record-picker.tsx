import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";

import type { CaseInputProps } from "@/modules/forms/parts/case-parts";
import { noteRecord } from "@/modules/forms/records";
import { describe } from "@/lib/problem";
import { say, t, text } from "@/lib/words";
import { Button } from "@/ui";

import { type FormOf, recordsNamed, useRecords, useRecordsNamed } from "../api";
import { inOneLine, useRecordsHere } from "./records";
import styles from "./related.module.css";
import { howMany, useSeeking } from "./seeking";
import { SoughtSelect } from "./sought-select";

/** One or several entries of a register that the reader may see, found by what is shown of them. */
export function RecordPicker(props: CaseInputProps) {
  const here = useRecordsHere();
  return here ? <Picker {...props} of={here.of} /> : null;
}

function Picker(props: CaseInputProps & { of: FormOf }) {
  const { field, of, ...picking } = props;
  const seeking = useSeeking();
  const found = useRecords(of, field.id, seeking.q, seeking.open);
  const { choose, fetching, failed } = useFilling(props);
  return (
    <>
      <SoughtSelect
        {...picking}
        {...howMany(field)}
        seeking={seeking}
        found={(found.data?.items ?? []).map((record) => ({ id: record.id, name: text(record.name), more: inOneLine(record.shown) }))}
        busy={found.isFetching}
        error={found.error}
        retry={found.refetch}
        cut={found.data?.more && t("forms.more_records")}
        placeholder={t("forms.pick_record")}
        nothing={t("forms.no_record_found")}
        named={(id) => <RecordName of={of} field={field.id} id={id} />}
        loading={fetching}
        onChange={(ids) => void choose(ids)}
      />
      {failed && (
        <p className={styles.failed} role="alert">
          {t("forms.record_not_chosen", { why: failed.why })}
          <Button size="small" onClick={() => void choose(failed.ids)}>
            {t("ui.retry")}
          </Button>
        </p>
      )}
    </>
  );
}

interface Failed {
  /** What was to be chosen. */
  ids: string[];
  why: string;
}

/**
 * What a record fills is known before it is chosen, and the form follows both at once. Where it cannot be had nothing is
 * chosen: what the record before had filled would stand under the name of this one.
 */
function useFilling({ field, of, value, onChange }: CaseInputProps & { of: FormOf }) {
  const queries = useQueryClient();
  const latest = useRef(0);
  const [fetching, setFetching] = useState(false);
  const [failed, setFailed] = useState<Failed>();

  const fetched = async (id: string): Promise<string | undefined> => {
    try {
      const [record] = (await queries.fetchQuery(recordsNamed(of, field.id, id))).items;
      if (!record) return say("workflow.no_such_record");
      noteRecord(id, record.values ?? {});
      return undefined;
    } catch (error) {
      return describe(error);
    }
  };
  const choose = async (ids: string[]) => {
    const attempt = ++latest.current;
    const added = ids.find((one) => !value.includes(one));
    const fills = Object.keys(field.fill ?? {}).length > 0;
    setFailed(undefined);
    setFetching(added !== undefined && fills);
    const why = added !== undefined && fills ? await fetched(added) : undefined;
    // Another one was chosen meanwhile.
    if (attempt !== latest.current) return;
    setFetching(false);
    if (why === undefined) onChange(ids);
    else setFailed({ ids, why });
  };
  return { choose, fetching, failed };
}

/** Of what was chosen before: as it came with the page, else as it is called now. */
function RecordName({ of, field, id }: { of: FormOf; field: string; id: string }) {
  const came = useRecordsHere()?.records[id];
  const told = useRecordsNamed(of, field, id, came === undefined);
  const record = came ?? told.data?.items[0];
  return <>{record ? text(record.name) : "…"}</>;
}
