import { t } from "./words";

/** The preset that ships with the product: its clauses have no number of a document of their own. */
const OWN = "default ";

/** A clause as people cite it: by its number, and the product's own by what it is about. */
export function clauseName(number: string): string {
  return number.startsWith(OWN) ? t("ui.product_clause", { name: number.slice(OWN.length) }) : number;
}
