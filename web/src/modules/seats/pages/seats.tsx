import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";

import { t, text } from "@/lib/words";
import { Filter, ListPage, Panel, RowWords } from "@/ui";

import { type UnitSeats as Unit, useSeats } from "../api";
import { UnitSeats, Vacancies } from "../parts/unit-seats";

/** 单位席位: whom each unit has named, where a seat is vacant and since when. */
export function SeatsPage() {
  const { only, place } = useSearch({ strict: false });
  const navigate = useNavigate();
  const vacant = only === "vacant";
  const seats = useSeats(vacant);
  const change = useCallback(
    (next: { only?: string | undefined; place?: string | undefined }) =>
      void navigate({
        to: "/admin/seats",
        search: Object.fromEntries(Object.entries({ only, place, ...next }).filter(([, value]) => value)),
        replace: !("place" in next),
      }),
    [navigate, only, place],
  );
  const open = seats.data?.items.find((unit) => unit.unit === place);
  return (
    <>
      <ListPage<Unit>
        title={t("seats.seats")}
        label={t("seats.seats")}
        filters={
          <Filter
            label={t("seats.all_units")}
            value={only}
            options={[{ value: "vacant", label: t("seats.vacant_only") }]}
            onChange={(next) => change({ only: next })}
          />
        }
        list={{ items: seats.data?.items, error: seats.data ? undefined : seats.error, retry: seats.refetch }}
        rowKey={(unit) => unit.unit}
        row={(unit) => (
          <RowWords name={text(unit.name)}>
            <Vacancies unit={unit} />
          </RowWords>
        )}
        onOpen={(unit) => change({ place: unit.unit })}
        openKey={place}
        empty={vacant ? { title: t("seats.nobody_vacant"), hint: t("seats.nobody_vacant_hint") } : { title: t("seats.none") }}
      />
      {place && (
        <Panel title={open ? text(open.name) : t("seats.seats")} onClose={() => change({ place: undefined })}>
          <UnitSeats key={place} unit={place} />
        </Panel>
      )}
    </>
  );
}
