import { Button, Input, type InputRef } from "antd";
import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useRef, useState } from "react";

import { t } from "@/lib/words";

import { Icon } from "./icon";
import styles from "./list-page.module.css";
import { useShortcuts } from "./shortcuts";
import { EmptyState, ErrorState, Skeleton } from "./states";

/** What a list needs of an (infinite) query; `listOf` makes it. */
export interface ListData<T> {
  items: T[] | undefined;
  error: unknown;
  retry: () => unknown;
  more?: (() => unknown) | undefined;
  loadingMore?: boolean;
}

interface InfiniteLike<T> {
  data?: { pages: { items: T[] }[] } | undefined;
  error: unknown;
  refetch: () => unknown;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

export function listOf<T>(query: InfiniteLike<T>): ListData<T> {
  return {
    items: query.data?.pages.flatMap((page) => page.items),
    error: query.data ? undefined : query.error,
    retry: query.refetch,
    more: query.hasNextPage ? query.fetchNextPage : undefined,
    loadingMore: query.isFetchingNextPage,
  };
}

interface ListPageProps<T> {
  title: string;
  /** Beside the title: buttons. */
  tools?: ReactNode;
  /** Above the search: switches between lists. */
  tabs?: ReactNode;
  /** The search as it stands in the URL, and how to change it. */
  search?: { value: string; onChange: (value: string) => void; placeholder?: string } | undefined;
  filters?: ReactNode;
  /** Below search and filters: what else sifts the list. */
  below?: ReactNode;
  list: ListData<T>;
  rowKey: (item: T) => string;
  row: (item: T) => ReactNode;
  /** The accessible name of the list. */
  label: string;
  empty: { title: string; hint?: ReactNode; action?: ReactNode };
  /** Opens a row, by click, tap or Enter. */
  onOpen?: ((item: T) => void) | undefined;
  openKey?: string | undefined;
  /** Rows that may be chosen, several at a time: what is chosen now, and how to change it. */
  choice?: Choice<T> | undefined;
  /** Below the rows, always in sight: what is done with those that are chosen. */
  foot?: ReactNode;
  /** Fills the pane it stands in; else a page of reading width. */
  pane?: boolean;
}

export interface Choice<T> {
  /** The boxes are shown; the key `x` chooses also without them. */
  shown: boolean;
  has: (key: string) => boolean;
  toggle: (item: T) => void;
  /** What the box of a row is called. */
  name: (item: T) => string;
}

/** Search, filters, rows, more on demand, and the three states a list can be in. */
export function ListPage<T>(props: ListPageProps<T>) {
  const { list, title, search } = props;
  const searchField = useRef<InputRef>(null);
  useShortcuts(search ? [{ keys: "/", label: t("ui.search"), run: () => searchField.current?.focus() }] : []);
  return (
    <section className={props.pane ? styles.pane : styles.page} aria-label={title}>
      <header className={styles.header}>
        {props.pane ? (
          <h1 className="visually-hidden">{title}</h1>
        ) : (
          <div className={styles.heading}>
            <h1 className={styles.title}>{title}</h1>
            {props.tools && <div className={styles.tools}>{props.tools}</div>}
          </div>
        )}
        {props.tabs}
        {(search ?? props.filters) && (
          <div className={styles.sieve}>
            {search && <SearchField {...search} short={props.pane ?? false} field={searchField} />}
            {props.filters}
          </div>
        )}
        {props.below}
      </header>
      <div className={styles.body}>
        {list.error ? (
          <ErrorState error={list.error} retry={list.retry} />
        ) : !list.items ? (
          <Skeleton rows={8} />
        ) : list.items.length === 0 && list.more ? (
          // A search looks through so many rows at a time.
          <div className={styles.further}>
            <p role="status">{t("ui.searching_further")}</p>
            <More load={list.more} loading={list.loadingMore ?? false} />
          </div>
        ) : list.items.length === 0 ? (
          search?.value ? (
            <EmptyState
              icon="search"
              title={t("ui.nothing_found", { q: search.value })}
              hint={t("ui.nothing_found_hint")}
              action={<Button onClick={() => search.onChange("")}>{t("ui.clear_search")}</Button>}
            />
          ) : (
            <EmptyState icon="inbox" {...props.empty} />
          )
        ) : (
          <Rows {...props} items={list.items} />
        )}
      </div>
      {props.foot && <footer className={styles.foot}>{props.foot}</footer>}
    </section>
  );
}

function SearchField({ value, onChange, placeholder, short, field }: {
  value: string;
  onChange: (value: string) => void;
  placeholder?: string;
  short: boolean;
  field: React.RefObject<InputRef | null>;
}) {
  const [typed, setTyped] = useState(value);
  const sent = useRef(value);
  useEffect(() => {
    if (value !== sent.current) {
      sent.current = value;
      setTyped(value);
    }
  }, [value]);
  useEffect(() => {
    if (typed === sent.current) return undefined;
    const timer = setTimeout(() => {
      sent.current = typed;
      onChange(typed);
    }, 250);
    return () => clearTimeout(timer);
  }, [typed, onChange]);
  return (
    <Input
      ref={field}
      allowClear
      className={styles.search ?? ""}
      prefix={<Icon name="search" size={15} />}
      value={typed}
      // A pane has room for one word; the rest is told when it is asked for.
      placeholder={short ? t("ui.search") : (placeholder ?? t("ui.search"))}
      title={short ? placeholder : undefined}
      aria-label={placeholder ?? t("ui.search")}
      onChange={(event) => setTyped(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === "Escape") event.currentTarget.blur();
      }}
    />
  );
}

