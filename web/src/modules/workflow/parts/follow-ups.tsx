import { Link } from "@tanstack/react-router";

import { FieldValue } from "@/modules/forms/parts/field-value";
import { can } from "@/lib/can";
import { formatMoment } from "@/lib/time";
import { t, text } from "@/lib/words";
import { Chip, Icon } from "@/ui";

import type { CaseView } from "../api";
import styles from "./follow-ups.module.css";
import type { Story } from "./story";

type Followed = CaseView["follow_ups"][number];

/** 撤销与变更: what follows or followed upon a completed case; of a change in effect, what stood there before. */
export function FollowUps({ view, story }: { view: CaseView; story: Story }) {
  if (view.follow_ups.length === 0) return null;
  return (
    <section className={styles.section} aria-label={t("workflow.follow_ups")}>
      <h2>{t("workflow.follow_ups")}</h2>
      <ul>
        {view.follow_ups.map((each) => (
          <li key={each.case.id}>
            <One each={each} view={view} story={story} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function One({ each, view, story }: { each: Followed; view: CaseView; story: Story }) {
  const words = `${t(`workflow.follow_up_${each.kind}`)} ${each.case.number}`;
  return (
    <>
      <p className={styles.line}>
        {each.case.readable ? (
          <Link to="/cases/$id" params={{ id: each.case.id }}>
            {words}
          </Link>
        ) : (
          <span>{words}</span>
        )}
        <Standing each={each} />
        <time dateTime={each.ended_at ?? each.opened_at}>{formatMoment(each.ended_at ?? each.opened_at)}</time>
      </p>
      {each.reason && <p className={styles.reason}>{each.reason}</p>}
      {(each.changes ?? []).map((change) => {
        const field = view.form.fields.find((one) => one.id === change.field);
        return (
          field && (
            <p key={change.field} className={styles.change}>
              <span>{story.field(change.field)}</span>
              <del>{<FieldValue field={field} value={change.before} plain />}</del>
              <Icon name="right" size={14} />
              <ins>{<FieldValue field={field} value={change.after} plain />}</ins>
            </p>
          )
        );
      })}
    </>
  );
}

function Standing({ each }: { each: Followed }) {
  if (each.took_effect) return <Chip tone={each.kind === "revoke" ? "warn" : "good"}>{t("workflow.follow_up_done")}</Chip>;
  return each.ended_at ? (
    <Chip tone="plain">{t("workflow.follow_up_ended")}</Chip>
  ) : (
    <Chip tone="accent">{t("workflow.follow_up_under_way")}</Chip>
  );
}

/** Its initiator asks that it is revoked or changed. */
export function AskFollowUp({ view }: { view: CaseView }) {
  const kinds = (["revoke", "change"] as const).filter((kind) => can(view, kind));
  return kinds.map((kind) => (
    <Link key={kind} to="/cases/$id/follow-up" params={{ id: view.id }} search={{ kind }} className={styles.ask ?? ""} title={text(view.title)}>
      {t(`workflow.ask_${kind}`)}
    </Link>
  ));
}
