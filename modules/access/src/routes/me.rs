//! One's own: signing in and out, what one may, sessions, password.

use hanlin_api::{
    Answer, App, Json, Me, Path, Query, Reply, RequestInfo, Routes, Session,
    http::{HeaderValue, header},
    routes,
};
use hanlin_directory::{PersonName, Snapshot, model::Place};
use hanlin_kernel::{
    AppointmentId, DepartmentId, Error, FieldError, Locale, Page, PageRequest, PostId, Result, Text, UnitId,
};
use hanlin_rulebook::Class;
use hanlin_store::Tx;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    actions::{self, ChangePassword, SignIn, SignedIn},
    department_accounts::{self, AccountNamed, DepartmentAccountId},
    model::{EndReason, OpenSession, SessionId, SignInEntry, SignInResult},
    secret::Secret,
    service::Access,
    store,
    world::World,
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .anyone(routes!(create_session))
        .opening(routes!(find_session, delete_session, update_locale, create_password))
        .external(routes!(update_appointment, list_sessions, delete_session_by_id, create_end_others, list_sign_ins))
        .signed_in(routes!(update_acting_for, delete_acting_for))
}

/// Who is signed in, as what, and what he may.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Me)]
pub(super) struct MeView {
    person: PersonName,
    login: String,
    class: Class,
    /// The main one first. Of who acts for a department's account, the account's.
    appointments: Vec<MyAppointment>,
    /// Under which of them he acts.
    #[serde(skip_serializing_if = "Option::is_none")]
    appointment: Option<AppointmentId>,
    /// The account of his department for which he acts in this session.
    #[serde(skip_serializing_if = "Option::is_none")]
    acting_for: Option<AccountNamed>,
    /// The accounts of departments for which he may act.
    may_act_for: Vec<AccountNamed>,
    /// Names of what he may do over anything at all; what he may do with a thing is told with the thing.
    permissions: Vec<String>,
    locale: Locale,
    must_change_password: bool,
    /// When the password grows too old, if that is near.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    password_expires_at: Option<Timestamp>,
    /// The account is one of the sample organisation.
    sample: bool,
    /// He belongs to an external organisation: he sees what he takes part in, and nothing else (ORG-24).
    external: bool,
    /// After so long without a request the session ends.
    idle_minutes: i64,
}

/// 任职, as its holder sees it.
#[derive(Debug, Serialize, ToSchema)]
struct MyAppointment {
    id: AppointmentId,
    unit: UnitNamed,
    #[serde(skip_serializing_if = "Option::is_none")]
    department: Option<DepartmentNamed>,
    post: PostNamed,
    main: bool,
}

#[derive(Debug, Serialize, ToSchema)]
struct UnitNamed {
    id: UnitId,
    name: Text,
}
#[derive(Debug, Serialize, ToSchema)]
struct DepartmentNamed {
    id: DepartmentId,
    name: Text,
}
#[derive(Debug, Serialize, ToSchema)]
struct PostNamed {
    id: PostId,
    name: Text,
}

impl MeView {
    fn read(tx: &mut Tx, access: &Access, session: SessionId) -> Result<Self> {
        let opened = store::find_opened_by_id(tx, session)?.ok_or(Error::SignedOut)?;
        let world = World::read(tx)?;
        let (directory, now) = (&world.directory, world.now);
        let actor = access.actor_of(tx, &opened, &world)?;
        let mut may_act_for = department_accounts::listed_for(tx, actor.person, directory, now)?;
        may_act_for.retain(|_| !actor.external);
        let acting_for = may_act_for.iter().find(|account| Some(account.person) == actor.on_behalf_of);
        let account = opened.account;
        let password = world.password_state(&account);
        let held = directory.appointments(actor.principal(), now);
        Ok(Self {
            person: PersonName::of(account.person, directory),
            appointments: held.into_iter().filter_map(|held| my_appointment(held, directory, now)).collect(),
            appointment: actor.appointment,
            acting_for: acting_for.map(|account| AccountNamed::of(account, directory, now)),
            may_act_for: may_act_for.iter().map(|account| AccountNamed::of(account, directory, now)).collect(),
            permissions: actor.grants.iter().map(|grant| grant.permission.clone()).collect(),
            locale: account.locale,
            must_change_password: password.must_change,
            password_expires_at: password.remind_of,
            sample: account.sample,
            external: actor.external,
            idle_minutes: world.lifetime(&account).idle.as_mins(),
            login: account.login,
            class: account.class,
        })
    }
}

