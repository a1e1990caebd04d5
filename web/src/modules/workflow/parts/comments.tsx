import { useState } from "react";

import { Attachments } from "@/modules/files/parts/attachments";
import { FileList } from "@/modules/files/parts/file-chip";
import { formatInstant, formatMoment } from "@/lib/time";
import { t } from "@/lib/words";
import { Avatar, Button, Input } from "@/ui";

import { type CaseView, useComment } from "../api";
import styles from "./comments.module.css";
import type { Story } from "./story";

/** What people said about the matter without deciding it. */
export function Comments({ view, story }: { view: CaseView; story: Story }) {
  const comments = view.opinions.filter((opinion) => opinion.verdict === "commented");
  const [words, setWords] = useState("");
  const [files, setFiles] = useState<string[]>([]);
  const comment = useComment(view.id, () => {
    setWords("");
    setFiles([]);
  });
  const may = view.can.includes("comment");
  if (!may && comments.length === 0) return null;
  return (
    <section className={styles.comments} aria-label={t("workflow.comments")}>
      <h2 className={styles.title}>
        {t("workflow.comments")} {comments.length > 0 && <span>{comments.length}</span>}
      </h2>
      <ul>
        {comments.map((each) => (
          <li key={`${each.person}-${each.at}`} className={styles.comment}>
            <Avatar name={story.person(each.person)} />
            <div>
              <p className={styles.by}>
                <strong>{story.person(each.person)}</strong>{" "}
                <time dateTime={each.at} title={formatInstant(each.at)}>
                  {formatMoment(each.at)}
                </time>
              </p>
              <p className={styles.words}>{each.text}</p>
              <FileList ids={each.attachments} />
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
