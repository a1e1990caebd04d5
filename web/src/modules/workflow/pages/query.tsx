import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";

import { ROOT } from "@/api/client";
import { placeOf, placesOf } from "@/modules/access/parts/give-form";
import { useUnits } from "@/modules/directory/api";
import { formatDecimal } from "@/lib/money";
import { say, t, text } from "@/lib/words";
import { Alert, Button, Filter, Icon, listOf, ListPage } from "@/ui";

import { type CaseView, type Indexing, queryOf, type QueryField, type QueryFilter, type QueryRow, useQueryCases, useQueryFields, useQueryFlows } from "../api";
import { Between, QueryFields } from "../parts/query-fields";
import { CaseLine } from "../parts/rows";
import styles from "./query.module.css";

const STATUSES: CaseView["status"][] = ["running", "completed", "rejected", "withdrawn"];

/** 查询: the cases of the forms that I may query, whether I take part in them or not (PERM-08). */
export function QueryPage() {
  const { q, flow, status, place, from, to, where, sort } = useSearch({ strict: false });
  const navigate = useNavigate();
  const filter: QueryFilter = { q, flow, status, place: place ? placeOf(place) : undefined, from, to, where, sort };
  const change = useCallback(
    (next: Partial<Record<"q" | "flow" | "status" | "place" | "from" | "to" | "where" | "sort", string | undefined>>) =>
      void navigate({
        to: "/query",
        search: Object.fromEntries(Object.entries({ q, flow, status, place, from, to, where, sort, ...next }).filter(([, value]) => value)),
        replace: true,
      }),
    [navigate, q, flow, status, place, from, to, where, sort],
  );
  const flows = useQueryFlows();
  const { fields = [], indexing } = useQueryFields(flow).data ?? {};
  const places = placesOf(useUnits().data?.items ?? []);
  const list = listOf(useQueryCases(filter, indexing != null));
  // Where nothing may be queried there is nothing to look through.
  const none = flows.data?.length === 0;
  const search = useCallback((typed: string) => change({ q: typed }), [change]);
  const file = `${ROOT}/query_cases.csv?${new URLSearchParams(queryOf(filter)).toString()}`;
  return (
    <ListPage<QueryRow>
      title={t("workflow.query_cases")}
      label={t("workflow.query_cases")}
      tools={
        none ? undefined : <Button icon={<Icon name="file" size={15} />} href={file} download disabled={!list.items?.length}>
          {t("workflow.export_csv")}
        </Button>
      }
      search={none ? undefined : { value: q ?? "", onChange: search, placeholder: t("workflow.search_cases") }}
      filters={
        none ? undefined : <>
          <Filter
            label={t("workflow.filter_flow")}
            value={flow}
            options={(flows.data ?? []).map((each) => ({ value: each.id, label: text(each.name) }))}
            // What is asked of one form says nothing of another.
            onChange={(next) => change({ flow: next, where: undefined, sort: undefined })}
          />
          <Filter
            label={t("workflow.filter_status")}
            value={status}
            options={STATUSES.map((each) => ({ value: each, label: say(`workflow.status.${each}`) }))}
            onChange={(next) => change({ status: next })}
          />
          <Filter label={t("workflow.filter_place")} value={place} options={places} onChange={(next) => change({ place: next })} />
          <Between label={t("workflow.submitted")} type="day" from={from} to={to} onChange={change} />
          {flow && fields.length > 0 && <QueryFields key={flow} flow={flow} fields={fields} where={where} sort={sort} onChange={change} />}
        </>
      }
      below={flow && indexing && <Alert type="warning" title={stillIndexing(indexing)} />}
      list={list}
      rowKey={(row) => row.id}
      row={(row) => (
        <span className={styles.row}>
          {/* What the first indexed fields hold stands among them all. */}
          <CaseLine row={row.cells?.length ? { ...row, facts: [] } : row} mine={false} />
          {row.place_name && <span className={styles.place}>{text(row.place_name)}</span>}
          <Cells row={row} fields={fields} />
        </span>
      )}
      onOpen={(row) => void navigate({ to: "/cases/$id", params: { id: row.id } })}
      empty={
        none
          ? { title: t("workflow.no_query_rights"), hint: t("workflow.no_query_rights_hint") }
          : { title: t("workflow.nothing_queried"), hint: t("workflow.nothing_queried_hint") }
      }
    />
  );
}

/** Older cases may be missing, and how long still. */
function stillIndexing({ done, total, stopped }: Indexing) {
  if (stopped) return t("workflow.query_indexing_stopped", { done, total });
  return total > 0 ? t("workflow.query_indexing", { done, total }) : t("workflow.query_indexing_soon");
}

/** What stands in the indexed fields, each in its place under the others'. */
function Cells({ row, fields }: { row: QueryRow; fields: readonly QueryField[] }) {
  if (!row.cells?.length) return null;
  return (
    <span className={styles.cells}>
      {fields.map((field) => {
        const cell = row.cells?.find((one) => one.field === field.id);
        return (
          <span key={field.id} className={styles.cell}>
            <small>{text(field.label)}</small> {cell ? asShown(field, text(cell.text)) : "—"}
          </span>
        );
      })}
    </span>
  );
}

/** Numbers with their thousands apart, as the form shows them; a column of a table has several. */
function asShown({ type }: QueryField, words: string): string {
  const isNumeric = type === "money" || type === "number";
  return isNumeric ? words.replace(/-?\d+(?:\.\d+)?/g, (number) => formatDecimal(number)) : words;
}
