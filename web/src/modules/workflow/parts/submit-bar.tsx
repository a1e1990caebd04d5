import { describe, type Problem } from "@/lib/problem";
import { usePhone } from "@/lib/use-media";
import { t, text } from "@/lib/words";
import { Button, Keys } from "@/ui";

import { Accuracy } from "./accuracy";
import type { Lack } from "./lacks";
import { Missing } from "./missing";
import styles from "./submit-bar.module.css";

interface SubmitBarProps {
  /** What stands in the way; said once it was tried. */
  lacks: readonly Lack[];
  tried: boolean;
  problem: Problem | undefined;
  /** Said beside what went wrong where it may have gone right: what becomes of what was typed. */
  kept?: string;
  declaration: Parameters<typeof text>[0];
  confirmed: boolean;
  onConfirmed: (confirmed: boolean) => void;
  pending: boolean;
  onSubmit: () => void;
}

/** 提交: what is missing or went wrong, the declaration, and the one button. */
export function SubmitBar({ lacks, tried, problem, kept, declaration, confirmed, onConfirmed, pending, onSubmit }: SubmitBarProps) {
  const phone = usePhone();
  return (
    <div className={styles.bar}>
      <div className={styles.notes}>
        {tried && lacks.length > 0 ? (
          <Missing lacks={lacks} />
        ) : problem && problem.fields.length === 0 ? (
          <p className={styles.wrong} role="alert">
            {describe(problem)} {problem.uncertain && kept}
          </p>
        ) : null}
        <Accuracy words={text(declaration)} confirmed={confirmed} wanting={tried && !confirmed} onChange={onConfirmed} />
      </div>
      <Button type="primary" size={phone ? "middle" : "large"} loading={pending} onClick={onSubmit}>
        {problem?.uncertain ? t("ui.retry") : t("workflow.submit")}
        {!phone && (
          <span className={styles.keys} aria-hidden="true">
            <Keys keys="mod+Enter" />
          </span>
        )}
      </Button>
    </div>
  );
}
