//! What people are found by: every term of everybody, in order, so that all that begins with something lies together; and
//! how the names of posts and places sound.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use hanlin_kernel::{PersonId, PostId, Text};
use jiff::Timestamp;

use super::{Changed, Map, Snapshot};
use crate::{
    model::{Department, Person, Place, Post, Unit},
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
    /// By the names of posts and places that there are, were or will be: many share one, and to read one aloud takes
    /// microseconds.
    named: Map<Text, Bearers>,
}

/// What bears a name, at any time.
#[derive(Clone, Debug)]
struct Bearers {
    heard: Heard,
    posts: Vec<PostId>,
    places: Vec<Place>,
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

    /// Posts in force and places in use that the word means, each in its order.
    pub(crate) fn meant_by(&self, word: &str, at: Timestamp) -> (Vec<PostId>, Vec<Place>) {
        let Index { named, .. } = self.terms.0.get_or_init(|| Index::of(self));
        let (mut posts, mut places) = (Vec::new(), Vec::new());
        for (name, bearers) in named.iter().filter(|(_, bearers)| bearers.heard.means(word)) {
            let posts_now = bearers.posts.iter().filter_map(|id| self.post(*id));
            posts.extend(posts_now.filter(|post| post.name == *name && post.validity.covers(at)));
            places.extend(bearers.places.iter().filter(|place| self.bears(**place, name, at)));
        }
        posts.sort_unstable_by_key(|post| (post.position, post.id));
        places.sort_unstable();
        (posts.into_iter().map(|post| post.id).collect(), places)
    }

    fn bears(&self, place: Place, name: &Text, at: Timestamp) -> bool {
        match place {
            Place::Unit(id) => self.unit(id, at).is_some_and(|unit| unit.name == *name),
            Place::Department(id) => self.department(id, at).is_some_and(|department| department.name == *name),
        }
    }

    /// Puts in order what the first search would.
    pub fn make_searchable(&self) {
        self.terms.0.get_or_init(|| Index::of(self));
    }

    /// The terms of the state before, with those of whoever changed.
    pub(super) fn hand_on_terms(&mut self, before: &Terms, changed: &Changed) {
        let Some(Index { base, newer, named }) = before.0.get() else { return };
        let (mut newer, mut named) = (newer.clone(), named.clone());
        for id in &changed.people {
            let terms = self.person(*id).map(|person| names::terms(person).into_iter().collect());
            Arc::make_mut(&mut newer).insert(*id, terms.unwrap_or_default());
        }
        // Whoever does not bear a name any more is asked before he counts, so that only new bearers are noted.
        let posts = changed.posts.iter().filter_map(|id| self.posts.get(id));
        let units = changed.units.iter().filter_map(|id| self.units.get(id)).flatten();
        let departments = changed.departments.iter().filter_map(|id| self.departments.get(id)).flatten();
        note_posts(&mut named, posts);
        note_units(&mut named, units);
        note_departments(&mut named, departments);
        if newer.len() <= MOST_NEWER {
            self.terms = Terms(OnceLock::from(Index { base: base.clone(), newer, named }));
        }
    }
}

impl Index {
    fn of(snapshot: &Snapshot) -> Self {
        let mut named = Map::default();
        note_posts(&mut named, snapshot.posts.values());
        note_units(&mut named, snapshot.units.values().flatten());
        note_departments(&mut named, snapshot.departments.values().flatten());
        Self { base: Arc::new(Base::of(snapshot.people())), newer: Arc::default(), named }
    }
}

fn note_posts<'a>(named: &mut Map<Text, Bearers>, posts: impl Iterator<Item = &'a Post>) {
    for post in posts {
        note(&mut bearers(named, &post.name).posts, post.id);
    }
}

fn note_units<'a>(named: &mut Map<Text, Bearers>, units: impl Iterator<Item = &'a Unit>) {
    for unit in units {
        note(&mut bearers(named, &unit.name).places, Place::Unit(unit.id));
    }
}

fn note_departments<'a>(named: &mut Map<Text, Bearers>, departments: impl Iterator<Item = &'a Department>) {
    for department in departments {
        note(&mut bearers(named, &department.name).places, Place::Department(department.id));
    }
}

fn bearers<'a>(named: &'a mut Map<Text, Bearers>, name: &Text) -> &'a mut Bearers {
    named.entry(name, || Bearers { heard: Heard::of(name), posts: Vec::new(), places: Vec::new() })
}

fn note<T: PartialEq>(list: &mut Vec<T>, bearer: T) {
    if !list.contains(&bearer) {
        list.push(bearer);
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
