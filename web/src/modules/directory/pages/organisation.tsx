import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useState } from "react";

import { usePhone } from "@/lib/use-media";
import { t, text } from "@/lib/words";
import { Avatar, Button, Chip, EmptyState, ErrorState, listOf, Segmented, Skeleton } from "@/ui";

import { type PlaceRow, type PlaceWithWay, usePeople, usePlace, usePlaces } from "../api";
import { BookTabs } from "../parts/book-tabs";
import { ExternalMark } from "../parts/external-mark";
import { OrganisationChart } from "../parts/organisation-chart";
import { OrganisationTree } from "../parts/organisation-tree";
import { PersonPanel } from "../parts/person-panel";
import { whereabouts } from "../parts/person-picker";
import styles from "./organisation.module.css";

const DateField = lazy(() => import("@/ui/date").then((module) => ({ default: module.DateField })));

type Change = { place?: string | undefined; at?: string | undefined; view?: string | undefined; person?: string | undefined };

/** 组织架构: what lies in what, who leads it and who is there; today, or as of any date. */
export function OrganisationPage() {
  const { place: chosen, at: day, view, person } = useSearch({ strict: false });
  const navigate = useNavigate();
  const phone = usePhone();
  const at = useInstant(day);
  const top = usePlaces(undefined, at);
  // A phone shows one thing at a time: the chart, the places at the top, or the only one there is.
  const only = top.data?.items.length === 1 && view !== "chart";
  const placeId = chosen ?? (phone && !only ? undefined : top.data?.items[0]?.id);
  const place = usePlace(placeId, at);
  const change = useCallback(
    (next: Change) =>
      void navigate({
        to: "/organisation",
        search: Object.fromEntries(Object.entries({ place: chosen, at: day, view, ...next }).filter(([, value]) => value)),
      }),
    [navigate, chosen, day, view],
  );
  const choose = useCallback((row: { id: string }) => change({ place: row.id }), [change]);

  return (
    <section className={styles.page} aria-label={t("directory.organisation")}>
      <header className={styles.header}>
        <h1 className={styles.title}>{t("directory.organisation")}</h1>
        <div className={styles.tools}>
          <Segmented<string>
            aria-label={t("directory.views")}
            value={view ?? "tree"}
            options={[
              { value: "tree", label: t("directory.tree") },
              { value: "chart", label: t("directory.chart") },
            ]}
            onChange={(next) => change({ view: next === "tree" ? undefined : next })}
          />
          <span className={styles.date}>
            <Suspense fallback={null}>
              <DateField
                aria-label={t("directory.as_of")}
                placeholder={t("directory.as_of")}
                value={day}
                onChange={(next) => change({ at: next })}
              />
            </Suspense>
          </span>
        </div>
      </header>
      <BookTabs />
      {day && (
        <p className={styles.asOf} role="status">
          {t("directory.as_of_hint", { date: day })}{" "}
          <Button type="link" onClick={() => change({ at: undefined })}>
            {t("directory.back_to_now")}
          </Button>
        </p>
      )}
      {top.error ? (
        <ErrorState error={top.error} retry={top.refetch} />
      ) : !top.data ? (
        <Skeleton rows={8} />
      ) : top.data.items.length === 0 ? (
        <EmptyState title={t("directory.nobody")} />
      ) : (
        <div className={styles.columns} data-view={view}>
          {(!phone || !place.data) && (
            <div className={styles.map}>
              {view === "chart" ? (
                <OrganisationChart roots={top.data.items} at={at} chosen={placeId} onChoose={choose} />
              ) : phone ? (
                <Places places={top.data.items} onChoose={choose} />
              ) : (
                <OrganisationTree roots={top.data.items} way={place.data?.above} at={at} chosen={placeId} onChoose={choose} />
              )}
            </div>
          )}
          {placeId &&
            (place.error ? (
              <ErrorState error={place.error} retry={place.refetch} />
            ) : place.data ? (
              <PlacePane key={place.data.id} place={place.data} at={at} drill={phone} onChoose={choose} onPerson={(id) => change({ person: id })} />
            ) : (
              <Skeleton rows={6} />
            ))}
        </div>
      )}
      {person && <PersonPanel id={person} editable={false} onClose={() => change({ person: undefined })} />}
    </section>
  );
}

