import { useState } from "react";

import { PersonName } from "@/modules/directory/parts/person-name";
import { can } from "@/lib/can";
import { formatMoment } from "@/lib/time";
import { t, text } from "@/lib/words";
import { ActionButton, Button, Chip, EmptyState, ErrorState, Icon, Page, Skeleton, type Tone, useAsked } from "@/ui";

import { type FlowVersion, type FlowView, type Indexing, useIndexAgain, useManagedFlows, useMarkCore, usePublish, useResume, useRetire } from "../api";
import { ImportDialog } from "../parts/import-dialog";
import styles from "./admin-flows.module.css";

const TONES: Record<FlowView["state"], Tone> = { draft: "warn", published: "good", retired: "plain" };

/** 流程管理: flows with their numbered versions; packages come in, are published, are retired. */
export function AdminFlowsPage() {
  const flows = useManagedFlows();
  const [importing, setImporting] = useState(false);
  const importButton = (
    <Button type="primary" icon={<Icon name="upload" size={15} />} onClick={() => setImporting(true)}>
      {t("workflow.import")}
    </Button>
  );
  return (
    <Page wide title={t("workflow.admin_flows")} tools={importButton}>
      {flows.error ? (
        <ErrorState error={flows.error} retry={flows.refetch} />
      ) : !flows.data ? (
        <Skeleton />
      ) : flows.data.items.length === 0 ? (
        <EmptyState icon="flow" title={t("workflow.no_versions")} hint={t("workflow.no_versions_hint")} action={importButton} />
      ) : (
        flows.data.items.map((flow) => <FlowBlock key={flow.id} flow={flow} />)
      )}
      {importing && <ImportDialog onClose={() => setImporting(false)} />}
    </Page>
  );
}

function FlowBlock({ flow }: { flow: FlowView }) {
  const name = flow.name;
  const retire = useAsked(useRetire(t("workflow.did_retire", { name })), {
    title: t("workflow.retire_sure", { name }),
    body: t("workflow.retire_hint", { n: flow.running }),
    yes: t("workflow.retire"),
    danger: true,
  });
  const resume = useResume(t("workflow.did_resume", { name }));
  const mark = useMarkCore(flow.id, t(flow.core ? "workflow.did_unmark_core" : "workflow.did_mark_core", { name }));
  const versions = [...flow.versions].sort((a, b) => b.number - a.number);
  return (
    <section className={styles.flow} aria-label={text(name)}>
      <header className={styles.head}>
        <h2 className={styles.name}>
          {text(name)} <code>{flow.code}</code>
        </h2>
        {flow.core && <Chip tone="accent">{t("workflow.core")}</Chip>}
        <Chip tone={TONES[flow.state]}>{t(`workflow.version_${flow.state}`)}</Chip>
        <span className={styles.meta}>
          {text(flow.unit_name)}
          {flow.running > 0 && ` · ${t("workflow.cases_running", { n: flow.running })}`}
        </span>
        {can(flow, "manage") && (
          <ActionButton
            size="small"
            action={mark}
            input={!flow.core}
            label={t(flow.core ? "workflow.unmark_core" : "workflow.mark_core")}
          />
        )}
        {can(flow, "manage") && flow.state === "published" && (
          <ActionButton size="small" action={retire} input={flow.id} label={t("workflow.retire")} />
        )}
        {can(flow, "manage") && flow.state === "retired" && flow.current && <ActionButton size="small" action={resume} input={flow.id} label={t("workflow.resume")} />}
      </header>
      {flow.indexing && <IndexingLine flow={flow} indexing={flow.indexing} />}
      <ul>
        {versions.map((version) => (
          <VersionLine key={version.id} flow={flow} version={version} />
        ))}
      </ul>
    </section>
  );
}

/** How far what older cases hold is indexed: until then they are not found by it. */
function IndexingLine({ flow, indexing: { done, total, stopped } }: { flow: FlowView; indexing: Indexing }) {
  const again = useIndexAgain(t("workflow.did_index_again", { name: flow.name }));
  if (!stopped) {
    return (
      <p className={styles.indexing} role="status">
        {total > 0 ? t("workflow.indexing", { done, total }) : t("workflow.indexing_soon")}
        {total > 0 && <progress className={styles.progress} value={done} max={total} aria-label={t("workflow.indexing", { done, total })} />}
      </p>
    );
  }
  return (
    <p className={styles.indexing} role="status">
      <span>
        <Icon name="warn" size={14} /> {t("workflow.indexing_stopped", { done, total })}
      </span>
      {can(flow, "manage") && <ActionButton size="small" action={again} input={flow.id} label={t("workflow.index_again")} />}
    </p>
  );
}

function VersionLine({ flow, version }: { flow: FlowView; version: FlowVersion }) {
  const names = { name: flow.name, version: version.number };
  const publish = useAsked(usePublish(t("workflow.did_publish", names)), {
    title: t("workflow.publish_sure", names),
    body: t("workflow.publish_hint"),
    yes: t("workflow.publish"),
  });
  const current = flow.current === version.id;
  return (
    <li className={styles.version}>
      <strong>{t("workflow.version", { n: version.number })}</strong>
      {current && <Chip tone="good">{t("workflow.current")}</Chip>}
      <span className={styles.meta}>
        {version.created_by && <PersonName id={version.created_by} />}{" "}
        {t("workflow.imported_at", { time: formatMoment(version.created_at) })}
        {version.published_at && ` · ${t("workflow.published_at", { time: formatMoment(version.published_at) })}`}
      </span>
      {can(flow, "manage") && !current && (
        <ActionButton
          type={version.state === "draft" ? "primary" : "default"}
          size="small"
          action={publish}
          input={version.id}
          label={t("workflow.publish")}
        />
      )}
    </li>
  );
}
