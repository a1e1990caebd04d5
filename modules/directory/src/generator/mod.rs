//! Organisations that do not exist, of any size, for measuring and for trying things out: a group with subsidiaries,
//! branches and outposts, departments of any depth, people with names, numbers, posts, ranks and a past, heads, leaders
//! in charge and groups. Pure: the same seed and size give the same organisation, to the byte.
//!
//! Everything is as the directory's own rules want it (`what_is_generated_keeps_every_rule`), names are made up, and
//! mobile numbers are of the range 154, which no network has.

mod chance;
mod names;
mod people;
mod places;

use hanlin_kernel::{Id, Result, Text, UnitId};
use hanlin_store::{Tx, params};
use jiff::{SignedDuration, Timestamp};

use crate::{
    cast,
    events::Event,
    model::{Post, Rank, Validity},
    rules::Refusal,
    snapshot::Rows,
    store,
};
use chance::Chance;

/// The fewest and the most people an organisation is generated with.
pub const SIZES: std::ops::RangeInclusive<usize> = 20..=50_000;

/// Where the fixed ids of each noun begin: far from those of the cast, and from one another.
const UNITS: u64 = 1 << 32;
const DEPARTMENTS: u64 = 2 << 32;
const POSTS: u64 = 3 << 32;
const RANKS: u64 = 4 << 32;
const PEOPLE: u64 = 5 << 32;
const APPOINTMENTS: u64 = 6 << 32;
const LEADERSHIPS: u64 = 7 << 32;
const GROUPS: u64 = 8 << 32;

/// When the generated organisation begins.
fn founded() -> Timestamp {
    instant("2018-01-01T00:00:00+08:00")
}

/// The day it is made for: at this instant exactly as many people are in service as were asked for. What is past lies
/// before it.
pub fn today() -> Timestamp {
    instant("2026-07-01T00:00:00+08:00")
}

/// When what is planned takes effect.
fn future() -> Timestamp {
    instant("2030-01-01T00:00:00+08:00")
}

/// Midnight, so many days after the founding.
fn day(n: usize) -> Timestamp {
    founded() + SignedDuration::from_hours(24 * n as i64)
}

/// The days from the founding to today.
fn n_days() -> usize {
    ((today().as_second() - founded().as_second()) / 86_400) as usize
}

fn instant(text: &str) -> Timestamp {
    text.parse().expect("it is an instant")
}

/// An organisation in which `people` are in service [`today`]; some more have left, or are to come.
pub fn generate(seed: u64, people: usize) -> Rows {
    let chance = &mut Chance::new(seed);
    let plan = places::plan(chance, people.clamp(*SIZES.start(), *SIZES.end()));
    let group = plan.units[0].id;
    let mut rows = Rows { posts: posts(group), ranks: ranks(group), ..Rows::default() };
    people::fill(chance, &plan, &mut rows);
    rows.units = plan.units;
    rows.departments = plan.departments;
    rows
}

/// Writes a generated organisation into an empty directory. Refuses one in which somebody lives.
pub fn load_generated(tx: &mut Tx, seed: u64, rows: &Rows) -> Result<UnitId> {
    if tx.maybe_scalar::<String>("select id from directory_unit limit 1", params![])?.is_some() {
        return Err(Refusal::NotEmpty.into());
    }
    store::insert_all(tx, rows)?;
    tx.record(Event::OrganisationGenerated { seed, units: rows.units.len(), people: rows.people.len() });
    Ok(rows.units[0].id)
}

/// The posts of the sample organisation: those that flows name.
fn posts(unit: UnitId) -> Vec<Post> {
    let validity = Validity::since(founded());
    let post = |(n, &(code, zh, en)): (u64, &(&str, &str, &str))| Post {
        id: Id::fixed(POSTS + n),
        unit,
        code: code.to_owned(),
        name: Text::new(zh, en),
        position: n as i64,
        validity,
        version: 1,
    };
    (1..).zip(cast::POSTS).map(post).collect()
}

fn ranks(unit: UnitId) -> Vec<Rank> {
    let validity = Validity::since(founded());
    let rank = |(n, &(code, level, zh, en)): (u64, &(&str, i64, &str, &str))| Rank {
        id: Id::fixed(RANKS + n),
        unit,
        code: code.to_owned(),
        name: Text::new(zh, en),
        level,
        validity,
        version: 1,
    };
    (1..).zip(cast::RANKS).map(rank).collect()
}
