//! YAML as a tree that knows where everything stands. Nothing is guessed from how a scalar looks: `no`, `1.0` and
//! `2026-11-23` stay the text that was written, and who reads them knows what they should be.

use std::{collections::HashSet, ops::Range};

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, Span};

use super::problem::{Mark, Problem, Problems};

/// Largest package, in bytes.
pub const MAX_BYTES: usize = 1_000_000;
/// Deepest nesting of lists and maps. A route of [`super::MAX_DEPTH`] levels takes less than this.
const MAX_NESTING: usize = 120;

#[derive(Clone, Debug)]
pub(super) struct Tree {
    pub at: Mark,
    pub node: Node,
}

#[derive(Clone, Debug)]
pub(super) enum Node {
    Scalar(Scalar),
    List(Vec<Tree>),
    Map(Vec<(Word, Tree)>),
}

/// A key, and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub text: String,
    pub at: Mark,
}

#[derive(Clone, Debug)]
pub(super) struct Scalar {
    pub text: String,
    style: ScalarStyle,
    /// Its bytes in the file; quotes included, of a block perhaps its first line too.
    raw: Range<usize>,
}

impl Tree {
    /// `~`, `null` and nothing at all: there is no value. In quotes they are texts.
    pub(super) fn is_null(&self) -> bool {
        let Node::Scalar(scalar) = &self.node else { return false };
        scalar.style == ScalarStyle::Plain && matches!(scalar.text.as_str(), "" | "~" | "null")
    }

    pub(super) fn scalar(&self) -> Option<&Scalar> {
        match &self.node {
            Node::Scalar(scalar) if !self.is_null() => Some(scalar),
            _ => None,
        }
    }
}

impl Scalar {
    /// Where the character that begins at this byte of the text stands in the file. Written text and value are walked
    /// together: what the value does not have (quotes, indentation, the backslash of an escape) is passed over.
    pub(super) fn place(&self, source: &str, byte: usize) -> Mark {
        let raw = &source[self.raw.clone()];
        let mut written = raw.char_indices().peekable();
        let body = match self.style {
            ScalarStyle::Plain => 0,
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => 1,
            ScalarStyle::Literal | ScalarStyle::Folded => after_header(raw),
        };
        while written.next_if(|(at, _)| *at < body).is_some() {}
        for (at, letter) in self.text.char_indices() {
            let alike = |other: char| other == letter || letter.is_whitespace() && other.is_whitespace();
            while written.next_if(|(_, other)| !alike(*other)).is_some() {}
            if at >= byte {
                break;
            }
            written.next();
        }
        let offset = written.peek().map_or(raw.len(), |(at, _)| *at);
        mark_of(source, self.raw.start + offset)
    }
}

/// Where the first line of a block ends, `|` or `>` with its marks, if it is there.
fn after_header(raw: &str) -> usize {
    let header = raw.lines().next().unwrap_or_default();
    let marks = header.strip_prefix(['|', '>']).map(|rest| rest.split('#').next().unwrap_or_default().trim());
    let is_header =
        marks.is_some_and(|marks| marks.chars().all(|mark| matches!(mark, '+' | '-') || mark.is_ascii_digit()));
    if is_header { raw.find('\n').map_or(raw.len(), |end| end + 1) } else { 0 }
}

fn mark_of(source: &str, byte: usize) -> Mark {
    let before = &source[..byte.min(source.len())];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    Mark { line: before.matches('\n').count() as u32 + 1, column: before[line_start..].chars().count() as u32 + 1 }
}

/// The one document of the text. What keeps it from being read at all is the error; what was only put right
/// (a key that stands twice) is added to `problems`.
pub(super) fn parse(source: &str, problems: &mut Problems) -> Result<Tree, Box<Problem>> {
    if source.len() > MAX_BYTES {
        return Err(Box::new(
            Problem::at(Mark::START, "too_large").with("limit", MAX_BYTES).with("size", source.len()),
        ));
    }
    // The parser takes a byte order mark for a part of the text where nothing else stands in its line.
    let text = source.strip_prefix('\u{feff}').unwrap_or(source);
    let options = granit_parser::options! { emit_comments: false, block_nesting_limit: 250, flow_nesting_limit: 250 };
    let mut builder = Builder { open: Vec::new(), root: None, problems, skipped: source.len() - text.len() };
    for next in Parser::new_from_str_with_options(text, options) {
        match next {
            Ok((event, span)) => builder.take(event, span)?,
            Err(error) => {
                let mark = Mark { line: error.marker().line() as u32, column: error.marker().col() as u32 + 1 };
                return Err(Box::new(not_yaml(error.kind(), mark, &error.info())));
            }
        }
    }
    builder.root.filter(|root| !root.is_null()).ok_or_else(|| Box::new(Problem::at(Mark::START, "empty")))
}