fn my_appointment(
    held: &hanlin_directory::model::Appointment,
    directory: &Snapshot,
    at: Timestamp,
) -> Option<MyAppointment> {
    let unit = directory.unit_of(held.place, at)?;
    let name = |place| directory.name_of(place, at).cloned();
    Some(MyAppointment {
        id: held.id,
        unit: UnitNamed { id: unit, name: name(Place::Unit(unit))? },
        department: held
            .place
            .department()
            .and_then(|id| Some(DepartmentNamed { id, name: name(Place::Department(id))? })),
        post: PostNamed { id: held.post, name: directory.post(held.post)?.name.clone() },
        main: held.main,
    })
}

/// Sign in. The session's secret comes as a cookie that scripts cannot read and other sites cannot send.
#[utoipa::path(post, path = "/sessions", request_body = SignIn, responses((status = 200, body = MeView)))]
async fn create_session(app: App, from: RequestInfo, Json(intent): Json<SignIn>) -> Reply<MeView> {
    let access = app.service::<Access>();
    // Not by way of `app.write`: no hash of the password is kept with an answer.
    let opened = actions::sign_in(app.db(), &access, &from, intent).await?;
    welcome(app, &access, &from, opened).await
}

/// The answer to whoever has just signed in: who he is, and the cookie.
pub(super) async fn welcome(app: App, access: &Access, from: &RequestInfo, opened: SignedIn) -> Reply<MeView> {
    let (access, session) = (access.clone(), opened.session.id);
    let answer = app.read(move |tx| MeView::read(tx, &access, session)).await?;
    Ok(answer.header(header::SET_COOKIE, cookie(Some(&opened.secret), from.secure)?))
}

/// A cookie of this browser session, or the end of it.
fn cookie(secret: Option<&Secret>, secure: bool) -> Result<HeaderValue> {
    let value = secret.map_or("", |secret| secret.reveal());
    let ended = if secret.is_none() { "; Max-Age=0" } else { "" };
    let secure = if secure { "; Secure" } else { "" };
    let text = format!("{}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{ended}", hanlin_api::COOKIE);
    let mut value = HeaderValue::from_str(&text).map_err(Error::internal)?;
    value.set_sensitive(true);
    Ok(value)
}

/// Who is signed in.
#[utoipa::path(get, path = "/session", responses((status = 200, body = MeView)))]
async fn find_session(app: App, session: Session) -> Reply<MeView> {
    let (access, id) = (app.service::<Access>(), actions::session_id(&session)?);
    app.read(move |tx| MeView::read(tx, &access, id)).await
}

/// Sign out. The cookie goes; no answer was ever kept by the browser (`no-store`), and the client forgets what it kept
/// for this person (ACC-20).
#[utoipa::path(delete, path = "/session", responses((status = 200)))]
async fn delete_session(app: App, session: Session, from: RequestInfo) -> Reply<()> {
    let id = actions::session_id(&session)?;
    let person = session.actor.person;
    let answer = app.write(move |tx| actions::end_session(tx, id, person, EndReason::SignedOut)).await?;
    // No `Clear-Site-Data`: it would take the browser's own settings (language, look) with it.
    Ok(Answer::header(answer, header::SET_COOKIE, cookie(None, from.secure)?))
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
struct AppointmentChoice {
    appointment: AppointmentId,
}

/// Act under another of one's appointments, in this session.
#[utoipa::path(put, path = "/session/appointment", request_body = AppointmentChoice,
    responses((status = 200, body = MeView)))]
async fn update_appointment(app: App, session: Session, Json(body): Json<AppointmentChoice>) -> Reply<MeView> {
    let (access, id) = (app.service::<Access>(), actions::session_id(&session)?);
    app.write(move |tx| {
        actions::choose_appointment(tx, &session, body.appointment)?;
        MeView::read(tx, &access, id)
    })
    .await
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
struct ActingForChoice {
    account: DepartmentAccountId,
}

/// Act for an account of one's department in this session, until it is given back (ACC-03). What is done from then on
/// is recorded under both names.
#[utoipa::path(put, path = "/session/acting_for", request_body = ActingForChoice,
    responses((status = 200, body = MeView)))]
async fn update_acting_for(app: App, session: Session, Json(body): Json<ActingForChoice>) -> Reply<MeView> {
    let (access, id) = (app.service::<Access>(), actions::session_id(&session)?);
    app.write(move |tx| {
        department_accounts::act_for(tx, &session, body.account)?;
        MeView::read(tx, &access, id)
    })
    .await
}

