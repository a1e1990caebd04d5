import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, useCallback, useState } from "react";

import { formatInstant } from "@/lib/time";
import { knows, say, t } from "@/lib/words";
import { Button, Chip, listOf, ListPage } from "@/ui";

import { type Entry, useSeals, useTrace } from "../api";
import styles from "./trace.module.css";

/** Names are the directory's, which this module does not know: the app says how a person is shown. */
type NameOf = (person: string) => ReactNode;

/** 留痕: what happened, by whom, in which order, and how far it is sealed. */
export function TracePage({ nameOf }: { nameOf: NameOf }) {
  const { stream } = useSearch({ strict: false });
  const navigate = useNavigate();
  const list = listOf(useTrace(stream));
  const search = useCallback(
    (typed: string) => void navigate({ to: "/admin/trace", search: typed ? { stream: typed.trim() } : {}, replace: true }),
    [navigate],
  );
  return (
    <ListPage<Entry>
      title={t("trace.trace")}
      label={t("trace.trace")}
      tools={<SealMark />}
      search={{ value: stream ?? "", onChange: search, placeholder: t("trace.search") }}
      list={list}
      rowKey={(row) => row.id}
      row={(row) => <EntryLine entry={row} nameOf={nameOf} />}
      empty={{ title: t("trace.none"), hint: t("trace.none_hint") }}
    />
  );
}

/** How far the trace is sealed: entries up to there cannot be changed unseen. */
function SealMark() {
  const seals = useSeals().data;
  if (!seals) return null;
  return (
    <Chip tone={seals.unsealed === 0 ? "good" : "plain"}>
      {seals.last ? t("trace.sealed_until", { time: formatInstant(seals.last.at) }) : t("trace.never_sealed")}
      {seals.unsealed > 0 && ` · ${t("trace.unsealed", { n: seals.unsealed })}`}
    </Chip>
  );
}

function EntryLine({ entry, nameOf }: { entry: Entry; nameOf: NameOf }) {
  const [open, setOpen] = useState(false);
  return (
    <div className={styles.entry}>
      <div className={styles.line}>
        <span className={styles.what}>
          {sentence(entry)} {entry.sample && <Chip tone="warn">{t("trace.sample")}</Chip>}
        </span>
        <time className={styles.meta} dateTime={entry.at}>
          {formatInstant(entry.at)}
        </time>
      </div>
      <div className={styles.line}>
        <span className={styles.meta}>
          {entry.person ? nameOf(entry.person) : t("trace.system")}
          {entry.on_behalf_of && (
            <>
              {" "}
              {t("trace.for")} {nameOf(entry.on_behalf_of)}
            </>
          )}
        </span>
        <Link to="/admin/trace" search={{ stream: entry.stream }} className={styles.stream} title={t("trace.only_stream")}>
          {entry.stream} #{entry.seq}
        </Link>
        <Button type="text" size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t(open ? "trace.hide" : "trace.show")}
        </Button>
      </div>
      {open && (
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, and a keyboard must reach what scrolls
        <pre className={styles.payload} tabIndex={0}>
          {entry.payload == null ? t("trace.removed") : JSON.stringify(entry.payload, null, 2)}
        </pre>
      )}
    </div>
  );
}

/** What the payload does not name plainly stays open; it can be read below. */
function sentence({ kind, payload }: Entry): string {
  return knows(kind) ? say(kind, argsOf(payload)).replace(/\{\w+\}/g, "…") : kind;
}

function argsOf(payload: unknown): Record<string, unknown> {
  return typeof payload === "object" && payload !== null ? (payload as Record<string, unknown>) : {};
}
