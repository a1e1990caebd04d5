import { useLocation } from "@tanstack/react-router";

import { useMe } from "@/modules/access/api";
import { t } from "@/lib/words";
import { EmptyState, Page } from "@/ui";
import { PlaceGroups } from "@/ui/shell";

import styles from "./admin.module.css";
import { adminGroups } from "./places";

/** 管理: everything that the reader may administer, as one list; on a phone the way there. */
export function Admin() {
  const me = useMe();
  const path = useLocation({ select: (location) => location.pathname });
  const groups = me ? adminGroups(me) : [];
  return (
    <Page title={t("app.admin")}>
      {groups.length === 0 ? (
        <EmptyState icon="warn" title={t("problem.forbidden")} />
      ) : (
        <nav className={styles.all} aria-label={t("app.admin")}>
          <PlaceGroups groups={groups} path={path} />
        </nav>
      )}
    </Page>
  );
}
