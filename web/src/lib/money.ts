/**
 * Decimals come and go as text ("1280.00"), so that no amount is ever rounded by a float.
 * This file only shows them.
 */

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/** "1280.5" → "1,280.50" with `scale` 2. Text that is no decimal is shown as it is. */
export function formatDecimal(value: string, scale?: number): string {
  const match = DECIMAL.exec(value.trim());
  if (!match) return value;
  const [, sign = "", whole = "0", fraction = ""] = match;
  const shown = scale === undefined ? fraction : fraction.padEnd(scale, "0");
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return `${sign}${grouped}${shown ? `.${shown}` : ""}`;
}

/** How a currency is written before an amount. */
export function currencySign(currency: string): string {
  return SYMBOLS[currency] ?? currency;
}

const SYMBOLS: Record<string, string> = { CNY: "¥", USD: "US$", EUR: "€", HKD: "HK$", JPY: "JP¥", GBP: "£" };

/** "1280" in CNY → "¥ 1,280.00". */
export function formatMoney(value: string, currency = "CNY", scale = 2): string {
  return `${currencySign(currency)} ${formatDecimal(value, scale)}`;
}

const DIGITS = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"] as const;
const PLACES = ["", "拾", "佰", "仟"] as const;
const LONGEST = 16;

/**
 * 人民币大写 as cheques and receipts write it (the People's Bank's rules for filling in bills):
 * 壹仟贰佰捌拾元整. Fen are the smallest unit; digits beyond them make the amount unsayable.
 * Returns `null` where the text is no amount, is longer than sixteen digits, or has a third decimal other than 0.
 */
export function capitalAmount(value: string): string | null {
  const match = DECIMAL.exec(value.trim());
  if (!match) return null;
  const [, sign = "", rawWhole = "0", rawFraction = ""] = match;
  const whole = rawWhole.replace(/^0+(?=\d)/, "");
  const fraction = rawFraction.replace(/0+$/, "").padEnd(2, "0");
  if (fraction.length > 2 || whole.length > LONGEST) return null;

  const jiao = Number(fraction[0]);
  const fen = Number(fraction[1]);
  const yuan = whole === "0" ? "" : `${capitalInteger(whole)}元`;
  const minus = sign && (yuan || jiao || fen) ? "负" : "";
  if (!jiao && !fen) return `${minus}${yuan || "零元"}整`;

  let cents = "";
  if (jiao) cents += `${DIGITS[jiao]}角`;
  else if (yuan) cents += "零";
  cents += fen ? `${DIGITS[fen]}分` : "整";
  return `${minus}${yuan}${cents}`;
}

/** 亿 and 万 split a number the way it is spoken; an empty place between two parts is one 零. */
function capitalInteger(whole: string): string {
  for (const [length, unit] of [
    [8, "亿"],
    [4, "万"],
  ] as const) {
    if (whole.length <= length) continue;
    const low = whole.slice(-length).replace(/^0+/, "");
    const high = capitalInteger(whole.slice(0, -length)) + unit;
    return low ? high + (low.length < length ? "零" : "") + capitalInteger(low) : high;
  }
  return capitalGroup(whole);
}

function capitalGroup(group: string): string {
  let spoken = "";
  let gap = false;
  [...group].forEach((digit, index) => {
    const value = Number(digit);
    if (value === 0) {
      gap = spoken !== "";
      return;
    }
    spoken += (gap ? "零" : "") + DIGITS[value] + PLACES[group.length - 1 - index];
    gap = false;
  });
  return spoken;
}
