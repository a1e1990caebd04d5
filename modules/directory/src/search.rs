//! Who is found by what was typed: by names and numbers of his own, by his post, by where he is. Answered out of the
//! snapshot and not in SQL, because one letter fits thousands of fifty thousand people, who are to be put in order by how
//! well they fit; and because the few whom a reader may see, or who are where he looks, may be anywhere in the list: that is
//! milliseconds in memory.

use std::{cmp::Ordering, collections::HashSet};

use hanlin_kernel::{Actor, Page, PageRequest, Permission, PersonId, Result, Scopes};
use hanlin_store::Tx;
use jiff::Timestamp;

use crate::{
    model::{Appointment, Person, Place},
    names,
    policy::{MANAGE, READ},
    snapshot::{Snapshot, snapshot},
    store,
};

/// More posts or places than this a word does not mean: it says too little.
const MOST: usize = 300;

/// Whom the address book is asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct PeopleFilter {
    /// What a name, its pinyin or initials, a number or an address begins with; or posts and places.
    pub q: Option<String>,
    /// Appointed there or below.
    pub place: Option<Place>,
    /// As of then, and not of now.
    pub at: Option<Timestamp>,
    /// Those who are not in service, instead of those who are; only of units one manages.
    pub left: bool,
    /// Only people of external organisations, or only those of the house.
    pub external: Option<bool>,
}

impl PeopleFilter {
    pub(crate) fn permission(&self) -> Permission {
        if self.left { MANAGE } else { READ }
    }
}

/// How well somebody fits, the better the smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fit {
    /// Something of his own is just what was typed.
    Exactly,
    /// Something of his own begins with it.
    Beginning,
    /// By what he is or where, or word by word.
    Meaning,
}

impl Fit {
    fn digit(self) -> char {
        match self {
            Self::Exactly => '0',
            Self::Beginning => '1',
            Self::Meaning => '2',
        }
    }

    fn of_digit(digit: &str) -> Option<Self> {
        [Self::Exactly, Self::Beginning, Self::Meaning].into_iter().find(|fit| digit == fit.digit().to_string())
    }
}

/// The address book: people in service (ORG-21), by pinyin; whoever is searched for, those who fit best first.
pub(crate) fn people(tx: &mut Tx, actor: &Actor, filter: &PeopleFilter, request: &PageRequest) -> Result<Page<Person>> {
    found(&*snapshot(tx)?, actor, filter, filter.at.unwrap_or(tx.now()), request)
}

/// The page of those who are found and whom the reader may see.
pub(crate) fn found(
    snapshot: &Snapshot,
    actor: &Actor,
    filter: &PeopleFilter,
    at: Timestamp,
    request: &PageRequest,
) -> Result<Page<Person>> {
    let after = request.after.as_deref().map(Found::of_cursor).transpose()?;
    let reach =
        Reach { snapshot, me: actor.person, scopes: actor.scope_of(filter.permission()), at, ever: filter.left };
    let wanted = |(fit, id): (Fit, PersonId)| {
        let (person, is_in_service) = snapshot.person_and_service(id, at)?;
        let is_of_kind = || filter.external.is_none_or(|external| snapshot.is_external(id) == external);
        (is_in_service != filter.left && is_of_kind() && reach.has(id)).then_some(Found::of(fit, person))
    };
    let is_behind = |found: &Found| after.as_ref().is_none_or(|after| found > after);
    let mut found: Vec<Found> =
        candidates(snapshot, filter, at).into_iter().filter_map(wanted).filter(is_behind).collect();
    // One more says that there is another page. The others need not be in order.
    let most = request.limit() + 1;
    if found.len() > most {
        found.select_nth_unstable(most);
        found.truncate(most);
    }
    found.sort_unstable();
    let page = Page::of(found, request.limit(), Found::cursor);
    let people = page.items.iter().filter_map(|found| snapshot.person(found.id).cloned()).collect();
    Ok(Page { items: people, next: page.next })
}

/// Where somebody stands in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Found<'a> {
    fit: Fit,
    sort_key: &'a str,
    id: PersonId,
}

impl<'a> Found<'a> {
    fn of(fit: Fit, person: &'a Person) -> Self {
        Self { fit, sort_key: &person.sort_key, id: person.id }
    }

    fn of_cursor(cursor: &'a str) -> Result<Self> {
        let read = || {
            let (id, rest) = cursor.split_at_checked(26)?;
            let (fit, sort_key) = rest.split_at_checked(1)?;
            Some(Self { fit: Fit::of_digit(fit)?, sort_key, id: id.parse().ok()? })
        };
        read().ok_or_else(store::bad_cursor)
    }

    fn cursor(&self) -> String {
        format!("{}{}{}", self.id, self.fit.digit(), self.sort_key)
    }
}

impl Ord for Found<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.fit, self.sort_key, self.id).cmp(&(other.fit, other.sort_key, other.id))
    }
}

