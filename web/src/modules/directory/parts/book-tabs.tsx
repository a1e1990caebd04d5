import { Link } from "@tanstack/react-router";

import { t } from "@/lib/words";
import { Tabs } from "@/ui";

/** The pages of the address book: people, the organisation, groups. */
export function BookTabs() {
  return (
    <Tabs label={t("directory.pages")}>
      <Link to="/people">{t("directory.book")}</Link>
      <Link to="/organisation">{t("directory.organisation")}</Link>
      <Link to="/groups">{t("directory.groups")}</Link>
    </Tabs>
  );
}
