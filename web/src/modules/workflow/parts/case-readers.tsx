import { formatMoment } from "@/lib/time";
import { listed, say, t, text } from "@/lib/words";
import { Chip, ErrorState, Panel, Section, Skeleton } from "@/ui";

import { type CaseAccess, useCaseAccess } from "../api";
import styles from "./case-readers.module.css";

/** 谁能查看: everybody who may see a case, by what and since when; asked from the case. */
export function CaseReadersDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const access = useCaseAccess(id);
  return (
    <Panel title={t("workflow.readers")} onClose={onClose}>
      {access.error ? (
        <ErrorState error={access.error} retry={access.refetch} />
      ) : !access.data ? (
        <Skeleton rows={5} />
      ) : (
        <CaseReaders access={access.data} />
      )}
    </Panel>
  );
}

/** Those who take part, those who may query the form there, and those who administer it and see this list only. */
export function CaseReaders({ access }: { access: CaseAccess }) {
  return (
    <>
      <Section title={t("workflow.readers_by_part", { n: access.readers.length })}>
        <ul className={styles.readers} aria-label={t("workflow.readers")}>
          {access.readers.map((reader) => (
            <li key={`${reader.person.id}-${reader.via}`}>
              <span className={styles.name}>{reader.person.name}</span>
              <Chip>{t(`workflow.via_${reader.via}`)}</Chip>
              <span className={styles.since}>{t("workflow.reads_since", { time: formatMoment(reader.since) })}</span>
            </li>
          ))}
        </ul>
      </Section>
      {access.agents.length > 0 && (
        <Section title={t("workflow.readers_agents", { n: access.agents.length })} hint={t("workflow.readers_agents_hint")}>
          <p className={styles.people}>
            {listed(access.agents.map(({ person, principal }) => t("workflow.agency_line", { agent: person.name, principal: principal.name })))}
          </p>
        </Section>
      )}
      {access.queriers.length > 0 && (
        <Section title={t("workflow.readers_by_query", { n: access.queriers.length })} hint={t("workflow.readers_by_query_hint", { flow: text(access.flow_name) })}>
          <p className={styles.people}>{listed(access.queriers.map((person) => person.name))}</p>
        </Section>
      )}
      {access.administrators.length > 0 && (
        <Section title={t("workflow.readers_administer", { n: access.administrators.length })} hint={t("workflow.readers_administer_hint", { permission: say(access.permission) })}>
          <p className={styles.people}>{listed(access.administrators.map((person) => person.name))}</p>
        </Section>
      )}
    </>
  );
}
