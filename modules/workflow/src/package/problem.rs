use std::{collections::BTreeMap, fmt, sync::LazyLock};

use hanlin_forms::expr::ExprError;
use hanlin_kernel::{Locale, Text};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// Where something stands in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
}

impl Mark {
    pub const START: Self = Self { line: 1, column: 1 };
}

/// What is wrong with a package, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = PackageProblem)]
pub struct Problem {
    pub severity: Severity,
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
    /// The key of the sentence.
    pub code: String,
    #[schema(value_type = Object)]
    pub args: Map<String, Value>,
    /// The sentence.
    pub message: Text,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<Text>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The package cannot be used.
    Error,
    /// It can be used; probably something else was meant.
    Warning,
}

impl Problem {
    /// An error `workflow.package.<code>`.
    pub(super) fn at(mark: Mark, code: &str) -> Self {
        Self::worded(mark, &format!("workflow.package.{code}"), Map::new())
    }

    pub(super) fn warning(mark: Mark, code: &str) -> Self {
        Self { severity: Severity::Warning, ..Self::at(mark, code) }
    }

    /// Worded by the catalog of another module.
    pub(super) fn worded(mark: Mark, code: &str, args: Map<String, Value>) -> Self {
        let Mark { line, column } = mark;
        let mut problem = Self {
            severity: Severity::Error,
            line,
            column,
            code: code.to_owned(),
            args,
            message: Text::default(),
            remedy: None,
        };
        problem.word();
        problem
    }

    pub(super) fn expression(mark: Mark, error: &ExprError) -> Self {
        let remedy = error.remedy.as_ref().map(|remedy| {
            let args = [("replacement".to_owned(), Value::from(remedy.replacement.as_str()))];
            sentence(&remedy.code, &Map::from_iter(args))
        });
        Self { remedy, ..Self::worded(mark, &error.code, error.args.clone()) }
    }

    pub(super) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.args.insert(name.to_owned(), value.into());
        self.word();
        self
    }

    /// "Did you mean …?"
    pub(super) fn meant(mut self, replacement: Option<&str>) -> Self {
        if let Some(replacement) = replacement {
            let args = Map::from_iter([("replacement".to_owned(), Value::from(replacement))]);
            self.remedy = Some(sentence("workflow.package.did_you_mean", &args));
        }
        self
    }

    pub fn mark(&self) -> Mark {
        Mark { line: self.line, column: self.column }
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// It can be imported, and not published: a system that it asks is not registered here, or not for it.
    pub fn keeps_from_publishing(&self) -> bool {
        matches!(self.code.as_str(), "workflow.package.endpoint_unknown" | "workflow.package.endpoint_closed")
    }

    /// The sentence, and the remedy where there is one.
    pub fn in_locale(&self, locale: Locale) -> String {
        let message = self.message.in_locale(locale);
        match &self.remedy {
            Some(remedy) => format!("{message} {}", remedy.in_locale(locale)),
            None => message.to_owned(),
        }
    }

    /// Sentences hold what to do after ` → `. Looked for before the arguments are put in: they may have one too.
    fn word(&mut self) {
        let (zh, en) = patterns(&self.code);
        match (zh.split_once(" → "), en.split_once(" → ")) {
            (Some((zh, zh_then)), Some((en, en_then))) => {
                self.message = filled(zh, en, &self.code, &self.args);
                self.remedy = Some(filled(zh_then, en_then, &self.code, &self.args));
            }
            _ => self.message = filled(zh, en, &self.code, &self.args),
        }
    }
}

/// English, as command lines print it after the name of the file.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.is_error() { "error" } else { "warning" };
        write!(f, "{}:{}: {kind}: {}", self.line, self.column, self.in_locale(Locale::En))
    }
}

/// The problems of one package: no more than anybody reads, so that a hostile file fills no memory.
#[derive(Default)]
pub(super) struct Problems(Vec<Problem>);

impl Problems {
    const MOST: usize = 1_000;

    pub(super) fn push(&mut self, problem: Problem) {
        if !self.is_full() {
            self.0.push(problem);
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.0.len() >= Self::MOST
    }

    /// In the order of the file.
    pub(super) fn sorted(mut self) -> Vec<Problem> {
        self.0.sort_by_key(|problem| (problem.mark(), problem.severity));
        self.0.dedup();
        self.0
    }
}

impl std::ops::Deref for Problems {
    type Target = [Problem];

    fn deref(&self) -> &[Problem] {
        &self.0
    }
}

type Catalog = BTreeMap<String, String>;

static CATALOGS: LazyLock<(Catalog, Catalog)> = LazyLock::new(|| {
    let read = |own: &str, forms: &str| {
        let mut all: Catalog = serde_json::from_str(own).expect("a test reads every catalog");
        all.extend(serde_json::from_str::<Catalog>(forms).expect("a test reads every catalog"));
        all
    };
    (
        read(include_str!("../../locales/zh-CN.json"), include_str!("../../../forms/locales/zh-CN.json")),
        read(include_str!("../../locales/en.json"), include_str!("../../../forms/locales/en.json")),
    )
});

/// The sentence of a code of this module or of forms, in both languages.
pub(super) fn sentence(code: &str, args: &Map<String, Value>) -> Text {
    let (zh, en) = patterns(code);
    filled(zh, en, code, args)
}

fn patterns(code: &str) -> (&'static str, &'static str) {
    let (zh, en) = &*CATALOGS;
    let of = |catalog: &'static Catalog| catalog.get(code).map_or("", String::as_str);
    (of(zh), of(en))
}

fn filled(zh_pattern: &str, en_pattern: &str, code: &str, args: &Map<String, Value>) -> Text {
    let (zh, en) = &*CATALOGS;
    Text::new(fill(zh, zh_pattern, code, args), fill(en, en_pattern, code, args))
}

/// Without a sentence, the code itself: better than nothing, and a test keeps it from happening.
fn fill(catalog: &Catalog, pattern: &str, code: &str, args: &Map<String, Value>) -> String {
    if pattern.is_empty() {
        return format!("{code} {}", Value::Object(args.clone()));
    }
    let mut text = String::new();
    let mut rest = pattern;
    while let Some((before, name, after)) = next_place(rest, args) {
        text.push_str(before);
        match &args[name] {
            Value::String(word) => text.push_str(catalog.get(word).unwrap_or(word)),
            other => text.push_str(&other.to_string()),
        }
        rest = after;
    }
    text + rest
}

/// What stands before the next `{name}` of an argument, the name, and what comes after.
fn next_place<'p>(pattern: &'p str, args: &Map<String, Value>) -> Option<(&'p str, &'p str, &'p str)> {
    pattern.match_indices('{').find_map(|(start, _)| {
        let (name, after) = pattern[start + 1..].split_once('}')?;
        args.contains_key(name).then_some((&pattern[..start], name, after))
    })
}
