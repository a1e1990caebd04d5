use hanlin_kernel::{Page, PageRequest, PersonId, Result, Scopes};
use hanlin_store::{ToValue, Tx, Value, params};
use jiff::Timestamp;

use crate::model::SignInEntry;

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
    let places = |values: &mut Vec<Value>, list: Vec<Value>| {
        let first = values.len();
        values.extend(list);
        (first + 1..=values.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
    };
    let mut within = Vec::new();
    if scopes.all {
        within.push("true".to_owned());
    }
    if !scopes.units.is_empty() {
        within.push(format!("unit in ({})", places(&mut values, scopes.units.iter().map(ToValue::to_value).collect())));
    }
    if !scopes.departments.is_empty() {
        let list = scopes.departments.iter().map(ToValue::to_value).collect();
        within.push(format!("department in ({})", places(&mut values, list)));
    }
    if within.is_empty() {
        return Ok(Page { items: Vec::new(), next: None });
    }
    let failed = if failed_only { "and result <> 'signed_in'" } else { "" };
    let sql = format!(
        "select {COLUMNS} from access_sign_in where id < $1 and ({}) {failed} order by id desc limit $2",
        within.join(" or ")
    );
    let entries = tx.all(&sql, &values)?;
    Ok(Page::of(entries, limit, |entry: &SignInEntry| entry.id.to_string()))
}

/// Ids are letters and digits of which `z` is the last.
fn before(page: &PageRequest) -> String {
    page.after.clone().unwrap_or_else(|| "zz".to_owned())
}
