/** Looking at a page as it stands: a picture, accessibility, nothing sideways, one language. */
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import type { Person } from "./person.ts";
import { NARROWEST, SIZES, seatName } from "./seat.ts";
import { foreignWords } from "./words.ts";

export const OUT = fileURLToPath(new URL("../out", import.meta.url));

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Finding {
  id: string;
  impact: string;
  help: string;
  nodes: { target: string; summary: string }[];
}

/** A picture, named after the seat; its path. */
export async function picture(person: Person, name: string): Promise<string> {
  const path = join(OUT, `${name}.${seatName(person.seat)}.png`);
  mkdirSync(dirname(path), { recursive: true });
  await person.page.screenshot({ path, animations: "disabled" });
  return path;
}

/** What a page looks like does not depend on the database: on the second one, journeys only wait for it to stand. */
const wasLookedAt = process.env["HANLIN_ENGINE"] === "postgres";

/** Looks at a page on the way of a journey. */
export async function look(person: Person, name: string): Promise<void> {
  if (wasLookedAt) await person.settled();
  else await inspect(person, name);
}

/**
 * Everything that any page must keep, and a picture of it. What is found wrong is held against the journey at its end,
 * so that one run tells all of it.
 */
export async function inspect(person: Person, name: string): Promise<void> {
  await person.settled();
  await picture(person, name);
  for (const wrong of [...(await serious(person)), ...(await sideways(person)), ...(await inAnotherLanguage(person))]) {
    person.complain(`${name} (${seatName(person.seat)}): ${wrong}`);
  }
}

/** A picture, and what axe finds: where a control keeps values of its list that are no words, as an open list does. */
export async function lookWithListOpen(person: Person, name: string): Promise<void> {
  await person.settled();
  if (wasLookedAt) return;
  await picture(person, name);
  for (const wrong of await serious(person)) person.complain(`${name} (${seatName(person.seat)}): ${wrong}`);
}

/** Serious and critical findings of axe. */
async function serious(person: Person): Promise<string[]> {
  await person.page.evaluate(axeSource);
  const findings = await person.page.evaluate(async () => {
    const axe = (globalThis as unknown as { axe: { run: (root: Document, options: object) => Promise<{ violations: AxeResult[] }> } }).axe;
    interface AxeResult {
      id: string;
      impact: string;
      help: string;
      nodes: { target: string[]; failureSummary?: string }[];
    }
    const { violations } = await axe.run(document, { resultTypes: ["violations"] });
    return violations.map(({ id, impact, help, nodes }) => ({
      id,
      impact,
      help,
      nodes: nodes.map((node) => ({ target: node.target.join(" "), summary: node.failureSummary ?? "" })),
    }));
  });
  return (findings as Finding[])
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, impact, help, nodes }) =>
      nodes.map((node) => `axe ${impact} ${id}: ${help}\n    ${node.target}\n    ${node.summary.replaceAll("\n", " ")}`),
    );
}

/** What makes the page scroll sideways, on a phone also at the narrowest width. */
async function sideways(person: Person): Promise<string[]> {
  const here = await sidewaysAt(person);
  if (!person.isOnPhone) return here;
  await person.page.setViewportSize({ width: NARROWEST, height: SIZES.phone.height });
  const narrow = await sidewaysAt(person);
  await person.page.setViewportSize(SIZES.phone);
  return [...here, ...narrow];
}

function sidewaysAt(person: Person): Promise<string[]> {
  return person.page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const scrolls = [...document.querySelectorAll<HTMLElement>("html, body, body *")].filter((element) => {
      const { overflowX } = getComputedStyle(element);
      const mayScroll = element === document.documentElement || overflowX === "auto" || overflowX === "scroll";
      return mayScroll && element.scrollWidth > element.clientWidth + 1 && !element.matches("textarea, pre");
    });
    return scrolls.map((element) => {
      const edge = element.getBoundingClientRect().left + element.clientWidth + 1;
      const widest = [...element.querySelectorAll("*")].find((each) => each.getBoundingClientRect().right > edge);
      return (
        `at ${width} px ${element.tagName}.${element.className} is ${element.scrollWidth} px wide and scrolls sideways,` +
        ` because of ${widest?.tagName}.${widest?.className} “${widest?.textContent?.slice(0, 40)}”`
      );
    });
  });
}

/** Sentences of the other language, and codes that nobody put into words. */
async function inAnotherLanguage(person: Person): Promise<string[]> {
  const shown = await person.page.evaluate(() => {
    const texts: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (parent && !parent.closest("script, style, pre, code, textarea, [lang]:not(html)")) texts.push(node.textContent?.trim() ?? "");
    }
    for (const element of document.querySelectorAll("[aria-label], [placeholder], [title]")) {
      for (const name of ["aria-label", "placeholder", "title"]) texts.push(element.getAttribute(name)?.trim() ?? "");
    }
    return texts;
  });
  const foreign = foreignWords(person.seat.locale);
  const mixed = shown.filter((text) => foreign.has(text)).map((text) => `in another language: “${text}”`);
  const codes = shown
    .filter((text) => /^(ui|app|access|directory|files|forms|notify|rulebook|trace|workflow|worktime|problem)\.[a-z_.]+$/.test(text))
    .map((text) => `a code without words: ${text}`);
  const open = shown.filter((text) => /\{\w+\}/.test(text)).map((text) => `an argument left open: “${text}”`);
  return [...new Set([...mixed, ...codes, ...open])];
}
