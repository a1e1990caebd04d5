//! One function a level of precedence, loosest first. The grammar is CEL's, less what the language leaves out:
//!
//! ```text
//! expression = or ["?" or ":" expression]
//! or         = and {"||" and}
//! and        = relation {"&&" relation}
//! relation   = sum [("==" | "!=" | "<" | "<=" | ">" | ">=" | "in") sum]
//! sum        = product {("+" | "-") product}
//! product    = unary {("*" | "/" | "%") unary}
//! unary      = ("!" | "-") unary | primary
//! primary    = number | text | "true" | "false" | "null" | path | name "(" [arguments] ")"
//!            | "(" expression ")" | "[" [arguments] "]"
//! ```

use super::{
    Expr, ExprError, Function, Kind, MAX_DEPTH, MAX_LIST, Node, Op, Span,
    lexer::{Token, tokens},
    suggest::nearest,
};

type Parsed = Result<Node, ExprError>;

impl Expr {
    /// Reads one expression. The first thing that cannot be read is the error.
    pub fn parse(source: &str) -> Result<Self, ExprError> {
        let mut parser = Parser { source, tokens: tokens(source)?, at: 0, nesting: 0 };
        if parser.peek() == &Token::End {
            return Err(parser.error(parser.span(), "empty"));
        }
        let root = parser.expression()?;
        match parser.peek() {
            Token::End => Ok(Self { root, source: source.to_owned() }),
            _ => Err(parser.unexpected()),
        }
    }
}

struct Parser<'s> {
    source: &'s str,
    tokens: Vec<(Token, Span)>,
    at: usize,
    nesting: u16,
}

