import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";

import { t, text } from "@/lib/words";
import { Avatar, Button, Filter, listOf, ListPage } from "@/ui";

import { type PersonRow, type UnitNode, usePeople, useUnits } from "../api";
import { BookTabs } from "../parts/book-tabs";
import { ExternalMark } from "../parts/external-mark";
import { JoinPerson } from "../parts/join-person";
import { whereabouts } from "../parts/person-picker";
import { PersonPanel } from "../parts/person-panel";
import styles from "./people.module.css";

/** 通讯录, and with `editable` the administrator's page of people: the same list, with a panel for one of them. */
export function PeoplePage({ editable = false }: { editable?: boolean }) {
  const { q, department, person, only } = useSearch({ strict: false });
  const [joining, setJoining] = useState(false);
  const navigate = useNavigate();
  const list = listOf(usePeople({ q, department, external: only === "external" ? true : only === "house" ? false : undefined }));
  const units = useUnits();
  const places = useMemo(() => departments(units.data?.items ?? []), [units.data]);
  const change = useCallback(
    (next: { q?: string | undefined; department?: string | undefined; person?: string | undefined; only?: string | undefined }) =>
      void navigate({
        to: editable ? "/admin/people" : "/people",
        search: Object.fromEntries(Object.entries({ q, department, only, ...next }).filter(([, value]) => value)),
        replace: !("person" in next),
      }),
    [navigate, editable, q, department, only],
  );

  return (
    <>
      <ListPage<PersonRow>
        title={t(editable ? "directory.admin_people" : "directory.address_book")}
        label={t("directory.people")}
        tools={
          <>
            <a href={cards(q, department)} download>
              {t("directory.save_cards")}
            </a>{" "}
            {editable && (
              <Button type="primary" onClick={() => setJoining(true)}>
                {t("directory.join")}
              </Button>
            )}
          </>
        }
        tabs={editable ? undefined : <BookTabs />}
        search={{ value: q ?? "", onChange: useCallback((typed: string) => change({ q: typed }), [change]), placeholder: t("directory.search") }}
        filters={
          <>
            <Filter
              label={t("directory.department")}
              value={department}
              options={places}
              onChange={(next) => change({ department: next })}
            />
            <Filter
              label={t("directory.belongs")}
              value={only}
              options={(["house", "external"] as const).map((value) => ({ value, label: t(`directory.only_${value}`) }))}
              onChange={(next) => change({ only: next })}
            />
          </>
        }
        list={list}
        rowKey={(row) => row.id}
        row={(row) => (
          <span className={styles.row}>
            <Avatar name={row.name} size={34} />
            <span className={styles.who}>
              <span className={styles.name}>
                {row.name}
                <ExternalMark of={row} />
              </span>
              <span className={styles.where}>{whereabouts(row)}</span>
            </span>
            <span className={styles.contact}>{row.phone ?? row.office_phone ?? row.email ?? ""}</span>
          </span>
        )}
        onOpen={(row) => change({ person: row.id })}
        openKey={person}
        empty={{ title: t("directory.nobody"), hint: t("directory.nobody_hint") }}
      />
      {joining && (
        <JoinPerson
          units={units.data?.items ?? []}
          onClose={() => setJoining(false)}
          onJoined={(id) => {
            setJoining(false);
            change({ person: id });
          }}
        />
      )}
      {person && <PersonPanel id={person} editable={editable} onClose={() => change({ person: undefined })} />}
    </>
  );
}

/** The file with the cards of whoever the list shows. */
function cards(q: string | undefined, department: string | undefined): string {
  const asked = new URLSearchParams({ ...(q ? { q } : {}), ...(department ? { department } : {}) });
  return `/api/v1/vcards?${asked.toString()}`;
}

/** Departments of all units, indented by a path of names. */
function departments(nodes: readonly UnitNode[], above = ""): { value: string; label: string }[] {
  return nodes.flatMap((node) => {
    const label = above ? `${above} / ${text(node.name)}` : text(node.name);
    const own = node.kind === "department" ? [{ value: node.id, label }] : [];
    return [...own, ...departments(node.children, label)];
  });
}

export function AdminPeoplePage() {
  return <PeoplePage editable />;
}
