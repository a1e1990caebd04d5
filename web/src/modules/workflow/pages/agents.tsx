import { useSearch } from "@tanstack/react-router";
import { useState } from "react";

import { can } from "@/lib/can";
import { t } from "@/lib/words";
import { Button, ErrorState, ListPage, Page, Section, Skeleton } from "@/ui";

import { type AgencyView, useAgencies, useManagedAgencies } from "../api";
import { AgencyLine } from "../parts/agency-line";
import styles from "../parts/agency-lines.module.css";
import { EndAgency } from "../parts/end-agency";
import { GiveAgency } from "../parts/give-agency";

/** 代理: who acts for me, and for whom I act (TIME-11). */
export function AgentsPage() {
  const agencies = useAgencies();
  const { from: since, to: until } = useSearch({ strict: false });
  // Who was told that he needs an agent names him at once.
  const [giving, setGiving] = useState(until !== undefined);
  const [ending, setEnding] = useState<AgencyView>();
  const { data } = agencies;
  return (
    <Page
      title={t("workflow.agencies")}
      tools={
        <Button type="primary" onClick={() => setGiving(true)}>
          {t("workflow.agency_give")}
        </Button>
      }
    >
      {agencies.error && !data ? (
        <ErrorState error={agencies.error} retry={agencies.refetch} />
      ) : !data ? (
        <Skeleton rows={4} />
      ) : (
        <>
          <Section title={t("workflow.agencies_given")} hint={t("workflow.agencies_hint")}>
            <Lines agencies={data.given} label={t("workflow.agencies_given")} none={t("workflow.agencies_given_none")} onEnd={setEnding} />
          </Section>
          <Section title={t("workflow.agencies_received")}>
            <Lines agencies={data.received} label={t("workflow.agencies_received")} none={t("workflow.agencies_received_none")} onEnd={setEnding} />
          </Section>
        </>
      )}
      {giving && <GiveAgency longestDays={data?.longest_days} since={since} until={until} onClose={() => setGiving(false)} />}
      {ending && <EndAgency agency={ending} onClose={() => setEnding(undefined)} />}
    </Page>
  );
}

function Lines({ agencies, label, none, onEnd }: {
  agencies: readonly AgencyView[];
  label: string;
  none: string;
  onEnd: (agency: AgencyView) => void;
}) {
  if (agencies.length === 0) return <p className={styles.none}>{none}</p>;
  return (
    <ul className={styles.list} aria-label={label}>
      {agencies.map((agency) => (
        <li key={agency.id}>
          <AgencyLine agency={agency} onEnd={can(agency, "end") ? () => onEnd(agency) : undefined} />
        </li>
      ))}
    </ul>
  );
}

/** The same of everybody where the reader administers flows; he names agents for others too, with the reason. */
export function AdminAgentsPage() {
  const agencies = useManagedAgencies();
  const [giving, setGiving] = useState(false);
  const [ending, setEnding] = useState<AgencyView>();
  return (
    <>
      <ListPage<AgencyView>
        title={t("workflow.agencies")}
        label={t("workflow.agencies")}
        tools={
          <Button type="primary" onClick={() => setGiving(true)}>
            {t("workflow.agency_give")}
          </Button>
        }
        list={{
          items: agencies.data?.items,
          error: agencies.data ? undefined : agencies.error,
          retry: agencies.refetch,
        }}
        rowKey={(agency) => agency.id}
        row={(agency) => <AgencyLine agency={agency} onEnd={can(agency, "end") ? () => setEnding(agency) : undefined} />}
        empty={{ title: t("workflow.agency_admin_hint") }}
      />
      {giving && <GiveAgency forAnother onClose={() => setGiving(false)} />}
      {ending && <EndAgency agency={ending} onClose={() => setEnding(undefined)} />}
    </>
  );
}
