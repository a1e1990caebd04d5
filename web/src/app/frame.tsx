import { useQueryClient } from "@tanstack/react-query";
import { Link, Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";

import { onSignedOut } from "@/api/client";
import { useMe, useSignOut } from "@/modules/access/api";
import { useCounts } from "@/modules/workflow/api";
import { type Live, useLiveState } from "@/lib/live";
import { useIdle } from "@/lib/use-idle";
import { t } from "@/lib/words";
import { Avatar, Button, Count, Dropdown, Icon, KeyboardHelp, Skeleton, Tooltip, useShortcuts } from "@/ui";
import { Band, Shell } from "@/ui/shell";
import { type ThemeChoice, useScheme, useThemeChoice } from "@/ui/provider";

import { CommandPalette } from "./command-palette";
import { createLive } from "./live";
import { useLanguage } from "./locale";
import { adminPlaces, railPlaces, tabPlaces } from "./places";
import styles from "./frame.module.css";

/** The house around every page: menu, search, who I am, live updates, and the door when the session ends. */
export function Frame() {
  const me = useMe();
  const counts = useCounts().data;
  const path = useLocation({ select: (location) => location.pathname });
  const href = useLocation({ select: (location) => location.href });
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [searching, setSearching] = useState(false);
  const live = useLive();
  useShortcuts([{ keys: "mod+k", label: t("ui.search_anything"), run: () => setSearching(true) }]);

  useEffect(
    () =>
      onSignedOut(() => {
        queries.clear();
        void navigate({ to: "/sign-in", search: { next: href } });
      }),
    [queries, navigate, href],
  );
  const signOut = useSignOut(() => void navigate({ to: "/sign-in", search: { next: href, why: "idle" } }));
  useIdle(me?.idle_minutes, () => void signOut.run());

  if (!me) return <Skeleton />;
  return (
    <>
      <Shell
        path={path}
        places={railPlaces(me, counts)}
        tabs={tabPlaces(counts)}
        onSearch={() => setSearching(true)}
        tools={<Tools name={me.person.name} unread={counts?.notifications_unread} />}
        bands={
          <>
            {me.sample && <Band tone="sample">{t("app.sample_data")}</Band>}
            <Connection live={live} />
          </>
        }
      >
        <PhoneAdmin />
        <Outlet />
      </Shell>
      <CommandPalette open={searching} onClose={() => setSearching(false)} />
      <KeyboardHelp />
    </>
  );
}

/** On a phone the administrator's pages are reached from 我的. */
function PhoneAdmin() {
  const me = useMe();
  const path = useLocation({ select: (location) => location.pathname });
  const places = me ? adminPlaces(me) : [];
  if (path !== "/me") return null;
  return (
    <nav className={styles.phoneMenu} aria-label={t("app.more")}>
      {[{ to: "/people", label: t("app.people"), icon: "people" as const }, ...places].map((place) => (
        <Link key={place.to} to={place.to}>
          <Icon name={place.icon} /> {place.label}
        </Link>
      ))}
    </nav>
  );
}

function useLive(): Live | undefined {
  const queries = useQueryClient();
  const [live, setLive] = useState<Live>();
  useEffect(() => {
    const made = createLive(queries);
    made.start();
    setLive(made);
    return () => made.stop();
  }, [queries]);
  return live;
}

/** Says so when what is on the screen may be old; short breaks are nobody's business. */
function Connection({ live }: { live: Live | undefined }) {
  const state = useLiveState(live);
  const [long, setLong] = useState(false);
  useEffect(() => {
    if (state === "open") {
      setLong(false);
      return undefined;
    }
    const timer = setTimeout(() => setLong(true), 6_000);
    return () => clearTimeout(timer);
  }, [state]);
  return long ? <Band tone="warn">{t("app.no_connection")}</Band> : null;
}

function Tools({ name, unread }: { name: string; unread: number | undefined }) {
  const navigate = useNavigate();
  const { locale, change } = useLanguage();
  const [, setTheme] = useThemeChoice();
  const scheme = useScheme();
  const signOut = useSignOut(() => void navigate({ to: "/sign-in" }));
  return (
    <>
      <Tooltip title={t("app.notifications")}>
        <Button
          type="text"
          aria-label={t("app.notifications")}
          icon={
            <span className={styles.bell}>
              <Icon name="bell" size={19} />
              <Count n={unread} label={t("ui.unread")} />
            </span>
          }
          onClick={() => void navigate({ to: "/notifications" })}
        />
      </Tooltip>
      <Dropdown
        trigger={["click"]}
        menu={{
          items: [
            { key: "me", label: t("app.me"), onClick: () => void navigate({ to: "/me/{-$section}", params: {} }) },
            {
              key: "theme",
              label: t(scheme === "dark" ? "app.to_light" : "app.to_dark"),
              onClick: () => setTheme((scheme === "dark" ? "light" : "dark") satisfies ThemeChoice),
            },
            { key: "locale", label: locale === "en" ? "简体中文" : "English", onClick: () => change(locale === "en" ? "zh-CN" : "en") },
            { type: "divider" },
            { key: "out", label: t("app.sign_out"), onClick: () => void signOut.run() },
          ],
        }}
      >
        <Button type="text" className={styles.self ?? ""} aria-label={t("app.account_of", { name })}>
          <Avatar name={name} />
        </Button>
      </Dropdown>
    </>
  );
}
