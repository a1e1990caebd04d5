import { useNavigate, useSearch } from "@tanstack/react-router";

import { formatMoment } from "@/lib/time";
import { say, t } from "@/lib/words";
import { ActionButton, listOf, ListPage, Segmented } from "@/ui";

import { type Notification, useNotifications, useReadAll, useReadNotification } from "../api";
import styles from "./notifications.module.css";

/** 消息: what the system told the reader; each leads to what it is about. */
export function NotificationsPage() {
  const search = useSearch({ strict: false });
  const unread = search.only === "unread";
  const navigate = useNavigate();
  const list = listOf(useNotifications(unread));
  const read = useReadNotification();
  const readAll = useReadAll(t("notify.all_read"));
  const open = (row: Notification) => {
    if (!row.read_at) void read.run(row.id);
    if (row.link.startsWith("/")) void navigate({ href: row.link });
  };
  return (
    <ListPage<Notification>
      title={t("notify.notifications")}
      label={t("notify.notifications")}
      tools={<ActionButton action={readAll} label={t("notify.read_all")} disabled={!list.items?.some((row) => !row.read_at)} />}
      filters={
        <Segmented
          aria-label={t("notify.show")}
          value={unread ? "unread" : "all"}
          options={[
            { value: "all", label: t("notify.all") },
            { value: "unread", label: t("notify.unread") },
          ]}
          onChange={(only) => void navigate({ to: "/notifications", search: only === "unread" ? { only: "unread" } : {}, replace: true })}
        />
      }
      list={list}
      rowKey={(row) => row.id}
      row={(row) => (
        <span className={styles.row} data-unread={!row.read_at || undefined}>
          {!row.read_at && <span className={styles.dot} role="img" aria-label={t("ui.unread")} />}
          <span className={styles.words}>{say(row.code, row.args)}</span>
          <time className={styles.when} dateTime={row.at}>
            {formatMoment(row.at)}
          </time>
        </span>
      )}
      onOpen={open}
      empty={{ title: t(unread ? "notify.none_unread" : "notify.none"), hint: t("notify.none_hint") }}
    />
  );
}
