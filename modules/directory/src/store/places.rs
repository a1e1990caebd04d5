//! Units, departments, and the table of what lies in what.

use std::collections::BTreeSet;

use hanlin_kernel::{DepartmentId, Result, UnitId};
use hanlin_store::{FromRow, Json, OnConstraint, Row, Tx, params};
use jiff::Timestamp;

use super::{DEPARTMENTS, Thing, UNITS, raise, some, touch};
use crate::{
    closure::{Ancestor, Edge, Tree},
    model::{Department, Place, Unit, Validity},
    policy::Home,
    rules::Refusal,
};

/// All periods of a unit, in order.
pub(crate) fn find_unit(tx: &mut Tx, id: UnitId) -> Result<Vec<Unit>> {
    some(tx.rows(&format!("{UNITS} where u.id = $1 order by p.valid_from"), params![id])?)
}

/// All periods of a department, in order.
pub(crate) fn find_department(tx: &mut Tx, id: DepartmentId) -> Result<Vec<Department>> {
    some(tx.rows(&format!("{DEPARTMENTS} where d.id = $1 order by p.valid_from"), params![id])?)
}

/// A new unit with its first period.
pub(crate) fn insert_unit(tx: &mut Tx, unit: &Unit) -> Result<()> {
    let known = "select id from directory_unit where id = $1";
    if tx.maybe_scalar::<UnitId>(known, params![unit.id])?.is_none() {
        tx.exec(
            "insert into directory_unit (id, code, version) values ($1, $2, $3)",
            params![unit.id, unit.code, unit.version],
        )
        .on_unique("directory_unit_code", || {
            Refusal::CodeTaken { taken: unit.code.clone().unwrap_or_default() }.into()
        })?;
    }
    insert_unit_period(tx, unit)
}

/// One more period of a unit, or other contents of the one that begins at the same instant.
pub(crate) fn insert_unit_period(tx: &mut Tx, unit: &Unit) -> Result<()> {
    tx.exec(
        "insert into directory_unit_period \
         (unit, parent, kind, name, short_name, time_zone, position, valid_from, valid_to) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (unit, valid_from) do update set \
         parent = excluded.parent, kind = excluded.kind, name = excluded.name, short_name = excluded.short_name, \
         time_zone = excluded.time_zone, position = excluded.position, valid_to = excluded.valid_to",
        params![
            unit.id,
            unit.parent,
            unit.kind,
            Json(&unit.name),
            unit.short_name.as_ref().map(Json),
            unit.time_zone,
            unit.position,
            unit.validity.from,
            unit.validity.to,
        ],
    )?;
    touch(tx, Thing::Unit(unit.id))
}

/// Ends the unit's period that began at `from`.
pub(crate) fn end_unit_period(tx: &mut Tx, unit: UnitId, from: Timestamp, to: Timestamp) -> Result<()> {
    tx.exec(
        "update directory_unit_period set valid_to = $3 where unit = $1 and valid_from = $2",
        params![unit, from, to],
    )?;
    touch(tx, Thing::Unit(unit))
}

pub(crate) fn raise_unit(tx: &mut Tx, unit: &Unit) -> Result<()> {
    raise(tx, "directory_unit", unit.id.to_string(), unit.version, Thing::Unit(unit.id))
}

/// A new department with its first period.
pub(crate) fn insert_department(tx: &mut Tx, department: &Department) -> Result<()> {
    tx.exec(
        "insert into directory_department (id, version) values ($1, $2) on conflict (id) do nothing",
        params![department.id, department.version],
    )?;
    insert_department_period(tx, department)
}

/// One more period of a department, or other contents of the one that begins at the same instant.
pub(crate) fn insert_department_period(tx: &mut Tx, department: &Department) -> Result<()> {
    tx.exec(
        "insert into directory_department_period \
         (department, unit, parent, code, level, name, position, valid_from, valid_to) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (department, valid_from) do update set \
         unit = excluded.unit, parent = excluded.parent, code = excluded.code, level = excluded.level, \
         name = excluded.name, position = excluded.position, valid_to = excluded.valid_to",
        params![
            department.id,
            department.unit,
            department.parent,
            department.code,
            department.level,
            Json(&department.name),
            department.position,
            department.validity.from,
            department.validity.to,
        ],
    )
    .on_unique("directory_department_code", || {
        Refusal::CodeTaken { taken: department.code.clone().unwrap_or_default() }.into()
    })?;
    touch(tx, Thing::Department(department.id))
}

