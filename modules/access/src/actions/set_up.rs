use hanlin_api::RequestInfo;
use hanlin_directory::{
    self as directory, CreatePost, CreateUnit, JoinPerson,
    model::{Place, UnitKind},
};
use hanlin_kernel::{Actor, Error, Id, Locale, PersonId, Result, Scope, Scopes, Text};
use hanlin_rulebook::{Class, rules as rulebook};
use hanlin_store::{Context, Db, Tx};
use serde::Deserialize;
use subtle::ConstantTimeEq;
use utoipa::ToSchema;

use super::{accounts::checked_login, judge, sessions, sign_in::SignedIn};
use crate::{
    events::Event,
    model::{Account, Grant, Refusal, Role, Subject, What},
    password::PasswordRules,
    secret::{self, Secret},
    service::Access,
    store,
};

/// The first organisation and its first administrator.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = SetupRequest)]
pub struct SetUp {
    /// From the link that the server printed.
    #[schema(value_type = String, format = Password)]
    pub token: Secret,
    /// Name of the organisation.
    pub organisation: String,
    /// Name of the administrator.
    pub name: String,
    pub login: String,
    #[schema(value_type = String, format = Password)]
    pub password: Secret,
}

/// While there is no account: a fresh token for `/setup?token=…`, which the server prints. The one before is void.
pub fn setup_token(tx: &mut Tx) -> Result<Option<Secret>> {
    if store::has_accounts(tx)? {
        return Ok(None);
    }
    let token = secret::token()?;
    store::save_setup_token(tx, &secret::digest(token.reveal()))?;
    Ok(Some(token))
}

/// Sets the system up, once: the organisation, its administrator, and his first session.
pub async fn set_up(db: &Db, access: &Access, from: &RequestInfo, intent: SetUp) -> Result<SignedIn> {
    let asked = intent.clone();
    db.read(move |tx| check(tx, &asked)).await?;
    let hash = access.hashing().hash(intent.password.clone()).await?;
    let from = from.clone();
    db.write_as(Context::default(), move |tx| {
        // Two may have had the link: the second is too late.
        check(tx, &intent)?;
        let account = found(tx, &intent, hash.clone())?;
        store::delete_setup_token(tx)?;
        tx.record(Event::SetUp { account: account.id, person: account.person, login: account.login.clone() });
        sessions::open(tx, &account, &from)
    })
    .await
}

fn check(tx: &mut Tx, intent: &SetUp) -> Result<()> {
    if store::has_accounts(tx)? {
        return Err(Refusal::AlreadySetUp.into());
    }
    let expected = store::find_setup_token(tx)?.unwrap_or_default();
    let given = secret::digest(intent.token.reveal().trim());
    if !bool::from(expected.as_bytes().ct_eq(given.as_bytes())) {
        return Err(Refusal::WrongSetupToken.into());
    }
    if intent.organisation.trim().is_empty() {
        return Err(Error::invalid("organisation", "access.name_malformed"));
    }
    let login = checked_login(&intent.login)?;
    let now = tx.now();
    let rules = PasswordRules::of(&rulebook(tx)?, None, now, Class::System);
    judge(&rules, "password", intent.password.reveal(), &login).map(|_| ())
}

/// The organisation with one post, one person in it, and his account with every right.
fn found(tx: &mut Tx, intent: &SetUp, hash: String) -> Result<Account> {
    let founder = founder();
    let unit = CreateUnit {
        parent: None,
        code: None,
        kind: UnitKind::Group,
        name: Text::zh(intent.organisation.trim()),
        short_name: None,
        time_zone: Some("Asia/Shanghai".to_owned()),
        position: 0,
        from: None,
    };
    let unit = directory::create_unit(tx, &founder, unit)?.id;
    let post = CreatePost {
        unit,
        code: "system_administrator".to_owned(),
        name: Text::new("系统管理员", "System administrator"),
        position: 0,
        from: None,
    };
    let post = directory::create_post(tx, &founder, post)?.id;
    let join = JoinPerson {
        name: intent.name.trim().to_owned(),
        employee_number: None,
        gender: None,
        mobile: None,
        office_phone: None,
        email: None,
        locale: Locale::ZhCn,
        rank: None,
        post,
        place: Place::Unit(unit),
        from: None,
    };
    let person = directory::join(tx, &founder, join)?.id;
    administrator(tx, person)?;
    let now = tx.now();
    let account = Account {
        id: Id::new(),
        person,
        login: checked_login(&intent.login)?,
        class: Class::System,
        password_hash: hash,
        password_changed_at: now,
        one_time_until: None,
        locked_at: None,
        lock_reason: None,
        locale: Locale::ZhCn,
        sample: false,
        public_password: false,
        version: 1,
        created_at: now,
    };
    store::insert_account(tx, &account)?;
    Ok(account)
}

/// Whoever holds the set-up link may do what founding takes, and nothing after it.
fn founder() -> Actor {
    let permission = directory::MANAGE.0.to_owned();
    let grants = vec![hanlin_kernel::Grant { permission, scopes: Scopes::everything() }];
    Actor { grants, ..Actor::person(PersonId::new()) }
}

/// Makes a person system administrator.
pub(super) fn administrator(tx: &mut Tx, person: PersonId) -> Result<()> {
    let role = What::Role(Role::SYSTEM_ADMINISTRATOR);
    let grant = granted(tx, role, Subject::Person(person), Scope::All, None);
    store::insert_grant(tx, &grant)?;
    tx.record(Event::Granted { grant: grant.id, new: grant.clone() });
    Ok(())
}

pub(super) fn granted(tx: &Tx, what: What, subject: Subject, scope: Scope, place: Option<Place>) -> Grant {
    let reason = String::new();
    let valid_from = tx.now();
    let id = Id::new();
    Grant { id, what, about: None, subject, scope, place, reason, valid_from, valid_to: None, granted_by: None }
}
