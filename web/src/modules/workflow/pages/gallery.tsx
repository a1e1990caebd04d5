import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { type ComponentRef, useDeferredValue, useMemo, useRef } from "react";

import { t, text } from "@/lib/words";
import { EmptyState, ErrorState, Filter, Icon, Input, Page, Skeleton, useShortcuts } from "@/ui";

import { type FlowCard, useCounts, useFlows } from "../api";
import { categoryName } from "../parts/categories";
import styles from "./gallery.module.css";

/** 发起: everything that the reader may start, by subject. */
export function GalleryPage() {
  const { q = "", hat } = useSearch({ strict: false });
  const flows = useFlows(hat);
  const hats = (useCounts().data?.hats ?? []).filter((each) => each.may_start);
  const navigate = useNavigate();
  const wanted = useDeferredValue(q.trim().toLowerCase());
  const field = useRef<ComponentRef<typeof Input>>(null);
  useShortcuts([{ keys: "/", label: t("ui.search"), run: () => field.current?.focus() }]);

  const groups = useMemo(() => {
    const found = (flows.data?.items ?? []).filter((flow) => matches(flow, wanted));
    const byCategory = new Map<string, FlowCard[]>();
    for (const flow of found) {
      const category = categoryName(flow.category);
      byCategory.set(category, [...(byCategory.get(category) ?? []), flow]);
    }
    return [...byCategory];
  }, [flows.data, wanted]);

  return (
    <Page
      wide
      title={t("workflow.start_something")}
      tools={
        <>
        {(hats.length > 0 || hat) && (
          <Filter
            label={t("workflow.start_for")}
            value={hat}
            options={hats.map(({ principal }) => ({ value: principal.id, label: t("workflow.hat_for", { name: principal.name }) }))}
            onChange={(next) => void navigate({ to: "/start", search: { ...(q ? { q } : {}), ...(next ? { hat: next } : {}) }, replace: true })}
          />
        )}
        <Input
          ref={field}
          allowClear
          prefix={<Icon name="search" size={15} />}
          aria-label={t("workflow.search_flows")}
          placeholder={t("workflow.search_flows")}
          defaultValue={q}
          onChange={(event) =>
            void navigate({
              to: "/start",
              search: { ...(event.target.value ? { q: event.target.value } : {}), ...(hat ? { hat } : {}) },
              replace: true,
            })
          }
        />
        </>
      }
    >
      {flows.error ? (
        <ErrorState error={flows.error} retry={flows.refetch} />
      ) : flows.isPending ? (
        <Skeleton rows={5} />
      ) : groups.length === 0 ? (
        <EmptyState
          icon="flow"
          title={wanted ? t("ui.nothing_found", { q }) : t("workflow.no_flows")}
          hint={wanted ? t("ui.nothing_found_hint") : t("workflow.no_flows_hint")}
        />
      ) : (
        groups.map(([category, cards]) => (
          <section key={category} className={styles.group} aria-label={category}>
            <h2 className={styles.category}>{category}</h2>
            <ul className={styles.cards}>
              {cards.map((flow) => (
                <li key={flow.id}>
                  <Link to="/start/$flow" params={{ flow: flow.id }} search={hat ? { hat } : {}} className={styles.card}>
                    <span className={styles.glyph} aria-hidden="true">
                      {text(flow.name).slice(0, 1)}
                    </span>
                    <span className={styles.words}>
                      <span className={styles.name}>{text(flow.name)}</span>
                      <span className={styles.description}>{t("workflow.version", { n: flow.number })}</span>
                    </span>
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        ))
      )}
    </Page>
  );
}

function matches(flow: FlowCard, wanted: string): boolean {
  if (!wanted) return true;
  return [flow.name.zh, flow.name.en, flow.code].some((words) =>
    words?.toLowerCase().includes(wanted),
  );
}
