import { beforeEach, describe, expect, test } from "vitest";

import { loadLocale } from "@/app/words";

import { formatDate, formatDuration, formatMoment } from "./time";

/** An instant of this local time: the tests hold in every zone. */
const at = (day: number, hour = 9, minute = 12) => new Date(2026, 10, day, hour, minute).toISOString();
const now = new Date(2026, 10, 21, 12, 0);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("in Chinese", () => {
  test("moments are as short as they can be without doubt", () => {
    expect(formatMoment(at(21), now)).toBe("09:12");
    expect(formatMoment(at(20), now)).toBe("昨天 09:12");
    expect(formatMoment(at(22), now)).toBe("明天 09:12");
    expect(formatMoment(at(3), now)).toBe("11月3日 09:12");
    expect(formatMoment(new Date(2025, 10, 3).toISOString(), now)).toBe("2025年11月3日");
  });

  test("a civil date is the same in every zone", () => {
    expect(formatDate("2026-12-01", now)).toBe("12月1日");
    expect(formatDate("2025-12-01", now)).toBe("2025年12月1日");
    expect(formatDate("soon", now)).toBe("soon");
  });

  test.each([
    [30_000, "不到 1 分钟"],
    [3 * MINUTE, "3 分钟"],
    [2 * HOUR + 10 * MINUTE, "2 小时 10 分"],
    [14 * HOUR + 10 * MINUTE, "14 小时"],
    [4 * DAY + 3 * HOUR, "4 天 3 小时"],
    [12 * DAY + 3 * HOUR, "12 天"],
    [-5, "不到 1 分钟"],
  ])("%d ms last %s", (span, words) => {
    expect(formatDuration(span)).toBe(words);
  });
});

describe("in English", () => {
  beforeEach(async () => {
    await loadLocale("en");
  });

  test("the same, in English words", () => {
    expect(formatMoment(at(20), now)).toBe("yesterday 09:12");
    expect(formatDuration(4 * DAY + 3 * HOUR)).toBe("4 d 3 h");
    expect(formatDate("2026-12-01", now)).toBe("1 Dec");
  });
});
