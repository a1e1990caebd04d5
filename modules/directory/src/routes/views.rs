//! What the API shows of the directory: names instead of ids, as of now, with what the reader may do.

use hanlin_kernel::{Actor, AppointmentId, Can, GroupId, PersonId, PostId, RankId, Text};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    model::{Appointment, Gender, Group, Leadership, LeadershipKind, Person, Place, Team, UnitKind, Validity},
    policy::{self, Home},
    snapshot::Snapshot,
};

/// A person as lists and pages of any module name him.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PersonName {
    pub id: PersonId,
    pub name: String,
    /// He belongs to an external organisation (ORG-24).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub external: bool,
}

impl PersonName {
    /// His present name, whether or not he is still here.
    pub fn of(id: PersonId, snapshot: &Snapshot) -> Self {
        Self { id, name: snapshot.person_name(id), external: snapshot.is_external(id) }
    }
}

/// A line of the address book: a person with his main appointment.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PersonRow {
    pub id: PersonId,
    pub name: String,
    /// 工号
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post: Option<Text>,
    /// The mobile number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub office_phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// He is not in service.
    pub ended: bool,
    /// He belongs to an external organisation (ORG-24).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub external: bool,
}

impl PersonRow {
    /// One who left is shown by name and number only: his telephone is nobody's business any more.
    pub fn of(person: Person, snapshot: &Snapshot, now: Timestamp) -> Self {
        Self::as_of(person, snapshot, now, now)
    }

    /// As of another instant; whether he is still here, and so how to reach him, is said as of now.
    pub fn as_of(person: Person, snapshot: &Snapshot, at: Timestamp, now: Timestamp) -> Self {
        let ended = !snapshot.is_active(person.id, now);
        let main = snapshot.appointments(person.id, at).into_iter().next();
        let view = main.map(|held| AppointmentView::of(held, snapshot, at));
        let (unit, department, post) = match view {
            Some(view) => (Some(view.unit), view.department, Some(view.post)),
            None => (None, None, None),
        };
        let of_serving = |contact: Option<String>| contact.filter(|_| !ended);
        Self {
            id: person.id,
            name: person.name,
            number: person.employee_number,
            unit,
            department,
            post,
            phone: of_serving(person.mobile),
            office_phone: of_serving(person.office_phone),
            email: of_serving(person.email),
            ended,
            external: snapshot.is_external(person.id),
        }
    }
}

/// An appointment, in words.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AppointmentView {
    pub id: AppointmentId,
    pub unit: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<Text>,
    pub post: Text,
    pub place: Place,
    pub main: bool,
    #[serde(flatten)]
    pub validity: Validity,
    /// For `If-Match`.
    pub version: u64,
}

impl AppointmentView {
    pub fn of(held: &Appointment, snapshot: &Snapshot, at: Timestamp) -> Self {
        let name = |place: Place| snapshot.name_of(place, at).cloned();
        let unit = snapshot.unit_of(held.place, at).map(Place::Unit).and_then(name);
        Self {
            id: held.id,
            unit: unit.unwrap_or_default(),
            department: held.place.department().map(Place::Department).and_then(name),
            post: snapshot.post(held.post).map(|post| post.name.clone()).unwrap_or_default(),
            place: held.place,
            main: held.main,
            validity: held.validity,
            version: held.version,
        }
    }
}

/// What somebody leads.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LeadershipView {
    #[serde(rename = "as")]
    pub kind: LeadershipKind,
    pub place: Place,
    pub name: Text,
    #[serde(flatten)]
    pub validity: Validity,
}

impl LeadershipView {
    pub fn of(led: &Leadership, snapshot: &Snapshot, at: Timestamp) -> Self {
        let name = snapshot.name_of(led.place, at).cloned().unwrap_or_default();
        Self { kind: led.kind, place: led.place, name, validity: led.validity }
    }
}

/// A person's card.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PersonView {
    #[serde(flatten)]
    pub row: PersonRow,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rank: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rank_id: Option<RankId>,
    pub appointments: Vec<AppointmentView>,
    pub leads: Vec<LeadershipView>,
    pub groups: Vec<GroupName>,
    /// Those above him, the nearest first.
    pub reporting_line: Vec<PersonName>,
    /// Those right below him whom the reader may see, by pinyin.
    pub reports: Vec<PersonName>,
    pub can: Can,
    /// For `If-Match`.
    pub version: u64,
}

/// A group, by name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GroupName {
    pub id: GroupId,
    pub name: Text,
}

impl PersonView {
    pub fn of(person: Person, snapshot: &Snapshot, at: Timestamp, can: Can, actor: &Actor) -> Self {
        let (id, version, gender) = (person.id, person.version, person.gender);
        let rank = snapshot.rank_of(id, at);
        let appointments = snapshot.appointments(id, at);
        // To whom the house is closed, neither those above him nor the groups he was put into are shown.
        let inside = !actor.external;
        let groups = if inside { snapshot.groups_of(id, at) } else { Vec::new() };
        let groups = groups.into_iter().filter_map(|group| snapshot.group(group));
        Self {
            row: PersonRow::of(person, snapshot, at),
            gender,
            rank: rank.map(|rank| rank.name.clone()),
            rank_id: rank.map(|rank| rank.id),
            appointments: appointments.into_iter().map(|held| AppointmentView::of(held, snapshot, at)).collect(),
            leads: snapshot.leads(id, at).into_iter().map(|led| LeadershipView::of(led, snapshot, at)).collect(),
            groups: groups.map(|group| GroupName { id: group.id, name: group.name.clone() }).collect(),
            reporting_line: if inside { reporting_line(id, snapshot, at) } else { Vec::new() },
            reports: reports(id, snapshot, at, actor),
            can,
            version,
        }
    }
}

