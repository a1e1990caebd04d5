import { isDate } from "../civil-date";
import { compare, readDecimal, whole } from "../decimal";
import { type Expr, type FunctionName, MAX_STEPS, type Node, type Operator, type Span } from "./ast";
import { type ExprError, exprError, meant, type Remedy, write } from "./error";
import { parse } from "./parser";
import { print } from "./print";
import { nearest } from "./suggest";
import { comparable, type Env, fits, isList, isRef, joinTypes, memberType, resolve, type Type, writablePaths } from "./types";

/** An expression that fits its environment. */
export interface Checked {
  readonly expr: Expr;
  readonly type: Type;
  /** The variables it reads: `form.leave`, also where only `form.leave.days` is read. */
  readonly dependsOn: ReadonlySet<string>;
}

export type CheckResult = { readonly checked: Checked } | { readonly errors: readonly ExprError[] };

/** Reads and checks; `wanted` also refuses another result than that type. */
export function compile(source: string, env: Env, wanted?: Type): CheckResult {
  const parsed = parse(source);
  return "error" in parsed ? { errors: [parsed.error] } : check(parsed.expr, env, wanted);
}

/** All that is wrong, in the order of the source; or the expression with its type. */
export function check(expr: Expr, env: Env, wanted?: Type): CheckResult {
  const checker = new Checker(expr.source, env);
  const type = wanted === undefined ? checker.infer(expr.root) : checker.needs(expr.root, wanted);
  checker.refuseCostly(expr.root);
  if (checker.errors.length === 0) return { checked: { expr, type, dependsOn: checker.dependsOn } };
  const errors = [...checker.errors].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  return { errors };
}

class Checker {
  readonly errors: ExprError[] = [];
  readonly dependsOn = new Set<string>();
  private steps = 0;

  constructor(
    private readonly source: string,
    private readonly env: Env,
  ) {}

  /** The node's type. After an error it is `null`, which fits everywhere, so that one mistake is told once. */
  infer(node: Node): Type {
    this.steps += 1;
    switch (node.is) {
      case "null":
      case "bool":
      case "number":
      case "text":
        return node.is;
      case "path":
        return this.path(node, node.path);
      case "list":
        return { list: this.sameType(node.parts, "mixed_list") ?? "null" };
      case "not":
        return this.needs(node.inner, "bool");
      case "negate":
        return this.needs(node.inner, "number");
      case "all":
      case "any":
        node.parts.forEach((part) => this.needs(part, "bool"));
        return "bool";
      case "binary":
        return this.binary(node, node.operator, node.left, node.right);
      case "choose":
        this.needs(node.condition, "bool");
        return this.sameType([node.first, node.second], "mixed_branches") ?? "null";
      case "call":
        return this.call(node, node.name, node.parts);
    }
  }

  needs(node: Node, wanted: Type): Type {
    this.mustFit(node, this.infer(node), wanted);
    return wanted;
  }

  refuseCostly(root: Node): void {
    if (this.steps > MAX_STEPS) this.refuse(root.span, "too_costly", { limit: MAX_STEPS });
  }

  private path(node: Node, path: string): Type {
    const found = resolve(this.env, path);
    if (!found) {
      this.refuse(node.span, "unknown_name", { name: path }, meant(nearest(path, writablePaths(this.env))));
      return "null";
    }
    this.dependsOn.add(found.base);
    return (found.member === undefined ? undefined : memberType(found.member)) ?? found.variable.type;
  }

  private binary(node: Node, operator: Operator, left: Node, right: Node): Type {
    const types = [this.infer(left), this.infer(right)] as const;
    switch (operator) {
      case "+":
        return this.addition(left, right, types);
      case "-":
      case "*":
      case "/":
      case "%":
        return this.arithmetic(node, operator, left, right, types);
      case "in":
        return this.membership(left, right, types);
      case "==":
      case "!=":
        return this.equality(node, operator, left, right, types);
      default:
        return this.order(node, left, right, types);
    }
  }

  /** Numbers are added, texts joined. */
  private addition(left: Node, right: Node, [leftType, rightType]: Pair): Type {
    const isText = (type: Type) => type === "text" || isRef(type);
    const wanted = isText(leftType) || isText(rightType) ? "text" : "number";
    this.mustFit(left, leftType, wanted);
    this.mustFit(right, rightType, wanted);
    return wanted;
  }

