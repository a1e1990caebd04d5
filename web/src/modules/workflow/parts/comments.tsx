import { useState } from "react";

import { Attachments } from "@/modules/files/parts/attachments";
import { FileList } from "@/modules/files/parts/file-chip";
import { formatInstant, formatMoment } from "@/lib/time";
import { t } from "@/lib/words";
import { Avatar, Button, Input } from "@/ui";

import { type CaseView, useComment } from "../api";
import styles from "./comments.module.css";

/** What people said about the matter without deciding it. */
export function Comments({ view }: { view: CaseView }) {
  const [words, setWords] = useState("");
  const [files, setFiles] = useState<string[]>([]);
  const comment = useComment(view.id, () => {
    setWords("");
    setFiles([]);
  });
  const may = view.can.includes("comment");
  if (!may && view.comments.length === 0) return null;
  return (
    <section className={styles.comments} aria-label={t("workflow.comments")}>
      <h2 className={styles.title}>
        {t("workflow.comments")} {view.comments.length > 0 && <span>{view.comments.length}</span>}
      </h2>
      <ul>
        {view.comments.map((each) => (
          <li key={each.id} className={styles.comment}>
            <Avatar name={each.person.name} />
            <div>
              <p className={styles.by}>
                <strong>{each.person.name}</strong>{" "}
                <time dateTime={each.at} title={formatInstant(each.at)}>
                  {formatMoment(each.at)}
                </time>
              </p>
              <p className={styles.words}>{each.text}</p>
              <FileList files={each.attachments} />
            </div>
          </li>
        ))}
      </ul>
      {may && (
        <div className={styles.write}>
          <Input.TextArea
            aria-label={t("workflow.comment")}
            placeholder={t("workflow.comment_placeholder")}
            autoSize={{ minRows: 1, maxRows: 8 }}
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
          <div className={styles.tools}>
            <Attachments value={files} onChange={(change) => setFiles((ids) => change(ids))} />
            <Button
              disabled={words.trim() === "" && files.length === 0}
              loading={comment.pending}
              onClick={() => void comment.run({ text: words.trim(), attachments: files })}
            >
              {t("workflow.send_comment")}
            </Button>
          </div>
        </div>
      )}
    </section>
  );
}
