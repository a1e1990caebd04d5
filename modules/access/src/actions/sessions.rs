use hanlin_api::{RequestInfo, Session};
use hanlin_kernel::{AppointmentId, Error, Id, Locale, PersonId, Result};
use hanlin_store::Tx;

use super::sign_in::{SignedIn, fresh_secret};
use crate::{
    department_accounts,
    events::Event,
    model::{Account, EndReason, OpenSession, Refusal, SessionId},
    service, store,
};

/// Opens a session under a secret that nobody has had before, whatever the request carried.
pub(super) fn open(tx: &mut Tx, account: &Account, from: &RequestInfo) -> Result<SignedIn> {
    let (secret, digest) = fresh_secret()?;
    let now = tx.now();
    let session = OpenSession {
        id: Id::new(),
        account: account.id,
        appointment: None,
        department_account: None,
        address: from.address.clone(),
        user_agent: from.user_agent.clone(),
        created_at: now,
        seen_at: now,
    };
    store::insert_session(tx, &session, &digest)?;
    Ok(SignedIn { secret, session, account: account.clone() })
}

/// Ends a session; its open screens learn of it and close. What it acted for is given back first.
pub fn end_session(tx: &mut Tx, session: SessionId, person: PersonId, reason: EndReason) -> Result<()> {
    department_accounts::give_back(tx, session)?;
    if store::end_session(tx, session, reason)? {
        tx.record(Event::SessionEnded { session, person, reason });
    }
    Ok(())
}

/// Ends one of one's own sessions.
pub fn end_own_session(tx: &mut Tx, person: PersonId, session: SessionId, reason: EndReason) -> Result<()> {
    let account = store::find_account_of(tx, person)?.ok_or(Error::NotFound)?;
    let own = store::list_open_sessions(tx, account.id)?;
    if own.iter().all(|open| open.id != session) {
        return Err(Error::NotFound);
    }
    end_session(tx, session, person, reason)
}

/// Ends all of one's sessions but the present one; how many.
pub fn end_other_sessions(tx: &mut Tx, person: PersonId, present: SessionId) -> Result<u64> {
    let account = store::find_account_of(tx, person)?.ok_or(Error::NotFound)?;
    service::end_sessions(tx, account.id, person, Some(present), EndReason::Ended)
}

/// Acts under another of one's appointments from now on, in this session (FLOW-36). Whoever acts for a department's
/// account acts under the account's.
pub fn choose_appointment(tx: &mut Tx, session: &Session, appointment: AppointmentId) -> Result<()> {
    let now = tx.now();
    let held = hanlin_directory::snapshot(tx)?;
    if held.appointments(session.actor.person, now).iter().all(|held| held.id != appointment) {
        return Err(Refusal::NotYourAppointment.into());
    }
    store::choose_appointment(tx, session_id(session)?, appointment)
}

/// Reads the system in another language from now on.
pub fn choose_locale(tx: &mut Tx, person: PersonId, locale: Locale) -> Result<()> {
    let account = store::find_account_of(tx, person)?.ok_or(Error::NotFound)?;
    store::set_locale(tx, account.id, locale)
}

pub(crate) fn session_id(session: &Session) -> Result<SessionId> {
    session.id.parse().map_err(|_| Error::internal("a session of another authenticator"))
}
