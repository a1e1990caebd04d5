import { lazy, Suspense, useState } from "react";

import { t } from "@/lib/words";
import { Button, Icon, Input } from "@/ui";

import styles from "./mention-field.module.css";

const MentionPicker = lazy(() => import("./mention-picker").then((module) => ({ default: module.MentionPicker })));

interface Naming {
  text: string;
  mentions: readonly string[];
  onText: (text: string) => void;
  onMentions: (people: string[]) => void;
}

/** Words that name people: an @ opens the search for them. */
export function useNaming({ text, mentions, onText, onMentions }: Naming) {
  const [picking, setPicking] = useState(false);
  const choose = (people: string[]) => {
    onMentions(people);
    // The sign has done its work: the names stand in a line of their own.
    onText(text.replace(/@$/, ""));
    if (people.length === 0) setPicking(false);
  };
  const shown = picking || mentions.length > 0;
  return {
    type: (typed: string) => {
      if (typed.endsWith("@") && typed.length > text.length) setPicking(true);
      onText(typed);
    },
    /** For keyboards that hide the sign. */
    pick: () => setPicking(true),
    close: () => setPicking(false),
    picker: shown ? (
      <Suspense>
        <MentionPicker mentions={mentions} onChange={choose} />
      </Suspense>
    ) : null,
  };
}

interface MentionFieldProps extends Naming {
  label: string;
  placeholder: string;
}

/** Words that may name people: a field with a button for those keyboards. */
export function MentionField({ label, placeholder, ...words }: MentionFieldProps) {
  const naming = useNaming(words);
  return (
    <div className={styles.field}>
      <Input.TextArea
        aria-label={label}
        placeholder={placeholder}
        autoSize={{ minRows: 1, maxRows: 8 }}
        value={words.text}
        onChange={(event) => naming.type(event.target.value)}
      />
      {naming.picker ?? (
        <Button type="text" size="small" className={styles.at ?? ""} icon={<Icon name="person" size={15} />} onClick={naming.pick}>
          {t("workflow.mention")}
        </Button>
      )}
    </div>
  );
}
