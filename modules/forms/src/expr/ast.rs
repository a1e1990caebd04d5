use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

/// A piece of the source, in bytes: from `start` up to, not including, `end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    /// The lexer refused sources that are longer than such a number can count, save for their one error "too long".
    pub(super) fn new(start: usize, end: usize) -> Self {
        let short = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        Self { start: short(start), end: short(end) }
    }

    pub(super) fn of(self, source: &str) -> &str {
        &source[self.start as usize..self.end as usize]
    }

    pub(super) fn to(self, other: Span) -> Self {
        Self { start: self.start, end: other.end }
    }

    /// Line and column of its start, both from 1; columns count characters.
    pub fn place_in(self, source: &str) -> (u32, u32) {
        let before = &source[..(self.start as usize).min(source.len())];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.matches('\n').count() + 1;
        (line as u32, before[line_start..].chars().count() as u32 + 1)
    }
}

/// A parsed expression and the text it came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    pub(super) root: Node,
    pub(super) source: String,
}

impl Expr {
    pub fn root(&self) -> &Node {
        &self.root
    }

    pub fn source(&self) -> &str {
        &self.source
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub kind: Kind,
    pub span: Span,
    pub(super) depth: u16,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Null,
    Bool(bool),
    /// Never negative: a minus is [`Kind::Negate`].
    Number(Decimal),
    Text(String),
    /// `form.leave.days`
    Path(String),
    List(Vec<Node>),
    Not(Box<Node>),
    Negate(Box<Node>),
    /// `a && b && c`: two or more, none of which is an `All` itself.
    All(Vec<Node>),
    /// `a || b || c`: two or more, none of which is an `Any` itself.
    Any(Vec<Node>),
    Binary(Op, Box<Node>, Box<Node>),
    /// `condition ? first : second`
    Choose(Box<Node>, Box<Node>, Box<Node>),
    Call(Function, Vec<Node>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
}

impl Op {
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::In => "in",
        }
    }

    pub fn is_order(self) -> bool {
        matches!(self, Self::Less | Self::LessOrEqual | Self::Greater | Self::GreaterOrEqual)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    Size,
    Sum,
    Min,
    Max,
    Round,
    Abs,
    Contains,
    StartsWith,
    EndsWith,
    Date,
    DaysBetween,
    Coalesce,
    IsNull,
}

impl Function {
    pub const ALL: [Self; 13] = [
        Self::Size,
        Self::Sum,
        Self::Min,
        Self::Max,
        Self::Round,
        Self::Abs,
        Self::Contains,
        Self::StartsWith,
        Self::EndsWith,
        Self::Date,
        Self::DaysBetween,
        Self::Coalesce,
        Self::IsNull,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Size => "size",
            Self::Sum => "sum",
            Self::Min => "min",
            Self::Max => "max",
            Self::Round => "round",
            Self::Abs => "abs",
            Self::Contains => "contains",
            Self::StartsWith => "starts_with",
            Self::EndsWith => "ends_with",
            Self::Date => "date",
            Self::DaysBetween => "days_between",
            Self::Coalesce => "coalesce",
            Self::IsNull => "is_null",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|function| function.name() == name)
    }

    /// Fewest and most arguments.
    pub fn arity(self) -> (usize, usize) {
        match self {
            Self::Size | Self::Abs | Self::Date | Self::IsNull => (1, 1),
            Self::Round | Self::Contains | Self::StartsWith | Self::EndsWith | Self::DaysBetween => (2, 2),
            Self::Sum | Self::Min | Self::Max => (1, super::MAX_LIST),
            Self::Coalesce => (2, super::MAX_LIST),
        }
    }
}

impl Node {
    pub(super) fn new(kind: Kind, span: Span) -> Self {
        let mut below = 0;
        kind.each_child(&mut |child| below = below.max(child.depth));
        Self { kind, span, depth: below.saturating_add(1) }
    }

    /// `&&` and `||` of what stands in a row, as one node.
    pub(super) fn all(parts: Vec<Node>, span: Span) -> Self {
        let flat = parts.into_iter().flat_map(|part| match part.kind {
            Kind::All(inner) => inner,
            _ => vec![part],
        });
        Self::new(Kind::All(flat.collect()), span)
    }

    pub(super) fn any(parts: Vec<Node>, span: Span) -> Self {
        let flat = parts.into_iter().flat_map(|part| match part.kind {
            Kind::Any(inner) => inner,
            _ => vec![part],
        });
        Self::new(Kind::Any(flat.collect()), span)
    }

    /// Itself and everything below it, outermost first.
    pub(super) fn walk<'n>(&'n self, visit: &mut dyn FnMut(&'n Node)) {
        visit(self);
        self.kind.each_child(&mut |child| child.walk(visit));
    }
}

impl Kind {
    pub(super) fn each_child<'n>(&'n self, visit: &mut dyn FnMut(&'n Node)) {
        match self {
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) | Self::Path(_) => {}
            Self::Not(inner) | Self::Negate(inner) => visit(inner),
            Self::List(parts) | Self::All(parts) | Self::Any(parts) | Self::Call(_, parts) => {
                parts.iter().for_each(visit);
            }
            Self::Binary(_, left, right) => [left, right].into_iter().for_each(|part| visit(part)),
            Self::Choose(condition, first, second) => {
                [condition, first, second].into_iter().for_each(|part| visit(part));
            }
        }
    }
}