/// Act for oneself again.
#[utoipa::path(delete, path = "/session/acting_for", responses((status = 200, body = MeView)))]
async fn delete_acting_for(app: App, session: Session) -> Reply<MeView> {
    let (access, id) = (app.service::<Access>(), actions::session_id(&session)?);
    app.write(move |tx| {
        department_accounts::give_back(tx, id)?;
        MeView::read(tx, &access, id)
    })
    .await
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
struct LocaleChoice {
    locale: Locale,
}

/// Read the system in another language.
#[utoipa::path(put, path = "/session/locale", request_body = LocaleChoice, responses((status = 200, body = MeView)))]
async fn update_locale(app: App, session: Session, Json(body): Json<LocaleChoice>) -> Reply<MeView> {
    let (access, id) = (app.service::<Access>(), actions::session_id(&session)?);
    app.write(move |tx| {
        actions::choose_locale(tx, session.actor.person, body.locale)?;
        MeView::read(tx, &access, id)
    })
    .await
}

/// A session of one's own.
#[derive(Debug, Serialize, ToSchema)]
struct SessionRow {
    id: SessionId,
    /// The one that asks.
    current: bool,
    #[schema(value_type = String, format = DateTime)]
    started_at: Timestamp,
    /// When it was last used, to the minute.
    #[schema(value_type = String, format = DateTime)]
    seen_at: Timestamp,
    address: String,
    /// What the browser calls itself.
    device: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct SessionRows {
    items: Vec<SessionRow>,
}

/// One's open sessions, the youngest first.
#[utoipa::path(get, path = "/sessions", responses((status = 200, body = SessionRows)))]
async fn list_sessions(app: App, session: Session) -> Reply<SessionRows> {
    let access = app.service::<Access>();
    app.read(move |tx| {
        let account = store::find_account_of(tx, session.actor.person)?.ok_or(Error::NotFound)?;
        let open = store::list_open_sessions(tx, account.id)?.into_iter();
        let row = |open: OpenSession| SessionRow {
            id: open.id,
            current: open.id.to_string() == session.id,
            started_at: open.created_at,
            seen_at: access.last_seen(open.id, open.seen_at),
            address: open.address,
            device: open.user_agent,
        };
        Ok(SessionRows { items: open.map(row).collect() })
    })
    .await
}

/// End one of one's sessions.
#[utoipa::path(delete, path = "/sessions/{id}", responses((status = 200)), params(("id" = SessionId, Path)))]
async fn delete_session_by_id(app: App, Me(actor): Me, Path(id): Path<SessionId>) -> Reply<()> {
    app.write(move |tx| actions::end_own_session(tx, actor.person, id, EndReason::Ended)).await
}

/// How many sessions ended.
#[derive(Debug, Serialize, ToSchema)]
struct EndedSessions {
    ended: u64,
}

/// End all of one's sessions but this one (ACC-12).
#[utoipa::path(post, path = "/sessions/end_others", responses((status = 200, body = EndedSessions)))]
async fn create_end_others(app: App, session: Session) -> Reply<EndedSessions> {
    let (id, person) = (actions::session_id(&session)?, session.actor.person);
    app.write(move |tx| Ok(EndedSessions { ended: actions::end_other_sessions(tx, person, id)? })).await
}

/// What is to be said of a new password.
#[derive(Debug, Serialize, ToSchema)]
struct PasswordChanged {
    /// Rules that it does not meet and that only warn.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<FieldError>,
}

/// Change one's password. All of one's other sessions end.
#[utoipa::path(post, path = "/password", request_body = ChangePassword, responses((status = 200, body = PasswordChanged)))]
async fn create_password(
    app: App,
    session: Session,
    from: RequestInfo,
    Json(intent): Json<ChangePassword>,
) -> Reply<PasswordChanged> {
    let (access, id) = (app.service::<Access>(), actions::session_id(&session)?);
    // Not by way of `app.write`: no hash of the password is kept with an answer.
    let warnings = actions::change_password(app.db(), &access, &from, session.actor.person, id, intent).await?;
    Ok(PasswordChanged { warnings }.into())
}

/// An attempt to sign in.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SignInRow {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    login: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<PersonName>,
    succeeded: bool,
    result: SignInResult,
    address: String,
    device: String,
}

impl SignInRow {
    pub(super) fn of(entry: SignInEntry, directory: &Snapshot) -> Self {
        Self {
            at: entry.at,
            login: entry.login,
            person: entry.person.map(|id| PersonName::of(id, directory)),
            succeeded: entry.result == SignInResult::SignedIn,
            result: entry.result,
            address: entry.address,
            device: entry.user_agent,
        }
    }
}

/// One's own sign-ins and the failed attempts at one's account, the youngest first (ACC-17).
#[utoipa::path(get, path = "/sign_ins", responses((status = 200, body = Page<SignInRow>)), params(
    ("after" = Option<String>, Query, description = "The `next` of the page before"),
    ("limit" = Option<u32>, Query, description = "1 to 200; 50 unless told"),
))]
async fn list_sign_ins(app: App, Me(actor): Me, Query(page): Query<PageRequest>) -> Reply<Page<SignInRow>> {
    app.read(move |tx| {
        let directory = hanlin_directory::snapshot(tx)?;
        let entries = store::list_sign_ins_of(tx, actor.person, &page)?;
        Ok(entries.map(|entry| SignInRow::of(entry, &directory)))
    })
    .await
}
