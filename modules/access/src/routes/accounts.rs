//! What administrators do with accounts.

use hanlin_api::{App, IfMatch, Json, Me, Path, Query, Reply, Routes, routes};
use hanlin_directory::PersonName;
use hanlin_kernel::{Actor, Can, Error, Page, PageRequest, PersonId, Result};
use hanlin_rulebook::Class;
use hanlin_store::Tx;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::me::SignInRow;
use crate::{
    actions::{self, Locking, OpenAccount},
    model::{Account, AccountId, fold_login},
    policy::{self, MANAGE, REVIEW},
    secret::{self, Secret},
    service::Access,
    store,
    world::World,
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .can(MANAGE, routes!(list_accounts, create_account, find_account, update_account_class))
        .can(MANAGE, routes!(create_password_reset, create_lock, create_unlock))
        .can(REVIEW, routes!(list_sign_in_log))
}

/// An account. Of its password only how it stands (ACC-12).
#[derive(Debug, Serialize, ToSchema)]
struct AccountView {
    id: AccountId,
    person: PersonName,
    login: String,
    class: Class,
    /// A one-time password stands, or one that grew too old.
    must_change_password: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    locked_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lock_reason: Option<String>,
    /// Too many failures: closed by itself until then.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    blocked_until: Option<Timestamp>,
    sample: bool,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// For `If-Match`.
    version: u64,
    can: Can,
}

impl AccountView {
    fn read(tx: &mut Tx, account: Account, actor: &Actor, world: &World) -> Result<Self> {
        let (directory, now) = (&world.directory, world.now);
        let blocked_until = store::find_failures(tx, &actions::login_key(&account.login))?
            .and_then(|failures| failures.blocked_until)
            .filter(|until| *until > now);
        Ok(Self {
            must_change_password: world.password_state(&account).must_change,
            can: policy::may_account(actor, account.person, account.locked_at.is_some(), directory, now),
            id: account.id,
            person: PersonName::of(account.person, directory),
            login: account.login,
            class: account.class,
            locked_at: account.locked_at,
            lock_reason: account.lock_reason,
            blocked_until,
            sample: account.sample,
            created_at: account.created_at,
            version: account.version,
        })
    }

    fn of(tx: &mut Tx, account: Account, actor: &Actor) -> Result<Self> {
        let world = World::read(tx)?;
        Self::read(tx, account, actor, &world)
    }
}

/// An account with its one-time password, which is shown this once: a repeat of the request does not show it again.
#[derive(Debug, Serialize, ToSchema)]
struct AccountOpened {
    #[serde(flatten)]
    account: AccountView,
    #[serde(skip_serializing_if = "Option::is_none")]
    one_time_password: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct AskedAccounts {
    /// Words that the login, the name or its pinyin hold.
    q: Option<String>,
    /// Only those that an administrator locked.
    #[serde(default)]
    locked: bool,
    after: Option<String>,
    limit: Option<u32>,
}

/// The accounts of people in reach, by login.
#[utoipa::path(get, path = "/accounts", responses((status = 200, body = Page<AccountView>)), params(
    ("q" = Option<String>, Query, description = "What the login, the name or its pinyin holds"),
    ("locked" = Option<bool>, Query, description = "Only those that an administrator locked"),
    ("after" = Option<String>, Query, description = "The `next` of the page before"),
    ("limit" = Option<u32>, Query, description = "1 to 200; 50 unless told"),
))]
async fn list_accounts(app: App, Me(actor): Me, Query(asked): Query<AskedAccounts>) -> Reply<Page<AccountView>> {
    app.read(move |tx| {
        let world = World::read(tx)?;
        let page = PageRequest { after: asked.after, limit: asked.limit };
        let wanted = asked.q.map(|q| fold_login(&q)).filter(|q| !q.is_empty());
        let people = match &wanted {
            None if actor.reaches_all(MANAGE) => None,
            None => Some(world.directory.people().map(|person| person.id).collect()),
            Some(q) => Some(people_like(tx, q, &world)?),
        };
        let in_reach = |person: &PersonId| policy::in_reach(&actor, MANAGE, *person, &world.directory, world.now);
        let people = people.map(|people| people.into_iter().filter(in_reach).collect::<Vec<_>>());
        let accounts = store::list_accounts(tx, people.as_deref(), asked.locked, &page)?;
        let Page { items, next } = accounts;
        let view = |account| AccountView::read(tx, account, &actor, &world);
        Ok(Page { items: items.into_iter().map(view).collect::<Result<_>>()?, next })
    })
    .await
}

/// Those whose login, name, number or pinyin holds these words.
fn people_like(tx: &mut Tx, q: &str, world: &World) -> Result<Vec<PersonId>> {
    let mut people = store::list_people_by_login(tx, q)?;
    let spoken = q.replace(' ', "");
    let like = |person: &&hanlin_directory::model::Person| {
        let pinyin = person.sort_key.replace(' ', "");
        person.name.to_lowercase().contains(q) || pinyin.contains(&spoken) || person.initials.contains(&spoken)
    };
    people.extend(world.directory.people().filter(like).map(|person| person.id));
    people.sort();
    people.dedup();
    Ok(people)
}

/// One account.
#[utoipa::path(get, path = "/accounts/{id}", responses((status = 200, body = AccountView)),
    params(("id" = AccountId, Path)))]
async fn find_account(app: App, Me(actor): Me, Path(id): Path<AccountId>) -> Reply<AccountView> {
    app.read(move |tx| {
        let account = actions::find_for(tx, &actor, id, "read")?;
        AccountView::of(tx, account, &actor)
    })
    .await
}

