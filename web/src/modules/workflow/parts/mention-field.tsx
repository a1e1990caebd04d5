import { lazy, Suspense, useState } from "react";

import { t } from "@/lib/words";
import { Button, Icon, Input } from "@/ui";

import styles from "./mention-field.module.css";

const MentionPicker = lazy(() => import("./mention-picker").then((module) => ({ default: module.MentionPicker })));

interface MentionFieldProps {
  label: string;
  placeholder: string;
  text: string;
  mentions: readonly string[];
  onText: (text: string) => void;
  onMentions: (people: string[]) => void;
}

/** Words that may name people: an @ opens the search for them; so does the button, for keyboards that hide the sign. */
export function MentionField({ label, placeholder, text, mentions, onText, onMentions }: MentionFieldProps) {
  const [picking, setPicking] = useState(false);
  const choose = (people: string[]) => {
    onMentions(people);
    // The sign has done its work: the names stand in a line of their own.
    onText(text.replace(/@$/, ""));
    if (people.length === 0) setPicking(false);
  };
  return (
    <div className={styles.field}>
      <Input.TextArea
        aria-label={label}
        placeholder={placeholder}
        autoSize={{ minRows: 1, maxRows: 8 }}
        value={text}
        onChange={(event) => {
          if (event.target.value.endsWith("@") && event.target.value.length > text.length) setPicking(true);
          onText(event.target.value);
        }}
      />
      {picking || mentions.length > 0 ? (
        <Suspense>
          <MentionPicker mentions={mentions} onChange={choose} />
        </Suspense>
      ) : (
        <Button type="text" size="small" className={styles.at ?? ""} icon={<Icon name="person" size={15} />} onClick={() => setPicking(true)}>
          {t("workflow.mention")}
        </Button>
      )}
    </div>
  );
}
