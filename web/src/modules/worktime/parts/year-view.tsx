import { useState } from "react";

import { t, text } from "@/lib/words";
import { formatLongDate } from "@/lib/time";
import { Alert, Button, ErrorState, Hint, Section, Skeleton } from "@/ui";

import { useYear, type WorkingDay } from "../api";
import { WEEKDAYS } from "../lib/week";
import styles from "./worktime.module.css";

/** What each date of a year is: off, worked to make up, half a day; with its reason on hovering and for screen readers. */
export function YearView({ id }: { id: string }) {
  const [year, setYear] = useState(new Date().getFullYear());
  const days = useYear(id, year);
  const unknown = days.data?.items.some((day) => !day.known) ?? false;
  return (
    <Section
      title={t("worktime.year_of", { year })}
      tools={
        <span className={styles.turn}>
          <Button aria-label={t("worktime.earlier_year", { year: year - 1 })} onClick={() => setYear(year - 1)}>
            {year - 1}
          </Button>
          <Button aria-label={t("worktime.later_year", { year: year + 1 })} onClick={() => setYear(year + 1)}>
            {year + 1}
          </Button>
        </span>
      }
    >
      <div className={styles.block}>
        {unknown && <Alert type="warning" showIcon title={t("worktime.year_unknown", { year })} description={t("worktime.missing_hint")} />}
        {days.error ? (
          <ErrorState error={days.error} retry={() => void days.refetch()} />
        ) : !days.data ? (
          <Skeleton rows={6} />
        ) : (
          <>
            <Hint>{t("worktime.year_sum", { n: days.data.items.reduce((sum, day) => sum + Number(day.days), 0) })}</Hint>
            <div className={styles.months}>
              {Array.from({ length: 12 }, (_, month) => (
                <Month key={month} year={year} month={month} days={days.data.items} />
              ))}
            </div>
          </>
        )}
      </div>
    </Section>
  );
}

function Month({ year, month, days }: { year: number; month: number; days: WorkingDay[] }) {
  const prefix = `${year}-${String(month + 1).padStart(2, "0")}`;
  const own = days.filter((day) => day.date.startsWith(prefix));
  // Monday first.
  const blank = (new Date(year, month, 1).getDay() + 6) % 7;
  const cells: (WorkingDay | undefined)[] = [...Array.from({ length: blank }, () => undefined), ...own];
  const weeks = Array.from({ length: Math.ceil(cells.length / 7) }, (_, week) => cells.slice(week * 7, week * 7 + 7));
  return (
    <table className={styles.month}>
      <caption>{t("worktime.month", { month: month + 1 })}</caption>
      <thead>
        <tr>
          {WEEKDAYS.map((weekday) => (
            <th key={weekday} scope="col" abbr={t(`worktime.${weekday}`)}>
              {t(`worktime.short.${weekday}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((week, index) => (
          <tr key={index}>
            {Array.from({ length: 7 }, (_, at) => (
              <DayCell key={at} day={week[at]} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function DayCell({ day }: { day: WorkingDay | undefined }) {
  if (!day) return <td />;
  const mark = markOf(day);
  const why = [mark && t(`worktime.day.${mark}`), text(day.name)].filter(Boolean).join(" ");
  return (
    <td data-kind={mark ?? (day.days === "0" ? "rest" : "work")} title={why ? `${formatLongDate(day.date)} ${why}` : undefined}>
      {Number(day.date.slice(8))}
      {mark && <sup>{t(`worktime.mark.${mark}`)}</sup>}
      {why && <span className="visually-hidden"> {why}</span>}
    </td>
  );
}

/** What sets a date apart from the usual week. */
function markOf(day: WorkingDay): "off" | "make_up" | "half" | undefined {
  if (day.half_off) return "half";
  if (day.kind === "holiday") return "off";
  return day.kind === "make_up" ? "make_up" : undefined;
}
