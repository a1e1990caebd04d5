import { type DragEvent, useId, useRef, useState } from "react";

import { describe } from "@/lib/problem";
import { t, text } from "@/lib/words";
import { Alert, Button, Chip, Input, Modal, useToast } from "@/ui";

import { type PackageProblem, useImport } from "../api";
import styles from "./import-dialog.module.css";

/** A flow package as text: dropped, chosen or pasted; what is wrong with it stands under it, by line. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const [source, setSource] = useState("");
  const [problems, setProblems] = useState<PackageProblem[]>([]);
  const toast = useToast();
  const chooser = useRef<HTMLInputElement>(null);
  const area = useId();
  const action = useImport((answer) => {
    setProblems(answer.problems);
    if (answer.version) {
      toast.done(t("workflow.imported_as", { version: answer.version.number }));
      onClose();
    }
  });
  const take = async (files: FileList | null) => {
    const file = files?.[0];
    if (!file) return;
    setSource(await file.text());
    setProblems([]);
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    void take(event.dataTransfer.files);
  };
  const goTo = (problem: PackageProblem) => {
    const element = document.getElementById(area);
    if (!(element instanceof HTMLTextAreaElement)) return;
    const lines = source.split("\n");
    const start = lines.slice(0, problem.line - 1).reduce((sum, line) => sum + line.length + 1, 0);
    element.focus();
    element.setSelectionRange(start + problem.column - 1, start + (lines[problem.line - 1]?.length ?? 0));
    element.scrollTop = (problem.line - 4) * 20;
  };
  return (
    <Modal
      open
      centered
      width={760}
      title={t("workflow.import_title")}
      okText={t("workflow.import")}
      cancelText={t("ui.cancel")}
      okButtonProps={{ disabled: source.trim() === "" }}
      confirmLoading={action.pending}
      onOk={() => void action.run(source)}
      onCancel={onClose}
    >
      {/* eslint-disable-next-line jsx-a11y/no-static-element-interactions -- dropping is an addition; the button does the same */}
      <div onDragOver={(event) => event.preventDefault()} onDrop={onDrop}>
        <div className={styles.head}>
          <label htmlFor={area}>{t("workflow.import_hint")}</label>
          <Button size="small" onClick={() => chooser.current?.click()}>
            {t("workflow.choose_file")}
          </Button>
          <input ref={chooser} type="file" accept=".yaml,.yml,text/yaml" hidden aria-label={t("workflow.choose_file")} onChange={(event) => void take(event.target.files)} />
        </div>
        <Input.TextArea
          id={area}
          className={styles.source ?? ""}
          wrap="off"
          spellCheck={false}
          rows={16}
          value={source}
          onChange={(event) => setSource(event.target.value)}
        />
        {action.problem && <Alert type="error" showIcon role="alert" title={describe(action.problem)} />}
        {problems.length > 0 && (
          <div role="alert">
            <p className={styles.count}>{t("workflow.package_problems", { n: problems.length })}</p>
            <ol className={styles.problems}>
              {problems.map((problem) => (
                <li key={`${problem.line}:${problem.column}:${problem.code}`}>
                  <button type="button" onClick={() => goTo(problem)}>
                    {t("workflow.line", { line: problem.line, column: problem.column })}
                  </button>
                  <div>
                    <p>
                      {problem.severity === "warning" && <Chip tone="warn">{t("workflow.warning")}</Chip>} {text(problem.message)}
                    </p>
                    {problem.remedy && <p className={styles.remedy}>{text(problem.remedy)}</p>}
                  </div>
                </li>
              ))}
            </ol>
          </div>
        )}
      </div>
    </Modal>
  );
}
