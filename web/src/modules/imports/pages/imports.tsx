import { useNavigate, useSearch } from "@tanstack/react-router";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { describe, describeField } from "@/lib/problem";
import { say, t } from "@/lib/words";
import { formatSize } from "@/modules/files/parts/file-chip";
import { ActionButton, Alert, Button, Checkbox, ErrorState, FileDrop, Page, Section, Skeleton } from "@/ui";

import { exportAddress, type ImportView, templateAddress, useApply, useCancel, useImport, useJob, useUpload } from "../api";
import { MatchingPart } from "../parts/matching";
import { PreviewPart } from "../parts/preview";
import styles from "../parts/imports.module.css";

/** 导入与导出: a spreadsheet is looked at, matched, carried out as a whole; and the organisation as one. */
export function ImportsPage() {
  const { import: id } = useSearch({ strict: false });
  return (
    <Page title={t("imports.title")} wide>
      {id ? <Made key={id} id={id} /> : <Start />}
    </Page>
  );
}

function useOpen() {
  const navigate = useNavigate();
  return (id: string | undefined) => void navigate({ to: "/admin/import", search: id ? { import: id } : {} });
}

function Start() {
  const open = useOpen();
  const upload = useUpload((made) => open(made.id));
  const locale = document.documentElement.lang.startsWith("en") ? "en" : "zh-CN";
  const [file, setFile] = useState<File>();
  return (
    <>
      <Section title={t("imports.upload")} hint={t("imports.files")}>
        <div className={styles.block}>
          <FileDrop
            label={t("imports.choose")}
            accept=".xlsx,.csv"
            file={file}
            onChange={setFile}
            sizeOf={formatSize}
            disabled={upload.pending}
          />
          {file && (
            <ActionButton
              type="primary"
              action={upload}
              input={{ name: file.name, size: file.size, modified: file.lastModified, file }}
              label={t("imports.look")}
            />
          )}
          {upload.pending && <Skeleton />}
          {upload.problem && (
            <Alert
              type="error"
              showIcon
              title={describe(upload.problem)}
              description={
                upload.problem.fields.length > 0 && (
                  <ul className={styles.faults}>
                    {upload.problem.fields.map((fault, index) => (
                      <li key={index}>
                        <strong>{fault.field}</strong> {describeField(fault)}
                      </li>
                    ))}
                  </ul>
                )
              }
            />
          )}
          <div className={styles.buttons}>
            <Button href={templateAddress(locale)}>{t("imports.template")}</Button>
            <Button href={exportAddress(locale)}>{t("imports.export")}</Button>
            <Button href={exportAddress(locale, "people")}>{t("imports.export_people")}</Button>
          </div>
        </div>
      </Section>
    </>
  );
}

function Made({ id }: { id: string }) {
  const made = useImport(id);
  const open = useOpen();
  if (made.error) return <ErrorState error={made.error} retry={() => void made.refetch()} />;
  if (!made.data) return <Skeleton />;
  if (made.data.state !== "previewed") return <Carrying made={made.data} onAgain={() => open(undefined)} />;
  const shape = JSON.stringify(made.data.tables);
  return (
    <>
      <Order made={made.data} onAgain={() => open(undefined)} />
      <PreviewPart key={`preview ${shape}`} made={made.data} />
      <MatchingPart key={`matching ${shape}`} made={made.data} />
    </>
  );
}

/** The order to carry it out, or why that cannot be yet. */
function Order({ made, onAgain }: { made: ImportView; onAgain: () => void }) {
  const [endGone, setEndGone] = useState(false);
  const apply = useApply(made.id);
  const { counts } = made;
  const idle = counts.new + counts.changed === 0 && (counts.gone === 0 || !endGone);
  return (
    <Section title={made.name} hint={t("imports.apply_hint")}>
      <div className={styles.block}>
        {counts.wrong > 0 && <Alert type="warning" showIcon title={t("imports.must_be_right", { n: counts.wrong })} />}
        {counts.wrong === 0 && idle && <Alert type="info" showIcon title={t("imports.nothing")} />}
        {counts.gone > 0 && counts.wrong === 0 && (
          <Checkbox checked={endGone} onChange={(event) => setEndGone(event.target.checked)}>
            {t("imports.end_gone", { n: counts.gone })}
          </Checkbox>
        )}
        <div className={styles.buttons}>
          <ActionButton
            type="primary"
            action={apply}
            input={{ end_gone: endGone }}
            label={t("imports.apply")}
            disabled={counts.wrong > 0 || idle}
          />
          <Button onClick={onAgain}>{t("imports.again")}</Button>
        </div>
      </div>
    </Section>
  );
}

/** How far it is, and how it ended. */
function Carrying({ made, onAgain }: { made: ImportView; onAgain: () => void }) {
  const running = made.state === "applying";
  const job = useJob(made.id, running).data;
  const cancel = useCancel(made.id, t("imports.cancelling"));
  const queries = useQueryClient();
  const ended = job !== undefined && job.state !== "queued" && job.state !== "running";
  useEffect(() => {
    // What came in concerns every page that shows people.
    if (running && ended) void queries.invalidateQueries();
  }, [running, ended, queries]);
  const title = { applying: "imports.applying", done: "imports.done", cancelled: "imports.stopped", failed: "imports.not_done" } as const;
  return (
    <Section title={t(title[made.state as keyof typeof title])} hint={made.name}>
      <div className={styles.block} aria-live="polite">
        {running && (
          <>
            <progress aria-label={t("imports.applying")} max={Math.max(job?.total ?? 0, 1)} value={job?.total ? job.done : 0} />
            <span>{job?.total ? t("imports.progress", { done: job.done, total: job.total }) : t("imports.waiting")}</span>
            <ActionButton action={cancel} input={undefined} label={t("imports.cancel")} />
          </>
        )}
        {made.state === "done" && job?.result && (
          <Alert type="success" showIcon title={t("imports.done_facts", { ...job.result })} />
        )}
        {made.state === "failed" && job?.error && <Alert type="error" showIcon title={say(job.error, {})} />}
        {!running && <Button onClick={onAgain}>{t("imports.again")}</Button>}
      </div>
    </Section>
  );
}
