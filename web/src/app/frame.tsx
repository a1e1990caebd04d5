import { useQueryClient } from "@tanstack/react-query";
import { Link, Outlet, useLocation, useNavigate, useRouter } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";

import { onSignedOut } from "@/api/client";
import { useActFor, useMe, useSignOut, useStoreLocale } from "@/modules/access/api";
import { useCounts } from "@/modules/workflow/api";
import { type Live, useLiveState } from "@/lib/live";
import { useIdle } from "@/lib/use-idle";
import { useSettled } from "@/lib/use-settled";
import { t } from "@/lib/words";
import { Avatar, Button, Count, Icon, MenuButton, Skeleton, useShortcuts } from "@/ui";
import { Band, Shell } from "@/ui/shell";
import { type ThemeChoice, useScheme, useThemeChoice } from "@/ui/provider";

import { createLive } from "./live";
import { useLanguage } from "./locale";
import { adminPlaces, queryPlaces, railPlaces, tabPlaces } from "./places";
import styles from "./frame.module.css";

// Not part of the first page: fetched when they are opened.
const CommandPalette = lazy(() => import("./command-palette").then((module) => ({ default: module.CommandPalette })));
const KeyboardHelp = lazy(() => import("@/ui/keyboard-help").then((module) => ({ default: module.KeyboardHelp })));

/** The house around every page: menu, search, who I am, live updates, and the door when the session ends. */
export function Frame() {
  const me = useMe();
  const counts = useCounts().data;
  const path = useLocation({ select: (location) => location.pathname });
  const href = useLocation({ select: (location) => location.href });
  const navigate = useNavigate();
  const router = useRouter();
  const queries = useQueryClient();
  const [searching, setSearching] = useState(false);
  const [helping, setHelping] = useState(false);
  const live = useLive();
  useShortcuts([
    { keys: "mod+k", label: t("ui.search_anything"), run: () => setSearching(true) },
    { keys: "?", label: t("ui.keyboard_help"), run: () => setHelping(true) },
  ]);

  useEffect(
    () =>
      onSignedOut(() => {
        // Whoever signs out himself is at the door, or on the way there, while the last answers come in.
        if (router.latestLocation.pathname === "/sign-in") return;
        queries.clear();
        void router.navigate({ to: "/sign-in", search: { next: router.latestLocation.href } });
      }),
    [queries, router],
  );
  const signOut = useSignOut(() => void navigate({ to: "/sign-in", search: { next: href, why: "idle" } }));
  useIdle(me?.idle_minutes, () => void signOut.run());

  if (!me) return <Skeleton />;
  return (
    <>
      <Shell
        path={path}
        record={isRecord(path)}
        places={railPlaces(me, counts)}
        tabs={tabPlaces(counts)}
        onSearch={() => setSearching(true)}
        tools={<Tools name={me.person.name} unread={counts?.notifications_unread} />}
        bands={
          <>
            {me.acting_for && <Acting name={me.acting_for.name} />}
            {me.sample && <Band tone="sample">{t("app.sample_data")}</Band>}
            <Connection live={live} />
          </>
        }
      >
        <PhoneAdmin />
        <Outlet />
      </Shell>
      <Suspense>
        {searching && <CommandPalette onClose={() => setSearching(false)} />}
        {helping && <KeyboardHelp onClose={() => setHelping(false)} />}
      </Suspense>
    </>
  );
}

/** Addresses of one thing: a case, a form being filled in. */
function isRecord(path: string): boolean {
  return /^\/(inbox\/[^/]+|cases|start)\/[^/]+/.test(path);
}

/** On a phone the administrator's pages are reached from 我的. */
function PhoneAdmin() {
  const me = useMe();
  const path = useLocation({ select: (location) => location.pathname });
  if (path !== "/me" || !me || me.external) return null;
  const places = [...queryPlaces(me), ...adminPlaces(me)];
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

function useLive(): Live {
  const queries = useQueryClient();
  const [live] = useState(() => createLive(queries));
  useEffect(() => {
    live.start();
    return () => live.stop();
  }, [live]);
  return live;
}

/** As long as somebody acts for an account of his department, every page says so, and how to stop (ACC-03). */
function Acting({ name }: { name: string }) {
  const navigate = useNavigate();
  const giveBack = useActFor(() => t("app.given_back"), () => void navigate({ to: "/inbox/$list/{-$id}", params: { list: "waiting" } }));
  return (
    <Band tone="acting">
      {t("app.acting_for", { name })}{" "}
      <Button type="link" size="small" loading={giveBack.pending} onClick={() => void giveBack.run(undefined)}>
        {t("app.give_back")}
      </Button>
    </Band>
  );
}

/** Says so when what is on the screen may be old; short breaks are nobody's business. */
function Connection({ live }: { live: Live }) {
  const state = useLiveState(live);
  return useSettled(state !== "open", 6_000, false) && state !== "open" ? <Band tone="warn">{t("app.no_connection")}</Band> : null;
}

function Tools({ name, unread }: { name: string; unread: number | undefined }) {
  const navigate = useNavigate();
  const { locale, change } = useLanguage();
  const [, setTheme] = useThemeChoice();
  const scheme = useScheme();
  const signOut = useSignOut(() => void navigate({ to: "/sign-in" }));
  const storeLocale = useStoreLocale();
  const me = useMe();
  const actFor = useActFor(
    (now) => (now.acting_for ? t("app.acting_for", { name: now.acting_for.name }) : t("app.given_back")),
    () => void navigate({ to: "/inbox/$list/{-$id}", params: { list: "waiting" } }),
  );
  const others = (me?.may_act_for ?? []).filter((account) => account.id !== me?.acting_for?.id);
  return (
    <>
      <Button
        type="text"
        title={t("app.notifications")}
        icon={
          <span className={styles.bell}>
            <Icon name="bell" size={19} />
            <span className="visually-hidden">{t("app.notifications")} </span>
            <Count n={unread} label={t("ui.unread")} />
          </span>
        }
        onClick={() => void navigate({ to: "/notifications" })}
      />
      <MenuButton
        label={t("app.account_of", { name })}
        items={[
          { id: "me", label: t("app.me"), run: () => void navigate({ to: "/me/{-$section}", params: {} }) },
          ...others.map((account, index) => ({
            id: `act-${account.id}`,
            label: t("app.act_for", { name: account.name }),
            run: () => void actFor.run(account.id),
            apart: index === 0,
          })),
          ...(me?.acting_for
            ? [{ id: "give-back", label: t("app.give_back_of", { name: me.acting_for.name }), run: () => void actFor.run(undefined), apart: true }]
            : []),
          {
            id: "theme",
            label: t(scheme === "dark" ? "app.to_light" : "app.to_dark"),
            run: () => setTheme((scheme === "dark" ? "light" : "dark") satisfies ThemeChoice),
          },
          {
            id: "locale",
            label: locale === "en" ? "简体中文" : "English",
            run: () => {
              const other = locale === "en" ? "zh-CN" : "en";
              void storeLocale.run(other);
              change(other);
            },
          },
          { id: "out", label: t("app.sign_out"), run: () => void signOut.run(), apart: true },
        ]}
      >
        <Avatar name={name} />
      </MenuButton>
    </>
  );
}
