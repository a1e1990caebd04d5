import { useState } from "react";

import { t, text } from "@/lib/words";
import { Icon, Skeleton } from "@/ui";

import { type PlaceRow, usePlaces } from "../api";
import styles from "./organisation-chart.module.css";

interface ChartProps {
  roots: readonly PlaceRow[];
  at: string | undefined;
  chosen: string | undefined;
  onChoose: (place: PlaceRow) => void;
}

/** The organisation as boxes, each with its head and how many people are in it and below; opened one by one. */
export function OrganisationChart({ roots, ...rest }: ChartProps) {
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, and a keyboard must reach what scrolls
    <div className={styles.chart} tabIndex={0} role="group" aria-label={t("directory.chart")}>
      <ul className={styles.row}>
        {roots.map((root) => (
          <Box key={root.id} place={root} first {...rest} />
        ))}
      </ul>
    </div>
  );
}

function Box({ place, first = false, at, chosen, onChoose }: { place: PlaceRow; first?: boolean } & Omit<ChartProps, "roots">) {
  const [open, setOpen] = useState(first);
  const name = text(place.name);
  const below = usePlaces(place, at, open && place.places > 0);
  return (
    <li className={styles.branch} data-open={(open && place.places > 0) || undefined}>
      <div className={styles.box} data-chosen={place.id === chosen || undefined}>
        <button type="button" className={styles.face} aria-current={place.id === chosen || undefined} onClick={() => onChoose(place)}>
          <span className={styles.name}>{name}</span>
          <span className={styles.head}>{[place.head?.name, t("directory.n_people", { n: place.people })].filter(Boolean).join(" · ")}</span>
        </button>
        {place.places > 0 && (
          <button
            type="button"
            className={styles.turn}
            aria-expanded={open}
            aria-label={t(open ? "directory.collapse" : "directory.expand", { name })}
            onClick={() => setOpen(!open)}
          >
            <Icon name={open ? "down" : "right"} size={14} /> {place.places}
          </button>
        )}
      </div>
      {open && place.places > 0 && (
        below.data ? (
          <ul className={styles.row}>
            {below.data.items.map((child) => (
              <Box key={child.id} place={child} at={at} chosen={chosen} onChoose={onChoose} />
            ))}
          </ul>
        ) : (
          <Skeleton rows={1} />
        )
      )}
    </li>
  );
}
