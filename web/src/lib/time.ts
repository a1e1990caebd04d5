import { currentLocale, t } from "./words";

/** Everything here takes instants as RFC 3339 text and shows them in the reader's zone and language. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${currentLocale()}/${name}`;
  let found = formatters.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(currentLocale() === "en" ? "en-GB" : "zh-CN", options);
    formatters.set(key, found);
  }
  return found;
}

/** 09:12 */
export function formatClock(instant: string): string {
  return formatter("clock", { hour: "2-digit", minute: "2-digit", hour12: false }).format(new Date(instant));
}

/** 2026年11月21日 09:12 */
export function formatInstant(instant: string): string {
  return formatter("instant", {
    year: "numeric",
    month: "long",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  }).format(new Date(instant));
}

/** As short as it can be without doubt: 09:12 today, 昨天 09:12, 11月3日 09:12, 2025年11月3日. */
export function formatMoment(instant: string, now: Date = new Date()): string {
  const at = new Date(instant);
  const days = daysBetween(at, now);
  if (days === 0) return formatClock(instant);
  if (days === 1) return t("time.yesterday_at", { time: formatClock(instant) });
  if (days === -1) return t("time.tomorrow_at", { time: formatClock(instant) });
  if (at.getFullYear() === now.getFullYear()) {
    const day = formatter("day", { month: "short", day: "numeric" }).format(at);
    return `${day} ${formatClock(instant)}`;
  }
  return formatter("year", { year: "numeric", month: "short", day: "numeric" }).format(at);
}

/** The same within a sentence: 今天 09:12, where a bare time would leave the day open. */
export function formatPoint(instant: string, now: Date = new Date()): string {
  const today = daysBetween(new Date(instant), now) === 0;
  return today ? t("time.today_at", { time: formatClock(instant) }) : formatMoment(instant, now);
}

/** A civil date, "2026-12-01" → 12月1日 (this year) or 2025年12月1日. */
export function formatDate(date: string, now: Date = new Date()): string {
  const [year, month, day] = date.split("-").map(Number);
  if (!year || !month || !day) return date;
  const at = new Date(year, month - 1, day);
  return year === now.getFullYear()
    ? formatter("date", { month: "short", day: "numeric" }).format(at)
    : formatter("date-year", { year: "numeric", month: "short", day: "numeric" }).format(at);
}

/** A civil date with its weekday, in full: forms and prints. */
export function formatLongDate(date: string): string {
  const [year, month, day] = date.split("-").map(Number);
  if (!year || !month || !day) return date;
  return formatter("date-long", { year: "numeric", month: "long", day: "numeric", weekday: "short" }).format(
    new Date(year, month - 1, day),
  );
}

/** How long something lay: 3 分钟, 2 小时 10 分, 4 天 3 小时. */
export function formatDuration(milliseconds: number): string {
  const span = Math.max(0, milliseconds);
  if (span < MINUTE) return t("time.under_a_minute");
  if (span < HOUR) return t("time.minutes", { n: Math.floor(span / MINUTE) });
  if (span < DAY) {
    const minutes = Math.floor((span % HOUR) / MINUTE);
    const hours = Math.floor(span / HOUR);
    return minutes && hours < 10 ? t("time.hours_minutes", { h: hours, m: minutes }) : t("time.hours", { n: hours });
  }
  const days = Math.floor(span / DAY);
  const hours = Math.floor((span % DAY) / HOUR);
  return hours && days < 10 ? t("time.days_hours", { d: days, h: hours }) : t("time.days", { n: days });
}

/** Whole calendar days from `at` to `now` in the reader's zone. */
function daysBetween(at: Date, now: Date): number {
  const midnight = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((midnight(now) - midnight(at)) / DAY);
}
