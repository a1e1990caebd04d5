import axe from "axe-core";
import { expect } from "vitest";

/**
 * Nothing that axe calls serious or critical. Colours are no part of jsdom; the palette's contrast has its own test. What
 * axe would tell of everything that is in order, and of where it stands, is most of its work and nothing to us.
 */
export async function expectAccessible(): Promise<void> {
  const { violations } = await axe.run(document.body, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
    resultTypes: ["violations"],
    selectors: false,
    preload: false,
    iframes: false,
  });
  const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  expect(grave.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`)).toEqual([]);
}
