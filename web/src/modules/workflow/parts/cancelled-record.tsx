import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { formatInstant } from "@/lib/time";
import { t, text } from "@/lib/words";
import { Alert, Chip, ErrorState, Facts, RecordPage, Skeleton } from "@/ui";

import { type CancelledCase, useCancellation } from "../api";
import styles from "./cancelled-record.module.css";

/** 已撤销: what is told of a case that is not there any more to those who took part in it (FLOW-25). */
export function CancelledRecord({ id, onBack }: { id: string; onBack?: (() => void) | undefined }) {
  const { data: one, error, refetch } = useCancellation(id);
  if (error && !one) return <ErrorState error={error} retry={refetch} />;
  if (!one) return <Skeleton shape="record" rows={6} />;
  return (
    <RecordPage title={text(one.title)} marks={<Chip>{t("workflow.case_gone")}</Chip>} meta={<span>{one.number}</span>} onBack={onBack}>
      <Alert type="info" className={styles.hint ?? ""} title={t("workflow.cancelled_hint")} />
      <div className={styles.facts}>
        <Facts items={factsOf(one)} />
      </div>
    </RecordPage>
  );
}

/** Who asked, who agreed, when, by which case; where it is kept, for those who look after it. */
export function factsOf(one: CancelledCase): [string, ReactNode][] {
  const facts: [string, ReactNode][] = [
    [t("workflow.cancelled_number"), one.number],
    [t("workflow.cancelled_flow"), text(one.flow_name)],
    [t("workflow.cancelled_initiator"), one.initiator.name],
    [t("workflow.cancelled_asked"), whoWhen(one.asked_by.name, one.asked_at)],
    [
      t("workflow.cancelled_agreed"),
      <ul key="agreed" className={styles.agreed}>
        {one.approved_by.map((each) => (
          <li key={`${each.person.id}-${each.at}`}>
            {whoWhen(each.person.name, each.at)} <span className={styles.node}>{text(each.node)}</span>
          </li>
        ))}
      </ul>,
    ],
    [t("workflow.cancelled_at"), formatInstant(one.cancelled_at)],
    [
      t("workflow.cancelled_by_case"),
      <Link key="by" to="/cases/$id" params={{ id: one.by_case }}>
        {one.by_number}
      </Link>,
    ],
  ];
  if (one.cancelled_by) facts.push([t("workflow.cancelled_by"), one.cancelled_by.name]);
  return facts;
}

function whoWhen(person: string, at: string): string {
  return t("workflow.cancelled_who_when", { person, time: formatInstant(at) });
}
