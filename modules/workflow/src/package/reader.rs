//! Reads a tree into values, and collects everything that is wrong on the way instead of stopping at the first.

use std::{
    collections::{BTreeMap, BTreeSet},
    str::FromStr,
};

use hanlin_kernel::Text;

use super::{
    nearest::nearest,
    problem::{Mark, Problem, Problems},
    tree::{Node, Scalar, Tree, Word},
};
use crate::engine::model::ReaderRules;

/// What is collected while a tree is read.
pub(super) struct Reader<'s> {
    pub source: &'s str,
    pub problems: Problems,
    pub places: Places,
    /// What the package names of the directory.
    pub named: Vec<Named>,
    /// Fields that could not be read: what is said of them elsewhere is no further mistake.
    pub unread: BTreeSet<String>,
    /// A node, or a cell of the grid, could not be read: that something is missing there is no further mistake.
    pub lost_nodes: bool,
    pub lost_cells: bool,
    /// To whom fields are told: written at the field, kept in the settings of the flow.
    pub readers: ReaderRules,
}

/// Where things stand, by a path of our own making: `fields.amount.max`, `nodes.supervisor`, `layout.rows[2]`.
#[derive(Default)]
pub(super) struct Places {
    marks: BTreeMap<String, Mark>,
    scalars: BTreeMap<String, Scalar>,
}

/// Something of the directory that the package names by its code.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub kind: Kind,
    pub text: String,
    pub at: Mark,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Person,
    Unit,
    Department,
    Post,
    Group,
    Rank,
    /// What departments are classed by.
    Level,
}

impl Places {
    pub(super) fn put(&mut self, path: impl Into<String>, at: Mark) {
        self.marks.entry(path.into()).or_insert(at);
    }

    pub(super) fn put_scalar(&mut self, path: &str, tree: &Tree) {
        self.put(path, tree.at);
        self.scalars.extend(tree.scalar().map(|scalar| (path.to_owned(), scalar.clone())));
    }

    pub(super) fn has(&self, path: &str) -> bool {
        self.marks.contains_key(path)
    }

    /// Of this path, or of the nearest thing around it.
    pub(super) fn of(&self, path: &str) -> Mark {
        let mut path = path;
        loop {
            if let Some(mark) = self.marks.get(path) {
                return *mark;
            }
            match path.rfind(['.', '[']) {
                Some(end) => path = &path[..end],
                None => return Mark::START,
            }
        }
    }

    /// Where a byte of the text of this scalar stands.
    pub(super) fn within(&self, path: &str, source: &str, byte: usize) -> Mark {
        self.scalars.get(path).map_or_else(|| self.of(path), |scalar| scalar.place(source, byte))
    }
}

impl<'s> Reader<'s> {
    pub(super) fn new(source: &'s str) -> Self {
        Self {
            source,
            problems: Problems::default(),
            places: Places::default(),
            named: Vec::new(),
            unread: BTreeSet::new(),
            lost_nodes: false,
            lost_cells: false,
            readers: ReaderRules::new(),
        }
    }

    pub(super) fn refuse(&mut self, at: Mark, code: &str) {
        self.problems.push(Problem::at(at, code));
    }

    /// The entries of a map. `what` it is, for the sentence: a key of `workflow.package.what.…`.
    pub(super) fn map<'t>(&mut self, tree: &'t Tree, what: &'static str) -> Option<Keys<'t>> {
        match &tree.node {
            Node::Map(entries) => Some(Keys::new(tree.at, entries)),
            _ => {
                self.problems.push(Problem::at(tree.at, "not_a_map").with("what", what_key(what)));
                None
            }
        }
    }

    pub(super) fn list<'t>(&mut self, tree: &'t Tree, what: &'static str) -> &'t [Tree] {
        match &tree.node {
            Node::List(items) => items,
            _ => {
                self.problems.push(Problem::at(tree.at, "not_a_list").with("what", what_key(what)));
                &[]
            }
        }
    }

