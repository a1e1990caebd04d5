use hanlin_kernel::{DepartmentId, PersonId, Result};
use hanlin_store::{FromRow, OnConstraint, Row, Tx, params};

use super::model::{DepartmentAccount, DepartmentAccountId};
use crate::model::{Refusal, SessionId};

const COLUMNS: &str = "id, department, kind, person, with_below, opened_at, ended_at, version";

pub(crate) fn find(tx: &mut Tx, id: DepartmentAccountId) -> Result<DepartmentAccount> {
    tx.one(&format!("select {COLUMNS} from access_department_account where id = $1"), params![id])
}

/// Those that stand, the oldest first.
pub(crate) fn list(tx: &mut Tx) -> Result<Vec<DepartmentAccount>> {
    tx.all(&format!("select {COLUMNS} from access_department_account where ended_at is null order by id"), &[])
}

/// Those that stand of these departments.
pub(crate) fn list_of(tx: &mut Tx, departments: &[DepartmentId]) -> Result<Vec<DepartmentAccount>> {
    let sql = format!(
        "select {COLUMNS} from access_department_account where ended_at is null and department in ({{in}}) order by id"
    );
    let mut accounts: Vec<DepartmentAccount> = tx.all_in(&sql, &[], departments)?;
    accounts.sort_by_key(|account| account.id);
    Ok(accounts)
}

/// Is this person the one a department's account is known as, now or once?
pub(crate) fn is_department_account(tx: &mut Tx, person: PersonId) -> Result<bool> {
    let sql = "select id from access_department_account where person = $1";
    Ok(tx.maybe_scalar::<String>(sql, params![person])?.is_some())
}

pub(crate) fn insert(tx: &mut Tx, account: &DepartmentAccount) -> Result<()> {
    let DepartmentAccount { id, department, kind, person, with_below, opened_at, ended_at, version } = account;
    tx.exec(
        "insert into access_department_account (id, department, kind, person, with_below, opened_at, ended_at, version) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![id, department, kind, person, with_below, opened_at, ended_at, version],
    )
    .on_unique("access_department_account_kind", || Refusal::DepartmentHasAccount.into())?;
    Ok(())
}

pub(crate) fn update(tx: &mut Tx, account: &DepartmentAccount) -> Result<()> {
    tx.exec(
        "update access_department_account set with_below = $2, ended_at = $3, version = $4 where id = $1",
        params![account.id, account.with_below, account.ended_at, account.version],
    )?;
    Ok(())
}

/// An open session that acts for an account, and whose it is.
pub(crate) struct Acting {
    pub session: SessionId,
    pub person: PersonId,
    pub account: DepartmentAccountId,
}

impl FromRow for Acting {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self { session: row.get("id")?, person: row.get("person")?, account: row.get("department_account")? })
    }
}

const ACTING: &str = "select s.id, a.person, s.department_account from access_session s \
     join access_account a on a.id = s.account where s.ended_at is null and s.department_account is not null";

pub(crate) fn list_acting(tx: &mut Tx) -> Result<Vec<Acting>> {
    tx.all(&format!("{ACTING} order by s.id"), &[])
}

pub(crate) fn find_acting(tx: &mut Tx, session: SessionId) -> Result<Option<Acting>> {
    tx.maybe(&format!("{ACTING} and s.id = $1"), params![session])
}

pub(crate) fn set_acting(tx: &mut Tx, session: SessionId, account: Option<DepartmentAccountId>) -> Result<()> {
    tx.exec("update access_session set department_account = $2 where id = $1", params![session, account])?;
    Ok(())
}

/// As whom accounts are known, those that ended too: no people, for lists of people.
pub(crate) fn list_people(tx: &mut Tx) -> Result<Vec<PersonId>> {
    tx.scalars("select person from access_department_account order by person", &[])
}
