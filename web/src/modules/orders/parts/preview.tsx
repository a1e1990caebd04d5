import { useEffect, useRef } from "react";

import { formatInstant } from "@/lib/time";
import { say, t } from "@/lib/words";
import { Alert, Chip, Section } from "@/ui";

import type { OrderItem, OrderPreview } from "../api";
import { OrderChart } from "./chart";
import styles from "./preview.module.css";

/** What an order would do now: the organisation before and after, and what hangs on it. */
export function Preview({ seen }: { seen: OrderPreview }) {
  const top = useRef<HTMLDivElement>(null);
  // It comes below what was pressed, on a phone out of sight.
  useEffect(() => {
    // What newer browsers return of it is no clean-up.
    top.current?.scrollIntoView({ block: "start" });
  }, [seen]);
  const attention = seen.items.filter((item) => item.attention).length;
  if (seen.problem) {
    return (
      <div ref={top}>
        <Alert
          type="error"
          showIcon
          title={`${t("orders.preview_problem", { n: seen.problem.change + 1 })} ${say(seen.problem.code, seen.problem.args)}`}
        />
      </div>
    );
  }
  return (
    <div ref={top}>
      <Section title={t("orders.chart")} hint={t("orders.preview_title", { time: formatInstant(seen.at) })}>
        <OrderChart chart={seen.chart} />
      </Section>
      <Section title={t("orders.more")} hint={attention > 0 ? t("orders.items_open", { n: attention }) : undefined}>
        {seen.items.length === 0 ? (
          <p className={styles.nothing}>{t("orders.no_items")}</p>
        ) : (
          <ul className={styles.items}>
            {seen.items.map((item) => (
              <li key={item.key}>
                <Item item={item} />
              </li>
            ))}
          </ul>
        )}
      </Section>
    </div>
  );
}

/** The sentence of something that hangs on an order. */
export function Item({ item }: { item: OrderItem }) {
  return (
    <span className={styles.item}>
      {item.attention && <Chip tone="warn">{t("orders.attention")}</Chip>} {say(`orders.item.${item.code}`, item.args)}
    </span>
  );
}
