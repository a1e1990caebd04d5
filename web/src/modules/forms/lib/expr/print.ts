import { writeDecimal } from "../decimal";
import type { Node } from "./ast";

/** How tightly a node holds together, loosest first. */
const LEVELS = ["choose", "any", "all", "relation", "sum", "product", "unary", "whole"] as const;
type Level = (typeof LEVELS)[number];

/** An expression in its plainest form: one space around operators, only the parentheses that are needed. */
export function print(node: Node): string {
  switch (node.is) {
    case "null":
      return "null";
    case "bool":
      return String(node.value);
    case "number":
      return writeDecimal(node.value);
    case "text":
      return quote(node.value);
    case "path":
      return node.path;
    case "list":
      return `[${join(node.parts, ", ", "choose")}]`;
    case "not":
      return `!${at(node.inner, "unary")}`;
    case "negate":
      return `-${at(node.inner, "unary")}`;
    case "all":
      return join(node.parts, " && ", "relation");
    case "any":
      return join(node.parts, " || ", "all");
    case "binary": {
      const level = levelOf(node);
      // Arithmetic reads from the left; comparisons do not chain.
      const left = at(node.left, level === "relation" ? "sum" : level);
      return `${left} ${node.operator} ${at(node.right, above(level))}`;
    }
    case "choose":
      return `${at(node.condition, "any")} ? ${at(node.first, "any")} : ${print(node.second)}`;
    case "call":
      return `${node.name}(${join(node.parts, ", ", "choose")})`;
  }
}

function levelOf(node: Node): Level {
  switch (node.is) {
    case "choose":
    case "any":
    case "all":
      return node.is;
    case "binary":
      if (node.operator === "+" || node.operator === "-") return "sum";
      return node.operator === "*" || node.operator === "/" || node.operator === "%" ? "product" : "relation";
    case "not":
    case "negate":
      return "unary";
    default:
      return "whole";
  }
}

function above(level: Level): Level {
  return LEVELS[LEVELS.indexOf(level) + 1] ?? "whole";
}

function at(node: Node, level: Level): string {
  return LEVELS.indexOf(levelOf(node)) < LEVELS.indexOf(level) ? `(${print(node)})` : print(node);
}

function join(parts: readonly Node[], between: string, level: Level): string {
  return parts.map((part) => at(part, level)).join(between);
}

function quote(text: string): string {
  const escaped = text.replace(/["\\]/g, "\\$&").replace(/\n/g, "\\n").replace(/\t/g, "\\t");
  return `"${escaped}"`;
}
