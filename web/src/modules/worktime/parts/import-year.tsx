import { useState } from "react";

import { describe, describeField } from "@/lib/problem";
import { t } from "@/lib/words";
import { Alert, Button, FileDrop, Form, Hint, Input, Modal } from "@/ui";

import { useImportYear } from "../api";
import { readText } from "../lib/text-file";
import styles from "./worktime.module.css";

interface Entered {
  region: string;
  year: string;
  source: string;
  csv: string;
}

/** Takes over a year of public holidays: the sentences of the notice, one a line. */
export function ImportYear({ year, onClose }: { year: number | undefined; onClose: () => void }) {
  const take = useImportYear();
  const [form] = Form.useForm<Entered>();
  const [file, setFile] = useState<File>();
  const [taken, setTaken] = useState<{ off: number; work: number; doubts: string[] }>();
  const choose = async (chosen: File | undefined) => {
    setFile(chosen);
    if (chosen) form.setFieldsValue({ csv: await readText(chosen) });
  };
  const submit = async (entered: Entered) => {
    setTaken(undefined);
    const outcome = await take.run({
      region: entered.region.trim().toUpperCase(),
      year: Number(entered.year),
      source: entered.source.trim(),
      csv: entered.csv,
    });
    if (outcome?.ok) setTaken({ ...outcome.data, doubts: outcome.data.doubts.map(describeField) });
  };
  return (
    <Modal open title={t("worktime.import_year")} onCancel={onClose} footer={null}>
      <Hint>{t("worktime.import_hint")}</Hint>
      <Form<Entered>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ region: "CN", year: year ? String(year) : "", source: "", csv: "" }}
        onFinish={(entered) => void submit(entered)}
      >
        <Form.Item name="region" label={t("worktime.region")} rules={[{ required: true, whitespace: true, message: t("ui.required") }]}>
          <Input maxLength={8} />
        </Form.Item>
        <Form.Item name="year" label={t("worktime.year")} rules={[{ pattern: /^\d{4}$/, required: true, message: t("worktime.year_four") }]}>
          <Input inputMode="numeric" maxLength={4} />
        </Form.Item>
        <Form.Item name="source" label={t("worktime.source")} extra={t("worktime.source_hint")} rules={[{ required: true, whitespace: true, message: t("ui.required") }]}>
          <Input />
        </Form.Item>
        <div className={styles.file}>
          <FileDrop
            label={t("worktime.csv_file")}
            accept=".csv,.txt"
            file={file}
            onChange={(chosen) => void choose(chosen)}
            sizeOf={(bytes) => `${Math.ceil(bytes / 1024)} KB`}
            disabled={take.pending}
          />
        </div>
        <Form.Item name="csv" label={t("worktime.csv")} extra={t("worktime.csv_hint")} rules={[{ required: true, whitespace: true, message: t("ui.required") }]}>
          <Input.TextArea autoSize={{ minRows: 4, maxRows: 14 }} spellCheck={false} />
        </Form.Item>
        {take.problem && (
          <Alert
            className={styles.warning ?? ""}
            type="error"
            showIcon
            title={describe(take.problem)}
            description={<Lines lines={take.problem.fields.map((fault) => `${fault.field} ${describeField(fault)}`)} />}
          />
        )}
        {taken && (
          <Alert
            className={styles.warning ?? ""}
            type={taken.doubts.length > 0 ? "warning" : "success"}
            showIcon
            title={t("worktime.year_taken", { off: taken.off, work: taken.work })}
            description={taken.doubts.length > 0 && <Lines lines={[t("worktime.doubts"), ...taken.doubts]} />}
          />
        )}
        {taken ? (
          <Button type="primary" onClick={onClose}>
            {t("ui.close")}
          </Button>
        ) : (
          <Button type="primary" htmlType="submit" loading={take.pending}>
            {t("worktime.take_year")}
          </Button>
        )}
      </Form>
    </Modal>
  );
}

function Lines({ lines }: { lines: string[] }) {
  return (
    <ul className={styles.lines}>
      {lines.map((line, index) => (
        <li key={index}>{line}</li>
      ))}
    </ul>
  );
}
