import { lazy, Suspense, useState } from "react";

import { can } from "@/lib/can";
import { formatMoment } from "@/lib/time";
import { t } from "@/lib/words";
import { Alert, Button } from "@/ui";

import type { CaseView } from "../api";
import type { Story } from "./story";

const OperationDialog = lazy(() => import("./operation-dialog").then((module) => ({ default: module.OperationDialog })));

interface HaltedProps {
  view: CaseView;
  halt: NonNullable<CaseView["halt"]>;
  story: Story;
  className: string;
}

/** 挂起: since when, by whom and why it stands still; who may let it go on does so here. */
export function Halted({ view, halt, story, className }: HaltedProps) {
  const [going, setGoing] = useState(false);
  const { since, by, reason } = halt;
  return (
    <>
      <Alert
        type="warning"
        className={className}
        title={t("workflow.halted_since", { time: formatMoment(since), person: story.person(by.person), reason })}
        action={can(view, "go_on") && <Button onClick={() => setGoing(true)}>{t("workflow.go_on")}</Button>}
      />
      {going && (
        <Suspense>
          <OperationDialog view={view} operation="go_on" onClose={() => setGoing(false)} />
        </Suspense>
      )}
    </>
  );
}
