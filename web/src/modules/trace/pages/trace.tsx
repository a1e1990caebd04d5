import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useState } from "react";

import { formatInstant } from "@/lib/time";
import { knows, say, t } from "@/lib/words";
import { Button, Chip, listOf, ListPage } from "@/ui";

import { type TraceRow, useTrace } from "../api";
import styles from "./trace.module.css";

/** 留痕: what happened, by whom, in which order; sealed entries cannot be changed unseen. */
export function TracePage() {
  const { stream } = useSearch({ strict: false });
  const navigate = useNavigate();
  const list = listOf(useTrace(stream));
  const search = useCallback(
    (typed: string) => void navigate({ to: "/admin/trace", search: typed ? { stream: typed.trim() } : {}, replace: true }),
    [navigate],
  );
  return (
    <ListPage<TraceRow>
      title={t("trace.trace")}
      label={t("trace.trace")}
      search={{ value: stream ?? "", onChange: search, placeholder: t("trace.search") }}
      list={list}
      rowKey={(row) => row.id}
      row={(row) => <Entry row={row} />}
      empty={{ title: t("trace.none"), hint: t("trace.none_hint") }}
    />
  );
}

function Entry({ row }: { row: TraceRow }) {
  const [open, setOpen] = useState(false);
  return (
    <div className={styles.entry}>
      <div className={styles.line}>
        <span className={styles.what}>{knows(row.kind) ? say(row.kind, row.payload) : row.kind}</span>
        <Chip tone={row.sealed ? "good" : "plain"}>{t(row.sealed ? "trace.sealed" : "trace.unsealed")}</Chip>
        <time className={styles.meta} dateTime={row.at}>
          {formatInstant(row.at)}
        </time>
      </div>
      <div className={styles.line}>
        <span className={styles.meta}>
          {row.person ? row.person.name : t("trace.system")}
          {row.on_behalf_of && ` ${t("trace.for", { name: row.on_behalf_of.name })}`}
        </span>
        <Link to="/admin/trace" search={{ stream: row.stream }} className={styles.stream} title={t("trace.only_stream")}>
          {row.stream}
        </Link>
        <Button type="text" size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t(open ? "trace.hide" : "trace.show")}
        </Button>
      </div>
      {open && <pre className={styles.payload}>{JSON.stringify(row.payload, null, 2)}</pre>}
    </div>
  );
}
