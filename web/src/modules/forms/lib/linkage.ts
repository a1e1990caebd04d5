import type { Rules } from "./form";
import { holds, type Scope } from "./expr/eval";
import { jsonOf } from "./expr/value";
import type { FormValues } from "./schema";
import { isBlank } from "./values";

/**
 * 联动: a field takes the value of an expression whenever something changes that the expression reads. What somebody
 * puts there by hand stays until then. The server does the same: modules/forms/src/form/linkage.rs.
 */
export interface Since {
  /** The values before, computed. Nothing: the form is new, and whatever can be set is set. */
  readonly before: FormValues | undefined;
  /** What was sent: an empty value in it was taken out by hand. */
  readonly sent: FormValues;
}

/** Does it read something that is not as it was? Also where it was not part of the form before. */
export function changedRules(rules: Rules, then: Scope, now: Scope): boolean {
  const read = [rules.set, rules.setWhen].flatMap((rule) => [...(rule?.dependsOn ?? [])]);
  const written = (scope: Scope, path: string) => JSON.stringify(jsonOf(scope(path)));
  return read.some((path) => written(then, path) !== written(now, path)) || (rules.visibleWhen !== undefined && !holds(rules.visibleWhen, then));
}

/** What stands there, so that two can be compared; nothing where it is empty. */
export function valueIn(values: FormValues, id: string): string | undefined {
  const value = Object.hasOwn(values, id) ? values[id] : undefined;
  return isBlank(value) ? undefined : JSON.stringify(value);
}

/** Sent as empty: by hand where it was not so before, or where the form is new. */
export function isTakenOut(sent: FormValues, before: FormValues, id: string): boolean {
  return Object.hasOwn(sent, id) && isBlank(sent[id]) && valueIn(before, id) === undefined;
}