impl PartialOrd for Found<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Whom the reader may see: people appointed in his reach, and himself.
struct Reach<'a> {
    snapshot: &'a Snapshot,
    me: PersonId,
    scopes: Scopes,
    at: Timestamp,
    /// Appointed at any time, and not at that instant.
    ever: bool,
}

impl Reach<'_> {
    fn has(&self, person: PersonId) -> bool {
        self.scopes.all || person == self.me || if self.ever { self.had(person) } else { self.holds(person) }
    }

    fn holds(&self, person: PersonId) -> bool {
        let held = self.snapshot.appointments(person, self.at);
        held.iter().any(|held| match held.place {
            Place::Unit(unit) => self.scopes.units.contains(&unit),
            Place::Department(department) => {
                self.scopes.departments.contains(&department)
                    || self.snapshot.unit_of(held.place, self.at).is_some_and(|unit| self.scopes.units.contains(&unit))
            }
        })
    }

    fn had(&self, person: PersonId) -> bool {
        self.snapshot.places_ever(person).any(|place| match place {
            Place::Unit(unit) => self.scopes.units.contains(&unit),
            Place::Department(department) => {
                self.scopes.departments.contains(&department)
                    || self.snapshot.units_ever_of(department).any(|unit| self.scopes.units.contains(&unit))
            }
        })
    }
}

/// Everybody who is where he is looked for and fits what was typed, and how well, once each.
fn candidates(snapshot: &Snapshot, filter: &PeopleFilter, at: Timestamp) -> Vec<(Fit, PersonId)> {
    let there = filter.place.map(|place| in_places(snapshot, &[place], at));
    let typed = filter.q.as_deref().filter(|typed| !names::fold(typed).is_empty());
    match (typed, there) {
        (Some(typed), None) => fitting(snapshot, typed, at),
        (Some(typed), Some(there)) => {
            let is_there = |(_, person): &(Fit, PersonId)| there.binary_search(person).is_ok();
            fitting(snapshot, typed, at).into_iter().filter(is_there).collect()
        }
        (None, Some(there)) => there.into_iter().map(|person| (Fit::Meaning, person)).collect(),
        (None, None) => snapshot.people().map(|person| (Fit::Meaning, person.id)).collect(),
    }
}

/// Everybody who fits, and how well: by terms of his own that begin with all that was typed, or by every word of it through
/// a term, a post or a place.
fn fitting(snapshot: &Snapshot, typed: &str, at: Timestamp) -> Vec<(Fit, PersonId)> {
    let whole = names::fold(typed);
    let by_name = snapshot.named(&whole).map(|(person, exactly)| match exactly {
        true => (Fit::Exactly, person),
        false => (Fit::Beginning, person),
    });
    let mut fitting: Vec<(Fit, PersonId)> = by_name.collect();
    let words: Vec<String> = typed.split_whitespace().map(names::fold).filter(|word| !word.is_empty()).collect();
    let by_words = words.iter().map(|word| {
        let mut by_word = meant(snapshot, word, at);
        // One word is all that was typed: whom it names is known by now.
        if words.len() > 1 {
            by_word.extend(snapshot.named(word).map(|(person, _)| person));
        }
        once_each(by_word)
    });
    let both = |some: Vec<PersonId>, others: Vec<PersonId>| {
        some.into_iter().filter(|person| others.binary_search(person).is_ok()).collect()
    };
    fitting.extend(by_words.reduce(both).unwrap_or_default().into_iter().map(|person| (Fit::Meaning, person)));
    fitting.sort_unstable_by_key(|(fit, person)| (*person, *fit));
    fitting.dedup_by_key(|(_, person)| *person);
    fitting
}

/// Who holds a post that the word means, or is appointed in a place that it means or below.
fn meant(snapshot: &Snapshot, word: &str, at: Timestamp) -> Vec<PersonId> {
    let (mut posts, mut places) = snapshot.meant_by(word, at);
    posts.truncate(MOST);
    places.truncate(MOST);
    let mut meant = in_places(snapshot, &places, at);
    meant.extend(snapshot.appointed_to(&posts, at).map(|held| held.person));
    meant
}

/// Whoever is appointed in one of these places or below, in order and once each.
fn in_places(snapshot: &Snapshot, places: &[Place], at: Timestamp) -> Vec<PersonId> {
    let places = below(snapshot, places, at).into_iter();
    once_each(places.flat_map(|place| snapshot.staff(place, at)).map(|held: &Appointment| held.person).collect())
}

fn once_each(mut people: Vec<PersonId>) -> Vec<PersonId> {
    people.sort_unstable();
    people.dedup();
    people
}

/// These places and all below them, once each.
fn below(snapshot: &Snapshot, places: &[Place], at: Timestamp) -> HashSet<Place> {
    let mut found = HashSet::new();
    for place in places {
        if !found.contains(place) {
            found.extend(snapshot.and_below(*place, at));
        }
    }
    found
}
