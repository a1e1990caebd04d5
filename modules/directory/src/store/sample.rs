//! The sample as rows: what hangs below its root, and taking it out.

use std::collections::BTreeSet;

use hanlin_kernel::{DepartmentId, GroupId, PersonId, PostId, RankId, Result, UnitId};
use hanlin_store::{Leaving, Tx, params};

use super::{Thing, touch};
use crate::snapshot::Rows;

pub(crate) fn has_unit(tx: &mut Tx, unit: UnitId) -> Result<bool> {
    let found = tx.maybe_scalar::<String>("select id from directory_unit where id = $1", params![unit])?;
    Ok(found.is_some())
}

/// A code, number or address of these rows that somebody has already.
pub(crate) fn find_taken(tx: &mut Tx, rows: &Rows) -> Result<Option<String>> {
    let people = &rows.people;
    let columns = [
        ("directory_unit", "code", rows.units.iter().filter_map(|unit| unit.code.clone()).collect::<Vec<_>>()),
        ("directory_person", "employee_number", people.iter().filter_map(|one| one.employee_number.clone()).collect()),
        ("directory_person", "mobile", people.iter().filter_map(|one| one.mobile.clone()).collect()),
        ("directory_person", "email", people.iter().filter_map(|one| one.email.clone()).collect()),
    ];
    for (table, column, values) in columns {
        if let Some(id) = Leaving::find::<String>(tx, table, column, &values)?.into_iter().next() {
            let sql = format!("select {column} from {table} where id = $1");
            return tx.maybe_scalar(&sql, params![id]);
        }
    }
    Ok(None)
}

/// The units and departments that ever hung below a unit, itself included.
pub(crate) fn list_below(tx: &mut Tx, root: UnitId) -> Result<(BTreeSet<UnitId>, BTreeSet<DepartmentId>)> {
    let sql = "select distinct node from directory_ancestor where ancestor = $1 and node_kind = $2 order by node";
    let units = tx.scalars(sql, params![root, "unit"])?.into_iter().collect();
    let departments = tx.scalars(sql, params![root, "department"])?.into_iter().collect();
    Ok((units, departments))
}

/// Everybody who was ever appointed below a unit, or is being imported there.
pub(crate) fn list_ever_in(tx: &mut Tx, root: UnitId) -> Result<BTreeSet<PersonId>> {
    let mut people = BTreeSet::new();
    for table in ["directory_appointment", "directory_staged_appointment"] {
        let sql = format!(
            "select distinct a.person from {table} a join directory_ancestor x \
             on x.node = coalesce(a.department, a.unit) where x.ancestor = $1 order by a.person"
        );
        people.extend(tx.scalars::<PersonId>(&sql, params![root])?);
    }
    Ok(people)
}

/// Deletes all of it, what refers to something before what it refers to.
pub(crate) fn delete_below(tx: &mut Tx, leaving: &mut Leaving) -> Result<()> {
    let (people, units) = (leaving.people.clone(), leaving.units.clone());
    let departments = leaving.departments.clone();
    let groups: Vec<GroupId> = Leaving::find(tx, "directory_group", "unit", &units)?;
    let posts: Vec<PostId> = Leaving::find(tx, "directory_post", "unit", &units)?;
    let ranks: Vec<RankId> = Leaving::find(tx, "directory_rank", "unit", &units)?;
    Leaving::delete(tx, "directory_group_member", "group_id", &groups)?;
    for table in PEOPLE {
        Leaving::delete(tx, table, "person", &people)?;
    }
    Leaving::delete(tx, "directory_leadership", "unit", &units)?;
    Leaving::delete(tx, "directory_leadership", "department", &departments)?;
    // A team names its leader.
    Leaving::delete(tx, "directory_group", "id", &groups)?;
    Leaving::delete(tx, "directory_person", "id", &people)?;
    Leaving::delete(tx, "directory_post", "id", &posts)?;
    Leaving::delete(tx, "directory_rank", "id", &ranks)?;
    let places = units.iter().map(UnitId::to_string).chain(departments.iter().map(DepartmentId::to_string));
    Leaving::delete(tx, "directory_ancestor", "node", places)?;
    Leaving::delete(tx, "directory_department_period", "department", &departments)?;
    Leaving::delete(tx, "directory_department", "id", &departments)?;
    Leaving::delete(tx, "directory_unit_period", "unit", &units)?;
    Leaving::delete(tx, "directory_unit", "id", &units)?;
    leaving.note("people", &people);
    leaving.note("units", &units);
    leaving.note("departments", &departments);
    leaving.note("posts", &posts);
    leaving.note("ranks", &ranks);
    leaving.note("groups", &groups);
    // Nobody brings himself up to date past this: he reads everything again, and no change names what is gone.
    tx.exec("delete from directory_change", &[])?;
    touch(tx, Thing::Whole)
}

/// What hangs on a person.
const PEOPLE: [&str; 6] = [
    "directory_group_member",
    "directory_leadership",
    "directory_appointment",
    "directory_staged_appointment",
    "directory_staged_service",
    "directory_service_period",
];
