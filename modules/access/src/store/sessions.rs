use hanlin_kernel::{AppointmentId, Result};
use hanlin_store::{FromRow, Row, Tx, params};
use jiff::Timestamp;

use crate::model::{Account, AccountId, EndReason, OpenSession, SessionId};

const COLUMNS: &str = "id, account, appointment, department_account, address, user_agent, created_at, seen_at";

/// An open session with its account, in one statement: what every request asks.
pub(crate) struct Opened {
    pub session: OpenSession,
    pub account: Account,
}

impl FromRow for Opened {
    fn from_row(row: &Row) -> Result<Self> {
        let session = OpenSession {
            id: row.get("session_id")?,
            account: row.get("id")?,
            appointment: row.get("appointment")?,
            department_account: row.get("department_account")?,
            address: row.get("address")?,
            user_agent: row.get("user_agent")?,
            created_at: row.get("session_created_at")?,
            seen_at: row.get("seen_at")?,
        };
        Ok(Self { session, account: Account::from_row(row)? })
    }
}

const OPENED: &str = "select s.id as session_id, s.appointment, s.department_account, s.address, s.user_agent, \
     s.created_at as session_created_at, s.seen_at, a.id, a.person, a.login, a.class, a.password_hash, \
     a.password_changed_at, a.one_time_until, a.locked_at, a.lock_reason, a.locale, a.sample, \
     a.public_password, a.version, a.created_at \
     from access_session s join access_account a on a.id = s.account where s.ended_at is null";

pub(crate) fn find_opened(tx: &mut Tx, secret_hash: &str) -> Result<Option<Opened>> {
    tx.maybe(&format!("{OPENED} and s.secret_hash = $1"), params![secret_hash])
}

pub(crate) fn find_opened_by_id(tx: &mut Tx, id: SessionId) -> Result<Option<Opened>> {
    tx.maybe(&format!("{OPENED} and s.id = $1"), params![id])
}

/// Open sessions that were not used since, the longest unused first.
pub(crate) fn list_opened_unseen_since(tx: &mut Tx, since: Timestamp, most: usize) -> Result<Vec<Opened>> {
    tx.all(&format!("{OPENED} and s.seen_at < $1 order by s.seen_at limit $2"), params![since, most])
}

/// Open sessions that began before, the oldest first.
pub(crate) fn list_opened_begun_before(tx: &mut Tx, before: Timestamp, most: usize) -> Result<Vec<Opened>> {
    tx.all(&format!("{OPENED} and s.created_at < $1 order by s.created_at limit $2"), params![before, most])
}

pub(crate) fn list_open_sessions(tx: &mut Tx, account: AccountId) -> Result<Vec<OpenSession>> {
    tx.all(
        &format!("select {COLUMNS} from access_session where account = $1 and ended_at is null order by id desc"),
        params![account],
    )
}

pub(crate) fn insert_session(tx: &mut Tx, session: &OpenSession, secret_hash: &str) -> Result<()> {
    let OpenSession { id, account, appointment, address, user_agent, created_at, seen_at, .. } = session;
    tx.exec(
        "insert into access_session (id, secret_hash, account, appointment, address, user_agent, created_at, seen_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![id, secret_hash, account, appointment, address, user_agent, created_at, seen_at],
    )?;
    Ok(())
}

/// Ends a session; whether it was open.
pub(crate) fn end_session(tx: &mut Tx, id: SessionId, reason: EndReason) -> Result<bool> {
    let now = tx.now();
    let sql = "update access_session set ended_at = $2, end_reason = $3 where id = $1 and ended_at is null";
    Ok(tx.exec(sql, params![id, now, reason])? == 1)
}

pub(crate) fn choose_appointment(tx: &mut Tx, id: SessionId, appointment: AppointmentId) -> Result<()> {
    tx.exec("update access_session set appointment = $2 where id = $1", params![id, appointment])?;
    Ok(())
}

/// Moves the idle clock of a session forward, never back.
pub(crate) fn move_idle_clock(tx: &mut Tx, id: SessionId, seen_at: Timestamp) -> Result<()> {
    tx.queue("update access_session set seen_at = $2 where id = $1 and seen_at < $2", params![id, seen_at])
}
