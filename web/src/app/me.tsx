import { OwnTeams } from "@/modules/directory/parts/own-teams";
import { OwnContact } from "@/modules/contacts/parts/own-contact";
import { useMe } from "@/modules/access/api";
import { MePage } from "@/modules/access/pages/me";

import { useLanguage } from "./locale";

/** The profile page with what only the app can do: change the language of everything, and put the modules together. */
export function Me() {
  const { change } = useLanguage();
  const me = useMe();
  const contact = (
    <>
      <OwnContact />
      {/* Teams are the house's: people of external organisations see none. */}
      {me && !me.external && <OwnTeams />}
    </>
  );
  return <MePage onLocale={change} contact={contact} />;
}