/// Ends the department's period that began at `from`.
pub(crate) fn end_department_period(tx: &mut Tx, id: DepartmentId, from: Timestamp, to: Timestamp) -> Result<()> {
    tx.exec(
        "update directory_department_period set valid_to = $3 where department = $1 and valid_from = $2",
        params![id, from, to],
    )?;
    touch(tx, Thing::Department(id))
}

pub(crate) fn raise_department(tx: &mut Tx, department: &Department) -> Result<()> {
    let (id, thing) = (department.id.to_string(), Thing::Department(department.id));
    raise(tx, "directory_department", id, department.version, thing)
}

/// The periods of a place, in order.
pub(crate) fn find_edges(tx: &mut Tx, place: Place) -> Result<Vec<Edge>> {
    Ok(match place {
        Place::Unit(unit) => find_unit(tx, unit)?.iter().map(Edge::from).collect(),
        Place::Department(department) => find_department(tx, department)?.iter().map(Edge::from).collect(),
    })
}

/// How many places hang right below this one after `at`.
pub(crate) fn count_below(tx: &mut Tx, place: Place, at: Timestamp) -> Result<u64> {
    let departments = match place {
        Place::Unit(_) => "unit = $1",
        Place::Department(_) => "parent = $1",
    };
    let sql = format!(
        "select cast(count(*) as bigint) from ( \
         select department from directory_department_period where {departments} and (valid_to is null or valid_to > $2) \
         union select unit from directory_unit_period where parent = $1 and (valid_to is null or valid_to > $2)) below"
    );
    tx.scalar(&sql, params![place.node(), at])
}

/// How many people are appointed to this place itself after `at`.
pub(crate) fn count_staff(tx: &mut Tx, place: Place, at: Timestamp) -> Result<u64> {
    let sql = format!(
        "select cast(count(distinct person) as bigint) from directory_appointment \
         where {} = $1 and (valid_to is null or (valid_to > $2 and valid_to > valid_from))",
        place.kind()
    );
    tx.scalar(&sql, params![place.node(), at])
}

/// The place and those it lies in at `at`, nearest first; nothing if it does not exist then.
pub(crate) fn list_ancestors(tx: &mut Tx, place: Place, at: Timestamp) -> Result<Vec<Place>> {
    let rows: Vec<Stored> = tx.all(
        "select * from directory_ancestor where node = $1 and valid_from <= $2 \
         and (valid_to is null or valid_to > $2) order by depth",
        params![place.node(), at],
    )?;
    Ok(rows.into_iter().map(|row| row.0.ancestor).collect())
}

/// Makes the closure true again after the periods of `place` changed: of itself and all that ever lies in it.
/// Refuses a circle, in which case the unit of work must not go on.
pub(crate) fn save_closure(tx: &mut Tx, place: Place) -> Result<()> {
    let mut changed = BTreeSet::from([place]);
    let below = "select * from directory_ancestor where ancestor = $1";
    changed.extend(tx.all::<Stored>(below, params![place.node()])?.into_iter().map(|row| row.0.node));
    save_closure_of(tx, &changed)
}

/// Makes the closure true for these places and no others: new ones, in which nothing else lies yet.
pub(crate) fn save_closure_of(tx: &mut Tx, places: &BTreeSet<Place>) -> Result<()> {
    let tree = load_upwards(tx, places)?;
    places.iter().try_for_each(|place| save_ancestors(tx, &tree, *place))
}

