import type { ReactNode } from "react";

import { type Picking, selectFor } from "@/modules/directory/parts/picking";
import { describe } from "@/lib/problem";
import { t } from "@/lib/words";
import { Select } from "@/ui";

import styles from "./related.module.css";
import type { Seeking } from "./seeking";

/** One that can be chosen, with what else tells it from the others. */
export interface Sought {
  id: string;
  name: string;
  more?: string;
}

interface SoughtSelectProps extends Picking {
  seeking: Seeking;
  found: readonly Sought[];
  /** It is being looked for. */
  busy: boolean;
  /** Why it could not be looked for. */
  error?: unknown;
  placeholder: string;
  /** What is said where nothing was found. */
  nothing: string;
  /** Of what was chosen before, and is not among what was found. */
  named: (id: string) => ReactNode;
  loading?: boolean;
}

/** One or several of what the server finds by what is typed. */
export function SoughtSelect({ seeking, found, busy, error, placeholder, nothing, named, loading = false, ...picking }: SoughtSelectProps) {
  const failed = error ? describe(error) : undefined;
  return (
    <Select
      {...selectFor(picking)}
      showSearch={{ filterOption: false, onSearch: seeking.onSearch }}
      placeholder={placeholder}
      loading={loading}
      notFoundContent={busy ? t("ui.searching") : (failed ?? nothing)}
      options={found.map((one) => ({ value: one.id, label: one.name, more: one.more }))}
      onOpenChange={seeking.onOpenChange}
      labelRender={({ value, label }) => label ?? named(String(value))}
      optionRender={({ data }) => (
        <span className={styles.option}>
          <span>{data.label}</span>
          {data.more && <span className={styles.closed}>{data.more}</span>}
        </span>
      )}
    />
  );
}