/// The mistakes that people make get a sentence of their own.
fn not_yaml(kind: &ErrorKind, mark: Mark, detail: &str) -> Problem {
    match kind {
        ErrorKind::UnknownAnchor => Problem::at(mark, "alias"),
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInIndentation => Problem::at(mark, "tab"),
        ErrorKind::UnclosedQuotedScalar => Problem::at(mark, "unclosed_quote"),
        ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping
        | ErrorKind::ExpectedFlowMappingSeparator
        | ErrorKind::ExpectedFlowSequenceSeparator
        | ErrorKind::MismatchedFlowCollectionEnd { .. }
        | ErrorKind::MisplacedFlowCollectionEnd => Problem::at(mark, "brackets"),
        ErrorKind::SimpleKeyExpected | ErrorKind::ExpectedBlockMappingKey => Problem::at(mark, "no_colon"),
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => Problem::at(mark, "stray_colon"),
        ErrorKind::InvalidIndentation | ErrorKind::ExpectedBlockSequenceEntry => Problem::at(mark, "indentation"),
        ErrorKind::RecursionLimitExceeded => Problem::at(mark, "too_nested").with("limit", MAX_NESTING),
        _ => Problem::at(mark, "yaml").with("detail", detail),
    }
}

struct Builder<'p> {
    open: Vec<Open>,
    root: Option<Tree>,
    problems: &'p mut Problems,
    /// Bytes of the file before the text.
    skipped: usize,
}

/// A list or map whose end has not come; of a map also the keys that it has, and the one whose value comes next.
enum Open {
    List(Mark, Vec<Tree>),
    Map(Mark, Vec<(Word, Tree)>, HashSet<String>, Option<Word>),
}

impl Builder<'_> {
    fn take(&mut self, event: Event, span: Span) -> Result<(), Box<Problem>> {
        let at = Mark { line: span.start.line() as u32, column: span.start.col() as u32 + 1 };
        match event {
            Event::Scalar(text, style, _, tag) => {
                refuse_tag(tag.is_some(), at)?;
                let byte = |mark: granit_parser::Marker| mark.byte_offset().unwrap_or_default() + self.skipped;
                let raw = byte(span.start)..byte(span.end);
                let scalar = Scalar { text: text.into_owned(), style, raw };
                self.add(Tree { at, node: Node::Scalar(scalar) })
            }
            Event::SequenceStart(_, _, tag) => {
                refuse_tag(tag.is_some(), at)?;
                self.begin(Open::List(at, Vec::new()), at)
            }
            Event::MappingStart(_, _, tag) => {
                refuse_tag(tag.is_some(), at)?;
                self.begin(Open::Map(at, Vec::new(), HashSet::new(), None), at)
            }
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(Open::List(at, items)) => self.add(Tree { at, node: Node::List(items) }),
                Some(Open::Map(at, entries, ..)) => self.add(Tree { at, node: Node::Map(entries) }),
                None => Ok(()),
            },
            Event::Alias(_) => Err(Box::new(Problem::at(at, "alias"))),
            Event::DocumentStart(..) if self.root.is_some() => Err(Box::new(Problem::at(at, "second_document"))),
            _ => Ok(()),
        }
    }

    fn begin(&mut self, open: Open, at: Mark) -> Result<(), Box<Problem>> {
        if self.open.len() >= MAX_NESTING {
            return Err(Box::new(Problem::at(at, "too_nested").with("limit", MAX_NESTING)));
        }
        self.open.push(open);
        Ok(())
    }

    fn add(&mut self, tree: Tree) -> Result<(), Box<Problem>> {
        match self.open.last_mut() {
            None => self.root = Some(tree),
            Some(Open::List(_, items)) => items.push(tree),
            Some(Open::Map(_, entries, seen, key)) => match key.take() {
                None => match tree.node {
                    Node::Scalar(scalar) => *key = Some(Word { text: scalar.text, at: tree.at }),
                    _ => return Err(Box::new(Problem::at(tree.at, "key_not_text"))),
                },
                Some(word) if !seen.insert(word.text.clone()) => {
                    self.problems.push(Problem::at(word.at, "duplicate_key").with("key", word.text));
                }
                Some(word) => entries.push((word, tree)),
            },
        }
        Ok(())
    }
}

fn refuse_tag(tagged: bool, at: Mark) -> Result<(), Box<Problem>> {
    if tagged { Err(Box::new(Problem::at(at, "tag"))) } else { Ok(()) }
}
