use hanlin_directory::model::Place;
use hanlin_kernel::{Page, PageRequest, PersonId, Result, Scopes};
use hanlin_store::{ToValue, Tx, Value, params};
use jiff::Timestamp;

use crate::{
    model::{Review, SignInEntry},
    watch::Known,
};

/// Failures under one key: a login or an address.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Failures {
    pub count: i64,
    pub since: Timestamp,
    pub blocked_until: Option<Timestamp>,
}
hanlin_store::from_row!(Failures { count, since, blocked_until });

pub(crate) fn find_failures(tx: &mut Tx, key: &str) -> Result<Option<Failures>> {
    tx.maybe("select count, since, blocked_until from access_failure where key = $1", params![key])
}

pub(crate) fn save_failures(tx: &mut Tx, key: &str, failures: &Failures) -> Result<()> {
    let Failures { count, since, blocked_until } = failures;
    tx.exec(
        "insert into access_failure (key, count, since, blocked_until) values ($1, $2, $3, $4) \
         on conflict (key) do update set count = excluded.count, since = excluded.since, \
         blocked_until = excluded.blocked_until",
        params![key, count, since, blocked_until],
    )?;
    Ok(())
}

pub(crate) fn delete_failures(tx: &mut Tx, key: &str) -> Result<()> {
    tx.exec("delete from access_failure where key = $1", params![key])?;
    Ok(())
}

/// Forgets failures that count no more, so that guesses at random logins do not fill the table.
pub(crate) fn forget_failures(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        "delete from access_failure where since < $1 and (blocked_until is null or blocked_until < $2)",
        params![before, now],
    )
}

const COLUMNS: &str = "id, at, login, person, unit, department, address, user_agent, result, session";

pub(crate) fn insert_sign_in(tx: &mut Tx, entry: &SignInEntry) -> Result<()> {
    let SignInEntry { id, at, login, person, unit, department, address, user_agent, result, session } = entry;
    tx.exec(
        "insert into access_sign_in (id, at, login, person, unit, department, address, user_agent, result, session) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        params![id, at, login, person, unit, department, address, user_agent, result, session],
    )?;
    Ok(())
}

/// One's own attempts, the youngest first.
pub(crate) fn list_sign_ins_of(tx: &mut Tx, person: PersonId, page: &PageRequest) -> Result<Page<SignInEntry>> {
    let (before, limit) = (before(page), page.limit());
    let sql = format!("select {COLUMNS} from access_sign_in where person = $1 and id < $2 order by id desc limit $3");
    let entries = tx.all(&sql, params![person, before, limit + 1])?;
    Ok(Page::of(entries, limit, |entry: &SignInEntry| entry.id.to_string()))
}

/// The attempts on accounts in this scope, the youngest first; those on logins that nobody has, over everything only.
pub(crate) fn list_sign_ins(
    tx: &mut Tx,
    scopes: &Scopes,
    failed_only: bool,
    page: &PageRequest,
) -> Result<Page<SignInEntry>> {
    let (before, limit) = (before(page), page.limit());
    let mut values: Vec<Value> = params![before, limit + 1].to_vec();
    let within = within(scopes, &mut values);
    let failed = if failed_only { "and result <> 'signed_in'" } else { "" };
    let sql = format!(
        "select {COLUMNS} from access_sign_in where id < $1 and ({}) {failed} order by id desc limit $2",
        within
    );
    let entries = tx.all(&sql, &values)?;
    Ok(Page::of(entries, limit, |entry: &SignInEntry| entry.id.to_string()))
}

/// The condition that an attempt was on an account in this scope, with its values put after those that are there.
fn within(scopes: &Scopes, values: &mut Vec<Value>) -> String {
    if scopes.all {
        return "true".to_owned();
    }
    let mut places = |list: Vec<Value>| {
        let first = values.len();
        values.extend(list);
        (first + 1..=values.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
    };
    let mut within = vec!["false".to_owned()];
    if !scopes.units.is_empty() {
        within.push(format!("unit in ({})", places(scopes.units.iter().map(ToValue::to_value).collect())));
    }
    if !scopes.departments.is_empty() {
        within.push(format!("department in ({})", places(scopes.departments.iter().map(ToValue::to_value).collect())));
    }
    within.join(" or ")
}

/// When the first attempt on an account in this scope was.
pub(crate) fn first_sign_in(tx: &mut Tx, scopes: &Scopes) -> Result<Option<Timestamp>> {
    let mut values = Vec::new();
    let within = within(scopes, &mut values);
    let sql = format!("select at from access_sign_in where {within} order by at limit 1");
    tx.maybe_scalar(&sql, &values)
}

/// The attempts of a period on accounts in this scope, the oldest first, after this one.
pub(crate) fn list_sign_ins_between(
    tx: &mut Tx,
    scopes: &Scopes,
    (from, to): (Timestamp, Timestamp),
    after: Option<&SignInEntry>,
    most: usize,
) -> Result<Vec<SignInEntry>> {
    let (at, id) = after.map_or((from, String::new()), |entry| (entry.at, entry.id.to_string()));
    let mut values: Vec<Value> = params![to, at, id, most].to_vec();
    let within = within(scopes, &mut values);
    let sql = format!(
        "select {COLUMNS} from access_sign_in where at < $1 and (at > $2 or (at = $2 and id > $3)) and ({within}) \
         order by at, id limit $4"
    );
    tx.all(&sql, &values)
}

/// From where and with what these people signed in before an instant.
pub(crate) fn list_known(tx: &mut Tx, people: &[PersonId], before: Timestamp) -> Result<Vec<Known>> {
    tx.all_in(
        "select distinct person, address, user_agent from access_sign_in \
         where result = 'signed_in' and at < $1 and person in ({in})",
        params![before],
        people,
    )
}

const REVIEW: &str = "select id, unit, department, reviewer, at, period_from, period_to, abnormal, findings \
                      from access_sign_in_review";

/// The reviews of a place, or of the whole installation, the youngest first.
pub(crate) fn list_reviews(tx: &mut Tx, place: Option<Place>, most: usize) -> Result<Vec<Review>> {
    let (unit, department) = columns(place);
    tx.all(
        &format!(
            "{REVIEW} where coalesce(unit, '') = $1 and coalesce(department, '') = $2 order by period_to desc limit $3"
        ),
        params![unit.unwrap_or_default(), department.unwrap_or_default(), most],
    )
}

pub(crate) fn insert_review(tx: &mut Tx, review: &Review) -> Result<()> {
    let Review { id, place, reviewer, at, period_from, period_to, abnormal, findings } = review;
    let (unit, department) = columns(*place);
    tx.exec(
        "insert into access_sign_in_review (id, unit, department, reviewer, at, period_from, period_to, abnormal, \
         findings) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![id, unit, department, reviewer, at, period_from, period_to, abnormal, findings],
    )?;
    Ok(())
}

fn columns(place: Option<Place>) -> (Option<String>, Option<String>) {
    let unit = place.and_then(Place::unit).map(|unit| unit.to_string());
    (unit, place.and_then(Place::department).map(|department| department.to_string()))
}

/// Ids are letters and digits of which `z` is the last.
fn before(page: &PageRequest) -> String {
    page.after.clone().unwrap_or_else(|| "zz".to_owned())
}
