import {
  type Expr,
  FUNCTIONS,
  isFunction,
  joinNodes,
  type Kind,
  makeNode,
  MAX_DEPTH,
  MAX_LIST,
  type Node,
  type Operator,
  type Span,
} from "./ast";
import { type ExprError, exprError, Fault, meant, write } from "./error";
import { type Placed, type Token, tokens } from "./lexer";
import { nearest } from "./suggest";

/** Reads one expression. The first thing that cannot be read is the error. */
export function parse(source: string): { expr: Expr } | { error: ExprError } {
  try {
    return { expr: { root: new Parser(source).whole(), source } };
  } catch (fault) {
    if (fault instanceof Fault) return { error: fault.found };
    throw fault;
  }
}

const RELATIONS: readonly Operator[] = ["==", "!=", "<", "<=", ">", ">=", "in"];

/** One method a level of precedence, loosest first. The grammar stands in modules/forms/src/expr/parser.rs. */
class Parser {
  private readonly tokens: readonly Placed[];
  private at = 0;
  private nesting = 0;

  constructor(private readonly source: string) {
    this.tokens = tokens(source);
  }

  whole(): Node {
    if (this.next().is === "end") throw this.fault(this.next().span, "empty");
    const root = this.expression();
    if (this.next().is !== "end") throw this.unexpected();
    return root;
  }

  private expression(): Node {
    return this.nested(() => {
      const condition = this.or();
      if (!this.take("?")) return condition;
      const first = this.or();
      if (!this.take(":")) {
        throw this.next().is === "end" ? this.fault(this.next().span, "missing_otherwise") : this.unexpected();
      }
      const second = this.expression();
      return this.node({ is: "choose", condition, first, second }, over(condition, second));
    });
  }

  private or(): Node {
    return this.inARow("any", "||", () => this.and());
  }

  private and(): Node {
    return this.inARow("all", "&&", () => this.relation());
  }

  private inARow(is: "all" | "any", between: "&&" | "||", part: () => Node): Node {
    const first = part();
    let last = first;
    const parts = [first];
    while (this.take(between)) {
      last = part();
      parts.push(last);
    }
    return parts.length === 1 ? first : this.bounded(joinNodes(is, parts, over(first, last)));
  }

  private relation(): Node {
    const left = this.sum();
    const operator = this.operator(RELATIONS);
    if (!operator) return left;
    const right = this.sum();
    if (this.operator(RELATIONS)) {
      const span = over(left, right);
      throw this.fault(span, "chained_comparison", { found: this.text(span) });
    }
    return this.binary(operator, left, right);
  }

  private sum(): Node {
    return this.fromTheLeft(["+", "-"], () => this.product());
  }

  private product(): Node {
    return this.fromTheLeft(["*", "/", "%"], () => this.unary());
  }

  private fromTheLeft(operators: readonly Operator[], part: () => Node): Node {
    let left = part();
    for (;;) {
      const operator = this.operator(operators);
      if (!operator) return left;
      left = this.binary(operator, left, part());
    }
  }

  private unary(): Node {
    const { span } = this.next();
    const is = this.take("!") ? "not" : this.operator(["-"]) ? "negate" : undefined;
    if (!is) return this.primary();
    const inner = this.nested(() => this.unary());
    return this.node({ is, inner }, { start: span.start, end: inner.span.end });
  }

  private primary(): Node {
    const token = this.next();
    const { span } = token;
    switch (token.is) {
      case "number":
        this.at += 1;
        return this.node({ is: "number", value: token.value }, span);
      case "text":
        this.at += 1;
        return this.node({ is: "text", value: token.value }, span);
      case "true":
      case "false":
        this.at += 1;
        return this.node({ is: "bool", value: token.is === "true" }, span);
      case "null":
        this.at += 1;
        return this.node({ is: "null" }, span);
      case "path":
        this.at += 1;
        return this.next().is === "(" ? this.call(token.path, span) : this.node({ is: "path", path: token.path }, span);
      case "(": {
        this.at += 1;
        const inner = this.expression();
        // With its parentheses, so that a quotation of it is whole.
        return { ...inner, span: { start: span.start, end: this.close(span, ")") } };
      }
      case "[": {
        this.at += 1;
        const { parts, end } = this.parts(span, "]");
        return this.node({ is: "list", parts }, { start: span.start, end });
      }
      default:
        throw this.unexpected();
    }
  }

