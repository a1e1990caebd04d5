import { useNavigate, useSearch } from "@tanstack/react-router";

import { useUnits } from "@/modules/directory/api";
import { say, t, text } from "@/lib/words";
import { Alert, Avatar, EmptyState, ErrorState, Page, Section, Select, Skeleton } from "@/ui";

import { type Holders, useHolders, usePermissionNames } from "../api";
import { placeOf, placesOf } from "../parts/give-form";
import { Chains } from "../parts/rights";
import styles from "./who-may.module.css";

/** 谁能办理: who may do this at a place, each with the chain of grants that lets him (PERM-17). */
export function WhoMayPage() {
  const { permission, place } = useSearch({ strict: false });
  const navigate = useNavigate();
  const names = usePermissionNames();
  const places = placesOf(useUnits().data?.items ?? []);
  const held = useHolders(permission, place ? placeOf(place) : undefined);
  const ask = (next: { permission?: string | undefined; place?: string | undefined }) =>
    void navigate({
      to: "/admin/who-may",
      search: Object.fromEntries(Object.entries({ permission, place, ...next }).filter(([, value]) => value)),
      replace: true,
    });
  return (
    <Page title={t("access.who_may")}>
      <p className={styles.hint}>{t("access.who_may_hint")}</p>
      <div className={styles.question}>
        <div>
          <span aria-hidden="true">{t("access.what_may")}</span>
          <Select
            aria-label={t("access.what_may")}
            className={styles.choice ?? ""}
            value={permission ?? null}
            placeholder={t("ui.choose")}
            showSearch={{ optionFilterProp: "label" }}
            options={(names.data ?? []).map((name) => ({ value: name, label: say(name) }))}
            onChange={(chosen: string | null) => ask({ permission: chosen ?? undefined })}
          />
        </div>
        <div>
          <span aria-hidden="true">{t("access.where_may")}</span>
          <Select
            aria-label={t("access.where_may")}
            className={styles.choice ?? ""}
            value={place ?? null}
            placeholder={t("ui.choose")}
            showSearch={{ optionFilterProp: "label" }}
            options={places}
            onChange={(chosen: string | null) => ask({ place: chosen ?? undefined })}
          />
        </div>
      </div>
      {!permission || !place ? (
        <EmptyState icon="search" title={t("access.who_may_ask")} />
      ) : held.error ? (
        <ErrorState error={held.error} retry={held.refetch} />
      ) : !held.data ? (
        <Skeleton rows={5} />
      ) : (
        <Answer held={held.data} />
      )}
    </Page>
  );
}

function Answer({ held }: { held: Holders }) {
  const title = t("access.may_there", { what: say(held.permission), place: text(held.place_name), n: held.count });
  if (held.holders.length === 0) return <EmptyState title={t("access.nobody_may")} />;
  return (
    <Section title={title}>
      {held.count > held.holders.length && (
        <Alert type="info" title={t("access.first_named", { n: held.holders.length })} />
      )}
      <ul className={styles.holders} aria-label={title}>
        {held.holders.map(({ person, because }) => (
          <li key={person.id}>
            <Avatar name={person.name} size={34} />
            <details>
              <summary>
                <span className={styles.name}>{person.name}</span>{" "}
                <span className={styles.hint}>{t("access.by_grants", { n: because.length })}</span>
              </summary>
              <Chains because={because} />
            </details>
          </li>
        ))}
      </ul>
    </Section>
  );
}
