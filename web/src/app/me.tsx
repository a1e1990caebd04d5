import { OwnTeams } from "@/modules/directory/parts/own-teams";
import { OwnContact } from "@/modules/contacts/parts/own-contact";
import { MePage } from "@/modules/access/pages/me";

import { useLanguage } from "./locale";

/** The profile page with what only the app can do: change the language of everything, and put the modules together. */
export function Me() {
  const { change } = useLanguage();
  const contact = (
    <>
      <OwnContact />
      <OwnTeams />
    </>
  );
  return <MePage onLocale={change} contact={contact} />;
}
