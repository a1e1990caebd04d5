//! What hangs on an order: found by comparing the organisation before and after with what names it (ORG-10). Pure.

use std::collections::BTreeSet;

use hanlin_access::{Grant, Role, Subject};
use hanlin_directory::{
    Snapshot,
    model::{Appointment, LeadershipKind, Place},
};
use hanlin_files::Uploads;
use hanlin_kernel::{PersonId, PostId, Text, UnitId};
use hanlin_seats::Seat;
use hanlin_workflow::{Held, HeldTask, Mention, Named};
use jiff::{SignedDuration, Timestamp};

use crate::model::Item;

/// What is known of the world around an order.
pub(crate) struct Around<'a> {
    pub before: &'a Snapshot,
    pub after: &'a Snapshot,
    /// When the order takes effect.
    pub at: Timestamp,
    /// Whose place, rank or service it changes.
    pub people: &'a BTreeSet<PersonId>,
    pub mentions: &'a [Mention],
    pub grants: &'a [(Grant, Option<Role>)],
    /// Who of them goes and has somebody who takes over.
    pub successors: &'a std::collections::BTreeMap<PersonId, PersonId>,
    /// For what units have named them.
    pub seats: &'a [Seat],
    /// What each of those people has.
    pub belongings: &'a [Belongings],
}

/// What is a person's own: what waits at him, what he began, and what he uploaded.
#[derive(Clone, Debug)]
pub(crate) struct Belongings {
    pub person: PersonId,
    pub held: Held,
    pub uploads: Uploads,
}