/// The periods of these places and of everything they ever lie in.
fn load_upwards(tx: &mut Tx, places: &BTreeSet<Place>) -> Result<Tree> {
    let mut tree = Tree::default();
    let mut asked: BTreeSet<Place> = BTreeSet::new();
    let mut next: BTreeSet<Place> = places.clone();
    while !next.is_empty() {
        let units: Vec<UnitId> = next.iter().filter_map(|place| place.unit()).collect();
        let departments: Vec<DepartmentId> = next.iter().filter_map(|place| place.department()).collect();
        asked.append(&mut next);
        let found: Vec<Unit> = tx.all_in(&format!("{UNITS} where u.id in ({{in}})"), &[], &units)?;
        let mut edges: Vec<Edge> = found.iter().map(Edge::from).collect();
        let found: Vec<Department> = tx.all_in(&format!("{DEPARTMENTS} where d.id in ({{in}})"), &[], &departments)?;
        edges.extend(found.iter().map(Edge::from));
        next = edges.iter().filter_map(|edge| edge.parent).filter(|parent| !asked.contains(parent)).collect();
        tree.extend(edges);
    }
    Ok(tree)
}

/// No snapshot is made of this table, so none grows old.
fn save_ancestors(tx: &mut Tx, tree: &Tree, place: Place) -> Result<()> {
    let ancestors = tree.ancestors(place).map_err(Refusal::from)?;
    tx.queue("delete from directory_ancestor where node = $1", params![place.node()])?;
    for row in ancestors {
        tx.queue(
            "insert into directory_ancestor (node, node_kind, ancestor, ancestor_kind, depth, valid_from, valid_to) \
             values ($1, $2, $3, $4, $5, $6, $7)",
            params![
                row.node.node(),
                row.node.kind(),
                row.ancestor.node(),
                row.ancestor.kind(),
                row.depth,
                row.validity.from,
                row.validity.to,
            ],
        )?;
    }
    Ok(())
}

/// The whole ancestor table, for the test that it is the closure.
#[cfg(test)]
pub(crate) fn list_closure(tx: &mut Tx) -> Result<Vec<Ancestor>> {
    Ok(tx.all::<Stored>("select * from directory_ancestor", &[])?.into_iter().map(|row| row.0).collect())
}

struct Stored(Ancestor);

impl FromRow for Stored {
    fn from_row(row: &Row) -> Result<Self> {
        let text = |column: &str| row.get::<String>(column);
        Ok(Self(Ancestor {
            node: Place::of_node(&text("node_kind")?, &text("node")?)?,
            ancestor: Place::of_node(&text("ancestor_kind")?, &text("ancestor")?)?,
            depth: row.get("depth")?,
            validity: Validity::from_row(row)?,
        }))
    }
}

/// Which of the two columns of a table that names a place holds this one, and the other's null.
pub(super) fn place_columns(place: Place) -> (Option<UnitId>, Option<DepartmentId>) {
    (place.unit(), place.department())
}

/// Where a place is at home: in the unit it is in, or was in last.
pub(crate) fn home_of(tx: &mut Tx, place: Place) -> Result<Home> {
    match place {
        Place::Unit(unit) => {
            let known = "select id from directory_unit where id = $1";
            Ok(Home::unit(tx.scalar(known, params![unit])?))
        }
        Place::Department(department) => {
            let last = "select unit from directory_department_period where department = $1 \
                        order by valid_from desc limit 1";
            Ok(Home { unit: tx.scalar(last, params![department])?, department: Some(department) })
        }
    }
}

/// The departments right below a place at `at`, in their order.
pub(crate) fn list_departments_in(tx: &mut Tx, place: Place, at: Timestamp) -> Result<Vec<DepartmentId>> {
    let inside = match place {
        Place::Unit(_) => "unit = $1 and parent is null",
        Place::Department(_) => "parent = $1",
    };
    let sql = format!(
        "select department from directory_department_period where {inside} \
         and valid_from <= $2 and (valid_to is null or valid_to > $2) order by position, department"
    );
    tx.scalars(&sql, params![place.node(), at])
}

/// The departments below one at `at`, itself not included.
pub(crate) fn list_departments_below(tx: &mut Tx, id: DepartmentId, at: Timestamp) -> Result<Vec<DepartmentId>> {
    tx.scalars(
        "select node from directory_ancestor where ancestor = $1 and node_kind = 'department' and depth > 0 \
         and valid_from <= $2 and (valid_to is null or valid_to > $2) order by depth, node",
        params![id, at],
    )
}
