//! Which state the directory is in, and what made it so: the way from a state that is known to the present one.

use hanlin_kernel::{DepartmentId, Error, GroupId, Id, PersonId, PostId, RankId, Result, UnitId};
use hanlin_store::{Remembered, Tx, params};

use super::{DEPARTMENTS, UNITS};
use crate::snapshot::{Changed, Rows};

/// So many changes can be looked back on.
const KEPT: i64 = 5_000;
/// After more than so many, everything is loaded again: it is not much dearer then.
const MOST: i64 = 2_000;

/// A state of the directory: its name, and how many changes led to it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct State {
    pub stamp: String,
    pub number: i64,
}
hanlin_store::from_row!(State { stamp, number });

/// What a change was about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Thing {
    Unit(UnitId),
    Department(DepartmentId),
    Post(PostId),
    Rank(RankId),
    Group(GroupId),
    /// A person, or an appointment, leadership or membership of his.
    Person(PersonId),
    /// More than is worth naming.
    Whole,
}

impl Thing {
    fn words(self) -> (&'static str, String) {
        match self {
            Self::Unit(id) => ("unit", id.to_string()),
            Self::Department(id) => ("department", id.to_string()),
            Self::Post(id) => ("post", id.to_string()),
            Self::Rank(id) => ("rank", id.to_string()),
            Self::Group(id) => ("group", id.to_string()),
            Self::Person(id) => ("person", id.to_string()),
            Self::Whole => ("whole", String::new()),
        }
    }
}

/// The present state of the directory.
pub(crate) fn state(tx: &mut Tx) -> Result<State> {
    Ok((*tx.remembered::<State>()?).clone())
}

impl Remembered for State {
    const NAME: &'static str = "directory";

    fn read(tx: &mut Tx) -> Result<Self> {
        tx.one("select stamp, number from directory_version where one = 1", &[])
    }
}

/// Names the present state of the directory.
pub(crate) fn stamp(tx: &mut Tx) -> Result<String> {
    Ok(state(tx)?.stamp)
}

/// After every change: what was loaded before is old.
pub(super) fn touch(tx: &mut Tx, thing: Thing) -> Result<()> {
    let stamp: Id<Rows> = Id::new();
    let (what, id) = thing.words();
    tx.changed::<State>()?;
    tx.queue("update directory_version set stamp = $1, number = number + 1 where one = 1", params![stamp])?;
    tx.queue(
        "insert into directory_change (number, stamp, what, id) \
         select number, stamp, $1, $2 from directory_version where one = 1",
        params![what, id],
    )?;
    tx.queue(
        "delete from directory_change where number <= (select number - $1 from directory_version where one = 1)",
        params![KEPT],
    )
}

/// Which of these states led to the present one. Others are of another database, or of a unit of work that was undone.
pub(crate) fn list_past(tx: &mut Tx, states: &[State]) -> Result<Vec<State>> {
    let numbers: Vec<i64> = states.iter().map(|state| state.number).collect();
    let past: Vec<State> =
        tx.all_in("select stamp, number from directory_change where number in ({in})", &[], &numbers)?;
    Ok(past.into_iter().filter(|state| states.contains(state)).collect())
}

struct Entry {
    what: String,
    id: String,
}
hanlin_store::from_row!(Entry { what, id });

/// What has changed since a state that led to the present one; nothing where that is not known in detail.
pub(crate) fn list_changed(tx: &mut Tx, since: &State) -> Result<Option<Changed>> {
    let entries: Vec<Entry> = tx.all(
        "select distinct what, id from directory_change where number > $1 order by what, id limit $2",
        params![since.number, MOST + 1],
    )?;
    if entries.len() as i64 > MOST {
        return Ok(None);
    }
    let mut changed = Changed::default();
    for Entry { what, id } in entries {
        match what.as_str() {
            "unit" => changed.units.insert(read(&id)?),
            "department" => changed.departments.insert(read(&id)?),
            "post" => changed.posts.insert(read(&id)?),
            "rank" => changed.ranks.insert(read(&id)?),
            "group" => changed.groups.insert(read(&id)?),
            "person" => changed.people.insert(read(&id)?),
            _ => return Ok(None),
        };
    }
    Ok(Some(changed))
}

fn read<T>(id: &str) -> Result<Id<T>> {
    id.parse().map_err(|_| Error::internal(format!("`{id}` is no id")))
}

/// The rows of what has changed, as they are now.
pub(crate) fn load_changed(tx: &mut Tx, changed: &Changed) -> Result<Rows> {
    let people: Vec<PersonId> = changed.people.iter().copied().collect();
    let of_people = |table: &str| format!("select * from {table} where person in ({{in}})");
    Ok(Rows {
        units: tx.all_in(&format!("{UNITS} where u.id in ({{in}})"), &[], &list(&changed.units))?,
        departments: tx.all_in(&format!("{DEPARTMENTS} where d.id in ({{in}})"), &[], &list(&changed.departments))?,
        posts: tx.all_in("select * from directory_post where id in ({in})", &[], &list(&changed.posts))?,
        ranks: tx.all_in("select * from directory_rank where id in ({in})", &[], &list(&changed.ranks))?,
        groups: tx.all_in("select * from directory_group where id in ({in})", &[], &list(&changed.groups))?,
        people: tx.all_in("select * from directory_person where id in ({in})", &[], &people)?,
        service: tx.all_in(&of_people("directory_service_period"), &[], &people)?,
        appointments: tx.all_in(&of_people("directory_appointment"), &[], &people)?,
        leaderships: tx.all_in(&of_people("directory_leadership"), &[], &people)?,
        members: tx.all_in(&of_people("directory_group_member"), &[], &people)?,
    })
}

fn list<T>(ids: &std::collections::BTreeSet<Id<T>>) -> Vec<Id<T>> {
    ids.iter().copied().collect()
}
