import { useMemo, useState } from "react";

import { can } from "@/lib/can";
import { formatMoment } from "@/lib/time";
import { t, text } from "@/lib/words";
import { ActionButton, Button, Chip, EmptyState, ErrorState, Icon, Page, Skeleton, type Tone, useConfirm } from "@/ui";

import { type FlowVersionRow, useFlowVersions, usePublish, useRetire } from "../api";
import { ImportDialog } from "../parts/import-dialog";
import styles from "./admin-flows.module.css";

const TONES: Record<FlowVersionRow["status"], Tone> = { draft: "warn", published: "good", retired: "plain" };

/** 流程管理: flows with their numbered versions; packages come in, are published, are retired. */
export function AdminFlowsPage() {
  const versions = useFlowVersions();
  const [importing, setImporting] = useState(false);
  const flows = useMemo(() => {
    const byFlow = new Map<string, FlowVersionRow[]>();
    for (const version of versions.data?.items ?? []) byFlow.set(version.flow, [...(byFlow.get(version.flow) ?? []), version]);
    return [...byFlow.values()].map((rows) => [...rows].sort((a, b) => b.version - a.version));
  }, [versions.data]);
  const importButton = (
    <Button type="primary" icon={<Icon name="upload" size={15} />} onClick={() => setImporting(true)}>
      {t("workflow.import")}
    </Button>
  );
  return (
    <Page wide title={t("workflow.admin_flows")} tools={importButton}>
      {versions.error ? (
        <ErrorState error={versions.error} retry={versions.refetch} />
      ) : !versions.data ? (
        <Skeleton />
      ) : flows.length === 0 ? (
        <EmptyState icon="flow" title={t("workflow.no_versions")} hint={t("workflow.no_versions_hint")} action={importButton} />
      ) : (
        flows.map((rows) => <FlowBlock key={rows[0]!.flow} rows={rows} />)
      )}
      {importing && <ImportDialog onClose={() => setImporting(false)} />}
    </Page>
  );
}

function FlowBlock({ rows }: { rows: FlowVersionRow[] }) {
  const newest = rows[0]!;
  return (
    <section className={styles.flow} aria-label={text(newest.name)}>
      <h2 className={styles.name}>
        {text(newest.name)} <code>{newest.flow}</code>
      </h2>
      <ul className={styles.versions}>
        {rows.map((row) => (
          <VersionLine key={row.id} row={row} />
        ))}
      </ul>
    </section>
  );
}

function VersionLine({ row }: { row: FlowVersionRow }) {
  const confirm = useConfirm();
  const publish = usePublish(t("workflow.did_publish", { name: row.name, version: row.version }));
  const retire = useRetire(t("workflow.did_retire", { name: row.name, version: row.version }));
  const asked = (action: typeof publish, question: Parameters<typeof confirm>[0]) => ({
    ...action,
    run: async (id: string) => ((await confirm(question)) ? action.run(id) : undefined),
  });
  return (
    <li className={styles.version}>
      <strong>{t("workflow.version", { n: row.version })}</strong>
      <Chip tone={TONES[row.status]}>{t(`workflow.version_${row.status}`)}</Chip>
      <span className={styles.meta}>
        {t("workflow.imported", { name: row.imported_by.name, time: formatMoment(row.imported_at) })}
        {row.cases > 0 && ` · ${t("workflow.cases_running", { n: row.cases })}`}
      </span>
      <span className={styles.tools}>
        {can(row, "publish") && (
          <ActionButton
            type="primary"
            size="small"
            action={asked(publish, {
              title: t("workflow.publish_sure", { name: row.name, version: row.version }),
              body: t("workflow.publish_hint"),
              yes: t("workflow.publish"),
            })}
            input={row.id}
            label={t("workflow.publish")}
          />
        )}
        {can(row, "retire") && (
          <ActionButton
            size="small"
            action={asked(retire, {
              title: t("workflow.retire_sure", { name: row.name, version: row.version }),
              body: t("workflow.retire_hint", { n: row.cases }),
              yes: t("workflow.retire"),
              danger: true,
            })}
            input={row.id}
            label={t("workflow.retire")}
          />
        )}
      </span>
    </li>
  );
}