impl Around<'_> {
    /// Everything that hangs on it: what needs attention first.
    pub(crate) fn items(&self) -> Vec<Item> {
        let mut items: Vec<Item> = Vec::new();
        items.extend(self.belongings.iter().flat_map(|has| self.waiting(has.person, &has.held.tasks)));
        items.extend(self.belongings.iter().flat_map(|has| self.left_behind(has)));
        items.extend(self.mentions.iter().flat_map(|mention| self.mentioned(mention)));
        items.extend(self.vacant_seats());
        items.extend(self.heads_elsewhere());
        items.extend(self.seats.iter().filter_map(|seat| self.seated(seat)));
        items.extend(self.grants.iter().filter_map(|(grant, role)| self.granted(grant, role.as_ref())));
        items.extend(self.people.iter().flat_map(|person| self.memberships(*person)));
        items.sort_by_key(|item| !item.attention);
        let mut seen = BTreeSet::new();
        items.retain(|item| seen.insert(item.key.clone()));
        items
    }

    /// The last instant before it.
    fn then(&self) -> Timestamp {
        self.at.checked_sub(SignedDuration::from_millis(1)).unwrap_or(self.at)
    }

    fn name(&self, person: PersonId) -> String {
        self.before.person_name(person)
    }

    fn names(&self, people: &[PersonId]) -> Vec<String> {
        people.iter().map(|person| self.name(*person)).collect()
    }

    fn stays(&self, person: PersonId) -> bool {
        self.after.is_active(person, self.at)
    }

    /// Does he sit elsewhere or in another post than before?
    fn moves(&self, person: PersonId) -> bool {
        let seats = |snapshot: &Snapshot, at| -> BTreeSet<(PostId, Place)> {
            snapshot.appointments(person, at).into_iter().map(|held| (held.post, held.place)).collect()
        };
        seats(self.before, self.then()) != seats(self.after, self.at)
    }

    /// A task of one who goes is handed over; of one who moves it stays with him, to be looked at.
    fn waiting(&self, person: PersonId, tasks: &[HeldTask]) -> Vec<Item> {
        let successor = self.successors.get(&person);
        let code = match (self.stays(person), self.moves(person)) {
            (false, _) if successor.is_some() => "task_to_successor",
            (false, _) => "task_of_leaver",
            (true, true) => "task_of_mover",
            (true, false) => return Vec::new(),
        };
        let item = |task: &HeldTask| {
            let attention = !self.stays(person) && successor.is_none();
            let item = Item::new(code, task.id, attention).with("person", self.name(person));
            let item = item.with("successor", successor.map(|person| self.name(*person)));
            item.with("title", &task.title).with("number", &task.number).with("node", &task.node)
        };
        tasks.iter().map(item).collect()
    }

    /// What one who goes has besides tasks: nothing of it is anybody else's by itself.
    fn left_behind(&self, has: &Belongings) -> Vec<Item> {
        let (person, Held { running, drafts, .. }, Uploads { attached, loose }) = (has.person, &has.held, has.uploads);
        let left = [
            ("cases_of_leaver", *running, true),
            ("drafts_of_leaver", *drafts, false),
            ("files_of_leaver", attached, false),
            ("loose_files_of_leaver", loose, false),
        ];
        let left = left.into_iter().filter(|(_, n, _)| *n > 0 && !self.stays(person));
        let item =
            |(code, n, attention)| Item::new(code, person, attention).with("person", self.name(person)).with("n", n);
        left.map(item).collect()
    }

    fn mentioned(&self, mention: &Mention) -> Vec<Item> {
        let (node, step) = match &mention.node {
            Some((key, name)) => (key.as_str(), name.clone()),
            None => ("may_start", Text::new("可发起人", "those who may start it")),
        };
        let item = |code: &str, key: String, attention| {
            let key = format!("{}:{node}:{key}", mention.flow);
            Item::new(code, key, attention).with("flow", &mention.flow_name).with("node", &step)
        };
        match &mention.named {
            Named::Person(person) if self.before.is_active(*person, self.then()) && !self.stays(*person) => {
                vec![item("flow_names_leaver", person.to_string(), true).with("person", self.name(*person))]
            }
            Named::Posts { posts, unit } => {
                let units = match unit {
                    Some(unit) => vec![*unit],
                    None => self.units(),
                };
                units.into_iter().filter_map(|unit| self.holders_change(posts, unit, &item)).collect()
            }
            Named::Group(groups) => {
                let emptied = |group: &&hanlin_kernel::GroupId| {
                    !self.before.members(**group, self.then()).is_empty()
                        && self.after.members(**group, self.at).is_empty()
                };
                let told = |group: &hanlin_kernel::GroupId| {
                    let name = self.before.group(*group).map(|group| group.name.clone()).unwrap_or_default();
                    item("flow_names_empty_group", group.to_string(), true).with("group", name)
                };
                groups.iter().filter(emptied).map(told).collect()
            }
            Named::Unit(unit) => {
                let gone = self.before.unit(*unit, self.then()).filter(|_| self.after.unit(*unit, self.at).is_none());
                gone.map(|gone| item("flow_names_closed_place", unit.to_string(), true).with("place", &gone.name))
                    .into_iter()
                    .collect()
            }
            Named::Departments(departments) => {
                let gone = departments.iter().filter_map(|id| self.before.department(*id, self.then()));
                let gone = gone.filter(|gone| self.after.department(gone.id, self.at).is_none());
                gone.map(|gone| item("flow_names_closed_place", gone.id.to_string(), true).with("place", &gone.name))
                    .collect()
            }
            Named::Person(_) => Vec::new(),
        }
    }

    /// Nobody of the post is left for initiators of this unit (it was one person, or all of them go), or others are.
    fn holders_change(
        &self,
        posts: &[PostId],
        unit: UnitId,
        item: &dyn Fn(&str, String, bool) -> Item,
    ) -> Option<Item> {
        let found = self.before.nearest_holders(posts, unit, self.then())?;
        let after = self.after.nearest_holders(posts, unit, self.at).map(|found| found.people).unwrap_or_default();
        if after == found.people {
            return None;
        }
        let post = self.before.post(found.post).map(|post| post.name.clone()).unwrap_or_default();
        let of_unit = self.before.unit(unit, self.then()).map(|unit| unit.name.clone()).unwrap_or_default();
        let code = if after.is_empty() { "nobody_left" } else { "others_decide" };
        let key = format!("{}:{unit}", found.post);
        let item = item(code, key, after.is_empty()).with("post", post).with("unit", of_unit);
        Some(item.with("before", self.names(&found.people)).with("after", self.names(&after)))
    }

    fn units(&self) -> Vec<UnitId> {
        let roots = self.before.roots(self.then()).into_iter();
        roots.flat_map(|root| self.before.units_and_below(root.id, self.then())).collect()
    }

    fn places(&self, snapshot: &Snapshot, at: Timestamp) -> Vec<Place> {
        let roots = snapshot.roots(at).into_iter();
        roots.flat_map(|root| snapshot.and_below(Place::Unit(root.id), at)).collect()
    }

    fn place_name(&self, snapshot: &Snapshot, place: Place, at: Timestamp) -> Text {
        match place {
            Place::Unit(unit) => snapshot.unit(unit, at).map(|unit| unit.name.clone()),
            Place::Department(id) => snapshot.department(id, at).map(|department| department.name.clone()),
        }
        .unwrap_or_default()
    }

    /// A place that had a head and has none, or that is new and has none.
    fn vacant_seats(&self) -> Vec<Item> {
        let known: BTreeSet<Place> = self.places(self.before, self.then()).into_iter().collect();
        let mut items = Vec::new();
        for place in self.places(self.after, self.at) {
            let had = self.before.head(place, self.then());
            if self.after.head(place, self.at).is_none() && (had.is_some() || !known.contains(&place)) {
                let name = self.place_name(self.after, place, self.at);
                let item = Item::new("head_vacant", place.node(), true).with("place", name);
                items.push(item.with("before", had.map(|person| self.name(person)).into_iter().collect::<Vec<_>>()));
            }
        }
        items
    }

    /// One who moved and still heads what he left.
    fn heads_elsewhere(&self) -> Vec<Item> {
        let mut items = Vec::new();
        for person in self.people.iter().filter(|person| self.stays(**person)) {
            let seats: Vec<Place> =
                self.after.appointments(*person, self.at).into_iter().map(|held| held.place).collect();
            for led in self.after.leads(*person, self.at) {
                let line = self.after.ancestors(led.place, self.at);
                let belongs = |seat: &Place| line.contains(seat) || self.after.lies_in(*seat, led.place, self.at);
                if led.kind == LeadershipKind::Head && !seats.iter().any(belongs) {
                    let place = self.place_name(self.after, led.place, self.at);
                    let item = Item::new("head_elsewhere", led.place.node(), true).with("place", place);
                    items.push(item.with("person", self.name(*person)));
                }
            }
        }
        items
    }

    /// A seat of one who goes falls vacant; one who moves to another unit keeps it, to be looked at (ORG-19).
    fn seated(&self, seat: &Seat) -> Option<Item> {
        let in_unit = |held: &&Appointment| self.after.unit_of(held.place, self.at) == Some(seat.unit);
        let code = match self.stays(seat.person) {
            false => "seat_of_leaver",
            true if !self.moves(seat.person) => return None,
            true if self.after.appointments(seat.person, self.at).iter().any(in_unit) => return None,
            true => "seat_of_mover",
        };
        let unit = self.place_name(self.before, Place::Unit(seat.unit), self.then());
        let item = Item::new(code, seat.id, true).with("person", self.name(seat.person)).with("unit", unit);
        Some(item.with("seat", seat.kind.name()))
    }

    /// What was granted to one who goes or moves, or to whoever holds a post that he leaves.
    fn granted(&self, grant: &Grant, role: Option<&Role>) -> Option<Item> {
        let what = match (role, &grant.what) {
            (Some(role), _) => serde_json::to_value(&role.name).ok()?,
            (None, hanlin_access::What::Permission(permission)) => permission.clone().into(),
            (None, hanlin_access::What::Role(_)) => return None,
        };
        match grant.subject {
            Subject::Person(person) if self.people.contains(&person) => {
                let (stays, moves) = (self.stays(person), self.moves(person));
                let code = if stays { "grant_of_mover" } else { "grant_of_leaver" };
                let item = Item::new(code, grant.id, true).with("person", self.name(person)).with("what", what);
                (!stays || moves).then_some(item)
            }
            Subject::Post(post) => {
                let holds = |snapshot: &Snapshot, at, person| {
                    snapshot.appointments(person, at).iter().any(|held| held.post == post)
                };
                let lost = self.people.iter().copied();
                let lost: Vec<PersonId> = lost
                    .filter(|person| holds(self.before, self.then(), *person) && !holds(self.after, self.at, *person))
                    .collect();
                let name = self.before.post(post).map(|post| post.name.clone()).unwrap_or_default();
                let item = Item::new("grant_of_post", grant.id, false).with("post", name).with("what", what);
                (!lost.is_empty()).then(|| item.with("people", self.names(&lost)))
            }
            _ => None,
        }
    }

    fn memberships(&self, person: PersonId) -> Vec<Item> {
        if self.stays(person) && !self.moves(person) {
            return Vec::new();
        }
        let groups = self.before.groups_of(person, self.then());
        let groups = groups.into_iter().filter_map(|group| self.before.group(group));
        let item = |group: &hanlin_directory::model::Group| {
            if self.before.team_leader(group.id, self.then()) == Some(person) && !self.stays(person) {
                let item = Item::new("team_without_leader", group.id, true).with("person", self.name(person));
                return item.with("group", &group.name);
            }
            let item = Item::new("member", format!("{}:{person}", group.id), self.stays(person));
            item.with("person", self.name(person)).with("group", &group.name)
        };
        groups.map(item).collect()
    }
}
