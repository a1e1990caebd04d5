import { describe, expect, test } from "vitest";

import { DARK, LIGHT, type Palette } from "./theme";

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const AA = 4.5;

describe.each([
  ["light", LIGHT],
  ["dark", DARK],
] as [string, Palette][])("the %s palette", (_, palette) => {
  const text = ["ink", "ink2", "ink3", "accentInk", "dangerInk", "warnInk", "goodInk"] as const;
  const papers = ["ground", "surface", "sunken"] as const;

  test.each(text.flatMap((ink) => papers.map((paper) => [ink, paper] as const)))("%s is legible on %s", (ink, paper) => {
    expect(contrast(palette[ink], palette[paper])).toBeGreaterThanOrEqual(AA);
  });

  test.each([
    ["accentInk", "accentSoft"],
    ["dangerInk", "dangerSoft"],
    ["warnInk", "warnSoft"],
    ["goodInk", "goodSoft"],
    ["ink", "accentSoft"],
    ["ink3", "accentSoft"],
  ] as const)("%s is legible on %s", (ink, paper) => {
    expect(contrast(palette[ink], palette[paper])).toBeGreaterThanOrEqual(AA);
  });

  test.each(["accent", "accentHover", "danger"] as const)("white is legible on %s", (fill) => {
    expect(contrast("#ffffff", palette[fill])).toBeGreaterThanOrEqual(AA);
  });
});