impl Parser<'_> {
    fn expression(&mut self) -> Parsed {
        self.nested(|parser| {
            let condition = parser.or()?;
            if !parser.take(&Token::Question) {
                return Ok(condition);
            }
            let first = parser.or()?;
            if !parser.take(&Token::Colon) {
                return Err(match parser.peek() {
                    Token::End => parser.error(parser.span(), "missing_otherwise"),
                    _ => parser.unexpected(),
                });
            }
            let second = parser.expression()?;
            let span = condition.span.to(second.span);
            parser.node(Kind::Choose(condition.into(), first.into(), second.into()), span)
        })
    }

    fn or(&mut self) -> Parsed {
        let parts = self.in_a_row(&Token::Or, Self::and)?;
        self.joined(parts, Node::any)
    }

    fn and(&mut self) -> Parsed {
        let parts = self.in_a_row(&Token::And, Self::relation)?;
        self.joined(parts, Node::all)
    }

    fn in_a_row(&mut self, between: &Token, part: fn(&mut Self) -> Parsed) -> Result<Vec<Node>, ExprError> {
        let mut parts = vec![part(self)?];
        while self.take(between) {
            parts.push(part(self)?);
        }
        Ok(parts)
    }

    fn joined(&self, mut parts: Vec<Node>, join: fn(Vec<Node>, Span) -> Node) -> Parsed {
        let (Some(first), Some(last)) = (parts.first(), parts.last()) else {
            return Err(self.unexpected());
        };
        let span = first.span.to(last.span);
        if parts.len() == 1 {
            return parts.pop().ok_or_else(|| self.unexpected());
        }
        self.bounded(join(parts, span))
    }

    fn relation(&mut self) -> Parsed {
        let left = self.sum()?;
        let Some(op) = self.relation_sign() else { return Ok(left) };
        let right = self.sum()?;
        if self.relation_sign().is_some() {
            let span = left.span.to(right.span);
            return Err(self.error(span, "chained_comparison").with("found", self.text(span)));
        }
        self.binary(op, left, right)
    }

    fn relation_sign(&mut self) -> Option<Op> {
        let op = match self.peek() {
            Token::Op(op) if op.is_order() || matches!(op, Op::Equal | Op::NotEqual | Op::In) => *op,
            _ => return None,
        };
        self.at += 1;
        Some(op)
    }

    fn sum(&mut self) -> Parsed {
        let mut left = self.product()?;
        while let Token::Op(op @ (Op::Add | Op::Subtract)) = *self.peek() {
            self.at += 1;
            let right = self.product()?;
            left = self.binary(op, left, right)?;
        }
        Ok(left)
    }

    fn product(&mut self) -> Parsed {
        let mut left = self.unary()?;
        while let Token::Op(op @ (Op::Multiply | Op::Divide | Op::Remainder)) = *self.peek() {
            self.at += 1;
            let right = self.unary()?;
            left = self.binary(op, left, right)?;
        }
        Ok(left)
    }

    fn unary(&mut self) -> Parsed {
        let start = self.span();
        let make: fn(Box<Node>) -> Kind = match self.peek() {
            Token::Not => Kind::Not,
            Token::Op(Op::Subtract) => Kind::Negate,
            _ => return self.primary(),
        };
        self.at += 1;
        let inner = self.nested(Self::unary)?;
        let span = start.to(inner.span);
        self.node(make(inner.into()), span)
    }

    fn primary(&mut self) -> Parsed {
        let span = self.span();
        let kind = match self.peek().clone() {
            Token::Number(value) => Kind::Number(value),
            Token::Text(value) => Kind::Text(value),
            Token::True => Kind::Bool(true),
            Token::False => Kind::Bool(false),
            Token::Null => Kind::Null,
            Token::Path(path) => {
                self.at += 1;
                return if self.peek() == &Token::Open {
                    self.call(&path, span)
                } else {
                    self.node(Kind::Path(path), span)
                };
            }
            Token::Open => {
                self.at += 1;
                let inner = self.expression()?;
                let end = self.close(span, &Token::Close)?;
                // With its parentheses, so that a quotation of it is whole.
                return Ok(Node { span: span.to(end), ..inner });
            }
            Token::OpenList => {
                self.at += 1;
                let (parts, end) = self.arguments(span, &Token::CloseList)?;
                return self.node(Kind::List(parts), span.to(end));
            }
            _ => return Err(self.unexpected()),
        };
        self.at += 1;
        self.node(kind, span)
    }

    fn call(&mut self, name: &str, name_span: Span) -> Parsed {
        let open = self.span();
        self.at += 1;
        let Some(function) = Function::named(name) else {
            return Err(self.unknown_function(name, name_span));
        };
        let (arguments, end) = self.arguments(open, &Token::Close)?;
        let (fewest, most) = function.arity();
        if arguments.len() < fewest || arguments.len() > most {
            let code = if most == fewest { "argument_count" } else { "too_few_arguments" };
            return Err(self
                .error(name_span.to(end), code)
                .with("name", name)
                .with("expected", fewest)
                .with("found", arguments.len()));
        }
        self.node(Kind::Call(function, arguments), name_span.to(end))
    }

    fn unknown_function(&self, name: &str, span: Span) -> ExprError {
        match name.rsplit_once('.') {
            Some((receiver, method)) if Function::named(method).is_some() => self
                .error(span, "method_call")
                .with("name", method)
                .with("receiver", receiver)
                .write(format!("{method}({receiver}, …)")),
            _ => self
                .error(span, "unknown_function")
                .with("name", name)
                .meant(nearest(name, Function::ALL.iter().map(|function| function.name()))),
        }
    }

    /// What stands between commas, up to `close`, and the place of `close`.
    fn arguments(&mut self, open: Span, close: &Token) -> Result<(Vec<Node>, Span), ExprError> {
        let mut parts = Vec::new();
        if self.peek() != close {
            parts.push(self.expression()?);
            while self.take(&Token::Comma) {
                parts.push(self.expression()?);
            }
        }
        if parts.len() > MAX_LIST {
            return Err(self.error(open, "list_too_long").with("limit", MAX_LIST));
        }
        let end = self.close(open, close)?;
        Ok((parts, end))
    }

    fn close(&mut self, open: Span, close: &Token) -> Result<Span, ExprError> {
        let span = self.span();
        if self.take(close) {
            return Ok(span);
        }
        Err(match self.peek() {
            Token::End => self.error(open, "unclosed").with("found", self.text(open)),
            _ => self.unexpected(),
        })
    }

    fn binary(&self, op: Op, left: Node, right: Node) -> Parsed {
        let span = left.span.to(right.span);
        self.node(Kind::Binary(op, left.into(), right.into()), span)
    }

    fn node(&self, kind: Kind, span: Span) -> Parsed {
        self.bounded(Node::new(kind, span))
    }

    fn bounded(&self, node: Node) -> Parsed {
        if node.depth > MAX_DEPTH { Err(self.too_deep(node.span)) } else { Ok(node) }
    }

    /// Guards the parser's own stack; the depth of the tree is guarded where nodes are made.
    fn nested(&mut self, inner: impl FnOnce(&mut Self) -> Parsed) -> Parsed {
        self.nesting += 1;
        if self.nesting > MAX_DEPTH {
            return Err(self.too_deep(self.span()));
        }
        let result = inner(self);
        self.nesting -= 1;
        result
    }

    fn too_deep(&self, span: Span) -> ExprError {
        self.error(span, "too_deep").with("limit", MAX_DEPTH)
    }

    fn unexpected(&self) -> ExprError {
        let span = self.span();
        match self.peek() {
            Token::End => self.error(span, "unexpected_end"),
            _ => self.error(span, "unexpected").with("found", self.text(span)),
        }
    }

    fn error(&self, span: Span, code: &str) -> ExprError {
        ExprError::new(self.source, span, code)
    }

    fn text(&self, span: Span) -> &str {
        span.of(self.source)
    }

    fn peek(&self) -> &Token {
        &self.tokens[self.at.min(self.tokens.len() - 1)].0
    }

    fn span(&self) -> Span {
        self.tokens[self.at.min(self.tokens.len() - 1)].1
    }

    fn take(&mut self, token: &Token) -> bool {
        let found = self.peek() == token;
        self.at += usize::from(found);
        found
    }
}
