import { useQueries } from "@tanstack/react-query";
import { type KeyboardEvent, useLayoutEffect, useRef, useState } from "react";

import { usePhone } from "@/lib/use-media";
import { t, text } from "@/lib/words";
import { Icon } from "@/ui";

import { type PlaceRow, type PlaceWithWay, placesQuery } from "../api";
import { ExternalMark } from "./external-mark";
import styles from "./organisation-tree.module.css";

/** Every line has this height, so what is out of sight need not be drawn; on a phone a thumb meets it. */
const LINE = { desk: 34, phone: 44 };
const AROUND = 10;

interface OrganisationTreeProps {
  roots: readonly PlaceRow[];
  /** The way to the chosen place: it stands open. */
  way: PlaceWithWay["above"] | undefined;
  at: string | undefined;
  chosen: string | undefined;
  onChoose: (place: PlaceRow) => void;
}

interface Line {
  place: PlaceRow;
  depth: number;
}

/** The organisation as a tree: what is below a place is read when it is opened, and only what is in sight is drawn. */
export function OrganisationTree({ roots, way, at, chosen, onChoose }: OrganisationTreeProps) {
  const tall = LINE[usePhone() ? "phone" : "desk"];
  const [turned, setTurned] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [seen, setSeen] = useState({ top: 0, height: 800 });
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const height = element.current?.clientHeight;
    if (height) setSeen((now) => ({ ...now, height }));
  }, []);

  const first = new Set(roots.map((root) => root.id));
  const onWay = new Set(way?.map((step) => step.id));
  const isOpen = (id: string) => turned.get(id) ?? (first.has(id) || onWay.has(id));
  const opened = [...new Set([...first, ...onWay, ...turned.keys()])].filter(isOpen);
  const kinds = new Map([...(way ?? []), ...roots].map((place) => [place.id, place.kind] as const));
  const [known, setKnown] = useState<ReadonlyMap<string, PlaceRow["kind"]>>(new Map());
  const asked = opened.flatMap((id) => {
    const kind = known.get(id) ?? kinds.get(id);
    return kind ? [{ id, kind }] : [];
  });
  const below = useQueries({ queries: asked.map((place) => placesQuery(place, at)) });
  const children = new Map(asked.map((place, index) => [place.id, below[index]?.data?.items]));

  const lines: Line[] = [];
  const walk = (places: readonly PlaceRow[], depth: number) => {
    for (const place of places) {
      lines.push({ place, depth });
      if (isOpen(place.id)) walk(children.get(place.id) ?? [], depth + 1);
    }
  };
  walk(roots, 0);

  const turn = (place: PlaceRow, open: boolean) => {
    setKnown((now) => new Map(now).set(place.id, place.kind));
    setTurned((now) => new Map(now).set(place.id, open));
  };
  const focused = Math.max(0, lines.findIndex((line) => line.place.id === chosen));
  const onKeyDown = (event: KeyboardEvent) => {
    const line = lines[focused];
    const to = { ArrowDown: focused + 1, ArrowUp: focused - 1, Home: 0, End: lines.length - 1 }[event.key];
    if (to !== undefined) {
      const next = lines[Math.min(lines.length - 1, Math.max(0, to))];
      if (next) onChoose(next.place);
    } else if (event.key === "ArrowRight" && line && line.place.places > 0) turn(line.place, true);
    else if (event.key === "ArrowLeft" && line) turn(line.place, false);
    else return;
    event.preventDefault();
  };

  const begin = Math.max(0, Math.floor(seen.top / tall) - AROUND);
  const end = Math.min(lines.length, Math.ceil((seen.top + seen.height) / tall) + AROUND);
  return (
    <div
      ref={element}
      className={styles.tree}
      role="tree"
      aria-label={t("directory.organisation")}
      tabIndex={0}
      aria-activedescendant={lines[focused] && focused >= begin && focused < end ? `place-${lines[focused].place.id}` : undefined}
      onKeyDown={onKeyDown}
      onScroll={(event) => setSeen({ top: event.currentTarget.scrollTop, height: event.currentTarget.clientHeight })}
    >
      <div role="presentation" style={{ height: lines.length * tall, position: "relative" }}>
        {lines.slice(begin, end).map(({ place, depth }, index) => (
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events -- keys are the tree's, which has the focus
          <div
            key={place.id}
            id={`place-${place.id}`}
            role="treeitem"
            tabIndex={-1}
            aria-level={depth + 1}
            aria-selected={place.id === chosen}
            {...(place.places > 0 ? { "aria-expanded": isOpen(place.id) } : {})}
            className={styles.line}
            style={{ top: (begin + index) * tall, height: tall, paddingInlineStart: 8 + depth * 18 }}
            onClick={(event) => {
              if (event.target instanceof Element && event.target.closest("[data-turn]")) turn(place, !isOpen(place.id));
              else onChoose(place);
            }}
          >
            <span aria-hidden="true" data-turn className={styles.turn}>
              {place.places > 0 && <Icon name={isOpen(place.id) ? "down" : "right"} size={14} />}
            </span>
            <span className={styles.name}>
              {text(place.name)}
              <ExternalMark of={{ external: place.unit_kind === "external" }} />
            </span>
            <span className={styles.people}>{t("directory.n_people", { n: place.people })}</span>
          </div>
        ))}
      </div>
    </div>
  );
}
