import { Link } from "@tanstack/react-router";

import { formatMoment } from "@/lib/time";
import { t, text } from "@/lib/words";
import { ErrorState, Section } from "@/ui";

import { useOwnTeams } from "../api";
import styles from "./own-teams.module.css";

/** 我的团队: what I work on with others, who leads it, and until when. */
export function OwnTeams() {
  const teams = useOwnTeams();
  if (teams.error && !teams.data) return <ErrorState error={teams.error} retry={teams.refetch} />;
  if (!teams.data || teams.data.items.length === 0) return null;
  return (
    <Section title={t("directory.my_teams")}>
      <ul className={styles.teams} aria-label={t("directory.my_teams")}>
        {teams.data.items.map((team) => (
          <li key={team.id}>
            <Link to="/groups" search={{ group: team.id }}>
              {text(team.name)}
            </Link>
            <span>{team.team?.purpose}</span>
            <span className={styles.hint}>
              {[
                team.team?.leader ? t("directory.team_led_by", { name: team.team.leader.name }) : t("directory.team_no_leader"),
                t("directory.n_people", { n: team.members }),
                team.valid_to ? t("directory.team_to", { time: formatMoment(team.valid_to) }) : "",
              ]
                .filter(Boolean)
                .join(" · ")}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
