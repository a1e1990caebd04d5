/** Dates of the calendar as forms write them, `2026-11-21`. As text they sort as dates. */

const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

export function isDate(text: string): boolean {
  const match = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text);
  if (!match) return false;
  return isDay(Number(match[1]), Number(match[2]), Number(match[3]));
}

export function isDay(year: number, month: number, day: number): boolean {
  return year >= 1 && day >= 1 && day <= lengthOf(year, month);
}

/** How many days later the second is: 1 from Monday to Tuesday. */
export function daysBetween(from: string, to: string): number {
  return dayNumber(to) - dayNumber(from);
}

function lengthOf(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 && leap ? 29 : (LENGTHS[month - 1] ?? 0);
}

/** Days since the first of January of year 1, in the Gregorian calendar. */
function dayNumber(date: string): number {
  const [year = 1, month = 1, day = 1] = date.split("-").map(Number);
  const past = year - 1;
  let days = past * 365 + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
  for (let before = 1; before < month; before += 1) days += lengthOf(year, before);
  return days + day - 1;
}
