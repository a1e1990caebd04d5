import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useState } from "react";

import { formatPoint } from "@/lib/time";
import { t, text } from "@/lib/words";
import { useMe } from "@/modules/access/api";
import { Vacancies } from "@/modules/seats/parts/unit-seats";
import { Button, Chip, Filter, ListPage, Meta } from "@/ui";

import { type UnitEntry, type UnitRegistration, useUnitRegistry } from "../api";
import { UNIT_KINDS } from "../parts/unit-kinds";
import { UnitOrder, type UnitOrderKind } from "../parts/unit-order";
import styles from "./units.module.css";

/** 使用单位登记: every unit, what it was called, its seats, and by which order it came to all that. */
export function UnitsPage() {
  const { q = "", only, kind } = useSearch({ strict: false });
  const navigate = useNavigate();
  const units = useUnitRegistry();
  const issues = useMe()?.permissions.includes("orders.issue") ?? false;
  const [starting, setStarting] = useState<{ kind: UnitOrderKind; unit?: UnitEntry }>();
  const change = useCallback(
    (next: { q?: string | undefined; only?: string | undefined; kind?: string | undefined }) =>
      void navigate({
        to: "/admin/units",
        search: Object.fromEntries(Object.entries({ q, only, kind, ...next }).filter(([, value]) => value)),
        replace: true,
      }),
    [navigate, q, only, kind],
  );
  const all = units.data?.items;
  return (
    <>
      <ListPage<UnitEntry>
        title={t("orders.units")}
        label={t("orders.units")}
        tools={
          issues ? (
            <Button type="primary" onClick={() => setStarting({ kind: "create_unit" })}>
              {t("orders.register")}
            </Button>
          ) : undefined
        }
        search={{ value: q, onChange: useCallback((typed: string) => change({ q: typed }), [change]), placeholder: t("ui.search") }}
        filters={
          <>
            <Filter
              label={t("orders.unit_state")}
              value={only}
              options={(["in_use", "renamed", "closed"] as const).map((value) => ({ value, label: t(`orders.only_${value}`) }))}
              onChange={(next) => change({ only: next })}
            />
            <Filter
              label={t("orders.unit_kind")}
              value={kind}
              options={UNIT_KINDS.map((value) => ({ value, label: t(`orders.unit_kind.${value}`) }))}
              onChange={(next) => change({ kind: next })}
            />
          </>
        }
        list={{ items: all?.filter((unit) => matches(unit, q, only, kind)), error: all ? undefined : units.error, retry: units.refetch }}
        rowKey={(unit) => unit.id}
        row={(unit) => <Entry unit={unit} issues={issues} onStart={(kind) => setStarting({ kind, unit })} />}
        empty={{ title: t("orders.units_none") }}
      />
      {starting && <UnitOrder {...starting} known={all ?? []} onClose={() => setStarting(undefined)} />}
    </>
  );
}

function matches(unit: UnitEntry, q: string, only: string | undefined, kind: string | undefined): boolean {
  const names = [unit.name, ...unit.former_names.map((former) => former.name)];
  const named = [...names.flatMap((name) => [name.zh, name.en ?? ""]), unit.code ?? ""];
  const stands = only === undefined || (only === "renamed" ? unit.former_names.length > 0 : unit.state === only);
  return stands && (kind === undefined || unit.kind === kind) && named.some((name) => name.toLowerCase().includes(q.toLowerCase()));
}

const STATES = {
  in_use: { tone: "good", word: "orders.in_use" },
  to_come: { tone: "accent", word: "orders.to_come" },
  closed: { tone: "plain", word: "orders.is_closed" },
} as const;

function Entry({ unit, issues, onStart }: { unit: UnitEntry; issues: boolean; onStart: (kind: UnitOrderKind) => void }) {
  const name = text(unit.name);
  const state = STATES[unit.state];
  return (
    <div className={styles.row}>
      <Meta>
        <span className={styles.name}>{name}</span>
        <Chip tone={state.tone}>{t(state.word)}</Chip>
        {unit.kind === "external" ? <Chip tone="warn">{t("orders.unit_kind.external")}</Chip> : <span>{t(`orders.unit_kind.${unit.kind}`)}</span>}
        {unit.parent && <span>{text(unit.parent)}</span>}
      </Meta>
      <Meta>
        <span>{t("orders.registered_at", { time: formatPoint(unit.registered.at) })}</span>
        <By registration={unit.registered} />
      </Meta>
      {unit.former_names.map((former) => (
        <Meta key={former.until.at}>
          <span>{t("orders.former_name", { name: text(former.name), time: formatPoint(former.until.at) })}</span>
          <By registration={former.until} />
        </Meta>
      ))}
      {unit.closed && (
        <Meta>
          <span>{t("orders.closed_at", { time: formatPoint(unit.closed.at) })}</span>
          <By registration={unit.closed} />
        </Meta>
      )}
      {unit.seats && (
        <Meta>
          <Vacancies unit={unit.seats} />
          <Link to="/admin/seats" search={{ place: unit.id }}>
            {t("orders.seats_of")}
          </Link>
        </Meta>
      )}
      {issues && unit.state === "in_use" && (
        <span className={styles.acts}>
          <Button size="small" aria-label={t("orders.rename_of", { name })} onClick={() => onStart("rename_unit")}>
            {t("orders.rename")}
          </Button>
          <Button size="small" danger aria-label={t("orders.deregister_of", { name })} onClick={() => onStart("close_unit")}>
            {t("orders.deregister")}
          </Button>
        </span>
      )}
    </div>
  );
}

/** Who did it and by which order. */
function By({ registration }: { registration: UnitRegistration }) {
  if (!registration.order) return <span>{t("orders.no_order")}</span>;
  const people = [registration.issued_by, registration.reviewed_by].flatMap((person) => (person ? [person.name] : []));
  return (
    <>
      <Link to="/admin/orders/$id" params={{ id: registration.order }}>
        {t("orders.by_order", { title: registration.title ?? "" })}
      </Link>
      <span>{people.join(" · ")}</span>
    </>
  );
}
