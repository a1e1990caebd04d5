import { useState } from "react";

import { Attachments } from "@/modules/files/parts/attachments";
import { FileList } from "@/modules/files/parts/file-chip";
import { formatInstant, formatMoment } from "@/lib/time";
import { t } from "@/lib/words";
import { Avatar, Button } from "@/ui";

import { type CaseView, useComment } from "../api";
import styles from "./comments.module.css";
import { MentionField } from "./mention-field";
import { Amended, Named } from "./said";
import type { Story } from "./story";

/** What people said about the matter without deciding it. */
export function Comments({ view, story }: { view: CaseView; story: Story }) {
  const comments = view.opinions.filter((opinion) => opinion.verdict === "commented");
  const [words, setWords] = useState("");
  const [files, setFiles] = useState<string[]>([]);
  const [named, setNamed] = useState<string[]>([]);
  const comment = useComment(view.id, () => {
    setWords("");
    setFiles([]);
    setNamed([]);
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
          <li key={each.no} id={`opinion-${each.no}`} className={styles.comment}>
            <Avatar name={story.person(each.person)} />
            <div>
              <p className={styles.by}>
                <strong>{story.person(each.person)}</strong>{" "}
                <time dateTime={each.at} title={formatInstant(each.at)}>
                  {formatMoment(each.at)}
                </time>
              </p>
              <Amended view={view} opinion={each}>
                <p className={styles.words}>{each.text}</p>
              </Amended>
              <Named opinion={each} story={story} />
              <FileList ids={each.attachments} />
            </div>
          </li>
        ))}
      </ul>
      {may && (
        <div className={styles.write}>
          <MentionField
            label={t("workflow.comment")}
            placeholder={t("workflow.comment_placeholder")}
            text={words}
            mentions={named}
            onText={setWords}
            onMentions={setNamed}
          />
          <div className={styles.tools}>
            <Attachments value={files} onChange={(change) => setFiles((ids) => change(ids))} />
            <Button
              disabled={words.trim() === "" && files.length === 0}
              loading={comment.pending}
              onClick={() => void comment.run({ text: words.trim(), attachments: files, mentions: named })}
            >
              {t("workflow.send_comment")}
            </Button>
          </div>
        </div>
      )}
    </section>
  );
}
