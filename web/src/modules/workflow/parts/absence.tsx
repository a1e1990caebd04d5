import { Link } from "@tanstack/react-router";

import { formatDate } from "@/lib/time";
import { t } from "@/lib/words";
import { Alert } from "@/ui";

import type { Away } from "../api";

/** Who asks to be away, before he sends it: nobody acts for him yet, and one tap leads to where he names somebody. */
export function AbsencePrompt({ absence, className }: { absence: Away | null | undefined; className: string }) {
  if (!absence || !absence.needed || absence.covered) return null;
  return (
    <Alert
      type="warning"
      className={className}
      title={t(absence.refused ? "workflow.absence_must_name" : "workflow.absence_should_name", spanOf(absence))}
      action={<NameAgent absence={absence} />}
    />
  );
}

/** Whoever reads it: who acts meanwhile, or that nobody is named. */
export function AbsenceLine({ absence, mine, person, className }: {
  absence: Away | null | undefined;
  /** The reader is the one who asks to be away. */
  mine: boolean;
  person: (id: string) => string;
  className: string;
}) {
  if (!absence || (!absence.needed && absence.agents.length === 0)) return null;
  const people = [...new Set(absence.agents.map((agent) => person(agent.person)))];
  const missing = absence.needed && !absence.covered;
  return (
    <>
      {people.length > 0 && <Alert type="info" className={className} title={t("workflow.absence_agents", { ...spanOf(absence), people })} />}
      {missing && (
        <Alert
          type="warning"
          className={className}
          title={t(people.length > 0 ? "workflow.absence_gap" : "workflow.absence_no_agent", spanOf(absence))}
          {...(mine ? { action: <NameAgent absence={absence} /> } : {})}
        />
      )}
    </>
  );
}

function NameAgent({ absence }: { absence: Away }) {
  return (
    <Link to="/agents" search={{ from: absence.from, to: absence.until }}>
      {t("workflow.agency_give")}
    </Link>
  );
}

const spanOf = ({ from, until }: Away) => ({ from: formatDate(from), until: formatDate(until) });
