use hanlin_kernel::{Locale, Page, PageRequest, PersonId, Result};
use hanlin_store::{OnConstraint, Tx, params};
use jiff::Timestamp;

use crate::model::{Account, AccountId, Refusal, locale_word};

const COLUMNS: &str = "id, person, login, class, password_hash, password_changed_at, one_time_until, locked_at, \
                       lock_reason, locale, sample, public_password, version, created_at";

pub(crate) fn find_account(tx: &mut Tx, id: AccountId) -> Result<Account> {
    tx.one(&format!("select {COLUMNS} from access_account where id = $1"), params![id])
}

pub(crate) fn find_account_of(tx: &mut Tx, person: PersonId) -> Result<Option<Account>> {
    tx.maybe(&format!("select {COLUMNS} from access_account where person = $1"), params![person])
}

pub(crate) fn find_account_by_login(tx: &mut Tx, login: &str) -> Result<Option<Account>> {
    tx.maybe(&format!("select {COLUMNS} from access_account where login = $1"), params![login])
}

pub(crate) fn has_accounts(tx: &mut Tx) -> Result<bool> {
    Ok(tx.maybe_scalar::<String>("select id from access_account limit 1", &[])?.is_some())
}

pub(crate) fn has_sample_accounts(tx: &mut Tx) -> Result<bool> {
    Ok(tx.maybe_scalar::<String>("select id from access_account where public_password limit 1", &[])?.is_some())
}

/// Whose login holds these words.
pub(crate) fn list_people_by_login(tx: &mut Tx, q: &str) -> Result<Vec<PersonId>> {
    let held = q.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    tx.scalars("select person from access_account where login like $1 escape '!'", params![format!("%{held}%")])
}

/// Accounts of these people, by login; `None`: of everybody.
pub(crate) fn list_accounts(
    tx: &mut Tx,
    people: Option<&[PersonId]>,
    locked_only: bool,
    page: &PageRequest,
) -> Result<Page<Account>> {
    let locked = if locked_only { "and locked_at is not null" } else { "" };
    let (after, limit) = (page.after.clone().unwrap_or_default(), page.limit());
    let seek = params![after, limit + 1];
    let mut accounts: Vec<Account> = match people {
        None => tx.all(
            &format!("select {COLUMNS} from access_account where login > $1 {locked} order by login limit $2"),
            seek,
        )?,
        Some(people) => tx.all_in(
            &format!(
                "select {COLUMNS} from access_account where login > $1 {locked} and person in ({{in}}) \
                 order by login limit $2"
            ),
            seek,
            people,
        )?,
    };
    // Each slice of people came in order; together they are put in order here.
    accounts.sort_by(|one, other| one.login.cmp(&other.login));
    Ok(Page::of(accounts, limit, |account| account.login.clone()))
}

pub(crate) fn insert_account(tx: &mut Tx, account: &Account) -> Result<()> {
    tx.exec(
        "insert into access_account (id, person, login, class, password_hash, password_changed_at, one_time_until, \
         locked_at, lock_reason, locale, sample, public_password, version, created_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        params![
            account.id,
            account.person,
            account.login,
            account.class,
            account.password_hash,
            account.password_changed_at,
            account.one_time_until,
            account.locked_at,
            account.lock_reason,
            locale_word(account.locale),
            account.sample,
            account.public_password,
            account.version,
            account.created_at
        ],
    )
    .on_unique("access_account_login", || Refusal::LoginTaken { login: account.login.clone() }.into())
    .on_unique("access_account_person", || Refusal::PersonHasAccount.into())
    .on_foreign_key(|| hanlin_kernel::Error::invalid("person", "access.person_unknown"))?;
    Ok(())
}

/// Writes what may change of an account, under the next version.
pub(crate) fn update_account(tx: &mut Tx, account: &Account) -> Result<()> {
    tx.exec(
        "update access_account set class = $2, password_hash = $3, password_changed_at = $4, one_time_until = $5, \
         locked_at = $6, lock_reason = $7, version = $8, \
         public_password = (public_password and password_hash = $3) where id = $1",
        params![
            account.id,
            account.class,
            account.password_hash,
            account.password_changed_at,
            account.one_time_until,
            account.locked_at,
            account.lock_reason,
            account.version
        ],
    )?;
    Ok(())
}

pub(crate) fn set_locale(tx: &mut Tx, id: AccountId, locale: Locale) -> Result<()> {
    tx.exec("update access_account set locale = $2 where id = $1", params![id, locale_word(locale)])?;
    Ok(())
}

/// The hashes of the last passwords before the present one, the youngest first.
pub(crate) fn list_passwords(tx: &mut Tx, id: AccountId, most: usize) -> Result<Vec<String>> {
    tx.scalars(
        "select hash from access_password where account = $1 order by replaced_at desc limit $2",
        params![id, most],
    )
}

/// Remembers a password that was replaced, and forgets those older than the longest history there can be.
pub(crate) fn remember_password(tx: &mut Tx, id: AccountId, hash: &str, at: Timestamp) -> Result<()> {
    tx.exec(
        "insert into access_password (account, replaced_at, hash) values ($1, $2, $3) \
         on conflict (account, replaced_at) do update set hash = excluded.hash",
        params![id, at, hash],
    )?;
    tx.exec(
        "delete from access_password where account = $1 and replaced_at not in \
         (select replaced_at from access_password where account = $1 order by replaced_at desc limit 24)",
        params![id],
    )?;
    Ok(())
}

/// The hash of the set-up token that was printed last.
pub(crate) fn find_setup_token(tx: &mut Tx) -> Result<Option<String>> {
    tx.maybe_scalar("select token_hash from access_setup where id = 1", &[])
}

pub(crate) fn save_setup_token(tx: &mut Tx, hash: &str) -> Result<()> {
    let now = tx.now();
    tx.exec(
        "insert into access_setup (id, token_hash, made_at) values (1, $1, $2) \
         on conflict (id) do update set token_hash = excluded.token_hash, made_at = excluded.made_at",
        params![hash, now],
    )?;
    Ok(())
}

pub(crate) fn delete_setup_token(tx: &mut Tx) -> Result<()> {
    tx.exec("delete from access_setup", &[])?;
    Ok(())
}