  private arithmetic(node: Node, operator: Operator, left: Node, right: Node, [leftType, rightType]: Pair): Type {
    if (operator === "-" && leftType === "date" && rightType === "date") {
      this.refuse(node.span, "date_arithmetic", {}, write(`days_between(${print(right)}, ${print(left)})`));
      return "number";
    }
    this.mustFit(left, leftType, "number");
    this.mustFit(right, rightType, "number");
    return "number";
  }

  private membership(left: Node, right: Node, [leftType, rightType]: Pair): Type {
    this.steps += this.longest(right);
    if (isList(rightType)) {
      if (!comparable(leftType, rightType.list)) this.different(left, right);
      this.namedOptions(left, right);
    } else if (rightType !== "null") {
      const remedy = rightType === "text" ? write(`contains(${print(right)}, ${print(left)})`) : undefined;
      this.refuse(right.span, "needs_list", { found: this.text(right.span) }, remedy);
    }
    return "bool";
  }

  private equality(node: Node, operator: Operator, left: Node, right: Node, [leftType, rightType]: Pair): Type {
    for (const [one, other] of [[left, right], [right, left]] as const) {
      const empty = one.is === "text" && one.value === "";
      if (one.is !== "null" && !empty) continue;
      const code = empty ? "compared_with_empty" : "compared_with_null";
      this.refuse(node.span, code, {}, write(`${operator === "==" ? "" : "!"}is_null(${print(other)})`));
      return "bool";
    }
    if (!comparable(leftType, rightType)) this.different(left, right);
    this.namedOptions(left, right);
    return "bool";
  }

  private order(node: Node, left: Node, right: Node, [leftType, rightType]: Pair): Type {
    const ordered = (type: Type) => type === "null" || type === "number" || type === "date";
    if (left.is === "null" || right.is === "null") this.refuse(node.span, "compared_with_null");
    else if (!comparable(leftType, rightType)) this.different(left, right);
    else if (!ordered(leftType) || !ordered(rightType)) this.refuse(node.span, "no_order", { found: this.text(node.span) });
    return "bool";
  }

  private call(node: Node, name: FunctionName, parts: readonly Node[]): Type {
    const [first, second] = parts;
    if (!first) return "null";
    switch (name) {
      case "size":
        return this.size(first);
      case "sum":
        return this.aggregate(parts, first, ["number"]);
      case "min":
      case "max":
        return this.aggregate(parts, first, ["number", "date"]);
      case "abs":
        return this.needs(first, "number");
      case "round":
        return this.round(first, second ?? first);
      case "contains":
        return this.contains(first, second ?? first);
      case "starts_with":
      case "ends_with":
        parts.forEach((part) => this.needs(part, "text"));
        return "bool";
      case "date":
        return this.date(node, first);
      case "days_between":
        parts.forEach((part) => this.needs(part, "date"));
        return "number";
      case "coalesce":
        return this.sameType(parts, "mixed_branches") ?? "null";
      case "is_null":
        this.infer(first);
        return "bool";
    }
  }

  private size(argument: Node): Type {
    const type = this.infer(argument);
    if (type !== "null" && type !== "text" && !isList(type)) this.notAList(argument);
    return "number";
  }

  /** One list, or the elements one by one. */
  private aggregate(parts: readonly Node[], first: Node, of: readonly [Type, ...Type[]]): Type {
    const type = parts.length === 1 ? this.elements(first) : (this.sameType(parts, "mixed_list") ?? "null");
    if (type === "null") return of[0];
    if (of.includes(type)) return type;
    this.refuse(first.span, "needs_number", { found: this.text(first.span) });
    return of[0];
  }

  private elements(list: Node): Type {
    const type = this.infer(list);
    if (isList(type)) {
      this.steps += this.longest(list);
      return type.list;
    }
    if (type !== "null") this.notAList(list);
    return "null";
  }

  private round(number: Node, places: Node): Type {
    this.needs(number, "number");
    this.needs(places, "number");
    if (places.is === "number" && (places.value.scale > 0 || compare(places.value, whole(28)) > 0)) {
      this.refuse(places.span, "bad_places", { found: this.text(places.span) });
    }
    return "number";
  }

