import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useState } from "react";

import { ROOT } from "@/api/client";
import { formatSize } from "@/modules/files/parts/file-chip";
import { describe } from "@/lib/problem";
import { formatInstant, formatMoment } from "@/lib/time";
import { say, t, text } from "@/lib/words";
import { Alert, Button, Chip, Facts, Form, FormDialog, Input, listOf, ListPage, Panel, RowWords } from "@/ui";

import { type CancelledCase, useBackupReport, useCancelledCases, useRestore } from "../api";
import { factsOf } from "../parts/cancelled-record";
import styles from "./cancelled.module.css";

/** 已撤销审批: finished cases that were taken out of view, with their sealed backups (FLOW-25). */
export function CancelledPage() {
  const { q, open } = useSearch({ strict: false });
  const navigate = useNavigate();
  const change = useCallback(
    (next: Partial<Record<"q" | "open", string | undefined>>) =>
      void navigate({
        to: "/admin/cancelled",
        search: Object.fromEntries(Object.entries({ q, open, ...next }).filter(([, value]) => value)),
        replace: !("open" in next),
      }),
    [navigate, q, open],
  );
  const list = listOf(useCancelledCases(q));
  const shown = list.items?.find((row) => row.id === open);
  const close = () => change({ open: undefined });
  return (
    <>
      <ListPage<CancelledCase>
        title={t("workflow.cancelled")}
        label={t("workflow.cancelled")}
        search={{ value: q ?? "", onChange: (typed) => change({ q: typed }), placeholder: t("workflow.cancelled_search") }}
        list={list}
        rowKey={(row) => row.id}
        row={(row) => <CancelledLine row={row} />}
        onOpen={(row) => change({ open: row.id })}
        openKey={open}
        empty={{ title: t("workflow.cancelled_none"), hint: t("workflow.cancelled_none_hint") }}
      />
      {shown && (
        <Panel title={text(shown.title)} width={560} onClose={close}>
          <Kept key={shown.id} row={shown} onDone={close} />
        </Panel>
      )}
    </>
  );
}

function CancelledLine({ row }: { row: CancelledCase }) {
  return (
    <RowWords
      name={
        <>
          {text(row.title)} {row.restored && <Chip tone="good">{t("workflow.cancelled_restored")}</Chip>}
        </>
      }
    >
      <span>{row.number}</span>
      <span>{t("workflow.cancelled_line", { person: row.asked_by.name, time: formatMoment(row.cancelled_at) })}</span>
    </RowWords>
  );
}

function Kept({ row, onDone }: { row: CancelledCase; onDone: () => void }) {
  const [restoring, setRestoring] = useState(false);
  const report = useBackupReport(row.id);
  const facts = factsOf(row);
  if (row.backup) {
    facts.push(
      [t("workflow.cancelled_backed_up"), formatInstant(row.backup.made_at)],
      [t("workflow.cancelled_place"), <code key="place" className={styles.long}>{row.backup.place}</code>],
      [t("workflow.cancelled_digest"), <code key="digest" className={styles.long}>{row.backup.digest}</code>],
      [t("workflow.cancelled_size"), formatSize(row.backup.size)],
    );
  }
  if (row.restored) {
    const { by, at, because } = row.restored;
    const who = t("workflow.cancelled_who_when", { person: by?.name ?? "", time: formatInstant(at) });
    facts.push([t("workflow.cancelled_restored"), who], [t("workflow.cancelled_because"), because]);
  }
  return (
    <>
      <Facts items={facts} />
      <div role="status">
        {report.data && !report.isFetching && <Found fault={report.data.fault} files={report.data.files} entries={report.data.entries} />}
        {report.error && <Alert type="error" className={styles.found ?? ""} title={describe(report.error)} />}
      </div>
      <div className={styles.actions}>
        <Button loading={report.isFetching} onClick={() => void report.refetch()}>
          {t("workflow.cancelled_verify")}
        </Button>
        <Button href={`${ROOT}/cancelled_cases/${row.id}/backup`} download>
          {t("workflow.cancelled_download")}
        </Button>
        {!row.restored && (
          <Button type="primary" onClick={() => setRestoring(true)}>
            {t("workflow.cancelled_restore")}
          </Button>
        )}
      </div>
      {restoring && <Restore row={row} onDone={onDone} onClose={() => setRestoring(false)} />}
    </>
  );
}

/** What came of holding the backup against its seal. */
function Found({ fault, files, entries }: { fault: { code: string; args?: Record<string, unknown> } | undefined | null; files: number; entries: number }) {
  return fault ? (
    <Alert type="error" className={styles.found ?? ""} title={say(fault.code, fault.args)} />
  ) : (
    <Alert type="success" className={styles.found ?? ""} title={t("workflow.cancelled_sound", { files, entries })} />
  );
}

function Restore({ row, onDone, onClose }: { row: CancelledCase; onDone: () => void; onClose: () => void }) {
  const action = useRestore(row.id, t("workflow.did_restore"), onDone);
  return (
    <FormDialog<{ reason: string }>
      title={t("workflow.cancelled_restore_of", { number: row.number })}
      hint={t("workflow.cancelled_restore_hint")}
      submit={t("workflow.cancelled_restore")}
      pending={action.pending}
      problem={action.problem}
      onSubmit={({ reason }) => void action.run({ reason: reason.trim() })}
      onClose={onClose}
    >
      <Form.Item name="reason" label={t("workflow.cancelled_restore_reason")} rules={[{ required: true, whitespace: true, message: t("ui.required") }]}>
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} maxLength={500} />
      </Form.Item>
    </FormDialog>
  );
}