/** One row of the list can be reached with Tab, the one at the cursor; j, k and the arrows move from there. */
function Rows<T>({ items, rowKey, row, label, onOpen, openKey, choice, list }: ListPageProps<T> & { items: T[] }) {
  const [moved, setMoved] = useState<{ from: string | undefined; to: string }>();
  const element = useRef<HTMLUListElement>(null);
  // The cursor stands on the open row until it is moved from there.
  const cursor = moved && moved.from === openKey ? moved.to : openKey;
  const at = items.findIndex((item) => rowKey(item) === cursor);
  const stop = items[Math.max(0, at)];

  const focus = useCallback((key: string) => {
    const found = element.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
    found?.focus({ preventScroll: true });
    found?.scrollIntoView({ block: "nearest" });
  }, []);
  const moveTo = (index: number) => {
    const next = items[Math.min(items.length - 1, Math.max(0, index))];
    if (!next) return;
    setMoved({ from: openKey, to: rowKey(next) });
    focus(rowKey(next));
  };
  const move = (by: number) => moveTo(at < 0 ? 0 : at + by);
  const open = () => {
    const item = items[at];
    if (item) onOpen?.(item);
  };
  const choose = () => {
    const item = items[at];
    if (item) choice?.toggle(item);
  };
  useFollow(element, openKey, focus);
  useShortcuts(
    onOpen
      ? [
          { keys: "j", label: t("ui.next_row"), run: () => move(1) },
          { keys: "k", label: t("ui.previous_row"), run: () => move(-1) },
          {
            keys: "Enter",
            label: t("ui.open_row"),
            run: (event) => (event.target instanceof HTMLElement && event.target.matches("a,button,[role=button]") ? event.target.click() : open()),
          },
          ...(choice ? [{ keys: "x", label: t("ui.choose_row"), run: choose }] : []),
        ]
      : [],
  );
  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    moveTo(to);
  };

  return (
    <>
      <ul ref={element} className={styles.rows} aria-label={label}>
        {items.map((item) => {
          const key = rowKey(item);
          const state = { "data-key": key, "data-cursor": key === cursor || undefined };
          return (
            <li key={key} className={choice?.shown ? styles.choosable : undefined}>
              {choice?.shown && (
                <input type="checkbox" className={styles.box} aria-label={choice.name(item)} checked={choice.has(key)} onChange={() => choice.toggle(item)} />
              )}
              {onOpen ? (
                <button
                  type="button"
                  className={styles.row}
                  {...state}
                  tabIndex={item === stop ? 0 : -1}
                  aria-current={key === openKey || undefined}
                  onClick={() => onOpen(item)}
                  onFocus={() => setMoved({ from: openKey, to: key })}
                  onKeyDown={onKeyDown}
                >
                  {row(item)}
                </button>
              ) : (
                <div className={styles.still} {...state}>
                  {row(item)}
                </div>
              )}
            </li>
          );
        })}
      </ul>
      {list.more && <More load={list.more} loading={list.loadingMore ?? false} />}
    </>
  );
}

/** When another row is opened, the focus goes with it, unless the reader is at work somewhere else on the page. */
function useFollow(element: React.RefObject<HTMLElement | null>, openKey: string | undefined, focus: (key: string) => void): void {
  const before = useRef(openKey);
  useEffect(() => {
    if (before.current === openKey) return;
    before.current = openKey;
    const active = document.activeElement;
    if (openKey && (!active || active === document.body || element.current?.contains(active))) focus(openKey);
  }, [element, openKey, focus]);
}

/** Loads the next page when its button comes into view; the button itself is for keyboards. */
function More({ load, loading }: { load: () => unknown; loading: boolean }) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!element.current || typeof IntersectionObserver === "undefined") return undefined;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting) && !loading) load();
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [load, loading]);
  return (
    <div ref={element} className={styles.more}>
      <Button type="text" loading={loading} onClick={() => load()}>
        {t("ui.load_more")}
      </Button>
    </div>
  );
}