  private contains(all: Node, part: Node): Type {
    const type = this.infer(all);
    if (isList(type)) {
      this.infer(part);
      this.refuse(all.span, "needs_text", { found: this.text(all.span) }, write(`${print(part)} in ${print(all)}`));
      return "bool";
    }
    this.mustFit(all, type, "text");
    this.needs(part, "text");
    return "bool";
  }

  private date(node: Node, argument: Node): Type {
    this.steps += 1;
    if (argument.is !== "text" || !isDate(argument.value)) {
      this.refuse(node.span, "bad_date", { found: this.text(argument.span) });
    }
    return "date";
  }

  private mustFit(node: Node, found: Type, wanted: Type): void {
    if (fits(found, wanted)) return;
    const codes = { bool: "needs_condition", number: "needs_number", date: "needs_date" } as const;
    const code = isList(wanted) ? "needs_list" : wanted in codes ? codes[wanted as keyof typeof codes] : "needs_text";
    this.refuse(node.span, code, { found: this.text(node.span) }, this.fitting(node, found, wanted));
  }

  private fitting(node: Node, found: Type, wanted: Type): Remedy | undefined {
    const literal = node.is === "text" ? node.value : undefined;
    if (wanted === "number" && literal !== undefined && readDecimal(literal)) return write(literal);
    if (wanted === "number" && found === "period") return write(`${print(node)}.days`);
    if (wanted === "date" && literal !== undefined && isDate(literal)) return write(`date("${literal}")`);
    if (wanted === "date" && found === "period") return write(`${print(node)}.from`);
    return undefined;
  }

  /** The one type of all parts; nothing of no parts. */
  private sameType(parts: readonly Node[], code: string): Type | undefined {
    let joined: Type | undefined;
    for (const part of parts) {
      const type = this.infer(part);
      const both: Type | undefined = joined === undefined ? type : joinTypes(type, joined);
      if (both === undefined) this.refuse(part.span, code, { found: this.text(part.span) });
      else joined = both;
    }
    return joined;
  }

  private different(left: Node, right: Node): void {
    const both = { start: left.span.start, end: right.span.end };
    const args = { left: this.text(left.span), right: this.text(right.span) };
    for (const [literal, other] of [[left, right], [right, left]] as const) {
      if (literal.is !== "text") continue;
      const type = new Checker(this.source, this.env).infer(other);
      if (type === "date" && isDate(literal.value)) {
        return this.refuse(literal.span, "different_types", args, write(`date("${literal.value}")`));
      }
      if (type === "number" && readDecimal(literal.value)) {
        return this.refuse(literal.span, "different_types", args, write(literal.value));
      }
      if (isList(type)) return this.refuse(both, "different_types", args, write(`${print(literal)} in ${print(other)}`));
    }
    this.refuse(both, "different_types", args);
  }

  /** Refuses options that the choice does not have. */
  private namedOptions(left: Node, right: Node): void {
    for (const [variable, literal] of [[left, right], [right, left]] as const) {
      if (variable.is !== "path") continue;
      const options = this.env.get(variable.path)?.options ?? [];
      if (options.length === 0) continue;
      for (const part of literal.is === "list" ? literal.parts : [literal]) {
        if (part.is !== "text" || options.includes(part.value)) continue;
        const near = nearest(part.value, options);
        const args = { option: part.value, name: variable.path };
        this.refuse(part.span, "unknown_option", args, meant(near === undefined ? undefined : `"${near}"`));
      }
    }
  }

  /** Most elements that a list can have. */
  private longest(node: Node): number {
    if (node.is === "list") return node.parts.length;
    if (node.is === "path") return this.env.get(node.path)?.maxItems ?? 0;
    if (node.is === "choose") return Math.max(this.longest(node.first), this.longest(node.second));
    if (node.is === "call" && node.name === "coalesce") return Math.max(...node.parts.map((part) => this.longest(part)));
    return 0;
  }

  private notAList(node: Node): void {
    this.refuse(node.span, "needs_list", { found: this.text(node.span) });
  }

  private refuse(span: Span, code: string, args: ExprError["args"] = {}, remedy?: Remedy): void {
    this.errors.push(exprError(this.source, span, code, args, remedy));
  }

  private text(span: Span): string {
    return this.source.slice(span.start, span.end);
  }
}

type Pair = readonly [Type, Type];