/** The end of that day where the reader is: what happened on it is seen. */
function useInstant(day: string | undefined): string | undefined {
  const end = day && /^\d{4}-\d{2}-\d{2}$/.test(day) ? new Date(`${day}T23:59:59`) : undefined;
  return end && !Number.isNaN(end.getTime()) ? end.toISOString() : undefined;
}

interface PlacePaneProps {
  place: PlaceWithWay;
  at: string | undefined;
  /** On a phone the places below are listed here: there is no tree beside. */
  drill: boolean;
  onChoose: (place: { id: string }) => void;
  onPerson: (id: string) => void;
}

function PlacePane({ place, at, drill, onChoose, onPerson }: PlacePaneProps) {
  const below = usePlaces(place, at, drill);
  const people = listOf(usePeople({ [place.kind]: place.id, at }));
  return (
    <section className={styles.pane} aria-label={text(place.name)}>
      {place.above.length > 0 && (
        <nav aria-label={t("directory.breadcrumb")} className={styles.way}>
          {place.above.map((step, index) => (
            <span key={step.id}>
              {index > 0 && " / "}
              <Link to="/organisation" search={(now) => ({ ...now, place: step.id })}>
                {text(step.name)}
              </Link>
            </span>
          ))}
        </nav>
      )}
      <h2 className={styles.name}>
        {text(place.name)}
        <ExternalMark of={{ external: place.unit_kind === "external" }} />
      </h2>
      <p className={styles.facts}>
        {[
          place.head && t("directory.head", { name: place.head.name }),
          place.leader_in_charge && t("directory.in_charge", { name: place.leader_in_charge.name }),
          t("directory.n_people", { n: place.people }),
        ]
          .filter(Boolean)
          .join(" · ")}
      </p>
      {!at && (
        <a href={`/api/v1/vcards?${place.kind}=${place.id}`} download>
          {t("directory.save_cards")}
        </a>
      )}
      {drill && below.data && <Places places={below.data.items} onChoose={onChoose} />}
      {people.error ? (
        <ErrorState error={people.error} retry={people.retry} />
      ) : !people.items ? (
        <Skeleton rows={5} />
      ) : people.items.length === 0 ? (
        <EmptyState title={t("directory.nobody")} />
      ) : (
        <ul className={styles.people} aria-label={t("directory.people")}>
          {people.items.map((row) => (
            <li key={row.id}>
              <button type="button" onClick={() => onPerson(row.id)}>
                <Avatar name={row.name} size={30} />
                <span className={styles.who}>
                  <span>
                    {row.name}
                    <ExternalMark of={row} /> {row.ended && <Chip>{t("directory.left")}</Chip>}
                  </span>
                  <span className={styles.where}>{whereabouts(row)}</span>
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {people.more && (
        <Button type="text" loading={people.loadingMore ?? false} onClick={() => void people.more?.()}>
          {t("ui.load_more")}
        </Button>
      )}
    </section>
  );
}

function Places({ places, onChoose }: { places: readonly PlaceRow[]; onChoose: (place: { id: string }) => void }) {
  const [shown, setShown] = useState(100);
  return (
    <ul className={styles.people} aria-label={t("directory.organisation")}>
      {places.slice(0, shown).map((row) => (
        <li key={row.id}>
          <button type="button" onClick={() => onChoose(row)}>
            <span className={styles.who}>
              <span>
                {text(row.name)}
                <ExternalMark of={{ external: row.unit_kind === "external" }} />
              </span>
              <span className={styles.where}>
                {[row.head?.name, t("directory.n_people", { n: row.people })].filter(Boolean).join(" · ")}
              </span>
            </span>
          </button>
        </li>
      ))}
      {places.length > shown && (
        <li>
          <Button type="text" onClick={() => setShown(shown + 100)}>
            {t("ui.load_more")}
          </Button>
        </li>
      )}
    </ul>
  );
}
