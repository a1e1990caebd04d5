import { lazy, Suspense, useState } from "react";

import { usePhone } from "@/lib/use-media";
import { t } from "@/lib/words";
import { Icon } from "@/ui";

import { useOfferedPhrases } from "./phrases";
import styles from "./quick-opinions.module.css";

const PhrasesDialog = lazy(() => import("./phrases-dialog").then((module) => ({ default: module.PhrasesDialog })));

/** 常用语: one tap fills in the opinion. */
export function QuickOpinions({ onPick, onMention, children }: {
  onPick: (phrase: string) => void;
  /** Where the opinion may name people: the search for them, as by an @. */
  onMention?: () => void;
  children?: React.ReactNode;
}) {
  const phrases = useOfferedPhrases(usePhone() ? "phone" : "desk");
  const [changing, setChanging] = useState(false);
  return (
    <div className={styles.quick} role="group" aria-label={t("workflow.quick_opinions")}>
      {phrases.map((phrase) => (
        <button key={phrase} type="button" className={styles.phrase} aria-label={t("workflow.quick_say", { words: phrase })} onClick={() => onPick(phrase)}>
          {phrase}
        </button>
      ))}
      <button type="button" className={styles.change} aria-label={t("workflow.own_phrases")} title={t("workflow.own_phrases")} onClick={() => setChanging(true)}>
        <Icon name="edit" size={14} />
      </button>
      {onMention && (
        <button type="button" className={styles.change} aria-label={t("workflow.mention")} title={t("workflow.mention")} onClick={onMention}>
          @
        </button>
      )}
      {children}
      {changing && (
        <Suspense>
          <PhrasesDialog onClose={() => setChanging(false)} />
        </Suspense>
      )}
    </div>
  );
}
