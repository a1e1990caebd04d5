import { Link } from "@tanstack/react-router";

import { OwnTeams } from "@/modules/directory/parts/own-teams";
import { OwnContact } from "@/modules/contacts/parts/own-contact";
import { OwnAgents } from "@/modules/workflow/parts/own-agents";
import { useMe } from "@/modules/access/api";
import { MePage } from "@/modules/access/pages/me";
import { usePhone } from "@/lib/use-media";
import { t } from "@/lib/words";
import { Icon } from "@/ui";

import { useLanguage } from "./locale";
import styles from "./me.module.css";
import { adminHome, agentPlaces, bookPlaces, queryPlaces } from "./places";

/** The profile page with what only the app can do: change the language of everything, and put the modules together. */
export function Me() {
  const { change } = useLanguage();
  const phone = usePhone();
  const me = useMe();
  const contact = (
    <>
      <OwnContact external={me?.external ?? false} />
      {/* Teams and agents are the house's: people of external organisations see none. */}
      {me && !me.external && <OwnTeams />}
      {me && !me.external && <OwnAgents />}
    </>
  );
  return (
    <>
      {phone && <PhoneMenu />}
      <MePage onLocale={change} contact={contact} />
    </>
  );
}

/** On a phone, what has no tab of its own is reached from 我的. */
function PhoneMenu() {
  const me = useMe();
  if (!me) return null;
  const book = bookPlaces(me);
  return (
    <nav className={styles.menu} aria-label={t("app.more")}>
      {[...book, ...queryPlaces(me), ...agentPlaces(me), ...adminHome(me, true)].map((place) => (
        <Link key={place.to} to={place.to}>
          <Icon name={place.icon} /> {place.label}
        </Link>
      ))}
    </nav>
  );
}
