//! What is called how: by its code, else by its name, where only one bears it.

use std::{
    collections::{BTreeSet, HashMap},
    hash::Hash,
};

use hanlin_kernel::Text;

/// Codes and names of one kind of thing, in the scope in which they are told apart: those of units everywhere, all others
/// in their unit.
pub(super) struct Names<S, T> {
    codes: HashMap<(S, String), T>,
    names: HashMap<(S, String), BTreeSet<T>>,
}

/// What a word stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Found<T> {
    One(T),
    Nothing,
    /// Several bear this name: only their codes tell them apart.
    Several,
}

impl<S: Copy + Eq + Hash, T: Copy + Ord> Names<S, T> {
    pub(super) fn of(codes: impl IntoIterator<Item = ((S, String), T)>) -> Self {
        Self { codes: codes.into_iter().collect(), names: HashMap::new() }
    }

    pub(super) fn code(&self, scope: S, code: &str) -> Option<T> {
        self.codes.get(&(scope, code.to_owned())).copied()
    }

    /// The thing of this code, which is a new one where there is none yet.
    pub(super) fn code_or(&mut self, scope: S, code: &str, new: impl FnOnce() -> T) -> T {
        *self.codes.entry((scope, code.to_owned())).or_insert_with(new)
    }

    pub(super) fn code_of(&self, thing: T) -> Option<String> {
        self.codes.iter().find(|(_, found)| **found == thing).map(|((_, code), _)| code.clone())
    }

    pub(super) fn call(&mut self, scope: S, thing: T, name: &Text) {
        for name in std::iter::once(&name.zh).chain(&name.en) {
            self.names.entry((scope, name.clone())).or_default().insert(thing);
        }
    }

    pub(super) fn find(&self, scope: S, word: &str) -> Found<T> {
        if let Some(found) = self.code(scope, word) {
            return Found::One(found);
        }
        let named = self.names.get(&(scope, word.to_owned()));
        match named.map(|named| (named.first(), named.len())) {
            Some((Some(only), 1)) => Found::One(*only),
            Some((Some(_), _)) => Found::Several,
            _ => Found::Nothing,
        }
    }

    /// In the first of these scopes that has a thing of this code, else of this name.
    pub(super) fn find_upwards(&self, scopes: &[S], word: &str) -> Found<T> {
        if let Some(found) = scopes.iter().find_map(|scope| self.code(*scope, word)) {
            return Found::One(found);
        }
        let mut named = scopes.iter().map(|scope| self.find(*scope, word));
        named.find(|found| *found != Found::Nothing).unwrap_or(Found::Nothing)
    }
}
