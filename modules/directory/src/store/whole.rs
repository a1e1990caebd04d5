//! A whole organisation at once: many rows in one statement, so that fifty thousand people are a matter of seconds.

use std::collections::BTreeSet;

use hanlin_kernel::Result;
use hanlin_store::{Json, ToValue, Tx, Value};

use super::{Thing, people::team_columns, places::place_columns, touch};
use crate::{
    closure::{Edge, Tree},
    model::{Place, Validity, locale_word},
    rules::Refusal,
    snapshot::Rows,
};

/// Rows in one statement. Both engines take some thirty thousand parameters; no table here has twelve columns.
const TOGETHER: usize = 200;

/// Writes a whole organisation, a tree of its own, beside what is there.
pub(crate) fn insert_all(tx: &mut Tx, rows: &Rows) -> Result<()> {
    insert_units(tx, rows)?;
    insert_departments(tx, rows)?;
    insert_closure(tx, rows)?;
    insert_names(tx, rows)?;
    insert_people(tx, rows)?;
    insert_ties(tx, rows)?;
    touch(tx, Thing::Whole)
}

fn insert_units(tx: &mut Tx, rows: &Rows) -> Result<()> {
    let mut known = BTreeSet::new();
    let units = rows.units.iter().filter(|unit| known.insert(unit.id));
    let units = units.map(|unit| [unit.id.to_value(), unit.code.to_value(), unit.version.to_value()]);
    insert(tx, "directory_unit", "id, code, version", units)?;
    let periods = rows.units.iter().map(|unit| {
        let [from, to] = period(&unit.validity);
        let short_name = unit.short_name.as_ref().map(Json).to_value();
        let (id, name) = (unit.id.to_value(), Json(&unit.name).to_value());
        let (zone, position) = (unit.time_zone.to_value(), unit.position.to_value());
        [id, unit.parent.to_value(), unit.kind.to_value(), name, short_name, zone, position, from, to]
    });
    let columns = "unit, parent, kind, name, short_name, time_zone, position, valid_from, valid_to";
    insert(tx, "directory_unit_period", columns, periods)
}

fn insert_departments(tx: &mut Tx, rows: &Rows) -> Result<()> {
    let mut known = BTreeSet::new();
    let departments = rows.departments.iter().filter(|department| known.insert(department.id));
    let departments = departments.map(|department| [department.id.to_value(), department.version.to_value()]);
    insert(tx, "directory_department", "id, version", departments)?;
    let periods = rows.departments.iter().map(|department| {
        let [from, to] = period(&department.validity);
        let (id, unit) = (department.id.to_value(), department.unit.to_value());
        let (code, level) = (department.code.to_value(), department.level.to_value());
        let (name, position) = (Json(&department.name).to_value(), department.position.to_value());
        [id, unit, department.parent.to_value(), code, level, name, position, from, to]
    });
    let columns = "department, unit, parent, code, level, name, position, valid_from, valid_to";
    insert(tx, "directory_department_period", columns, periods)
}

/// The closure of the whole tree, from nothing.
fn insert_closure(tx: &mut Tx, rows: &Rows) -> Result<()> {
    let tree: Tree = rows.units.iter().map(Edge::from).chain(rows.departments.iter().map(Edge::from)).collect();
    let places: BTreeSet<Place> = tree.places().collect();
    let mut ancestors = Vec::new();
    for place in places {
        ancestors.extend(tree.ancestors(place).map_err(Refusal::from)?);
    }
    let ancestors = ancestors.iter().map(|row| {
        let [from, to] = period(&row.validity);
        let (node, kind) = (row.node.node().to_value(), row.node.kind().to_value());
        let (ancestor, ancestor_kind) = (row.ancestor.node().to_value(), row.ancestor.kind().to_value());
        [node, kind, ancestor, ancestor_kind, row.depth.to_value(), from, to]
    });
    let columns = "node, node_kind, ancestor, ancestor_kind, depth, valid_from, valid_to";
    insert(tx, "directory_ancestor", columns, ancestors)
}

fn insert_names(tx: &mut Tx, rows: &Rows) -> Result<()> {
    let posts = rows.posts.iter().map(|post| {
        let [from, to] = period(&post.validity);
        let (id, unit, name) = (post.id.to_value(), post.unit.to_value(), Json(&post.name).to_value());
        [id, unit, post.code.to_value(), name, post.position.to_value(), post.version.to_value(), from, to]
    });
    insert(tx, "directory_post", "id, unit, code, name, position, version, valid_from, valid_to", posts)?;
    let ranks = rows.ranks.iter().map(|rank| {
        let [from, to] = period(&rank.validity);
        let (id, unit, name) = (rank.id.to_value(), rank.unit.to_value(), Json(&rank.name).to_value());
        [id, unit, rank.code.to_value(), name, rank.level.to_value(), rank.version.to_value(), from, to]
    });
    insert(tx, "directory_rank", "id, unit, code, name, level, version, valid_from, valid_to", ranks)
}

