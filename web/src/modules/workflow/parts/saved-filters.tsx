import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";

import { t } from "@/lib/words";
import { Icon } from "@/ui";

import { given, type ListFilter } from "../api";
import { type SavedFilter, useOwnFilters } from "../desk";
import styles from "./saved-filters.module.css";

const NameDialog = lazy(() => import("./filter-name-dialog").then((module) => ({ default: module.FilterNameDialog })));

const isSame = (one: ListFilter, other: SavedFilter["filter"]) =>
  (["q", "flow", "status"] as const).every((part) => (one[part] ?? "") === (other[part] ?? ""));

/** As it stands in the address. */
const searchOf = ({ q, flow, status, hat }: SavedFilter["filter"]): ListFilter =>
  given({ q: q ?? undefined, flow: flow ?? undefined, status: status ?? undefined, hat: hat ?? undefined });

/** 常用筛选: each a link; the one that is in force can be taken out, and what is in force and has no name gets one. */
export function SavedFilters({ list, filter }: { list: SavedFilter["list"]; filter: ListFilter }) {
  const { items: saved, full, longest, save, pending } = useOwnFilters();
  const others = (name: string) => saved.filter((other) => other.name !== name);
  const [naming, setNaming] = useState(false);
  const sifted = Boolean(filter.q ?? filter.flow ?? filter.status);
  const inForce = saved.find((each) => each.list === list && isSame(filter, each.filter));
  const offersSaving = sifted && !inForce && !full;
  if (saved.length === 0 && !offersSaving) return null;
  return (
    <div className={styles.filters} role="group" aria-label={t("workflow.saved_filters")}>
      {saved.map((each) => (
        <span key={each.name} className={styles.saved} data-in-force={each === inForce || undefined}>
          <Link
            to="/inbox/$list/{-$id}"
            params={{ list: each.list, id: undefined }}
            search={searchOf(each.filter)}
            activeOptions={{ exact: true }}
          >
            {each.name}
          </Link>
          {each === inForce && (
            <button type="button" aria-label={t("workflow.filter_remove", { name: each.name })} disabled={pending} onClick={() => void save(others(each.name))}>
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
            longest={longest}
            taken={saved.map((each) => each.name)}
            onClose={() => setNaming(false)}
            onNamed={(name) => void save([...others(name), { name, list, filter: given(filter) }]).then((came) => came?.ok && setNaming(false))}
          />
        </Suspense>
      )}
    </div>
  );
}
