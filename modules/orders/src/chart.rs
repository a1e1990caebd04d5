//! The part of the organisation that an order touches, as it stands before and after. Pure.

use std::collections::BTreeSet;

use hanlin_directory::{PersonName, Snapshot, model::Place};
use hanlin_kernel::{PersonId, PostId, Text};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// So many changed places are shown at most; a chart of more is read by nobody.
const MOST_PLACES: usize = 100;
/// So many people are named at one place at most.
const MOST_PEOPLE: usize = 12;

/// 组织图: what changes, with all that it lies in, side by side.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
#[schema(as = OrderChart)]
pub(crate) struct Chart {
    /// From the top down, each place before what is in it.
    pub before: Vec<Node>,
    pub after: Vec<Node>,
    /// Places that change and are not shown, because there are too many.
    pub left_out: usize,
}

/// A unit or department on one side of a chart.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = OrderChartNode)]
pub(crate) struct Node {
    pub place: Place,
    /// How deep it lies: 0 at the top.
    pub depth: usize,
    pub name: Text,
    /// In what it differs from the other side; nothing: it is shown for what lies in it.
    pub marks: Vec<Mark>,
    /// Its name on the other side, where it is renamed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_name: Option<Text>,
    /// What it lies in on the other side, where it moves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_above: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head: Option<PersonName>,
    /// How many are appointed to the place itself.
    pub people: usize,
    /// Who is appointed to it on this side only; not all, if there are many.
    pub only_here: Vec<PersonName>,
    pub only_here_count: usize,
    /// Places right below it that stay as they are and are not shown.
    pub others: usize,
}

/// How a place changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = OrderChartMark)]
pub(crate) enum Mark {
    /// It is there afterwards only.
    New,
    /// It was there before only.
    Closed,
    Moved,
    Renamed,
    /// Another head or leader in charge.
    Leaders,
    /// Others are appointed to it.
    People,
}

/// The organisation at an instant.
#[derive(Clone, Copy)]
pub(crate) struct Side<'a> {
    pub snapshot: &'a Snapshot,
    pub at: Timestamp,
}

impl Chart {
    pub(crate) fn of(before: Side, after: Side) -> Self {
        let mut changed: Vec<(Place, Vec<Mark>)> = every_place(before, after)
            .into_iter()
            .map(|place| (place, marks(before, after, place)))
            .filter(|(_, marks)| !marks.is_empty())
            .collect();
        // Of too many, those of another shape are told before those where only people come and go.
        changed.sort_by_key(|(_, marks)| marks.iter().all(|mark| matches!(mark, Mark::Leaders | Mark::People)));
        let left_out = changed.len().saturating_sub(MOST_PLACES);
        changed.truncate(MOST_PLACES);
        let shown = with_all_above(before, after, changed.iter().map(|(place, _)| *place));
        let drawn = |side, other| Drawing { side, other, shown: &shown, drawn: Vec::new() }.all();
        Self { before: drawn(before, after), after: drawn(after, before), left_out }
    }
}

impl<'a> Side<'a> {
    fn name(self, place: Place) -> Option<&'a Text> {
        match place {
            Place::Unit(unit) => self.snapshot.unit(unit, self.at).map(|unit| &unit.name),
            Place::Department(id) => self.snapshot.department(id, self.at).map(|department| &department.name),
        }
    }

    fn above(self, place: Place) -> Option<Place> {
        self.snapshot.above(place, self.at)
    }

    /// Head and leader in charge of the place itself.
    fn leaders(self, place: Place) -> [Option<PersonId>; 2] {
        let in_charge = self.snapshot.leader_in_charge(place, self.at).filter(|link| link.place == place);
        [self.snapshot.head(place, self.at), in_charge.map(|link| link.person)]
    }

    fn staff(self, place: Place) -> BTreeSet<(PersonId, PostId)> {
        self.snapshot.staff(place, self.at).into_iter().map(|held| (held.person, held.post)).collect()
    }
}