fn insert_people(tx: &mut Tx, rows: &Rows) -> Result<()> {
    let people = rows.people.iter().map(|person| {
        let (id, name) = (person.id.to_value(), person.name.to_value());
        let (sort_key, initials) = (person.sort_key.to_value(), person.initials.to_value());
        let (number, gender) = (person.employee_number.to_value(), person.gender.to_value());
        let (mobile, phone) = (person.mobile.to_value(), person.office_phone.to_value());
        let (locale, version) = (locale_word(person.locale).to_value(), person.version.to_value());
        [id, name, sort_key, initials, number, gender, mobile, phone, person.email.to_value(), locale, version]
    });
    let columns = "id, name, sort_key, initials, employee_number, gender, mobile, office_phone, email, locale, version";
    insert(tx, "directory_person", columns, people)?;
    let service = rows.service.iter().map(|service| {
        let [from, to] = period(&service.validity);
        [service.person.to_value(), service.rank.to_value(), service.successor.to_value(), from, to]
    });
    insert(tx, "directory_service_period", "person, rank, successor, valid_from, valid_to", service)
}

fn insert_ties(tx: &mut Tx, rows: &Rows) -> Result<()> {
    let appointments = rows.appointments.iter().map(|held| {
        let ([from, to], (unit, department)) = (period(&held.validity), place_columns(held.place));
        let (id, person, post) = (held.id.to_value(), held.person.to_value(), held.post.to_value());
        let (unit, department) = (unit.to_value(), department.to_value());
        [id, person, post, unit, department, held.main.to_value(), held.version.to_value(), from, to]
    });
    let columns = "id, person, post, unit, department, main, version, valid_from, valid_to";
    insert(tx, "directory_appointment", columns, appointments)?;
    let leaderships = rows.leaderships.iter().map(|led| {
        let ([from, to], (unit, department)) = (period(&led.validity), place_columns(led.place));
        let (unit, department) = (unit.to_value(), department.to_value());
        [led.id.to_value(), led.kind.to_value(), unit, department, led.person.to_value(), from, to]
    });
    let columns = "id, kind, unit, department, person, valid_from, valid_to";
    insert(tx, "directory_leadership", columns, leaderships)?;
    let groups = rows.groups.iter().map(|group| {
        let [from, to] = period(&group.validity);
        let (id, unit, name) = (group.id.to_value(), group.unit.to_value(), Json(&group.name).to_value());
        let (leader, purpose) = team_columns(group);
        let (code, leader, purpose) = (group.code.to_value(), leader.to_value(), purpose.to_value());
        [id, unit, code, name, leader, purpose, group.version.to_value(), from, to]
    });
    insert(tx, "directory_group", "id, unit, code, name, leader, purpose, version, valid_from, valid_to", groups)?;
    let members = rows.members.iter().map(|member| {
        let [from, to] = period(&member.validity);
        [member.group.to_value(), member.person.to_value(), from, to]
    });
    insert(tx, "directory_group_member", "group_id, person, valid_from, valid_to", members)
}

fn period(validity: &Validity) -> [Value; 2] {
    [validity.from.to_value(), validity.to.to_value()]
}

fn insert<const N: usize>(
    tx: &mut Tx,
    table: &str,
    columns: &str,
    rows: impl Iterator<Item = [Value; N]>,
) -> Result<()> {
    let whole = statement::<N>(table, columns, TOGETHER);
    let mut waiting = Vec::with_capacity(TOGETHER * N);
    for row in rows {
        waiting.extend(row);
        if waiting.len() == TOGETHER * N {
            tx.queue(&whole, &waiting)?;
            waiting.clear();
        }
    }
    if waiting.is_empty() {
        return Ok(());
    }
    tx.queue(&statement::<N>(table, columns, waiting.len() / N), &waiting)
}

fn statement<const N: usize>(table: &str, columns: &str, n_rows: usize) -> String {
    let row = |n: usize| {
        let places: Vec<String> = (1..=N).map(|column| format!("${}", n * N + column)).collect();
        format!("({})", places.join(", "))
    };
    let rows: Vec<String> = (0..n_rows).map(row).collect();
    format!("insert into {table} ({columns}) values {}", rows.join(", "))
}
