import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";

import { mine, useStored } from "@/lib/stored";
import { t } from "@/lib/words";
import { Icon } from "@/ui";

import type { ListFilter } from "../api";
import styles from "./saved-filters.module.css";

const NameDialog = lazy(() => import("./filter-name-dialog").then((module) => ({ default: module.FilterNameDialog })));

/** A list as the reader likes to look at it. */
interface SavedFilter {
  name: string;
  list: string;
  filter: ListFilter;
}

const MOST = 12;

/** The server keeps no filters: they are kept here for this person, and go when he signs out (ACC-20). */
function useSavedFilters() {
  const [stored, store] = useStored(mine("workflow.filters"));
  const saved = savedIn(stored);
  return {
    saved,
    full: saved.length >= MOST,
    save: (filter: SavedFilter) => store(JSON.stringify([...saved.filter((other) => other.name !== filter.name), filter])),
    remove: (name: string) => store(JSON.stringify(saved.filter((other) => other.name !== name))),
  };
}

function savedIn(stored: string | null): SavedFilter[] {
  if (!stored) return [];
  try {
    const read: unknown = JSON.parse(stored);
    return Array.isArray(read) ? (read as SavedFilter[]) : [];
  } catch {
    // Cut off, or written by something else: worth nothing.
    return [];
  }
}

const isSame = (one: ListFilter, other: ListFilter) =>
  (["q", "flow", "status"] as const).every((part) => (one[part] ?? "") === (other[part] ?? ""));

/** 常用筛选: each a link; the one that is in force can be taken out, and what is in force and has no name gets one. */
export function SavedFilters({ list, filter }: { list: string; filter: ListFilter }) {
  const { saved, full, save, remove } = useSavedFilters();
  const [naming, setNaming] = useState(false);
  const sifted = Boolean(filter.q ?? filter.flow ?? filter.status);
  const inForce = saved.find((each) => each.list === list && isSame(each.filter, filter));
  const offersSaving = sifted && !inForce && !full;
  if (saved.length === 0 && !offersSaving) return null;
  return (
    <div className={styles.filters} role="group" aria-label={t("workflow.saved_filters")}>
      {saved.map((each) => (
        <span key={each.name} className={styles.saved} data-in-force={each === inForce || undefined}>
          <Link
            to="/inbox/$list/{-$id}"
            params={{ list: each.list, id: undefined }}
            search={each.filter}
            activeOptions={{ exact: true }}
          >
            {each.name}
          </Link>
          {each === inForce && (
            <button type="button" aria-label={t("workflow.filter_remove", { name: each.name })} onClick={() => remove(each.name)}>
              <Icon name="cross" size={11} />
            </button>
          )}
        </span>
      ))}
      {offersSaving && (
        <button type="button" className={styles.save} onClick={() => setNaming(true)}>
          {t("workflow.filter_save")}
        </button>
      )}
      {naming && (
        <Suspense>
          <NameDialog
            begun={filter.q ?? ""}
            taken={saved.map((each) => each.name)}
            onClose={() => setNaming(false)}
            onNamed={(name) => {
              save({ name, list, filter });
              setNaming(false);
            }}
          />
        </Suspense>
      )}
    </div>
  );
}
