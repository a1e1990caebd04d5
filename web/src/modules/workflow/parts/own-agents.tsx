import { Link } from "@tanstack/react-router";

import { t } from "@/lib/words";
import { Section } from "@/ui";

import { useAgencies } from "../api";
import { AgencyLine } from "./agency-line";
import styles from "./agency-lines.module.css";

/** Who acts for me now and later, and the way to change that. */
export function OwnAgents() {
  const agencies = useAgencies().data;
  const standing = agencies?.given.filter((agency) => agency.standing !== "over") ?? [];
  return (
    <Section title={t("workflow.agencies_given")} hint={<Link to="/agents">{t("workflow.agency_manage")}</Link>}>
      {standing.length === 0 ? (
        <p className={styles.none}>{t("workflow.agencies_given_none")}</p>
      ) : (
        <ul className={styles.list}>
          {standing.map((agency) => (
            <li key={agency.id}>
              <AgencyLine agency={agency} onEnd={undefined} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
