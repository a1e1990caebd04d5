//! Lists for people: in order, by the page, within the reader's scope, all in SQL.

use hanlin_kernel::{Actor, Error, GroupId, Id, Page, PageRequest, Permission, Result, UnitId};
use hanlin_store::{FromRow, ToValue, Tx, Value};
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    model::{Group, Person, Post, Rank},
    search::PeopleFilter,
};

/// SQL under construction with its parameters.
struct Query {
    sql: String,
    params: Vec<Value>,
}

impl Query {
    /// Adds a parameter; its place in the text.
    fn bind(&mut self, value: impl ToValue) -> String {
        self.params.push(value.to_value());
        format!("${}", self.params.len())
    }

    fn bind_all<T: ToValue>(&mut self, values: impl IntoIterator<Item = T>) -> String {
        values.into_iter().map(|value| self.bind(value)).collect::<Vec<_>>().join(", ")
    }

    fn and(&mut self, condition: &str) {
        self.sql.push_str(" and ");
        self.sql.push_str(condition);
    }

    fn page<T: FromRow>(
        mut self,
        tx: &mut Tx,
        request: &PageRequest,
        order: &[&str],
        cursor: impl Fn(&T) -> String,
    ) -> Result<Page<T>> {
        let limit = self.bind(request.limit() + 1);
        self.sql.push_str(&format!(" order by {} limit {limit}", order.join(", ")));
        Ok(Page::of(tx.all(&self.sql, &self.params)?, request.limit(), cursor))
    }
}

/// The address book: people in service (ORG-21), by pinyin. Who is searched for is found by [`crate::search`].
pub(crate) fn list_people_for(
    tx: &mut Tx,
    actor: &Actor,
    filter: &PeopleFilter,
    request: &PageRequest,
) -> Result<Page<Person>> {
    let mut query = Query { sql: String::new(), params: Vec::new() };
    let now = query.bind(filter.at.unwrap_or_else(|| tx.now()));
    query.sql = format!(
        "select p.* from directory_person p where {} (select 1 from directory_service_period s where s.person = p.id \
         and s.valid_from <= {now} and (s.valid_to is null or s.valid_to > {now}))",
        if filter.left { "not exists" } else { "exists" }
    );
    if let Some(place) = filter.place {
        let place = query.bind(place.node());
        query.and(&lies_in(&format!("= {place}"), &now));
    }
    if let Some(external) = filter.external {
        query.and(&format!(
            "{} (select 1 from directory_appointment e left join directory_department_period d \
             on d.department = e.department join directory_unit_period u on u.unit = coalesce(e.unit, d.unit) \
             where e.person = p.id and u.kind = 'external')",
            if external { "exists" } else { "not exists" }
        ));
    }
    people_in_scope(&mut query, actor, filter.permission(), (!filter.left).then_some(now.as_str()));
    if let Some(after) = &request.after {
        let (id, key) = after.split_at_checked(26).ok_or_else(bad_cursor)?;
        let (key, id) = (query.bind(key), query.bind(id));
        query.and(&format!("(p.sort_key, p.id) > ({key}, {id})"));
    }
    query.page(tx, request, &["p.sort_key", "p.id"], |person: &Person| format!("{}{}", person.id, person.sort_key))
}

/// That somebody is appointed in places, or below one.
fn lies_in(places: &str, now: &str) -> String {
    format!(
        "exists (select 1 from directory_appointment a \
         join directory_ancestor x on x.node = coalesce(a.department, a.unit) where a.person = p.id \
         and a.valid_from <= {now} and (a.valid_to is null or a.valid_to > {now}) and x.ancestor {places} \
         and x.valid_from <= {now} and (x.valid_to is null or x.valid_to > {now}))"
    )
}

/// Only people appointed in reach, and oneself. `now`: at that instant; without it, ever.
fn people_in_scope(query: &mut Query, actor: &Actor, permission: Permission, now: Option<&str>) {
    let scopes = actor.scope_of(permission);
    if scopes.all {
        return;
    }
    let me = query.bind(actor.person);
    let units = query.bind_all(&scopes.units);
    let departments = query.bind_all(&scopes.departments);
    // Of departments the unit is asked through the tree, for the same instants.
    let holds = |row: &str| match now {
        Some(now) => format!(" and {row}.valid_from <= {now} and ({row}.valid_to is null or {row}.valid_to > {now})"),
        None => String::new(),
    };
    let mut reached = vec!["false".to_owned()];
    if !units.is_empty() {
        reached.push(format!(
            "a.unit in ({units}) or exists (select 1 from directory_department_period d \
             where d.department = a.department and d.unit in ({units}){})",
            holds("d")
        ));
    }
    if !departments.is_empty() {
        reached.push(format!("a.department in ({departments})"));
    }
    query.and(&format!(
        "(p.id = {me} or exists (select 1 from directory_appointment a where a.person = p.id{} and ({})))",
        holds("a"),
        reached.join(" or ")
    ));
}

