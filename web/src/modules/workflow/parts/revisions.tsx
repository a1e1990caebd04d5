import { FieldValue } from "@/modules/forms/parts/field-value";
import { formatMoment } from "@/lib/time";
import { t, text } from "@/lib/words";

import type { CaseView, TaskView } from "../api";
import { CaseBlock } from "./case-section";
import type { Story } from "./story";

type Change = NonNullable<TaskView["changes"]>[number];

/** What is otherwise than when he decided here before, so that he need not look for it. */
export function ChangedSince({ view, task }: { view: CaseView; task: TaskView | undefined }) {
  if (!task?.changes?.length) return null;
  return (
    <CaseBlock title={t("workflow.changed_since")}>
      <Changes view={view} changes={task.changes} />
    </CaseBlock>
  );
}

/** 修正: what administrators put right, by whom, when and why. */
export function Repairs({ view, story }: { view: CaseView; story: Story }) {
  if (!view.repairs?.length) return null;
  return (
    <CaseBlock title={t("workflow.repairs")}>
      {view.repairs.map((repair) => (
        <div key={repair.at}>
          <p>{t("workflow.repaired_by", { person: story.person(repair.person), time: formatMoment(repair.at), reason: repair.reason })}</p>
          <Changes view={view} changes={repair.changes} />
        </div>
      ))}
    </CaseBlock>
  );
}

function Changes({ view, changes }: { view: CaseView; changes: readonly Change[] }) {
  return (
    <ul>
      {changes.map((change) => {
        const field = view.form.fields.find((field) => field.id === change.field);
        return (
          field && (
            <li key={change.field}>
              <span>{text(field.label)}</span>
              <del>
                <FieldValue field={field} value={change.before} />
              </del>
              <span aria-hidden="true">→</span>
              <ins>
                <FieldValue field={field} value={change.after} />
              </ins>
            </li>
          )
        );
      })}
    </ul>
  );
}
