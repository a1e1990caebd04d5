import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";

import { formatMoment } from "@/lib/time";
import { listed, t, text } from "@/lib/words";
import { ActionButton, Button, Chip, EmptyState, ErrorState, listOf, Page, Section, Skeleton } from "@/ui";

import { type PlaceCompleteness, useChase, useCompleteness, useIncomplete } from "../api";
import styles from "./completeness.module.css";

/** 资料完整度: how complete people's profiles are, by department, who lacks what, and asking them all at once. */
export function CompletenessPage() {
  const { place: chosen } = useSearch({ strict: false });
  const navigate = useNavigate();
  const measured = useCompleteness();
  const choose = useCallback(
    (id: string | undefined) => void navigate({ to: "/admin/completeness", search: id ? { place: id } : {}, replace: true }),
    [navigate],
  );
  const place = measured.data?.places.find((each) => each.place.id === chosen)?.place;
  const chase = useChase((told, already) =>
    [t("contacts.asked", { told }), already > 0 ? t("contacts.already", { already }) : ""].filter(Boolean).join(" · "),
  );
  if (measured.error) return <ErrorState error={measured.error} retry={measured.refetch} />;
  if (!measured.data) return <Skeleton rows={8} />;
  const { people, complete, percent, places } = measured.data;
  return (
    <Page
      title={t("contacts.completeness")}
      tools={complete < people && <ActionButton type="primary" action={chase} input={{ place: place ?? null }} label={t("contacts.ask_all")} />}
    >
      <p className={styles.whole}>
        <strong>{t("contacts.percent", { percent })}</strong> {t("contacts.of_people", { people, complete })}
      </p>
      <p className={styles.hint}>{t("contacts.completeness_hint")}</p>
      <Section title={t("contacts.by_place")}>
        <ul className={styles.places}>
          <li>
            <PlaceButton name={t("contacts.everybody")} chosen={!place} counts={measured.data} onChoose={() => choose(undefined)} />
          </li>
          {places.map((each) => (
            <li key={each.place.id}>
              <PlaceButton
                name={each.place.kind === "unit" ? text(each.name) : `${text(each.unit)} · ${text(each.name)}`}
                chosen={each.place.id === place?.id}
                counts={each}
                onChoose={() => choose(each.place.id)}
              />
            </li>
          ))}
        </ul>
      </Section>
      <Lacking place={place} />
    </Page>
  );
}

interface PlaceButtonProps {
  name: string;
  chosen: boolean;
  counts: Pick<PlaceCompleteness, "people" | "complete" | "percent">;
  onChoose: () => void;
}

function PlaceButton({ name, chosen, counts, onChoose }: PlaceButtonProps) {
  return (
    <button type="button" className={styles.place} aria-pressed={chosen} onClick={onChoose}>
      <span className={styles.name}>{name}</span>
      <span className={styles.hint}>{t("contacts.of_people", { people: counts.people, complete: counts.complete })}</span>
      <Chip tone={counts.percent === 100 ? "good" : "warn"}>{t("contacts.percent", { percent: counts.percent })}</Chip>
    </button>
  );
}

function Lacking({ place }: { place: PlaceCompleteness["place"] | undefined }) {
  const list = listOf(useIncomplete(place));
  return (
    <Section title={t("contacts.lacking")}>
      {list.error ? (
        <ErrorState error={list.error} retry={list.retry} />
      ) : !list.items ? (
        <Skeleton rows={4} />
      ) : list.items.length === 0 ? (
        <EmptyState title={t("contacts.nobody_lacks")} />
      ) : (
        <ul className={styles.people} aria-label={t("contacts.lacking")}>
          {list.items.map((person) => (
            <li key={person.id}>
              <span className={styles.name}>
                {person.name} <span className={styles.hint}>{text(person.place_name)}</span>
              </span>
              <span>{listed(person.missing.map((field) => t(`contacts.${field}`)))}</span>
              <span className={styles.hint}>
                {person.asked_at ? t("contacts.asked_at", { time: formatMoment(person.asked_at) }) : ""}
              </span>
            </li>
          ))}
        </ul>
      )}
      {list.more && (
        <Button type="text" loading={list.loadingMore ?? false} onClick={() => void list.more?.()}>
          {t("ui.load_more")}
        </Button>
      )}
    </Section>
  );
}
