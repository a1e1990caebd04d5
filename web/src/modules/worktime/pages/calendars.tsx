import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { unitsIn, useUnits } from "@/modules/directory/api";
import { can } from "@/lib/can";
import { t, text } from "@/lib/words";
import { Alert, Button, Chip, EmptyState, ErrorState, Page, RowWords, Section, Skeleton } from "@/ui";

import { type CalendarItem, type HolidayYear, useCalendars, useHolidayYears } from "../api";
import { regionName } from "../lib/region";
import { missingYears } from "../lib/years";
import { CreateCalendar } from "../parts/create-calendar";
import { ImportYear } from "../parts/import-year";
import styles from "../parts/worktime.module.css";

const CHINA = "CN";

/** 工作日历: which unit keeps which calendar, and which years of public holidays are known. */
export function CalendarsPage() {
  const calendars = useCalendars();
  const years = useHolidayYears();
  const [importing, setImporting] = useState<{ year: number | undefined }>();
  const regions = new Set([CHINA, ...(calendars.data ?? []).flatMap((calendar) => calendar.region ?? [])]);
  const missing = [...regions].flatMap((region) =>
    missingYears(years.data?.items ?? [], region, new Date()).map((year) => ({ region, year })),
  );
  const mayImport = years.data?.items.some((year) => can(year, "replace")) ?? false;
  return (
    <Page title={t("worktime.calendars")} wide>
      {years.data && missing.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={t("worktime.missing", { years: missing.map(({ region, year }) => `${regionName(region)} ${year}`) })}
          description={t("worktime.missing_hint")}
          {...(mayImport
            ? { action: <Button onClick={() => setImporting({ year: missing[0]?.year })}>{t("worktime.import_year")}</Button> }
            : {})}
        />
      )}
      <Calendars items={calendars.data} error={calendars.error} retry={() => void calendars.refetch()} />
      <Years
        items={years.data?.items}
        error={years.error}
        retry={() => void years.refetch()}
        onImport={mayImport ? () => setImporting({ year: undefined }) : undefined}
      />
      {importing && <ImportYear year={importing.year} onClose={() => setImporting(undefined)} />}
    </Page>
  );
}

interface Read<T> {
  items: T[] | undefined;
  error: Error | null;
  retry: () => void;
}

function Calendars({ items, error, retry }: Read<CalendarItem>) {
  const units = unitsIn(useUnits().data?.items);
  const navigate = useNavigate();
  const [creating, setCreating] = useState(false);
  return (
    <Section
      title={t("worktime.of_units")}
      hint={t("worktime.of_units_hint")}
      tools={
        <Button type="primary" onClick={() => setCreating(true)}>
          {t("worktime.create")}
        </Button>
      }
    >
      {error && !items ? (
        <ErrorState error={error} retry={retry} />
      ) : !items ? (
        <Skeleton rows={3} />
      ) : items.length === 0 ? (
        <EmptyState icon="clock" title={t("worktime.none")} hint={t("worktime.none_hint")} />
      ) : (
        <ul className={styles.list} aria-label={t("worktime.of_units")}>
          {items.map((calendar) => (
            <li key={calendar.id} className={styles.item}>
              <RowWords
                name={
                  <Link to="/admin/calendars/$id" params={{ id: calendar.id }}>
                    {text(calendar.name)}
                  </Link>
                }
              >
                <span>{text(units.find((unit) => unit.id === calendar.unit)?.name)}</span>
                <span>{calendar.zone}</span>
                <span>{calendar.region ? t("worktime.follows", { region: regionName(calendar.region) }) : t("worktime.follows_nobody")}</span>
              </RowWords>
            </li>
          ))}
        </ul>
      )}
      {creating && (
        <CreateCalendar
          taken={(items ?? []).map((calendar) => calendar.unit)}
          onClose={() => setCreating(false)}
          onMade={(made) => void navigate({ to: "/admin/calendars/$id", params: { id: made.id } })}
        />
      )}
    </Section>
  );
}

function Years({ items, error, retry, onImport }: Read<HolidayYear> & { onImport: (() => void) | undefined }) {
  return (
    <Section
      title={t("worktime.years")}
      hint={t("worktime.years_hint")}
      tools={onImport && <Button onClick={onImport}>{t("worktime.import_year")}</Button>}
    >
      {error && !items ? (
        <ErrorState error={error} retry={retry} />
      ) : !items ? (
        <Skeleton rows={3} />
      ) : (
        <ul className={styles.list} aria-label={t("worktime.years")}>
          {[...items].reverse().map((year) => (
            <li key={`${year.region} ${year.year}`} className={styles.item}>
              <RowWords name={`${regionName(year.region)} ${year.year}`}>
                <Chip tone={year.shipped ? "plain" : "accent"}>{t(year.shipped ? "worktime.shipped" : "worktime.imported")}</Chip>
                <span>{t("worktime.entries", { off: count(year, "off"), work: count(year, "work") })}</span>
                <span lang="zh-CN">{year.source}</span>
              </RowWords>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

/** How many dates of a year are off, or worked to make up for them. */
function count(year: HolidayYear, kind: "off" | "work"): number {
  const dates = ({ from, to }: { from: string; to?: string | null }) => (to ? (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1 : 1);
  return year.entries.filter((entry) => entry.kind === kind).reduce((sum, entry) => sum + dates(entry), 0);
}