fn reporting_line(person: PersonId, snapshot: &Snapshot, at: Timestamp) -> Vec<PersonName> {
    let upwards = snapshot.superiors(person, None, at).into_iter();
    upwards.map(|link| PersonName::of(link.person, snapshot)).collect()
}

fn reports(person: PersonId, snapshot: &Snapshot, at: Timestamp, actor: &Actor) -> Vec<PersonName> {
    let below = snapshot.reports(person, at).into_iter().filter(|below| policy::sees(actor, *below, snapshot, at));
    below.map(|below| PersonName::of(below, snapshot)).collect()
}

/// A unit or department with all that is in it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(no_recursion)]
pub(super) struct UnitNode {
    /// Of a unit or of a department, as `kind` says.
    pub id: String,
    pub kind: NodeKind,
    /// What kind of unit it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_kind: Option<UnitKind>,
    pub name: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head: Option<PersonName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leader_in_charge: Option<PersonName>,
    /// Whose main appointment is here or below.
    pub people: u64,
    pub children: Vec<UnitNode>,
    pub can: Can,
    /// For `If-Match`.
    pub version: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum NodeKind {
    Unit,
    Department,
}

impl UnitNode {
    /// The place with what is in it, as far as the reader may see; nothing if he may see none of it.
    pub fn of(place: Place, snapshot: &Snapshot, actor: &Actor, at: Timestamp) -> Option<Self> {
        let unit = snapshot.unit_of(place, at)?;
        let can = policy::may(actor, Home { unit, department: place.department() });
        let children = snapshot.children(place, at).into_iter();
        let children: Vec<UnitNode> = children.filter_map(|child| Self::of(child, snapshot, actor, at)).collect();
        if !can.allows("read") && children.is_empty() {
            return None;
        }
        let here = snapshot.headcount(place, at);
        // People of external organisations are no people of the house (ORG-24).
        let outside = snapshot.is_external_place(place);
        let is_counted = |child: &&UnitNode| outside || child.unit_kind != Some(UnitKind::External);
        let name = |person| PersonName::of(person, snapshot);
        let mut node = Self {
            id: place.node(),
            kind: NodeKind::Unit,
            unit_kind: None,
            name: snapshot.name_of(place, at).cloned().unwrap_or_default(),
            code: None,
            head: snapshot.head(place, at).map(name),
            leader_in_charge: snapshot.in_charge_of(place, at).map(name),
            people: here + children.iter().filter(is_counted).map(|child| child.people).sum::<u64>(),
            children,
            can,
            version: 0,
        };
        match place {
            Place::Unit(id) => {
                let unit = snapshot.unit(id, at)?;
                (node.unit_kind, node.code, node.version) = (Some(unit.kind), unit.code.clone(), unit.version);
            }
            Place::Department(id) => {
                let department = snapshot.department(id, at)?;
                node.kind = NodeKind::Department;
                (node.code, node.version) = (department.code.clone(), department.version);
            }
        }
        Some(node)
    }
}

/// A unit that was made or changed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct PlaceView {
    pub id: String,
    pub kind: NodeKind,
    pub name: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(flatten)]
    pub validity: Validity,
    /// For `If-Match`.
    pub version: u64,
}

/// A post.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct PostView {
    pub id: PostId,
    pub unit: hanlin_kernel::UnitId,
    pub code: String,
    pub name: Text,
    pub position: i64,
    #[serde(flatten)]
    pub validity: Validity,
    pub can: Can,
    /// For `If-Match`.
    pub version: u64,
}

/// A rank.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct RankView {
    pub id: RankId,
    pub unit: hanlin_kernel::UnitId,
    pub code: String,
    pub name: Text,
    /// More is higher.
    pub level: i64,
    #[serde(flatten)]
    pub validity: Validity,
    pub can: Can,
    /// For `If-Match`.
    pub version: u64,
}

/// A group.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct GroupView {
    pub id: GroupId,
    pub unit: hanlin_kernel::UnitId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    pub name: Text,
    pub unit_name: Text,
    /// Absent: it is only a set of people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamView>,
    pub members: u64,
    #[serde(flatten)]
    pub validity: Validity,
    pub can: Can,
    /// For `If-Match`.
    pub version: u64,
}

/// What makes a group a team.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct TeamView {
    /// Absent: who led it has left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leader: Option<PersonName>,
    pub purpose: String,
}

impl TeamView {
    pub(super) fn of(group: &Group, team: &Team, snapshot: &Snapshot, at: Timestamp) -> Self {
        // One that is to begin later has its leader already.
        let leads = snapshot.team_leader(group.id, at.max(group.validity.from));
        Self { leader: leads.map(|leader| PersonName::of(leader, snapshot)), purpose: team.purpose.clone() }
    }
}
