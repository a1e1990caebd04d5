/** What the browser's own style sheet says of how an element stands among others, as far as names and clicks depend on it. */
const BLOCKS = new Set(
  "ADDRESS ARTICLE ASIDE BLOCKQUOTE BODY DD DETAILS DIV DL DT FIELDSET FIGCAPTION FIGURE FOOTER FORM H1 H2 H3 H4 H5 H6 HEADER HR HTML LEGEND MAIN NAV OL P PRE SECTION SUMMARY UL".split(" "),
);
const UNSEEN = new Set(["HEAD", "LINK", "META", "SCRIPT", "STYLE", "TEMPLATE", "TITLE"]);
const OTHERS: Record<string, string> = {
  LI: "list-item", TABLE: "table", THEAD: "table-header-group", TBODY: "table-row-group", TR: "table-row", TD: "table-cell", TH: "table-cell",
  CAPTION: "table-caption", BUTTON: "inline-block", INPUT: "inline-block", SELECT: "inline-block", TEXTAREA: "inline-block",
};

/** Of the rest nothing is known: a style sheet may set them beside each other as cells, so their words stand apart in a name. */
function display(element: Element): string {
  const { tagName } = element;
  if (UNSEEN.has(tagName) || element.hasAttribute("hidden")) return "none";
  if (tagName === "INPUT" && element.getAttribute("type") === "hidden") return "none";
  if (tagName === "DIALOG") return element.hasAttribute("open") ? "block" : "none";
  return BLOCKS.has(tagName) ? "block" : (OTHERS[tagName] ?? "");
}

/** What a field that grows with its words measures itself by; without these its height would be no number. */
const measured = ({ tagName }: Element): string => (tagName === "TEXTAREA" ? "padding: 0px; border-width: 0px;" : "");

/** Whether it is seen is inherited, so what stands above it may say so. */
function visibility(element: Element): string {
  for (let at: Element | null = element; at; at = at.parentElement) {
    const said = at.hasAttribute("style") && "style" in at ? (at as HTMLElement).style.visibility : "";
    if (said) return said;
  }
  return "visible";
}

const looks = new Map<string, CSSStyleDeclaration>();

/**
 * How an element looks by its tag and its own attributes. No style sheet of ours stands in a test, so nothing else could
 * say more; jsdom would still try each rule of the browser's on each element that is asked for, and names ask for all.
 */
export function lookOf(element: Element): CSSStyleDeclaration {
  const own = element.getAttribute("style") ?? "";
  const shown = display(element);
  const text = `${shown && `display: ${shown};`} visibility: ${visibility(element)}; ${measured(element)} ${own}`;
  const known = looks.get(text);
  if (known) return known;
  const made = document.createElement("span").style;
  made.cssText = text;
  looks.set(text, made);
  return made;
}
