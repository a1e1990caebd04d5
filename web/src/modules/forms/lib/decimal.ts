/**
 * Decimals of the language of conditions, digit for digit as the server computes them (modules/forms/src/expr/number.rs):
 * exact where a result has at most 28 digits, else rounded to 28, halves away from zero (四舍五入).
 * A result of 10^28 or more has no value (`null`).
 */
export interface Decimal {
  /** The number without its point. No zeros at the end that the scale could drop. */
  readonly units: bigint;
  /** Digits after the point. */
  readonly scale: number;
}

const DIGITS = 28;
const LIMIT = 10n ** 28n;

export const ZERO: Decimal = { units: 0n, scale: 0 };

/** Reads `-1280.50`: digits, perhaps a point and digits, at most 28 that count. */
export function readDecimal(text: string): Decimal | null {
  const match = /^(-?)([0-9]+)(?:\.([0-9]+))?$/.exec(text);
  if (!match) return null;
  const whole = (match[2] ?? "").replace(/^0+/, "");
  const places = (match[3] ?? "").replace(/0+$/, "");
  if (whole.length + places.length > DIGITS) return null;
  const units = BigInt(`0${whole}${places}`);
  return shorten(match[1] ? -units : units, places.length);
}

/** The one way of writing it: no zeros at the end. */
export function writeDecimal(number: Decimal): string {
  const digits = magnitude(number.units).toString().padStart(number.scale + 1, "0");
  const point = digits.length - number.scale;
  const sign = number.units < 0n ? "-" : "";
  return sign + digits.slice(0, point) + (number.scale > 0 ? `.${digits.slice(point)}` : "");
}

export function whole(number: number): Decimal {
  return shorten(BigInt(number), 0);
}

export function add(left: Decimal, right: Decimal): Decimal | null {
  const scale = Math.max(left.scale, right.scale);
  return finish(unitsAt(left, scale) + unitsAt(right, scale), scale);
}

export function subtract(left: Decimal, right: Decimal): Decimal | null {
  return add(left, negate(right));
}

export function multiply(left: Decimal, right: Decimal): Decimal | null {
  return finish(left.units * right.units, left.scale + right.scale);
}

/** `null` also where the divisor is zero. */
export function divide(left: Decimal, right: Decimal): Decimal | null {
  const divisor = magnitude(right.units);
  if (divisor === 0n) return null;
  let quotient = magnitude(left.units) / divisor;
  let rest = magnitude(left.units) % divisor;
  let scale = left.scale - right.scale;
  // Long division, to one digit more than is kept.
  while (rest !== 0n && quotient < LIMIT && scale <= DIGITS) {
    rest *= 10n;
    quotient = quotient * 10n + rest / divisor;
    rest %= divisor;
    scale += 1;
  }
  return finish(left.units < 0n !== right.units < 0n ? -quotient : quotient, scale);
}

/** What is left of `left` after taking out `right` a whole number of times; it has the sign of `left`. */
export function remainder(left: Decimal, right: Decimal): Decimal | null {
  if (right.units === 0n) return null;
  const scale = Math.max(left.scale, right.scale);
  return finish(unitsAt(left, scale) % unitsAt(right, scale), scale);
}

/** Halves go away from zero. `null` where `places` is not a whole number from 0 to 28. */
export function round(number: Decimal, places: Decimal): Decimal | null {
  if (places.scale > 0 || places.units < 0n || places.units > BigInt(DIGITS)) return null;
  const kept = Number(places.units);
  if (number.scale <= kept) return number;
  const power = 10n ** BigInt(number.scale - kept);
  const half = magnitude(number.units) + power / 2n;
  return finish(number.units < 0n ? -(half / power) : half / power, kept);
}

export function negate(number: Decimal): Decimal {
  return { units: -number.units, scale: number.scale };
}

export function absolute(number: Decimal): Decimal {
  return { units: magnitude(number.units), scale: number.scale };
}

/** Negative, zero or positive: as sorting wants it. */
export function compare(left: Decimal, right: Decimal): number {
  const scale = Math.max(left.scale, right.scale);
  const [a, b] = [unitsAt(left, scale), unitsAt(right, scale)];
  return a < b ? -1 : a > b ? 1 : 0;
}

function unitsAt(number: Decimal, scale: number): bigint {
  return number.units * 10n ** BigInt(scale - number.scale);
}

function magnitude(units: bigint): bigint {
  return units < 0n ? -units : units;
}

/** Rounds `units / 10^scale` to what the language holds. */
function finish(units: bigint, scale: number): Decimal | null {
  let value = magnitude(units);
  let dropped = 0n;
  while (scale < 0) {
    if (value >= LIMIT) return null;
    value *= 10n;
    scale += 1;
  }
  while (value >= LIMIT || scale > DIGITS) {
    if (scale === 0) return null;
    dropped = value % 10n;
    value /= 10n;
    scale -= 1;
  }
  if (dropped >= 5n) value += 1n;
  if (value === LIMIT && scale === 0) return null;
  return shorten(units < 0n ? -value : value, scale);
}

function shorten(units: bigint, scale: number): Decimal {
  while (scale > 0 && units % 10n === 0n) {
    units /= 10n;
    scale -= 1;
  }
  return { units, scale };
}
