//! What people are found by: every term of everybody, in order, so that all that begins with something lies together; and
//! how the names of posts and places sound.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, OnceLock},
};

use hanlin_kernel::{PersonId, Text};

use super::{Changed, Snapshot};
use crate::{
    model::Person,
    names::{self, Heard},
};

/// When so many people have changed since the terms were put in order, they are put in order again.
const MOST_NEWER: usize = 1_000;

/// Made when somebody first searches, and handed on from one state to the next. It follows from the people and says
/// nothing of its own: it makes no two snapshots differ.
#[derive(Clone, Debug, Default)]
pub(super) struct Terms(OnceLock<Index>);

#[derive(Clone, Debug)]
struct Index {
    base: Arc<Base>,
    /// The terms of those who changed since; nobody any more has none.
    newer: Arc<BTreeMap<PersonId, Vec<String>>>,
    /// Of the names that there were then. To read a name aloud takes microseconds, and there are thousands.
    heard: Arc<HashMap<Text, Heard>>,
}

/// The text of all terms in one piece: hundreds of thousands of small ones would take three times the memory.
#[derive(Debug, Default)]
struct Base {
    text: String,
    terms: Vec<Term>,
    people: Vec<PersonId>,
}

#[derive(Clone, Copy, Debug)]
struct Term {
    begin: u32,
    end: u32,
    /// The index of the person.
    person: u32,
}

impl PartialEq for Terms {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Snapshot {
    /// Everybody of whom a term begins with the text; whether one is the text itself. Somebody may be named several times.
    pub(crate) fn named<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (PersonId, bool)> + 'a {
        let Index { base, newer, .. } = self.terms.0.get_or_init(|| Index::of(self));
        let older = base.beginning_with(text).filter(|(person, _)| !newer.contains_key(person));
        let newer = newer.iter().flat_map(move |(person, terms)| {
            terms.iter().filter(move |term| term.starts_with(text)).map(move |term| (*person, term == text))
        });
        older.chain(newer)
    }

    /// Does this word mean a post or a place of that name?
    pub(crate) fn means(&self, name: &Text, word: &str) -> bool {
        let Index { heard, .. } = self.terms.0.get_or_init(|| Index::of(self));
        heard.get(name).map_or_else(|| Heard::of(name).means(word), |heard| heard.means(word))
    }

    /// Every name that a post or a place has, had or will have.
    fn names(&self) -> impl Iterator<Item = &Text> {
        let units = self.units.values().flatten().map(|unit| &unit.name);
        let departments = self.departments.values().flatten().map(|department| &department.name);
        self.posts.values().map(|post| &post.name).chain(units).chain(departments)
    }

    /// Puts in order what the first search would.
    pub fn make_searchable(&self) {
        self.terms.0.get_or_init(|| Index::of(self));
    }

    /// The terms of the state before, with those of whoever changed.
    pub(super) fn hand_on_terms(&mut self, before: &Terms, changed: &Changed) {
        let Some(Index { base, newer, heard }) = before.0.get() else { return };
        let mut newer = newer.clone();
        for id in &changed.people {
            let terms = self.person(*id).map(|person| names::terms(person).into_iter().collect());
            Arc::make_mut(&mut newer).insert(*id, terms.unwrap_or_default());
        }
        if newer.len() <= MOST_NEWER {
            self.terms = Terms(OnceLock::from(Index { base: base.clone(), newer, heard: heard.clone() }));
        }
    }
}

impl Index {
    fn of(snapshot: &Snapshot) -> Self {
        let heard = snapshot.names().map(|name| (name.clone(), Heard::of(name))).collect();
        Self { base: Arc::new(Base::of(snapshot.people())), newer: Arc::default(), heard: Arc::new(heard) }
    }
}

impl Base {
    fn of<'a>(people: impl Iterator<Item = &'a Person>) -> Self {
        let mut made = Self::default();
        for person in people {
            let number = made.people.len() as u32;
            made.people.push(person.id);
            for term in names::terms(person) {
                let begin = made.text.len() as u32;
                made.text.push_str(&term);
                made.terms.push(Term { begin, end: made.text.len() as u32, person: number });
            }
        }
        let (text, terms) = (made.text.as_str(), &mut made.terms);
        terms.sort_unstable_by_key(|term| &text[term.begin as usize..term.end as usize]);
        made
    }

    fn beginning_with<'a>(&'a self, start: &'a str) -> impl Iterator<Item = (PersonId, bool)> + 'a {
        let first = self.terms.partition_point(|term| self.text(*term) < start);
        let beginning = self.terms[first..].iter().map(move |term| (*term, self.text(*term)));
        beginning
            .take_while(move |(_, text)| text.starts_with(start))
            .map(move |(term, text)| (self.people[term.person as usize], text == start))
    }

    fn text(&self, term: Term) -> &str {
        &self.text[term.begin as usize..term.end as usize]
    }
}