  private call(name: string, span: Span): Node {
    const open = this.next().span;
    this.at += 1;
    if (!isFunction(name)) throw this.unknownFunction(name, span);
    const { parts, end } = this.parts(open, ")");
    const [fewest, most] = FUNCTIONS[name];
    const whole = { start: span.start, end };
    if (parts.length < fewest || parts.length > most) {
      const code = fewest === most ? "argument_count" : "too_few_arguments";
      throw this.fault(whole, code, { name, expected: fewest, found: parts.length });
    }
    return this.node({ is: "call", name, parts }, whole);
  }

  private unknownFunction(name: string, span: Span): Fault {
    const dot = name.lastIndexOf(".");
    const [receiver, method] = [name.slice(0, Math.max(dot, 0)), name.slice(dot + 1)];
    if (dot >= 0 && isFunction(method)) {
      const args = { name: method, receiver };
      return new Fault(exprError(this.source, span, "method_call", args, write(`${method}(${receiver}, …)`)));
    }
    return new Fault(exprError(this.source, span, "unknown_function", { name }, meant(nearest(name, Object.keys(FUNCTIONS)))));
  }

  /** What stands between commas, up to `close`, and the end of `close`. */
  private parts(open: Span, close: ")" | "]"): { parts: Node[]; end: number } {
    const parts: Node[] = [];
    if (this.next().is !== close) {
      do parts.push(this.expression());
      while (this.take(","));
    }
    if (parts.length > MAX_LIST) throw this.fault(open, "list_too_long", { limit: MAX_LIST });
    return { parts, end: this.close(open, close) };
  }

  private close(open: Span, close: ")" | "]"): number {
    const { end } = this.next().span;
    if (this.take(close)) return end;
    throw this.next().is === "end" ? this.fault(open, "unclosed", { found: this.text(open) }) : this.unexpected();
  }

  private binary(operator: Operator, left: Node, right: Node): Node {
    return this.node({ is: "binary", operator, left, right }, over(left, right));
  }

  private node(kind: Kind, span: Span): Node {
    return this.bounded(makeNode(kind, span));
  }

  private bounded(node: Node): Node {
    if (node.depth > MAX_DEPTH) throw this.fault(node.span, "too_deep", { limit: MAX_DEPTH });
    return node;
  }

  private nested(inner: () => Node): Node {
    this.nesting += 1;
    if (this.nesting > MAX_DEPTH) throw this.fault(this.next().span, "too_deep", { limit: MAX_DEPTH });
    const node = inner();
    this.nesting -= 1;
    return node;
  }

  private unexpected(): Fault {
    const { span, is } = this.next();
    return is === "end" ? this.fault(span, "unexpected_end") : this.fault(span, "unexpected", { found: this.text(span) });
  }

  private fault(span: Span, code: string, args: ExprError["args"] = {}): Fault {
    return new Fault(exprError(this.source, span, code, args));
  }

  private text(span: Span): string {
    return this.source.slice(span.start, span.end);
  }

  private next(): Placed {
    const token = this.tokens[this.at] ?? this.tokens.at(-1);
    if (!token) throw new Error("the lexer always gives an end");
    return token;
  }

  private take(is: Token["is"]): boolean {
    const found = this.next().is === is;
    if (found) this.at += 1;
    return found;
  }

  private operator(of: readonly Operator[]): Operator | undefined {
    const token = this.next();
    if (token.is !== "operator" || !of.includes(token.operator)) return undefined;
    this.at += 1;
    return token.operator;
  }
}

function over(first: Node, last: Node): Span {
  return { start: first.span.start, end: last.span.end };
}
