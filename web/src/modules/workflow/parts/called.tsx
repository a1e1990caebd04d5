import { Link } from "@tanstack/react-router";

import { say, t, text } from "@/lib/words";
import { Chip } from "@/ui";

import type { CaseView } from "../api";
import styles from "./called.module.css";
import { CaseSection } from "./case-section";
import { StatusChip } from "./rows";
import type { Story } from "./story";

type Other = CaseView["called"][number];

/** 子流程, 上级事项: the cases that this one opened, and the one that opened it. A link is only where the reader may open it. */
export function Called({ view, story }: { view: CaseView; story: Story }) {
  const { called, called_by: above } = view;
  if (called.length === 0 && !above) return null;
  return (
    <>
      {above && (
        <CaseSection title={t("workflow.called_by")}>
          <li>
            <Named other={above} />
          </li>
        </CaseSection>
      )}
      {called.length > 0 && (
        <CaseSection title={t("workflow.called")}>
          {called.map((other) => (
            <li key={`${other.activation}-${other.no}`}>
              <Named other={other} story={story} />
              {other.reason && <Reason reason={other.reason} story={story} />}
            </li>
          ))}
        </CaseSection>
      )}
    </>
  );
}

function Named({ other, story }: { other: Other; story?: Story }) {
  const name = text(other.title);
  if (!other.case) {
    const person = other.by && story?.person(other.by);
    if (!other.reason) return <Chip tone="plain">{t("workflow.called_opening")}</Chip>;
    return <span>{person ? t("workflow.called_not_open", { person }) : t("workflow.called_nobody")}</span>;
  }
  return (
    <>
      {other.may_open ? (
        <Link to="/cases/$id" params={{ id: other.case }}>
          {name}
        </Link>
      ) : (
        <span>{name}</span>
      )}
      <span className={styles.number}>{other.number}</span>
      {other.status && <StatusChip status={other.status} />}
    </>
  );
}

/** Why it failed, in the words of whoever refused it, and of each field that it is about. */
export function Reason({ reason, story }: { reason: NonNullable<Other["reason"]>; story: Story }) {
  return (
    <div className={styles.reason} role="note">
      <p>{say(reason.code, reason.args)}</p>
      {reason.fields && reason.fields.length > 0 && (
        <ul>
          {reason.fields.map((field) => (
            <li key={field.field}>{[story.field(field.field.replace(/^values\./, "")), say(field.code, field.args)].join(t("ui.colon"))}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
