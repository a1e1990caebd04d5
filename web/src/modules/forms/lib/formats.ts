import { isDay } from "./civil-date";
import type { Format } from "./schema";

/** Forms of writing that are checked by name: modules/forms/src/form/formats.rs. */
export function accepts(format: Format, text: string): boolean {
  switch (format) {
    case "mobile":
      return /^1[3-9][0-9]{9}$/.test(text);
    case "email":
      return isEmail(text);
    case "phone":
      return accepts("mobile", text) || LANDLINE.test(text) || FREE.test(text);
    case "id_number":
      return isIdNumber(text);
    case "digits":
      return /^[0-9]+$/.test(text);
    case "letters":
      return /^[A-Za-z]+$/.test(text);
  }
}

/** Takes out what people write between digits, and writes the check letter large. */
export function normaliseFormat(format: Format, text: string): string {
  switch (format) {
    case "mobile":
      return text.replace(/[ -]/g, "");
    case "phone": {
      const digits = normaliseFormat("mobile", text);
      return accepts("mobile", digits) ? digits : text.replace(/ /g, "");
    }
    case "id_number":
      return text.replace(/ /g, "").replace(/x/g, "X");
    default:
      return text;
  }
}

/** An area code that begins with 0, seven or eight digits, perhaps an extension. */
const LANDLINE = /^0[0-9]{2,3}-[0-9]{7,8}(-[0-9]{1,6})?$/;
/** Ten digits that begin with 400 or 800. */
const FREE = /^[48]00-([0-9]{7}|(?=[0-9-]{8}$)[0-9]+-[0-9]+)$/;

const LOCAL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}$/;
const LABEL = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/** Of RFC 5321 what office addresses use: no quotes, no address literals, a domain of two labels or more. */
function isEmail(text: string): boolean {
  const at = text.lastIndexOf("@");
  if (at < 0 || text.length > 254) return false;
  const local = text.slice(0, at);
  const labels = text.slice(at + 1).split(".");
  const dotted = local.startsWith(".") || local.endsWith(".") || local.includes("..");
  return LOCAL.test(local) && !dotted && labels.length > 1 && labels.every((label) => LABEL.test(label));
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS = "10X98765432";

/** GB 11643-1999: six digits of a district, a date of birth, three digits, and a check character by ISO 7064 MOD 11-2. */
function isIdNumber(text: string): boolean {
  const match = /^[1-9][0-9]{5}([0-9]{4})([0-9]{2})([0-9]{2})[0-9]{3}[0-9X]$/.exec(text);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(text.charAt(index)), 0);
  return year >= 1800 && year < 2200 && isDay(year, month, day) && text.charAt(17) === CHECKS.charAt(sum % 11);
}

const CLASSES: Readonly<Record<string, RegExp>> = {
  "9": /^[0-9]$/,
  A: /^[A-Z]$/,
  a: /^[A-Za-z]$/,
  x: /^[A-Za-z0-9]$/,
};

/** Does the text follow the pattern: one sign for each character? */
export function follows(pattern: string, text: string): boolean {
  const signs = [...pattern];
  const letters = [...text];
  let at = 0;
  for (const letter of letters) {
    const sign = signs[at];
    if (sign === undefined) return false;
    if (sign === "\\") at += 1;
    const wanted = sign === "\\" ? signs[at] : sign;
    const kind = sign === "\\" ? undefined : CLASSES[sign];
    const fits = kind ? kind.test(letter) : sign === "*" || letter === wanted;
    if (!fits) return false;
    at += 1;
  }
  return at === signs.length;
}
