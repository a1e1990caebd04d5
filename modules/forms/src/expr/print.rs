//! Writes an expression in its plainest form: one space around operators, only the parentheses that are needed.
//! Reading it again gives the same tree.

use std::fmt::{self, Display, Formatter, Write};

use super::{Expr, Kind, Node, Op};

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.root.fmt(f)
    }
}

impl Display for Node {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Null => f.write_str("null"),
            Kind::Bool(value) => value.fmt(f),
            Kind::Number(value) => value.fmt(f),
            Kind::Text(value) => quote(value, f),
            Kind::Path(path) => f.write_str(path),
            Kind::List(parts) => {
                f.write_char('[')?;
                join(parts, ", ", Level::Choose, f)?;
                f.write_char(']')
            }
            Kind::Not(inner) => {
                f.write_char('!')?;
                at(inner, Level::Unary, f)
            }
            Kind::Negate(inner) => {
                f.write_char('-')?;
                at(inner, Level::Unary, f)
            }
            Kind::All(parts) => join(parts, " && ", Level::Relation, f),
            Kind::Any(parts) => join(parts, " || ", Level::All, f),
            Kind::Binary(op, left, right) => {
                let level = Level::of(&self.kind);
                // Arithmetic reads from the left; comparisons do not chain.
                at(left, if level == Level::Relation { Level::Sum } else { level }, f)?;
                write!(f, " {} ", op.symbol())?;
                at(right, level.above(), f)
            }
            Kind::Choose(condition, first, second) => {
                at(condition, Level::Any, f)?;
                f.write_str(" ? ")?;
                at(first, Level::Any, f)?;
                f.write_str(" : ")?;
                second.fmt(f)
            }
            Kind::Call(function, arguments) => {
                write!(f, "{}(", function.name())?;
                join(arguments, ", ", Level::Choose, f)?;
                f.write_char(')')
            }
        }
    }
}

/// How tightly a node holds together, loosest first.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Level {
    Choose,
    Any,
    All,
    Relation,
    Sum,
    Product,
    Unary,
    Whole,
}

impl Level {
    fn of(kind: &Kind) -> Self {
        match kind {
            Kind::Choose(..) => Self::Choose,
            Kind::Any(_) => Self::Any,
            Kind::All(_) => Self::All,
            Kind::Binary(Op::Add | Op::Subtract, ..) => Self::Sum,
            Kind::Binary(Op::Multiply | Op::Divide | Op::Remainder, ..) => Self::Product,
            Kind::Binary(..) => Self::Relation,
            Kind::Not(_) | Kind::Negate(_) => Self::Unary,
            _ => Self::Whole,
        }
    }

    fn above(self) -> Self {
        match self {
            Self::Choose => Self::Any,
            Self::Any => Self::All,
            Self::All => Self::Relation,
            Self::Relation => Self::Sum,
            Self::Sum => Self::Product,
            Self::Product => Self::Unary,
            Self::Unary | Self::Whole => Self::Whole,
        }
    }
}

fn at(node: &Node, level: Level, f: &mut Formatter<'_>) -> fmt::Result {
    if Level::of(&node.kind) < level { write!(f, "({node})") } else { node.fmt(f) }
}

fn join(parts: &[Node], between: &str, level: Level, f: &mut Formatter<'_>) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            f.write_str(between)?;
        }
        at(part, level, f)?;
    }
    Ok(())
}

fn quote(text: &str, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_char('"')?;
    for letter in text.chars() {
        match letter {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\t' => f.write_str("\\t")?,
            other => f.write_char(other)?,
        }
    }
    f.write_char('"')
}
