import type { ReactNode, UIEvent } from "react";

import { type Picking, selectFor } from "@/modules/directory/parts/picking";
import { describe } from "@/lib/problem";
import { t } from "@/lib/words";
import { Button, Select } from "@/ui";

import styles from "./related.module.css";
import type { Further, Seeking } from "./seeking";

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
  /** Looks for it once more. */
  retry: () => unknown;
  placeholder: string;
  /** There is more to look through. */
  further?: Further | undefined;
  /** What is said where not all that was found is listed. */
  cut?: string | false | undefined;
  /** What is said where nothing was found. */
  nothing: string;
  /** Of what was chosen before, and is not among what was found. */
  named: (id: string) => ReactNode;
  loading?: boolean;
}

/** One or several of what the server finds by what is typed. */
export function SoughtSelect({ seeking, found, busy, error, retry, further, placeholder, cut, nothing, named, loading = false, ...picking }: SoughtSelectProps) {
  const failed = error ? describe(error) : undefined;
  return (
    <Select
      {...selectFor(picking)}
      showSearch={{ filterOption: false, onSearch: seeking.onSearch }}
      placeholder={placeholder}
      loading={loading}
      notFoundContent={busy ? t("ui.searching") : (failed ?? (further ? t("ui.searching_further") : nothing))}
      below={
        error && !busy ? (
          <Below word={t("ui.retry")} press={retry} />
        ) : further ? (
          <Below word={t("ui.load_more")} busy={further.busy} press={further.fetch} />
        ) : (
          cut && <p className={styles.cut}>{cut}</p>
        )
      }
      onPopupScroll={(event) => further && isAtEnd(event) && further.fetch()}
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

/** How near the end of the list the next part is fetched, in pixels. */
const NEAR = 48;

function isAtEnd({ currentTarget: list }: UIEvent<HTMLElement>): boolean {
  return list.scrollHeight - list.scrollTop - list.clientHeight < NEAR;
}

/** One button below the choices; the list stays open while it is pressed. */
function Below({ word, busy = false, press }: { word: string; busy?: boolean; press: () => unknown }) {
  return (
    <div className={styles.more}>
      <Button type="text" block loading={busy} onMouseDown={(event) => event.preventDefault()} onClick={() => press()}>
        {word}
      </Button>
    </div>
  );
}