    /// A list; one thing that is not a list is a list of one.
    pub(super) fn one_or_more<'t>(&mut self, tree: &'t Tree) -> Vec<&'t Tree> {
        match &tree.node {
            Node::List(items) => items.iter().collect(),
            _ => vec![tree],
        }
    }

    pub(super) fn string(&mut self, tree: &Tree) -> Option<String> {
        match tree.scalar() {
            Some(scalar) => Some(scalar.text.clone()),
            None => {
                self.refuse(tree.at, "not_a_text");
                None
            }
        }
    }

    /// A name: Chinese alone, or `{ zh: …, en: … }`.
    pub(super) fn text(&mut self, tree: &Tree) -> Option<Text> {
        if let Some(scalar) = tree.scalar() {
            return Some(Text::zh(scalar.text.clone()));
        }
        let mut keys = self.map(tree, "text")?;
        let zh = keys.need(self, "zh").and_then(|tree| self.string(tree));
        let en = keys.take("en").and_then(|tree| self.string(tree));
        keys.finish(self);
        Some(Text { zh: zh?, en })
    }

    pub(super) fn boolean(&mut self, tree: &Tree) -> Option<bool> {
        self.one_of(tree, &[("true", true), ("false", false)])
    }

    /// A number, date, decimal … as `T` reads it. `code`: what to say where it cannot.
    pub(super) fn parsed<T: FromStr>(&mut self, tree: &Tree, code: &str) -> Option<T> {
        let text = self.string(tree)?;
        let parsed = text.parse().ok();
        if parsed.is_none() {
            self.problems.push(Problem::at(tree.at, code).with("found", text));
        }
        parsed
    }

    /// One of some words.
    pub(super) fn one_of<T: Copy>(&mut self, tree: &Tree, known: &[(&str, T)]) -> Option<T> {
        let text = self.string(tree)?;
        let found = known.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
            let meant = nearest(&text, words.iter().copied());
            let problem = Problem::at(tree.at, "not_one_of").with("known", words.join(", ")).with("found", text);
            self.problems.push(problem.meant(meant));
        }
        found
    }

    /// A name out of the directory, noted for the check against one.
    pub(super) fn reference<T: FromStr>(&mut self, tree: &Tree, kind: Kind) -> Option<T> {
        let reference = self.parsed(tree, "bad_reference")?;
        if let Some(scalar) = tree.scalar() {
            self.named.push(Named { kind, text: scalar.text.clone(), at: tree.at });
        }
        Some(reference)
    }
}

fn what_key(what: &str) -> String {
    format!("workflow.package.what.{what}")
}

/// The entries of a map. What nobody asked for is unknown.
pub(super) struct Keys<'t> {
    pub at: Mark,
    entries: &'t [(Word, Tree)],
    asked: Vec<&'static str>,
    missing: Vec<&'static str>,
}

impl<'t> Keys<'t> {
    fn new(at: Mark, entries: &'t [(Word, Tree)]) -> Self {
        Self { at, entries, asked: Vec::new(), missing: Vec::new() }
    }

    /// The value of this key; nothing if it is absent or null.
    pub(super) fn take(&mut self, key: &'static str) -> Option<&'t Tree> {
        self.asked.push(key);
        self.find(key).map(|(_, tree)| tree).filter(|tree| !tree.is_null())
    }

    /// The same, of a key that must be there.
    pub(super) fn need(&mut self, reader: &mut Reader, key: &'static str) -> Option<&'t Tree> {
        let found = self.take(key);
        match self.find(key) {
            None => self.missing.push(key),
            Some((word, _)) if found.is_none() => {
                reader.problems.push(Problem::at(word.at, "no_value").with("key", key));
            }
            Some(_) => {}
        }
        found
    }

    /// Where the key stands.
    pub(super) fn mark(&self, key: &str) -> Option<Mark> {
        self.find(key).map(|(word, _)| word.at)
    }

    /// Tells what nobody asked for. Where that looks like a missing key, this is one mistake and not two.
    pub(super) fn finish(self, reader: &mut Reader) {
        let absent: Vec<&str> = self.asked.iter().copied().filter(|key| self.find(key).is_none()).collect();
        let known = self.asked.join(", ");
        let mut missing = self.missing;
        for (word, value) in self.entries.iter().filter(|(word, _)| !self.asked.contains(&word.text.as_str())) {
            if reader.problems.is_full() {
                break;
            }
            // `{ en: Up to 5,000 }`: the comma ends the text, and what comes behind it looks like a key.
            if value.is_null() && word.text.contains(' ') {
                reader.problems.push(Problem::at(word.at, "stray_words").with("words", word.text.as_str()));
                continue;
            }
            let meant = nearest(&word.text, absent.iter().copied());
            missing.retain(|key| Some(*key) != meant);
            let problem = Problem::at(word.at, "unknown_key").with("key", word.text.as_str());
            reader.problems.push(problem.with("known", known.as_str()).meant(meant));
        }
        for key in missing {
            reader.problems.push(Problem::at(self.at, "missing_key").with("key", key));
        }
    }

    /// Every entry, of a map whose keys are names of things.
    pub(super) fn all(self) -> &'t [(Word, Tree)] {
        self.entries
    }

    fn find(&self, key: &str) -> Option<&'t (Word, Tree)> {
        self.entries.iter().find(|(word, _)| word.text == key)
    }
}
