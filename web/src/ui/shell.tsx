import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { usePhone } from "@/lib/use-media";
import { t } from "@/lib/words";

import { Icon, type IconName } from "./icon";
import { Count } from "./marks";
import styles from "./shell.module.css";
import { Keys } from "./shortcuts";

export interface Place {
  to: string;
  /** The part of the path that marks this place as the current one. */
  within: string;
  /** Pages with addresses of their own that belong to it, too. */
  also?: readonly string[];
  label: string;
  icon: IconName;
  count?: number | undefined;
}

/** Places that belong together, under their name. */
export interface PlaceGroup {
  label: string;
  places: Place[];
}

interface ShellProps {
  path: string;
  /** The rail on a desktop. */
  places: Place[];
  /** Beside the rail, while one of them is open: what one place of the rail holds. */
  groups?: { label: string; home: string; items: PlaceGroup[] } | undefined;
  /** The four tabs of a phone. */
  tabs: Place[];
  onSearch: () => void;
  tools: ReactNode;
  /** Bands over everything: sample data, whom I act for, no connection. */
  bands?: ReactNode;
  /** One thing fills the screen of a phone: its own bar of actions stands where the tabs were. */
  record?: boolean;
  /** A page that fills the window and scrolls inside. */
  children: ReactNode;
}

/** The frame: a narrow rail and a top bar on a desktop, tabs under the thumb on a phone. */
export function Shell({ path, places, groups, tabs, onSearch, tools, bands, record, children }: ShellProps) {
  const phone = usePhone();
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#main">
        {t("ui.skip_to_content")}
      </a>
      {bands}
      {!phone && (
        <header className={styles.bar}>
          <Link to="/" className={styles.brand} aria-label={t("ui.home")}>
            <img src="/icon.svg" alt="" width={24} height={24} />
          </Link>
          <button type="button" className={styles.search} onClick={onSearch}>
            <Icon name="search" size={15} />
            <span>{t("ui.search_anything")}</span>
            <Keys keys="mod+k" />
          </button>
          <div className={styles.tools}>{tools}</div>
        </header>
      )}
      <div className={styles.middle}>
        {!phone && (
          <nav className={styles.rail} aria-label={t("ui.main_menu")}>
            {places.map((place) => (
              <PlaceLink key={place.to} place={place} path={path} />
            ))}
          </nav>
        )}
        {!phone && groups && (
          <nav className={styles.side} aria-label={groups.label}>
            <PlaceGroups groups={groups.items} path={path} />
          </nav>
        )}
        <main id="main" className={styles.main} tabIndex={-1}>
          {phone && groups?.items.some((group) => group.places.some((place) => [place.within, ...(place.also ?? [])].includes(path))) && (
            <Link to={groups.home} className={styles.up}>
              <Icon name="left" size={16} /> {groups.label}
            </Link>
          )}
          {children}
        </main>
      </div>
      {phone && !record && (
        <nav className={styles.tabs} aria-label={t("ui.main_menu")}>
          {tabs.map((place) => (
            <PlaceLink key={place.to} place={place} path={path} />
          ))}
        </nav>
      )}
    </div>
  );
}

/** Groups of places as lists of their names. */
export function PlaceGroups({ groups, path }: { groups: PlaceGroup[]; path: string }) {
  return groups.map((group) => (
    <section key={group.label} className={styles.group} aria-label={group.label}>
      <h2 className={styles.groupName}>{group.label}</h2>
      <ul>
        {group.places.map((place) => (
          <li key={place.to}>
            <Link to={place.to} className={styles.line} aria-current={isWithin(place, path) ? "page" : undefined}>
              {place.label}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  ));
}

function isWithin(place: Place, path: string): boolean {
  return [place.within, ...(place.also ?? [])].some((part) => path === part || path.startsWith(`${part}/`));
}

function PlaceLink({ place, path }: { place: Place; path: string }) {
  return (
    <Link to={place.to} className={styles.place} aria-current={isWithin(place, path) ? "page" : undefined}>
      <span className={styles.icon}>
        <Icon name={place.icon} size={20} />
        <Count n={place.count} label={t("ui.unread")} />
      </span>
      <span>{place.label}</span>
    </Link>
  );
}

/** A line over the whole page that stays as long as it is true. */
export function Band({ tone, children }: { tone: "sample" | "warn" | "acting"; children: ReactNode }) {
  return (
    <div className={`${styles.band} ${styles[tone]}`} role="status">
      {children}
    </div>
  );
}
