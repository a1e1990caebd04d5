//! Who is found, against looking at everybody one by one: by several readers, at several times, page by page.

use hanlin_kernel::{Actor, Grant, Page, PageRequest, PersonId, Scopes};
use jiff::{SignedDuration, Timestamp};

use crate::{
    MANAGE, READ, Snapshot,
    cast::*,
    model::{Person, Place},
    names,
    search::{Fit, PeopleFilter, found},
};

const TYPED: [&str; 17] = [
    "",
    "l",
    "w",
    "lx",
    "lin",
    "林",
    "林晓",
    "xiao",
    "0021",
    "研发",
    "yanfabu",
    "工程师",
    "研发 lin",
    "部",
    "lin xiao",
    "G0",
    "无人",
];

fn reader(scopes: Scopes) -> Actor {
    let grants = [READ, MANAGE].map(|permission| Grant { permission: permission.0.into(), scopes: scopes.clone() });
    Actor { grants: grants.to_vec(), ..Actor::person(WU_TONG) }
}

/// By looking at everybody.
fn naive(snapshot: &Snapshot, actor: &Actor, typed: &str, filter: &PeopleFilter, at: Timestamp) -> Vec<PersonId> {
    let whole = names::fold(typed);
    let words: Vec<String> = typed.split_whitespace().map(names::fold).collect();
    let scopes = actor.scope_of(filter.permission());
    let begins = |person: &Person, text: &str| names::terms(person).iter().any(|term| term.starts_with(text));
    let fits = |person: &Person| {
        let held = snapshot.appointments(person.id, at);
        let means = |word: &String| {
            begins(person, word)
                || held.iter().any(|held| {
                    snapshot.post(held.post).is_some_and(|post| names::Heard::of(&post.name).means(word))
                        || snapshot.ancestors(held.place, at).into_iter().any(|above| {
                            snapshot.name_of(above, at).is_some_and(|name| names::Heard::of(name).means(word))
                        })
                })
        };
        match () {
            () if names::terms(person).contains(&whole) => Some(Fit::Exactly),
            () if begins(person, &whole) => Some(Fit::Beginning),
            () => words.iter().all(means).then_some(Fit::Meaning),
        }
    };
    let seen = |person: &Person| {
        let now = snapshot.appointments(person.id, at);
        let held = if filter.left { snapshot.all_appointments(person.id) } else { now };
        let reached = |place: Place| match place {
            Place::Unit(unit) => scopes.units.contains(&unit),
            Place::Department(department) => {
                let of_then = snapshot.unit_of(place, at).into_iter();
                let of_ever = snapshot.units_ever_of(department).filter(|_| filter.left);
                let mut units = of_then.chain(of_ever);
                scopes.departments.contains(&department) || units.any(|unit| scopes.units.contains(&unit))
            }
        };
        scopes.all || person.id == actor.person || held.iter().any(|held| reached(held.place))
    };
    let there = |person: &Person| {
        filter.place.is_none_or(|place| {
            snapshot.appointments(person.id, at).iter().any(|held| snapshot.lies_in(held.place, place, at))
        })
    };
    let mut all: Vec<(Fit, &str, PersonId)> = snapshot
        .people()
        .filter(|person| snapshot.is_active(person.id, at) != filter.left && seen(person) && there(person))
        .filter_map(|person| Some((fits(person)?, person.sort_key.as_str(), person.id)))
        .collect();
    all.sort();
    all.into_iter().map(|(_, _, id)| id).collect()
}

// proves: ORG-21 (the part that everybody is found whom looking at everybody would find, and nobody else)
#[test]
fn the_search_finds_what_looking_at_everybody_would() {
    let snapshot = snapshot();
    let now: Timestamp = "2026-11-01T00:00:00Z".parse().unwrap();
    let scopes = |units: &[_], departments: &[_]| Scopes {
        units: units.iter().copied().collect(),
        departments: departments.iter().copied().collect(),
        own: true,
        ..Scopes::default()
    };
    let readers =
        [Scopes::everything(), scopes(&[QINGLAN], &[]), scopes(&[], &[RD]), scopes(&[QINGLAN_TRADE], &[PLATFORM])];
    let filters = [
        PeopleFilter::default(),
        PeopleFilter { left: true, ..PeopleFilter::default() },
        PeopleFilter { place: Some(Place::Unit(QINGLAN)), ..PeopleFilter::default() },
        PeopleFilter { place: Some(Place::Department(RD)), ..PeopleFilter::default() },
    ];
    let mut n_found = 0;
    for actor in readers.map(reader) {
        for filter in &filters {
            for at in [now, now - SignedDuration::from_hours(24 * 800)] {
                for typed in TYPED {
                    let expected = naive(&snapshot, &actor, typed, filter, at);
                    n_found += expected.len();
                    for limit in [1, 3, 200] {
                        let found = all_pages(&snapshot, &actor, typed, filter, at, limit);
                        assert_eq!(found, expected, "{typed} by {:?} with {filter:?} at {at}", actor.grants);
                    }
                }
            }
        }
    }
    assert!(n_found > 500, "only {n_found} found in all: this proves little");
}

fn all_pages(
    snapshot: &Snapshot,
    actor: &Actor,
    typed: &str,
    filter: &PeopleFilter,
    at: Timestamp,
    limit: u32,
) -> Vec<PersonId> {
    let filter = PeopleFilter { q: Some(typed.to_owned()), ..filter.clone() };
    let (mut people, mut after) = (Vec::new(), None);
    loop {
        let request = PageRequest { after, limit: Some(limit) };
        let Page { items, next } = found(snapshot, actor, &filter, at, &request).unwrap();
        people.extend(items.iter().map(|person| person.id));
        after = next;
        if after.is_none() {
            return people;
        }
    }
}

#[test]
fn a_cursor_that_is_none_is_refused_in_words() {
    let snapshot = snapshot();
    let (actor, at) = (reader(Scopes::everything()), "2026-11-01T00:00:00Z".parse().unwrap());
    for after in ["", "x", "00000000000000000000000000", "0000000000000000000000000091lin", "林晓林晓林晓林晓林晓"]
    {
        let request = PageRequest { after: Some(after.to_owned()), limit: None };
        let refused = found(&snapshot, &actor, &PeopleFilter::default(), at, &request);
        assert!(matches!(refused, Err(hanlin_kernel::Error::Invalid(_))), "{after}: {refused:?}");
    }
}
