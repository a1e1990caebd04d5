//! YAML as people write it: short things in one line, long ones one below the other, quotes only where they are needed.

use std::fmt::Write;

use hanlin_kernel::Text;

/// Widest line that holds more than one thing.
const WIDTH: usize = 116;

pub(super) enum Doc {
    Scalar(String),
    /// No value, which is something else than an empty text.
    Null,
    /// In one line where it fits.
    Line(Box<Doc>),
    List(Vec<Doc>),
    Map(Vec<(String, Doc)>),
}

impl Doc {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Scalar(text.into())
    }

    /// `{ zh: 请假, en: Leave }`, or the Chinese alone.
    pub(super) fn words(text: &Text) -> Self {
        match &text.en {
            None => Self::text(&text.zh),
            Some(en) => Self::line([("zh", Self::text(&text.zh)), ("en", Self::text(en))]),
        }
    }

    /// A map in one line.
    pub(super) fn line<const N: usize>(entries: [(&str, Doc); N]) -> Self {
        Self::Line(Box::new(Self::Map(entries.into_iter().map(|(key, doc)| (key.to_owned(), doc)).collect())))
    }

    /// A list in one line.
    pub(super) fn row(items: impl IntoIterator<Item = Doc>) -> Self {
        Self::Line(Box::new(Self::List(items.into_iter().collect())))
    }

    /// One thing stands for a list of one.
    pub(super) fn one_or_row(mut items: Vec<Doc>) -> Self {
        if items.len() == 1 && !matches!(items[0], Self::List(_)) { items.remove(0) } else { Self::row(items) }
    }
}

/// A map that is filled step by step.
#[derive(Default)]
pub(super) struct Entries(Vec<(String, Doc)>);

impl Entries {
    pub(super) fn put(&mut self, key: &str, doc: Doc) {
        self.0.push((key.to_owned(), doc));
    }

    pub(super) fn text(&mut self, key: &str, text: impl Into<String>) {
        self.put(key, Doc::text(text));
    }

    pub(super) fn maybe(&mut self, key: &str, doc: Option<Doc>) {
        if let Some(doc) = doc {
            self.put(key, doc);
        }
    }

    pub(super) fn flag(&mut self, key: &str, set: bool) {
        self.maybe(key, set.then(|| Doc::text("true")));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn map(self) -> Doc {
        Doc::Map(self.0)
    }

    pub(super) fn line(self) -> Doc {
        Doc::Line(Box::new(Doc::Map(self.0)))
    }
}

pub(super) fn render(doc: &Doc) -> String {
    let mut out = String::new();
    block(doc, 0, &mut out);
    out
}

/// Writes below each other, beginning where the pen stands and ending a line.
fn block(doc: &Doc, indent: usize, out: &mut String) {
    match doc {
        Doc::Line(inner) => block(inner, indent, out),
        Doc::Map(entries) if !entries.is_empty() => {
            for (index, (key, value)) in entries.iter().enumerate() {
                pad(index, indent, out);
                let key = scalar(key, false);
                out.push_str(&key);
                out.push(':');
                match in_line(value, WIDTH.saturating_sub(indent + key.chars().count() + 2)) {
                    Some(line) => writeln_to(out, &format!(" {line}")),
                    None => {
                        out.push('\n');
                        out.extend(std::iter::repeat_n(' ', indent + 2));
                        block(value, indent + 2, out);
                    }
                }
            }
        }
        Doc::List(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                pad(index, indent, out);
                out.push_str("- ");
                match in_line(item, WIDTH.saturating_sub(indent + 2)) {
                    Some(line) => writeln_to(out, &line),
                    None => block(item, indent + 2, out),
                }
            }
        }
        short => writeln_to(out, &flow(short)),
    }
}

fn pad(index: usize, indent: usize, out: &mut String) {
    if index > 0 {
        out.extend(std::iter::repeat_n(' ', indent));
    }
}

fn writeln_to(out: &mut String, line: &str) {
    out.push_str(line);
    out.push('\n');
}

/// In one line, if it may and fits.
fn in_line(doc: &Doc, width: usize) -> Option<String> {
    match doc {
        Doc::Scalar(text) => Some(scalar(text, false)),
        Doc::Null => Some("null".to_owned()),
        Doc::Line(inner) => Some(flow(inner)).filter(|line| wide(line) <= width),
        Doc::List(items) => items.is_empty().then(|| "[]".to_owned()),
        Doc::Map(entries) => entries.is_empty().then(|| "{}".to_owned()),
    }
}

/// Chinese signs take two places.
fn wide(line: &str) -> usize {
    line.chars().map(|letter| if letter.is_ascii() { 1 } else { 2 }).sum()
}

fn flow(doc: &Doc) -> String {
    match doc {
        Doc::Scalar(text) => scalar(text, true),
        Doc::Null => "null".to_owned(),
        Doc::Line(inner) => flow(inner),
        Doc::List(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Doc::Map(entries) if entries.is_empty() => "{}".to_owned(),
        Doc::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| format!("{}: {}", scalar(key, true), flow(value)));
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

/// Plain where no reader of YAML can take it for anything else.
fn scalar(text: &str, in_flow: bool) -> String {
    let marks = "-?:,[]{}#&*!|>'\"%@`";
    let odd = |letter: char| letter.is_control() || matches!(letter, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}');
    let plain = !matches!(text, "" | "~" | "null" | "Null" | "NULL")
        && text.trim() == text
        && !text.starts_with(|first: char| marks.contains(first) || first.is_whitespace())
        && !text.starts_with("...")
        && !text.ends_with(':')
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.chars().any(odd)
        && !(in_flow && text.contains([',', '[', ']', '{', '}']));
    if plain { text.to_owned() } else { quoted(text) }
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            odd if odd.is_control() || matches!(odd, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                let code = u32::from(odd);
                write!(out, "\\u{code:04x}").expect("a string takes everything");
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}
