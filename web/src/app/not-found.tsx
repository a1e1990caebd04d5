import { Link } from "@tanstack/react-router";

import { t } from "@/lib/words";
import { EmptyState } from "@/ui";

export function NotFound() {
  return (
    <main>
      <EmptyState icon="search" title={t("app.no_such_page")} action={<Link to="/">{t("app.to_start")}</Link>} />
    </main>
  );
}
