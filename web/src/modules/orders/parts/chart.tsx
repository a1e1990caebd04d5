import type { CSSProperties } from "react";

import { listed, t, text } from "@/lib/words";
import { Chip, type Tone } from "@/ui";

import type { OrderPreview } from "../api";
import styles from "./chart.module.css";

type Chart = OrderPreview["chart"];
type Node = Chart["before"][number];
type Mark = Node["marks"][number];
type Side = "before" | "after";

const TONES: Record<Mark, Tone> = { new: "good", closed: "danger", moved: "accent", renamed: "accent", leaders: "plain", people: "plain" };

/** 组织图: the part of the organisation that an order touches, before and after. */
export function OrderChart({ chart }: { chart: Chart }) {
  if (chart.before.length + chart.after.length === 0) return <p className={styles.more}>{t("orders.chart_same")}</p>;
  return (
    <>
      <div className={styles.sides}>
        <Places side="before" nodes={chart.before} />
        <Places side="after" nodes={chart.after} />
      </div>
      {chart.left_out > 0 && <p className={styles.more}>{t("orders.chart_left_out", { n: chart.left_out })}</p>}
    </>
  );
}

function Places({ side, nodes }: { side: Side; nodes: Node[] }) {
  return (
    <div className={styles.side}>
      <h3 className={styles.heading}>{t(`orders.${side}`)}</h3>
      <ul className={styles.places} aria-label={t(`orders.${side}`)}>
        {nodes.map((node) => (
          <li
            key={node.place.id}
            className={`${styles.place} ${node.marks.length > 0 ? styles.changed : ""}`}
            style={{ "--depth": node.depth } as CSSProperties}
          >
            <Place side={side} node={node} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Place({ side, node }: { side: Side; node: Node }) {
  const changed = node.marks.length > 0;
  const people = node.only_here.map((person) => person.name);
  const more = node.only_here_count - people.length;
  const names = more > 0 ? t("orders.chart_and_more", { names: listed(people), n: node.only_here_count }) : listed(people);
  return (
    <>
      <span className={styles.line}>
        {changed ? <strong className={node.marks.includes("closed") ? styles.closed : ""}>{text(node.name)}</strong> : <span>{text(node.name)}</span>}
        {node.marks.map((mark) => (
          <Chip key={mark} tone={TONES[mark]}>
            {said(mark, side, node)}
          </Chip>
        ))}
        {changed && <span className={styles.quiet}>{node.head ? t("orders.chart_head", { name: node.head.name }) : t("orders.no_head")}</span>}
        {changed && <span className={styles.quiet}>{t("orders.chart_people", { n: node.people })}</span>}
        {node.others > 0 && <span className={styles.quiet}>{t("orders.chart_others", { n: node.others })}</span>}
      </span>
      {people.length > 0 && <div className={styles.quiet}>{t(`orders.chart_only_${side}`, { names })}</div>}
    </>
  );
}

function said(mark: Mark, side: Side, node: Node): string {
  if (mark === "renamed" && node.other_name) return t(`orders.chart_renamed_${side}`, { name: text(node.other_name) });
  if (mark === "moved" && node.other_above) return t(`orders.chart_moved_${side}`, { name: text(node.other_above) });
  return t(`orders.chart_mark.${mark}`);
}
