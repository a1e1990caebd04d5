import { FileList } from "@/modules/files/parts/file-chip";
import { formatInstant } from "@/lib/time";
import { say, t, text } from "@/lib/words";
import { Chip } from "@/ui";

import type { CaseView, OpinionView } from "../api";
import styles from "./opinions.module.css";
import { Signed } from "./paper";
import { Amended, Named } from "./said";
import { saysNoMore, type Story, VERDICT_TONES } from "./story";

interface OpinionBoxProps {
  /** The case, where the reader may put right what he said. */
  view?: Pick<CaseView, "id"> | undefined;
  opinions: readonly OpinionView[];
  story: Story;
  /** Shown while nobody has said anything. */
  present?: string;
  /** Name the node of each: outside its own box. */
  named?: boolean;
}

/** An opinion box of the form: what was said there, by whom and when, as it stays on the paper (FORM-14). */
export function OpinionBox({ view, opinions, story, present = "", named = false }: OpinionBoxProps) {
  if (opinions.length === 0) return <span className={styles.open}>{present}</span>;
  return (
    <>
      {opinions.map((opinion) => (
        <div key={opinion.no} id={view && `opinion-${opinion.no}`} className={styles.opinion}>
          <p className={styles.words}>
            {named && opinion.node_name && <span className={styles.open}>{text(opinion.node_name)} </span>}
            <Chip tone={VERDICT_TONES[opinion.verdict]}>{say(`workflow.verdict.${opinion.verdict}`)}</Chip>{" "}
            {opinion.corrected_by ? <del>{opinion.text}</del> : !saysNoMore(opinion) && opinion.text}
          </p>
          <Amended opinion={opinion} view={view} />
          <Named opinion={opinion} story={story} />
          <FileList ids={opinion.attachments} />
          {opinion.paper && <Signed paper={opinion.paper} opinion={opinion} story={story} />}
          <p className={styles.signed}>
            <span className={styles.name}>
              {story.person(opinion.person)}
              {opinion.on_behalf_of && t("workflow.for", { name: story.person(opinion.on_behalf_of) })}
            </span>{" "}
            <time dateTime={opinion.at}>{formatInstant(opinion.at)}</time>
          </p>
        </div>
      ))}
    </>
  );
}
