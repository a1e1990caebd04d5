import type { HolidayYear } from "../api";

/** From November on, when the notice comes out, next year should be known too. */
const NOTICE_MONTH = 10;

/** The years of this region that should be known by now and are not. */
export function missingYears(known: HolidayYear[], region: string, now: Date): number[] {
  const year = now.getFullYear();
  const wanted = now.getMonth() >= NOTICE_MONTH ? [year, year + 1] : [year];
  return wanted.filter((each) => !known.some((one) => one.region === region && one.year === each));
}
