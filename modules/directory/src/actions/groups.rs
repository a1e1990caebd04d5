use hanlin_kernel::{Actor, GroupId, Id, PersonId, Result, Text, UnitId};
use hanlin_store::Tx;
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{effective, manage, unseen, validity};
use crate::{
    check::Check,
    events::Event,
    model::{Group, GroupMember, Place, Validity},
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
}

pub fn create_group(tx: &mut Tx, actor: &Actor, intent: CreateGroup) -> Result<Group> {
    manage(tx, actor, Place::Unit(intent.unit))?;
    let group = Group {
        id: Id::new(),
        unit: intent.unit,
        code: intent.code,
        name: intent.name,
        validity: validity(tx, intent.from, None)?,
        version: 1,
    };
    Check::default().name("name", &group.name).code("code", group.code.as_deref()).done()?;
    store::insert_group(tx, &group)?;
    tx.record(Event::GroupCreated { group: group.clone() });
    Ok(group)
}

pub fn rename_group(tx: &mut Tx, actor: &Actor, id: GroupId, seen: u64, name: Text) -> Result<Group> {
    let before = find_to_manage(tx, actor, id)?;
    unseen(seen, before.version)?;
    Check::default().name("name", &name).done()?;
    let after = Group { name, ..before.clone() };
    store::save_group(tx, &after)?;
    let after = Group { version: before.version + 1, ..after };
    tx.record(Event::GroupChanged { before, after: after.clone() });
    Ok(after)
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
pub fn add_member(
    tx: &mut Tx,
    actor: &Actor,
    id: GroupId,
    person: PersonId,
    from: Option<Timestamp>,
) -> Result<GroupMember> {
    let group = find_to_manage(tx, actor, id)?;
    let name = store::find_person(tx, person)?.name;
    let member = GroupMember { group: id, person, validity: validity(tx, from, None)? };
    if !group.validity.contains(&member.validity) {
        return Err(Refusal::NotInForce.into());
    }
    if !rules::covered(&store::list_service(tx, person)?, member.validity) {
        return Err(Refusal::NotInService { person: name }.into());
    }
    if let Some(held) = store::list_appointments(tx, person)?.first() {
        sample::apart(tx, held.place, held.validity.from, Place::Unit(group.unit), member.validity.from)?;
    }
    let known = store::list_memberships(tx, id, person)?;
    if known.iter().any(|known| known.validity.overlaps(&member.validity)) {
        return Err(Refusal::MemberAlready { person: name }.into());
    }
    store::insert_member(tx, &member)?;
    tx.record(Event::MemberAdded { group: id, person, from: member.validity.from });
    Ok(member)
}

/// Lets a person go from a group; one who was to come later does not come.
pub fn remove_member(tx: &mut Tx, actor: &Actor, id: GroupId, person: PersonId, at: Option<Timestamp>) -> Result<()> {
    find_to_manage(tx, actor, id)?;
    let at = effective(tx, at)?;
    let known = store::list_memberships(tx, id, person)?;
    let Some(member) = known.iter().find(|member| member.validity.to.is_none_or(|to| to > at)) else {
        return Err(Refusal::NotAMember { person: store::find_person(tx, person)?.name }.into());
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
