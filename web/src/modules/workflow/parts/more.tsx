import { lazy, Suspense, useState } from "react";

import { t } from "@/lib/words";
import { Icon, MenuButton, type MenuItem } from "@/ui";

import type { CaseView } from "../api";
import { AS_ADMINISTRATOR, nameOf, type Operation } from "./operations";

const OperationDialog = lazy(() => import("./operation-dialog").then((module) => ({ default: module.OperationDialog })));

const RepairDialog = lazy(() => import("./repair-dialog").then((module) => ({ default: module.RepairDialog })));

interface MoreProps {
  view: CaseView;
  operations: (Operation | "repair")[];
  /** What is done without a dialog of a case, above them. */
  others?: MenuItem[];
  task?: string | undefined;
  /** What was typed as an opinion already. */
  begun?: string;
  /** It stands at the bottom of the page. */
  upwards?: boolean;
  /** Three dots instead of the word, where another such button stands on the page. */
  short?: boolean;
  onDone?: (() => void) | undefined;
}

const asAdministrator = (operation: string) => AS_ADMINISTRATOR.some((each) => each === operation);

/** What is done more rarely than deciding, behind one button. Nothing to do: no button. */
export function More({ view, operations, task, begun, others = [], upwards = false, short = false, onDone }: MoreProps) {
  const [chosen, setChosen] = useState<Operation | "repair">();
  if (operations.length + others.length === 0) return null;
  return (
    <>
      <MenuButton
        label={t("workflow.more")}
        upwards={upwards}
        framed
        items={[
          ...others,
          ...operations.map((operation, at) => ({
            id: operation,
            label: operation === "repair" ? t("workflow.repair") : nameOf(operation),
            apart: others.length + at > 0 && asAdministrator(operation) && !operations.slice(0, at).some(asAdministrator),
            run: () => setChosen(operation),
          })),
        ]}
      >
        {short ? <Icon name="more" size={18} /> : t("workflow.more")}
      </MenuButton>
      {chosen === "repair" && (
        <Suspense>
          <RepairDialog view={view} onClose={() => setChosen(undefined)} />
        </Suspense>
      )}
      {chosen && chosen !== "repair" && (
        <Suspense>
          <OperationDialog
            view={view}
            operation={chosen}
            task={task}
            {...(begun === undefined ? {} : { begun })}
            onClose={() => setChosen(undefined)}
            onDone={onDone}
          />
        </Suspense>
      )}
    </>
  );
}
