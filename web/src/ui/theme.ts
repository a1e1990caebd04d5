import { theme as antd, type ThemeConfig } from "antd";

/**
 * The one place of colour, radius and size. The palettes become CSS variables for our own styles and tokens for the
 * component library. Text colours keep 4.5:1 on `ground`, `surface` and `sunken`; a test computes it.
 */
export interface Palette {
  /** Behind everything. */
  ground: string;
  /** Paper: panes, cards, dialogs. */
  surface: string;
  /** Wells, hover, read-only cells. */
  sunken: string;
  line: string;
  /** Borders of inputs and of the form's grid. */
  lineStrong: string;
  ink: string;
  ink2: string;
  ink3: string;
  /** Filled controls, under white text. */
  accent: string;
  /** Under the pointer: darker, so that white stays legible on it. */
  accentHover: string;
  /** Accent as text. */
  accentInk: string;
  accentSoft: string;
  danger: string;
  dangerInk: string;
  dangerSoft: string;
  warnInk: string;
  warnSoft: string;
  goodInk: string;
  goodSoft: string;
  /** Of what floats above the paper. Black on black is no edge: in the dark it is drawn. */
  shadow: string;
}

export const LIGHT: Palette = {
  ground: "#f5f5f3",
  surface: "#ffffff",
  sunken: "#f0f0ed",
  line: "#e5e5e0",
  lineStrong: "#c9c9c2",
  ink: "#1c1e21",
  ink2: "#4c5159",
  ink3: "#656a72",
  accent: "#2a5db8",
  accentHover: "#234e9b",
  accentInk: "#2452a3",
  accentSoft: "#e9eff9",
  danger: "#b42318",
  dangerInk: "#a81f15",
  dangerSoft: "#fcecea",
  warnInk: "#7a4f00",
  warnSoft: "#fcf2da",
  goodInk: "#1a6b3c",
  goodSoft: "#e5f3ea",
  shadow: "0 6px 24px rgba(0, 0, 0, 0.13)",
};

export const DARK: Palette = {
  ground: "#131416",
  surface: "#1b1c1f",
  sunken: "#242629",
  line: "#2d3034",
  lineStrong: "#474b52",
  ink: "#e8e9eb",
  ink2: "#b6bac1",
  ink3: "#979ca5",
  accent: "#3a6cce",
  accentHover: "#335fb6",
  accentInk: "#93b5fb",
  accentSoft: "#1f2a40",
  danger: "#c2382c",
  dangerInk: "#ff998c",
  dangerSoft: "#3a1e1b",
  warnInk: "#ebbb62",
  warnSoft: "#352a14",
  goodInk: "#74cb98",
  goodSoft: "#182e21",
  shadow: "0 0 0 1px #474b52, 0 8px 28px rgba(0, 0, 0, 0.6)",
};

export const FONT =
  '-apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "PingFang SC", "HarmonyOS Sans SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Micro Hei", sans-serif';

export type Scheme = "light" | "dark";

export function paletteOf(scheme: Scheme): Palette {
  return scheme === "dark" ? DARK : LIGHT;
}

/** Our own styles read `var(--ink-2)` and so on. */
export function cssVariables(scheme: Scheme): Record<string, string> {
  const colours = Object.entries(paletteOf(scheme) as unknown as Record<string, string>).map(([name, value]) => [
    `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replace(/(\d)/, "-$1")}`,
    value,
  ]);
  return Object.fromEntries([...colours, ["--font", FONT]]) as Record<string, string>;
}

/** The component library's tokens, from the same palette. Phones get larger type and targets; `still` moves nothing. */
export function themeConfig(scheme: Scheme, phone: boolean, still = false): ThemeConfig {
  const palette = paletteOf(scheme);
  return {
    algorithm: scheme === "dark" ? antd.darkAlgorithm : antd.defaultAlgorithm,
    token: {
      fontFamily: FONT,
      fontSize: phone ? 16 : 14,
      controlHeight: phone ? 44 : 32,
      controlHeightSM: phone ? 44 : 26,
      controlHeightLG: phone ? 48 : 38,
      borderRadius: 6,
      borderRadiusLG: 8,
      borderRadiusSM: 4,
      sizeUnit: 4,
      sizeStep: 4,
      wireframe: false,
      motion: !still,
      motionDurationMid: "0.12s",
      motionDurationSlow: "0.16s",
      colorPrimary: palette.accent,
      colorPrimaryHover: palette.accentHover,
      colorPrimaryActive: palette.accentHover,
      colorInfo: palette.accent,
      colorLink: palette.accentInk,
      colorLinkHover: palette.accentInk,
      colorError: scheme === "dark" ? palette.dangerInk : palette.danger,
      colorErrorText: palette.dangerInk,
      colorSuccess: palette.goodInk,
      colorWarning: palette.warnInk,
      // Of alerts: the library would mix grounds of its own from the inks.
      colorInfoBg: palette.accentSoft,
      colorInfoBorder: palette.line,
      colorErrorBg: palette.dangerSoft,
      colorErrorBorder: palette.line,
      colorSuccessBg: palette.goodSoft,
      colorSuccessBorder: palette.line,
      colorWarningBg: palette.warnSoft,
      colorWarningBorder: palette.line,
      colorText: palette.ink,
      colorTextSecondary: palette.ink2,
      colorTextTertiary: palette.ink3,
      colorTextDescription: palette.ink3,
      colorTextPlaceholder: palette.ink3,
      colorBgLayout: palette.ground,
      colorBgContainer: palette.surface,
      colorBgElevated: palette.surface,
      colorBorder: palette.lineStrong,
      colorBorderSecondary: palette.line,
      colorSplit: palette.line,
      boxShadow: palette.shadow,
      boxShadowSecondary: palette.shadow,
    },
    components: {
      Button: {
        primaryShadow: "none",
        defaultShadow: "none",
        dangerShadow: "none",
        fontWeight: 500,
        // Accent as text: a finger leaves what it touched under the pointer, to be read.
        defaultHoverColor: palette.accentInk,
        defaultHoverBorderColor: palette.accentInk,
        defaultActiveColor: palette.accentInk,
        defaultActiveBorderColor: palette.accentInk,
        ...(scheme === "dark" ? { dangerColor: palette.surface } : {}),
      },
    },
  };
}
