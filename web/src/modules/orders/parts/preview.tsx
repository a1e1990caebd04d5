import { formatInstant } from "@/lib/time";
import { listed, say, t, text } from "@/lib/words";
import { Alert, Chip, Section } from "@/ui";

import type { OrderItem, OrderPreview } from "../api";
import styles from "./preview.module.css";

type PlaceState = NonNullable<OrderPreview["places"][number]["before"]>;

/** What an order would do now: the places before and after, and what hangs on it. */
export function Preview({ seen }: { seen: OrderPreview }) {
  const title = t("orders.preview_title", { time: formatInstant(seen.at) });
  if (seen.problem) {
    return (
      <Alert
        type="error"
        showIcon
        title={`${t("orders.preview_problem", { n: seen.problem.change + 1 })} ${say(seen.problem.code, seen.problem.args)}`}
      />
    );
  }
  return (
    <>
      <Section title={title}>
        {seen.places.map((place, at) => (
          <div key={at} className={styles.place}>
            <div>
              <span className={styles.label}>{t("orders.before")}</span>
              <State place={place.before} word={t("orders.new_place")} />
            </div>
            <div>
              <span className={styles.label}>{t("orders.after")}</span>
              <State place={place.after} word={t("orders.gone")} />
            </div>
          </div>
        ))}
      </Section>
      <Section title={t("orders.more")}>
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
    </>
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

function State({ place, word }: { place: PlaceState | null | undefined; word: string }) {
  if (!place) return <p className={styles.none}>{word}</p>;
  return (
    <p className={styles.state}>
      <strong>{[...place.above.map(text)].reverse().concat(text(place.name)).join(" / ")}</strong>
      <span>
        {place.head?.name ?? t("orders.no_head")}
        {place.people.length > 0 && ` · ${listed(place.people.map((person) => person.name))}`}
      </span>
    </p>
  );
}
