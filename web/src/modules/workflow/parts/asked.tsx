import { lazy, Suspense, useState } from "react";

import { t } from "@/lib/words";
import { Button, Chip } from "@/ui";

import type { CaseView } from "../api";
import { CaseSection } from "./case-section";
import type { Story } from "./story";

const OperationDialog = lazy(() => import("./operation-dialog").then((module) => ({ default: module.OperationDialog })));

/** Whom the reader asked and who has not answered, and that he can do without them. */
export function Asked({ view, story }: { view: CaseView; story: Story }) {
  const [removed, setRemoved] = useState<CaseView["asked"][number]>();
  if (view.asked.length === 0) return null;
  return (
    <>
      <CaseSection title={t("workflow.asked")}>
        {view.asked.map((asked) => (
          <li key={asked.signer}>
            <span>{story.person(asked.person)}</span>
            <Chip tone="plain">{t(`workflow.how_${asked.how}`)}</Chip>
            {asked.can.includes("remove_signer") && (
              <Button
                size="small"
                aria-label={t("workflow.remove_signer_named", { name: story.person(asked.person) })}
                onClick={() => setRemoved(asked)}
              >
                {t("workflow.remove_signer")}
              </Button>
            )}
          </li>
        ))}
      </CaseSection>
      {removed && (
        <Suspense>
          <OperationDialog
            view={view}
            operation="remove_signer"
            task={removed.task}
            signer={removed.signer}
            about={story.person(removed.person)}
            onClose={() => setRemoved(undefined)}
          />
        </Suspense>
      )}
    </>
  );
}
