import { Link, useNavigate, useParams } from "@tanstack/react-router";

import type { ReactNode } from "react";

import { deviceName } from "@/lib/device";
import { formatInstant, formatMoment } from "@/lib/time";
import { currentLocale, type Locale, say, t, text } from "@/lib/words";
import { ActionButton, Avatar, Chip, EmptyState, ErrorState, Facts, listOf, Page, Radio, Section, Segmented, Select, Skeleton, Tabs, useToast, Button } from "@/ui";
import { type ThemeChoice, useThemeChoice } from "@/ui/provider";

import {
  type Me,
  useChooseAppointment,
  useEndOtherSessions,
  useEndSession,
  useMe,
  useSessions,
  useSignIns,
  useSignOut,
  useStoreLocale,
} from "../api";
import { PasswordForm } from "../parts/password-form";
import styles from "./me.module.css";

const SECTIONS = ["profile", "password", "sessions", "sign_ins"] as const;

interface MePageProps {
  onLocale: (locale: Locale) => void;
  /** How I am reached, which another module knows. */
  contact: ReactNode;
}

/** 我的: who I am here, how it looks, and who signed in as me. */
export function MePage({ onLocale, contact }: MePageProps) {
  const { section } = useParams({ strict: false });
  const me = useMe();
  if (!me) return <Skeleton />;
  return (
    <Page title={t("access.me")}>
      <div className={styles.tabs}>
        <Tabs label={t("access.me")}>
          {SECTIONS.map((name) => (
            <Link key={name} to="/me/{-$section}" params={{ section: name === "profile" ? undefined : name }} activeOptions={{ exact: true }}>
              {t(`access.section_${name}`)}
            </Link>
          ))}
        </Tabs>
      </div>
      {section === "password" ? (
        <PasswordSection />
      ) : section === "sessions" ? (
        <SessionsSection />
      ) : section === "sign_ins" ? (
        <SignInsSection />
      ) : (
        <ProfileSection me={me} onLocale={onLocale} contact={contact} />
      )}
    </Page>
  );
}

function ProfileSection({ me, onLocale, contact }: MePageProps & { me: Me }) {
  const [theme, setTheme] = useThemeChoice();
  const navigate = useNavigate();
  const choose = useChooseAppointment();
  const storeLocale = useStoreLocale();
  const signOut = useSignOut(() => void navigate({ to: "/sign-in" }));
  return (
    <>
      <div className={styles.head}>
        <Avatar name={me.person.name} size={52} />
        <div>
          <p className={styles.name}>{me.person.name}</p>
          <p className={styles.login}>{me.login}</p>
        </div>
      </div>
      <Section title={t("access.appointments")} hint={t("access.appointments_hint")}>
        {me.appointments.length === 0 ? (
          <p className={styles.padded}>{t("access.no_appointments")}</p>
        ) : (
          <Radio.Group
            className={styles.appointments ?? ""}
            aria-label={t("access.appointments")}
            value={me.appointment ?? null}
            disabled={choose.pending}
            onChange={(event) => void choose.run(event.target.value as string)}
          >
            {me.appointments.map((each) => (
              <Radio key={each.id} value={each.id}>
                {[each.unit, each.department, each.post].map((place) => text(place?.name)).filter(Boolean).join(" · ")}{" "}
                <Chip tone={each.main ? "accent" : "plain"}>{t(each.main ? "access.main" : "access.concurrent")}</Chip>
              </Radio>
            ))}
          </Radio.Group>
        )}
      </Section>
      {contact}
      <Section title={t("access.look")}>
        <Facts
          items={[
            [
              t("access.language"),
              <Select<Locale>
                key="language"
                aria-label={t("access.language")}
                value={currentLocale()}
                className={styles.select ?? ""}
                options={[
                  { value: "zh-CN", label: "简体中文" },
                  { value: "en", label: "English" },
                ]}
                onChange={(locale) => {
                  void storeLocale.run(locale);
                  onLocale(locale);
                }}
              />,
            ],
            [
              t("access.theme"),
              <Segmented<ThemeChoice>
                key="theme"
                aria-label={t("access.theme")}
                value={theme}
                options={[
                  { value: "system", label: t("access.theme_system") },
                  { value: "light", label: t("access.theme_light") },
                  { value: "dark", label: t("access.theme_dark") },
                ]}
                onChange={setTheme}
              />,
            ],
          ]}
        />
      </Section>
      <ActionButton action={signOut} label={t("access.sign_out")} />
    </>
  );
}

function PasswordSection() {
  const toast = useToast();
  return (
    <Section title={t("access.change_password")} hint={t("access.change_password_hint")}>
      <div className={styles.form}>
        <PasswordForm onDone={() => toast.done(t("access.password_changed"))} />
      </div>
    </Section>
  );
}

function SessionsSection() {
  const sessions = useSessions();
  const end = useEndSession(t("access.session_ended"));
  const endOthers = useEndOtherSessions(t("access.others_ended"));
  if (sessions.error) return <ErrorState error={sessions.error} retry={sessions.refetch} />;
  if (!sessions.data) return <Skeleton />;
  const others = sessions.data.items.some((session) => !session.current);
  return (
    <Section
      title={t("access.section_sessions")}
      hint={t("access.sessions_hint")}
      tools={others && <ActionButton action={endOthers} label={t("access.end_others")} />}
    >
      <ul className={styles.list}>
        {sessions.data.items.map((session) => (
          <li key={session.id}>
            <div>
              <p>
                {deviceName(session.device) || t("access.unknown_device")} {session.current && <Chip tone="good">{t("access.this_session")}</Chip>}
              </p>
              <p className={styles.login}>
                {[session.address, t("access.seen_at", { time: formatMoment(session.seen_at) })].filter(Boolean).join(" · ")}
              </p>
            </div>
            {!session.current && (
              <ActionButton action={end} input={session.id} label={t("access.end_session")} aria-label={t("access.end_session_of", { device: deviceName(session.device) })} />
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function SignInsSection() {
  const list = listOf(useSignIns());
  if (list.error) return <ErrorState error={list.error} retry={list.retry} />;
  if (!list.items) return <Skeleton />;
  if (list.items.length === 0) return <EmptyState title={t("access.no_sign_ins")} />;
  return (
    <Section title={t("access.section_sign_ins")} hint={t("access.sign_ins_hint")}>
      <ul className={styles.list}>
        {list.items.map((row) => (
          <li key={`${row.at}-${row.login}`}>
            <div>
              <p>{deviceName(row.device) || t("access.unknown_device")}</p>
              <p className={styles.login}>{[formatInstant(row.at), row.address].filter(Boolean).join(" · ")}</p>
            </div>
            <Chip tone={row.succeeded ? "good" : "danger"}>{say(`access.sign_in.${row.result}`)}</Chip>
          </li>
        ))}
      </ul>
      {list.more && (
        <div className={styles.padded}>
          <Button type="text" loading={list.loadingMore ?? false} onClick={() => void list.more?.()}>
            {t("ui.load_more")}
          </Button>
        </div>
      )}
    </Section>
  );
}