/// Open an account for a person, with a one-time password that is shown once.
#[utoipa::path(post, path = "/accounts", request_body = OpenAccount, responses((status = 200, body = AccountOpened)))]
async fn create_account(app: App, Me(actor): Me, Json(intent): Json<OpenAccount>) -> Reply<AccountOpened> {
    let access = app.service::<Access>();
    let (password, hash) = one_time(&app, &access, intent.person).await?;
    let answer = app.write(move |tx| {
        let account = actions::open_account(tx, &access, &actor, intent.clone(), hash.clone())?;
        AccountView::of(tx, account, &actor)
    });
    Ok(answer.await?.map(|account| shown_once(account, &password)))
}

/// Give an account a one-time password, shown once. Its sessions end.
#[utoipa::path(post, path = "/accounts/{id}/password_reset", responses((status = 200, body = AccountOpened)),
    params(("id" = AccountId, Path)))]
async fn create_password_reset(app: App, Me(actor): Me, Path(id): Path<AccountId>) -> Reply<AccountOpened> {
    let access = app.service::<Access>();
    let asking = actor.clone();
    let account = app.db().read(move |tx| actions::find_for(tx, &asking, id, "reset")).await?;
    let (password, hash) = one_time(&app, &access, account.person).await?;
    let answer = app.write(move |tx| {
        let account = actions::reset_password(tx, &access, &actor, id, hash.clone())?;
        AccountView::of(tx, account, &actor)
    });
    Ok(answer.await?.map(|account| shown_once(account, &password)))
}

/// The password is put in after the answer was kept for repeats of the request, so that nothing keeps it.
fn shown_once(account: AccountView, password: &Secret) -> AccountOpened {
    AccountOpened { account, one_time_password: Some(password.reveal().to_owned()) }
}

async fn one_time(app: &App, access: &Access, person: PersonId) -> Result<(Secret, String)> {
    let (length, _) = app.db().read(move |tx| Ok(World::read(tx)?.one_time(person))).await?;
    let password = secret::one_time_password(length)?;
    let hash = access.hashing().hash(password.clone()).await?;
    Ok((password, hash))
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
struct ClassChoice {
    class: Class,
}

/// Put an account into another class, whose rules hold from now on.
#[utoipa::path(put, path = "/accounts/{id}/class", request_body = ClassChoice,
    responses((status = 200, body = AccountView)),
    params(("id" = AccountId, Path), ("If-Match" = String, Header, description = "The version that was read")))]
async fn update_account_class(
    app: App,
    Me(actor): Me,
    Path(id): Path<AccountId>,
    IfMatch(version): IfMatch,
    Json(body): Json<ClassChoice>,
) -> Reply<AccountView> {
    let access = app.service::<Access>();
    app.write(move |tx| {
        let account = actions::change_class(tx, &access, &actor, id, version, body.class)?;
        AccountView::of(tx, account, &actor)
    })
    .await
}

/// Lock an account until it is unlocked. Its sessions end.
#[utoipa::path(post, path = "/accounts/{id}/lock", request_body = Locking,
    responses((status = 200, body = AccountView)), params(("id" = AccountId, Path)))]
async fn create_lock(
    app: App,
    Me(actor): Me,
    Path(id): Path<AccountId>,
    Json(intent): Json<Locking>,
) -> Reply<AccountView> {
    let access = app.service::<Access>();
    app.write(move |tx| {
        let account = actions::lock_account(tx, &access, &actor, id, intent.clone())?;
        AccountView::of(tx, account, &actor)
    })
    .await
}

/// Unlock an account, whether it was locked or closed by too many failures.
#[utoipa::path(post, path = "/accounts/{id}/unlock", responses((status = 200, body = AccountView)),
    params(("id" = AccountId, Path)))]
async fn create_unlock(app: App, Me(actor): Me, Path(id): Path<AccountId>) -> Reply<AccountView> {
    let access = app.service::<Access>();
    app.write(move |tx| {
        let account = actions::unlock_account(tx, &access, &actor, id)?;
        AccountView::of(tx, account, &actor)
    })
    .await
}

#[derive(Debug, Deserialize)]
struct ReviewSignIns {
    after: Option<String>,
    limit: Option<u32>,
    #[serde(default)]
    failed: bool,
}

/// The attempts to sign in to accounts in reach, the youngest first (ACC-17); over everything, also those at logins
/// that nobody has.
#[utoipa::path(get, path = "/sign_in_log", responses((status = 200, body = Page<SignInRow>)), params(
    ("failed" = Option<bool>, Query, description = "Only those that did not succeed"),
    ("after" = Option<String>, Query, description = "The `next` of the page before"),
    ("limit" = Option<u32>, Query, description = "1 to 200; 50 unless told"),
))]
async fn list_sign_in_log(app: App, Me(actor): Me, Query(query): Query<ReviewSignIns>) -> Reply<Page<SignInRow>> {
    app.read(move |tx| {
        let directory = hanlin_directory::snapshot(tx)?;
        let page = PageRequest { after: query.after, limit: query.limit };
        let scopes = actor.scope_of(REVIEW);
        if scopes == hanlin_kernel::Scopes::default() {
            return Err(Error::forbidden(REVIEW));
        }
        let entries = store::list_sign_ins(tx, &scopes, query.failed, &page)?;
        Ok(entries.map(|entry| SignInRow::of(entry, &directory)))
    })
    .await
}