fn every_place(before: Side, after: Side) -> Vec<Place> {
    let places = |side: Side| -> Vec<Place> {
        let roots = side.snapshot.roots(side.at).into_iter();
        roots.flat_map(|root| side.snapshot.and_below(Place::Unit(root.id), side.at)).collect()
    };
    let mut all = places(before);
    let known: BTreeSet<Place> = all.iter().copied().collect();
    all.extend(places(after).into_iter().filter(|place| !known.contains(place)));
    all
}

fn marks(before: Side, after: Side, place: Place) -> Vec<Mark> {
    let (was, is) = match (before.name(place), after.name(place)) {
        (Some(was), Some(is)) => (was, is),
        (None, Some(_)) => return vec![Mark::New],
        (Some(_), None) => return vec![Mark::Closed],
        (None, None) => return Vec::new(),
    };
    let differs = [
        (Mark::Moved, before.above(place) != after.above(place)),
        (Mark::Renamed, was != is),
        (Mark::Leaders, before.leaders(place) != after.leaders(place)),
        (Mark::People, before.staff(place) != after.staff(place)),
    ];
    differs.into_iter().filter(|(_, differs)| *differs).map(|(mark, _)| mark).collect()
}

/// These places and all they lie in, on either side: where something goes is shown on the side where it is not yet.
fn with_all_above(before: Side, after: Side, places: impl Iterator<Item = Place>) -> BTreeSet<Place> {
    let mut shown: BTreeSet<Place> = BTreeSet::new();
    let mut next: Vec<Place> = places.collect();
    while let Some(place) = next.pop() {
        if shown.insert(place) {
            next.extend(before.above(place));
            next.extend(after.above(place));
        }
    }
    shown
}

/// One side, being drawn from the top down.
struct Drawing<'a> {
    side: Side<'a>,
    other: Side<'a>,
    shown: &'a BTreeSet<Place>,
    drawn: Vec<Node>,
}

impl Drawing<'_> {
    fn all(mut self) -> Vec<Node> {
        for root in self.side.snapshot.roots(self.side.at) {
            self.draw(Place::Unit(root.id), 0);
        }
        self.drawn
    }

    fn draw(&mut self, place: Place, depth: usize) {
        let Some(name) = self.side.name(place).filter(|_| self.shown.contains(&place)) else { return };
        let below = self.side.snapshot.children(place, self.side.at);
        let (shown, others): (Vec<Place>, Vec<Place>) = below.into_iter().partition(|one| self.shown.contains(one));
        let node = self.node(place, name, depth, others.len());
        self.drawn.push(node);
        for child in shown {
            self.draw(child, depth + 1);
        }
    }

    fn node(&self, place: Place, name: &Text, depth: usize, others: usize) -> Node {
        let (side, other) = (self.side, self.other);
        let marks = match other.name(place) {
            Some(_) => marks(side, other, place),
            // Which of the two sides is the earlier one says whether what is on one side only begins or ends.
            None if side.at < other.at => vec![Mark::Closed],
            None => vec![Mark::New],
        };
        let elsewhere = |place: Place| other.name(place).cloned();
        let person = |person: PersonId| PersonName::of(person, side.snapshot);
        let (staff, there) = (side.staff(place), other.staff(place));
        let people: BTreeSet<PersonId> = staff.iter().map(|(person, _)| *person).collect();
        let known: BTreeSet<PersonId> = there.iter().map(|(person, _)| *person).collect();
        let only_here: Vec<PersonId> = people.difference(&known).copied().collect();
        Node {
            place,
            depth,
            name: name.clone(),
            other_name: elsewhere(place).filter(|_| marks.contains(&Mark::Renamed)),
            other_above: other.above(place).filter(|_| marks.contains(&Mark::Moved)).and_then(elsewhere),
            marks,
            head: side.snapshot.head(place, side.at).map(person),
            people: people.len(),
            only_here_count: only_here.len(),
            only_here: only_here.into_iter().take(MOST_PEOPLE).map(person).collect(),
            others,
        }
    }
}
