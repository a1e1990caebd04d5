use hanlin_api::RequestInfo;
use hanlin_kernel::{Error, FieldError, PersonId, Result};
use hanlin_rulebook::Mode;
use hanlin_store::{Context, Db, Tx};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{judge, sign_in::Guarded};
use crate::{
    events::Event,
    model::{Account, EndReason, Refusal, SessionId},
    password::PasswordRules,
    secret::Secret,
    service::{self, Access},
    store,
    world::World,
};

/// The password that is, and the one that is to be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = PasswordChange)]
pub struct ChangePassword {
    #[schema(value_type = String, format = Password)]
    pub current: Secret,
    #[schema(value_type = String, format = Password)]
    pub new: Secret,
}

/// Changes one's own password and ends all of one's other sessions (ACC-12). Returns the codes of rules that the new
/// one does not meet and that do not block. Guesses at the present password count like failures to sign in: a session
/// that was left open is no way around the limit.
pub async fn change_password(
    db: &Db,
    access: &Access,
    from: &RequestInfo,
    person: PersonId,
    present: SessionId,
    intent: ChangePassword,
) -> Result<Vec<FieldError>> {
    let ChangePassword { current, new } = intent;
    let (account, rules, earlier) = db.read(move |tx| known(tx, person)).await?;
    let guarded = Guarded::count(db, &account.login, from).await?;
    let right = access.hashing().verify(Some(account.password_hash.clone()), current.clone()).await;
    if !matches!(right, Ok(false)) {
        guarded.forgive(db).await?;
    }
    if !right? {
        return Err(Refusal::WrongPassword.into());
    }
    let noted = judge(&rules, "new", new.reveal(), &account.login)?;
    if access.hashing().is_any(earlier, new.clone()).await? {
        return Err(Error::Invalid(vec![FieldError::new("new", "access.password_used_before")]));
    }
    let hash = access.hashing().hash(new).await?;
    let warned = noted.iter().filter(|weakness| weakness.mode == Mode::Warn);
    let warnings = warned.map(|weakness| weakness.fault.clone()).collect();
    let noted: Vec<String> = noted.into_iter().map(|weakness| weakness.fault.code).collect();
    db.write_as(Context::person(person), move |tx| {
        let account = unchanged(tx, &account)?;
        set_password(tx, account.clone(), hash.clone(), None)?;
        tx.record(Event::PasswordChanged { account: account.id, noted: noted.clone() });
        service::end_sessions(tx, account.id, person, Some(present), EndReason::PasswordChanged)
    })
    .await?;
    Ok(warnings)
}

/// The account, the rules for its password, and the hashes that may not come back.
fn known(tx: &mut Tx, person: PersonId) -> Result<(Account, PasswordRules, Vec<String>)> {
    let account = store::find_account_of(tx, person)?.ok_or(Error::NotFound)?;
    let world = World::read(tx)?;
    // The present one is the first of the last ones.
    let mut earlier = store::list_passwords(tx, account.id, world.password_history(&account).saturating_sub(1))?;
    earlier.insert(0, account.password_hash.clone());
    let rules = world.password_rules(&account);
    Ok((account, rules, earlier))
}

/// The account as it is now, if its password is still the one that was looked at.
pub(super) fn unchanged(tx: &mut Tx, seen: &Account) -> Result<Account> {
    let account = store::find_account(tx, seen.id)?;
    if account.password_hash == seen.password_hash { Ok(account) } else { Err(Error::Stale) }
}

/// Gives an account another password; a one-time one, if it is given an end.
pub(super) fn set_password(
    tx: &mut Tx,
    account: Account,
    hash: String,
    one_time_until: Option<jiff::Timestamp>,
) -> Result<Account> {
    let now = tx.now();
    store::remember_password(tx, account.id, &account.password_hash, now)?;
    let account = Account {
        password_hash: hash,
        password_changed_at: now,
        one_time_until,
        version: account.version + 1,
        ..account
    };
    store::update_account(tx, &account)?;
    Ok(account)
}
