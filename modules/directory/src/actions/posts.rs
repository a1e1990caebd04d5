//! Posts and ranks: the words an organisation names its people by.

use hanlin_kernel::{Actor, Id, PostId, RankId, Result, Text, UnitId};
use hanlin_store::Tx;
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{effective, manage, unseen, validity};
use crate::{
    check::Check,
    events::Event,
    model::{Place, Post, Rank, Validity},
    rules::{self, Refusal},
    store,
};

/// A post that is to be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreatePost {
    /// For this unit and those below it.
    pub unit: UnitId,
    /// What flows name it by.
    pub code: String,
    pub name: Text,
    #[serde(default)]
    pub position: i64,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub from: Option<Timestamp>,
}

pub fn create_post(tx: &mut Tx, actor: &Actor, intent: CreatePost) -> Result<Post> {
    manage(tx, actor, Place::Unit(intent.unit))?;
    let post = Post {
        id: Id::new(),
        unit: intent.unit,
        code: intent.code,
        name: intent.name,
        position: intent.position,
        validity: validity(tx, intent.from, None)?,
        version: 1,
    };
    check(&post.name, &post.code)?;
    store::insert_post(tx, &post)?;
    tx.record(Event::PostCreated { post: post.clone() });
    Ok(post)
}

/// What is to change of a post; its code and unit stay.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ChangePost {
    pub name: Option<Text>,
    pub position: Option<i64>,
}

pub fn change_post(tx: &mut Tx, actor: &Actor, id: PostId, seen: u64, intent: ChangePost) -> Result<Post> {
    let before = store::find_post(tx, id)?;
    manage(tx, actor, Place::Unit(before.unit))?;
    unseen(seen, before.version)?;
    let after = Post {
        name: intent.name.unwrap_or_else(|| before.name.clone()),
        position: intent.position.unwrap_or(before.position),
        ..before.clone()
    };
    check(&after.name, &after.code)?;
    store::save_post(tx, &after)?;
    let after = Post { version: before.version + 1, ..after };
    tx.record(Event::PostChanged { before, after: after.clone() });
    Ok(after)
}

/// Abolishes a post that nobody holds after that time.
pub fn end_post(tx: &mut Tx, actor: &Actor, id: PostId, seen: u64, at: Option<Timestamp>) -> Result<()> {
    let post = store::find_post(tx, id)?;
    manage(tx, actor, Place::Unit(post.unit))?;
    unseen(seen, post.version)?;
    let at = effective(tx, at)?;
    rules::end_one(post.validity, at)?;
    nobody(store::count_holders(tx, id, at)?)?;
    store::save_post(tx, &Post { validity: Validity::between(post.validity.from, at), ..post })?;
    tx.record(Event::PostEnded { post: id, at });
    Ok(())
}

/// A rank that is to be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateRank {
    /// For this unit and those below it.
    pub unit: UnitId,
    pub code: String,
    pub name: Text,
    /// More is higher.
    pub level: i64,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub from: Option<Timestamp>,
}

pub fn create_rank(tx: &mut Tx, actor: &Actor, intent: CreateRank) -> Result<Rank> {
    manage(tx, actor, Place::Unit(intent.unit))?;
    let rank = Rank {
        id: Id::new(),
        unit: intent.unit,
        code: intent.code,
        name: intent.name,
        level: intent.level,
        validity: validity(tx, intent.from, None)?,
        version: 1,
    };
    check(&rank.name, &rank.code)?;
    store::insert_rank(tx, &rank)?;
    tx.record(Event::RankCreated { rank: rank.clone() });
    Ok(rank)
}

/// Renames a rank. Its level stays: routes were decided by it.
pub fn rename_rank(tx: &mut Tx, actor: &Actor, id: RankId, seen: u64, name: Text) -> Result<Rank> {
    let before = store::find_rank(tx, id)?;
    manage(tx, actor, Place::Unit(before.unit))?;
    unseen(seen, before.version)?;
    let after = Rank { name, ..before.clone() };
    check(&after.name, &after.code)?;
    store::save_rank(tx, &after)?;
    let after = Rank { version: before.version + 1, ..after };
    tx.record(Event::RankChanged { before, after: after.clone() });
    Ok(after)
}

/// Abolishes a rank that nobody has after that time.
pub fn end_rank(tx: &mut Tx, actor: &Actor, id: RankId, seen: u64, at: Option<Timestamp>) -> Result<()> {
    let rank = store::find_rank(tx, id)?;
    manage(tx, actor, Place::Unit(rank.unit))?;
    unseen(seen, rank.version)?;
    let at = effective(tx, at)?;
    rules::end_one(rank.validity, at)?;
    nobody(store::count_ranked(tx, id, at)?)?;
    store::save_rank(tx, &Rank { validity: Validity::between(rank.validity.from, at), ..rank })?;
    tx.record(Event::RankEnded { rank: id, at });
    Ok(())
}

fn nobody(people: u64) -> Result<(), Refusal> {
    if people == 0 { Ok(()) } else { Err(Refusal::StillStaffed { people }) }
}

pub(super) fn check(name: &Text, code: &str) -> Result<()> {
    Check::default().name("name", name).code("code", Some(code)).done()
}