/// Posts in force that the units define, by their position.
pub(crate) fn list_posts(tx: &mut Tx, units: Option<&[UnitId]>, request: &PageRequest) -> Result<Page<Post>> {
    let query = in_force(tx.now(), "directory_post", units);
    numbered_page(tx, query, request, "position", |post: &Post| (post.position, post.id.cast()))
}

/// Ranks in force that the units define, from the lowest up.
pub(crate) fn list_ranks(tx: &mut Tx, units: Option<&[UnitId]>, request: &PageRequest) -> Result<Page<Rank>> {
    let query = in_force(tx.now(), "directory_rank", units);
    numbered_page(tx, query, request, "level", |rank: &Rank| (rank.level, rank.id.cast()))
}

/// Only teams, or only groups that are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum GroupKind {
    Team,
    Group,
}

/// Groups in force that the units define, oldest first.
pub(crate) fn list_groups(
    tx: &mut Tx,
    units: Option<&[UnitId]>,
    kind: Option<GroupKind>,
    request: &PageRequest,
) -> Result<Page<Group>> {
    let mut query = in_force(tx.now(), "directory_group", units);
    match kind {
        Some(GroupKind::Team) => query.and("leader is not null"),
        Some(GroupKind::Group) => query.and("leader is null"),
        None => {}
    }
    numbered_page(tx, query, request, "valid_from", |group: &Group| {
        (group.validity.from.as_millisecond(), group.id.cast())
    })
}

/// The members of a group, by pinyin.
pub(crate) fn list_members(tx: &mut Tx, group: GroupId, request: &PageRequest) -> Result<Page<Person>> {
    let mut query = Query { sql: String::new(), params: Vec::new() };
    let (now, group) = (query.bind(tx.now()), query.bind(group));
    query.sql = format!(
        "select p.* from directory_person p where exists (select 1 from directory_group_member m \
         where m.group_id = {group} and m.person = p.id and m.valid_from <= {now} \
         and (m.valid_to is null or m.valid_to > {now}))"
    );
    if let Some(after) = &request.after {
        let (id, key) = after.split_at_checked(26).ok_or_else(bad_cursor)?;
        let (key, id) = (query.bind(key), query.bind(id));
        query.and(&format!("(p.sort_key, p.id) > ({key}, {id})"));
    }
    query.page(tx, request, &["p.sort_key", "p.id"], |person: &Person| format!("{}{}", person.id, person.sort_key))
}

fn in_force(now: Timestamp, table: &str, units: Option<&[UnitId]>) -> Query {
    let mut query = Query { sql: String::new(), params: Vec::new() };
    let now = query.bind(now);
    query.sql = format!("select * from {table} where valid_from <= {now} and (valid_to is null or valid_to > {now})");
    if let Some(units) = units {
        let units = query.bind_all(units);
        query.and(if units.is_empty() { "false".to_owned() } else { format!("unit in ({units})") }.as_str());
    }
    query
}

fn numbered_page<T: FromRow>(
    tx: &mut Tx,
    mut query: Query,
    request: &PageRequest,
    key: &str,
    at: impl Fn(&T) -> (i64, Id<()>),
) -> Result<Page<T>> {
    if let Some(after) = &request.after {
        let (number, id) = after.split_once(':').ok_or_else(bad_cursor)?;
        let number: i64 = number.parse().map_err(|_| bad_cursor())?;
        let (number, id) = (query.bind(number), query.bind(id));
        query.and(&format!("({key}, id) > ({number}, {id})"));
    }
    query.page(tx, request, &[key, "id"], |row| {
        let (number, id) = at(row);
        format!("{number}:{id}")
    })
}

pub(crate) fn bad_cursor() -> Error {
    Error::invalid("after", "directory.bad_cursor")
}
