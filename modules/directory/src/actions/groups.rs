use hanlin_kernel::{Actor, GroupId, Id, PersonId, Result, Text, UnitId};
use hanlin_store::Tx;
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{effective, manage, unseen, validity};
use crate::{
    check::Check,
    events::Event,
    model::{Group, GroupMember, Place, Team, Validity},
    rules::{self, Refusal},
    sample, store,
};

/// A group that is to be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateGroup {
    /// For this unit and those below it.
    pub unit: UnitId,
    pub code: Option<String>,
    pub name: Text,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub from: Option<Timestamp>,
    /// Until when; absent: until further notice.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub to: Option<Timestamp>,
    /// Makes it a team.
    #[serde(default)]
    pub team: Option<NewTeam>,
}

/// Who leads a team, and what it is for.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTeam {
    pub leader: PersonId,
    pub purpose: String,
}

/// What is to change of a group; absent stays. Leader and purpose are a team's.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ChangeGroup {
    pub name: Option<Text>,
    pub leader: Option<PersonId>,
    pub purpose: Option<String>,
}

/// Who is to be in a group, from when to when; without an end as long as the group is there.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddMember {
    pub person: PersonId,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub from: Option<Timestamp>,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub to: Option<Timestamp>,
}

impl AddMember {
    /// From then on, or from now.
    pub fn since(person: PersonId, from: Option<Timestamp>) -> Self {
        Self { person, from, to: None }
    }
}

pub fn create_group(tx: &mut Tx, actor: &Actor, intent: CreateGroup) -> Result<Group> {
    manage(tx, actor, Place::Unit(intent.unit))?;
    let group = Group {
        id: Id::new(),
        unit: intent.unit,
        code: intent.code,
        name: intent.name,
        team: intent.team.map(|NewTeam { leader, purpose }| Team { leader, purpose: purpose.trim().to_owned() }),
        validity: validity(tx, intent.from, intent.to)?,
        version: 1,
    };
    rules::ordered(group.validity)?;
    check(&group)?;
    store::insert_group(tx, &group)?;
    tx.record(Event::GroupCreated { group: group.clone() });
    if let Some(Team { leader, .. }) = &group.team {
        take_in(tx, &group, *leader, group.validity)?;
    }
    Ok(group)
}

/// Gives a group another name, or a team another leader or purpose. Who is to lead and is no member becomes one.
pub fn change_group(tx: &mut Tx, actor: &Actor, id: GroupId, seen: u64, intent: ChangeGroup) -> Result<Group> {
    let before = find_to_manage(tx, actor, id)?;
    unseen(seen, before.version)?;
    let team = match before.team.clone() {
        Some(team) => Some(Team {
            leader: intent.leader.unwrap_or(team.leader),
            purpose: intent.purpose.map_or(team.purpose, |purpose| purpose.trim().to_owned()),
        }),
        None if intent.leader.is_some() || intent.purpose.is_some() => return Err(Refusal::NotATeam.into()),
        None => None,
    };
    let after = Group { name: intent.name.unwrap_or_else(|| before.name.clone()), team, ..before.clone() };
    check(&after)?;
    if let Some(leader) = intent.leader {
        lead_as_member(tx, &after, leader)?;
    }
    store::save_group(tx, &after)?;
    let after = Group { version: before.version + 1, ..after };
    tx.record(Event::GroupChanged { before, after: after.clone() });
    Ok(after)
}

fn check(group: &Group) -> Result<()> {
    let known = Check::default().name("name", &group.name).code("code", group.code.as_deref());
    match &group.team {
        Some(team) => known.purpose("purpose", &team.purpose).done(),
        None => known.done(),
    }
}

/// Who leads a team belongs to it, now or from when it begins.
fn lead_as_member(tx: &mut Tx, group: &Group, leader: PersonId) -> Result<()> {
    let from = effective(tx, None)?.max(group.validity.from);
    let known = store::list_memberships(tx, group.id, leader)?;
    if known.iter().any(|member| member.validity.covers(from)) {
        return Ok(());
    }
    take_in(tx, group, leader, Validity { from, to: group.validity.to }).map(drop)
}

/// Dissolves a group; who was in it stays known.
pub fn end_group(tx: &mut Tx, actor: &Actor, id: GroupId, seen: u64, at: Option<Timestamp>) -> Result<()> {
    let group = find_to_manage(tx, actor, id)?;
    unseen(seen, group.version)?;
    let at = effective(tx, at)?;
    rules::end_one(group.validity, at)?;
    store::save_group(tx, &Group { validity: Validity::between(group.validity.from, at), ..group })?;
    tx.record(Event::GroupEnded { group: id, at });
    Ok(())
}

/// Takes a person into a group.
pub fn add_member(tx: &mut Tx, actor: &Actor, id: GroupId, intent: AddMember) -> Result<GroupMember> {
    let group = find_to_manage(tx, actor, id)?;
    let validity = validity(tx, intent.from, intent.to)?;
    take_in(tx, &group, intent.person, Validity { to: validity.to.or(group.validity.to), ..validity })
}

fn take_in(tx: &mut Tx, group: &Group, person: PersonId, validity: Validity) -> Result<GroupMember> {
    let name = store::find_person(tx, person)?.name;
    let member = GroupMember { group: group.id, person, validity };
    rules::ordered(validity)?;
    if !group.validity.contains(&validity) {
        return Err(Refusal::NotInForce.into());
    }
    if !rules::covered(&store::list_service(tx, person)?, validity) {
        return Err(Refusal::NotInService { person: name }.into());
    }
    if let Some(held) = store::list_appointments(tx, person)?.first() {
        sample::apart(tx, held.place, held.validity.from, Place::Unit(group.unit), validity.from)?;
    }
    let known = store::list_memberships(tx, group.id, person)?;
    if known.iter().any(|known| known.validity.overlaps(&validity)) {
        return Err(Refusal::MemberAlready { person: name }.into());
    }
    store::insert_member(tx, &member)?;
    tx.record(Event::MemberAdded { group: group.id, person, from: validity.from });
    Ok(member)
}

/// Lets a person go from a group; one who was to come later does not come.
pub fn remove_member(tx: &mut Tx, actor: &Actor, id: GroupId, person: PersonId, at: Option<Timestamp>) -> Result<()> {
    let group = find_to_manage(tx, actor, id)?;
    let at = effective(tx, at)?;
    let name = store::find_person(tx, person)?.name;
    if group.team.is_some_and(|team| team.leader == person) && group.validity.covers(at) {
        return Err(Refusal::LeadsTeam { person: name }.into());
    }
    let known = store::list_memberships(tx, id, person)?;
    let Some(member) = known.iter().find(|member| member.validity.to.is_none_or(|to| to > at)) else {
        return Err(Refusal::NotAMember { person: name }.into());
    };
    store::end_member(tx, member, at)?;
    tx.record(Event::MemberRemoved { group: id, person, at });
    Ok(())
}

fn find_to_manage(tx: &mut Tx, actor: &Actor, id: GroupId) -> Result<Group> {
    let group = store::find_group(tx, id)?;
    manage(tx, actor, Place::Unit(group.unit))?;
    Ok(group)
}
