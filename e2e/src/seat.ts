/** What a person sits before: a device, a language, light or dark. */
import { existsSync } from "node:fs";

import type { Browser, BrowserContext } from "playwright-core";
import { chromium } from "playwright-core";

import type { Locale } from "./words.ts";

export type Device = "desktop" | "phone";
export type Scheme = "light" | "dark";

export interface Seat {
  device: Device;
  locale: Locale;
  scheme: Scheme;
}

export const SIZES: Record<Device, { width: number; height: number }> = {
  desktop: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 },
};

/** The narrowest screen that nothing may scroll sideways on. */
export const NARROWEST = 360;

const DESK: Seat = { device: "desktop", locale: "zh-CN", scheme: "light" };

/** A seat that differs from the usual one (desktop, Chinese, light) in what is named. */
export const seat = (other: Partial<Seat> = {}): Seat => ({ ...DESK, ...other });

export const seatName = ({ device, locale, scheme }: Seat): string => `${device}-${locale}-${scheme}`;

/** Debian's browser: the one without windows of its own where it is installed, since it is half as fast again. */
const BROWSER = process.env["CHROMIUM"] ?? ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"].find((path) => existsSync(path));

/** Nothing it does by itself may reach a network. */
export function launch(): Promise<Browser> {
  if (!BROWSER) throw new Error("Chromium is missing: install chromium-headless-shell, or name a browser in CHROMIUM");
  return chromium.launch({
    executablePath: BROWSER,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      // A page stands for seconds here: what would make its code faster in the long run only costs time.
      "--js-flags=--no-opt --no-maglev",
    ],
  });
}

export function sitDown(browser: Browser, url: string, { device, locale, scheme }: Seat): Promise<BrowserContext> {
  return browser.newContext({
    baseURL: url,
    viewport: SIZES[device],
    isMobile: device === "phone",
    hasTouch: device === "phone",
    deviceScaleFactor: device === "phone" ? 2 : 1,
    locale,
    timezoneId: "Asia/Shanghai",
    colorScheme: scheme,
    reducedMotion: "reduce",
    acceptDownloads: true,
  });
}
