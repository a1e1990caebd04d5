use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::MAX_LIST;

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// Of `null` and of the elements of `[]`: fits everywhere.
    Null,
    Bool,
    Number,
    Text,
    Date,
    /// Something of the organisation, by its code. Compares with texts and with its own kind.
    Ref(RefKind),
    File,
    /// What is kept as a whole, like an address, or known by an id that nobody writes, like a department that was chosen:
    /// there or not there, and counted in lists; never compared.
    Record,
    /// Has `days`, `hours`, `from` and `to`.
    Period,
    /// 明细行: a row of a table. Rows are counted; what stands in them is read by column.
    Row,
    List(Box<Type>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefKind {
    Person,
    Unit,
    Department,
    Post,
    Rank,
}

impl Type {
    pub fn list(of: Type) -> Self {
        Self::List(Box::new(of))
    }

    /// As the vectors and the browser write it: `number`, `person`, `list<text>`.
    pub fn name(&self) -> String {
        match self {
            Self::List(of) => format!("list<{}>", of.name()),
            Self::Ref(kind) => kind.name().to_owned(),
            Self::Null => "null".into(),
            Self::Bool => "bool".into(),
            Self::Number => "number".into(),
            Self::Text => "text".into(),
            Self::Date => "date".into(),
            Self::File => "file".into(),
            Self::Record => "record".into(),
            Self::Period => "period".into(),
            Self::Row => "row".into(),
        }
    }

    /// Reads what [`Type::name`] writes.
    pub fn named(name: &str) -> Option<Self> {
        if let Some(of) = name.strip_prefix("list<").and_then(|rest| rest.strip_suffix('>')) {
            return Self::named(of).map(Self::list);
        }
        [
            Self::Null,
            Self::Bool,
            Self::Number,
            Self::Text,
            Self::Date,
            Self::File,
            Self::Record,
            Self::Period,
            Self::Row,
        ]
        .into_iter()
        .chain(RefKind::ALL.map(Self::Ref))
        .find(|candidate| candidate.name() == name)
    }

    /// What a period's member is: `days` and `hours` are working time, `from` and `to` its first and last day.
    pub fn of_member(member: &str) -> Option<Self> {
        match member {
            "days" | "hours" => Some(Self::Number),
            "from" | "to" => Some(Self::Date),
            _ => None,
        }
    }

    /// The type that both have, where there is one: for lists, branches and alternatives.
    pub(super) fn join(&self, other: &Type) -> Option<Type> {
        match (self, other) {
            (Self::Null, one) | (one, Self::Null) => Some(one.clone()),
            (Self::Text, Self::Ref(_)) | (Self::Ref(_), Self::Text) => Some(Self::Text),
            (Self::List(left), Self::List(right)) => left.join(right).map(Self::list),
            (left, right) => (left == right).then(|| left.clone()),
        }
    }

    pub(super) fn fits(&self, wanted: &Type) -> bool {
        *self == Self::Null || self == wanted || matches!((self, wanted), (Self::Ref(_), Self::Text))
    }
}

impl RefKind {
    pub const ALL: [Self; 5] = [Self::Person, Self::Unit, Self::Department, Self::Post, Self::Rank];

    pub fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Unit => "unit",
            Self::Department => "department",
            Self::Post => "post",
            Self::Rank => "rank",
        }
    }
}

/// What is known of a variable before it has a value. The bounds serve the analysis: no witness lies outside them.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    pub ty: Type,
    /// May it be without a value?
    pub nullable: bool,
    /// Of a choice: its ids. Empty: any text.
    pub options: Vec<String>,
    /// Of a list: most elements.
    pub max_items: usize,
    pub min: Option<Decimal>,
    pub max: Option<Decimal>,
    /// Digits after the point, where the field fixes them: between 3 and 4 lies no whole number.
    pub scale: Option<u32>,
}

impl Variable {
    /// Nullable and without bounds.
    pub fn of(ty: Type) -> Self {
        Self { ty, nullable: true, options: Vec::new(), max_items: MAX_LIST, min: None, max: None, scale: None }
    }

    pub fn always(mut self) -> Self {
        self.nullable = false;
        self
    }

    pub fn with_options(mut self, options: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.options = options.into_iter().map(Into::into).collect();
        self
    }

    pub fn at_most(mut self, items: usize) -> Self {
        self.max_items = items.min(MAX_LIST);
        self
    }
}

/// The variables that an expression may name: path → what is known of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Env {
    variables: BTreeMap<String, Variable>,
}

impl Env {
    pub fn new() -> Self {
        Self::default()
    }

    /// The variables about whoever starts the case, under the appointment he acts in (FLOW-36).
    pub fn initiator() -> Self {
        RefKind::ALL
            .into_iter()
            .fold(Self::new(), |env, kind| {
                let variable = Variable::of(Type::Ref(kind));
                let path = format!("initiator.{}", kind.name());
                env.with(&path, if kind == RefKind::Rank { variable } else { variable.always() })
            })
            .with("initiator.rank_level", Variable { scale: Some(0), ..Variable::of(Type::Number) })
            .with("initiator.name", Variable::of(Type::Text).always())
    }

    pub fn with(mut self, path: &str, variable: Variable) -> Self {
        self.variables.insert(path.to_owned(), variable);
        self
    }

    pub fn get(&self, path: &str) -> Option<&Variable> {
        self.variables.get(path)
    }

    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.variables.keys().map(String::as_str)
    }

    /// The variable that a written path reads, and the member of it, if it names one: `form.leave` and `days`.
    pub(super) fn resolve<'p>(&self, path: &'p str) -> Option<(&'p str, &Variable, Option<&'p str>)> {
        if let Some(variable) = self.get(path) {
            return Some((path, variable, None));
        }
        let (base, member) = path.rsplit_once('.')?;
        let variable = self.get(base)?;
        (variable.ty == Type::Period && Type::of_member(member).is_some()).then_some((base, variable, Some(member)))
    }

    /// Everything that can be written as a path, for suggestions.
    pub(super) fn writable(&self) -> Vec<String> {
        let members = |path: &String, variable: &Variable| match variable.ty {
            Type::Period => ["days", "hours", "from", "to"].map(|member| format!("{path}.{member}")).to_vec(),
            _ => Vec::new(),
        };
        self.variables
            .iter()
            .flat_map(|(path, variable)| std::iter::once(path.clone()).chain(members(path, variable)))
            .collect()
    }
}
