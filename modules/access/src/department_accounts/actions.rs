use hanlin_api::Session;
use hanlin_directory::{
    JoinPerson, Leave, Snapshot,
    model::{Place, Post},
};
use hanlin_kernel::{Actor, DepartmentId, Error, Id, Locale, PersonId, PostId, Result, Text};
use hanlin_store::Tx;
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    model::{DepartmentAccount, DepartmentAccountId, Kind},
    rules, store,
};
use crate::{
    actions::session_id,
    events::Event,
    model::SessionId,
    policy::{self, MANAGE},
};

/// What a session's window is told when it acts for another than before: it asks anew who it is.
const CHANGED: &str = "access.acting_changed";

/// An account that a department is to have.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = DepartmentAccountRequest)]
#[serde(deny_unknown_fields)]
pub struct OpenDepartmentAccount {
    pub department: DepartmentId,
    pub kind: Kind,
    /// How people read it; absent: the department's name and what it is.
    pub name: Option<String>,
    /// Of a public account: the staff of the departments below may act for it too.
    #[serde(default)]
    pub with_below: bool,
}

/// Opens a department's account: a person without a sign-in, who holds the post by which flows address it.
pub fn open(tx: &mut Tx, actor: &Actor, intent: OpenDepartmentAccount) -> Result<DepartmentAccount> {
    let (directory, now) = (hanlin_directory::snapshot(tx)?, tx.now());
    let place = Place::Department(intent.department);
    let department = directory.name_of(place, now).cloned().filter(|_| directory.unit_of(place, now).is_some());
    let department = department.ok_or_else(|| Error::invalid("department", "access.place_unknown"))?;
    if !policy::reaches_place(actor, MANAGE, place, &directory, now) {
        return Err(Error::forbidden(MANAGE));
    }
    let name = intent.name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    let join = JoinPerson {
        name: name.unwrap_or_else(|| format!("{}{}", department.zh, post_name(intent.kind).zh)),
        employee_number: None,
        gender: None,
        mobile: None,
        office_phone: None,
        email: None,
        locale: Locale::ZhCn,
        rank: None,
        post: post(tx, actor, intent.kind, place, &directory, now)?,
        place,
        from: None,
    };
    let person = hanlin_directory::join(tx, actor, join)?.id;
    let account = DepartmentAccount {
        id: Id::new(),
        department: intent.department,
        kind: intent.kind,
        person,
        with_below: intent.with_below && intent.kind == Kind::Public,
        opened_at: now,
        ended_at: None,
        version: 1,
    };
    store::insert(tx, &account)?;
    tx.record(Event::DepartmentAccountOpened { account: account.id, new: account.clone() });
    Ok(account)
}

fn post_name(kind: Kind) -> Text {
    match kind {
        Kind::Head => Text::new("负责人账号", "Head's account"),
        Kind::Public => Text::new("公共用户", "Public account"),
    }
}

/// The post by which flows address such accounts: the nearest there is, else one of the department's unit.
fn post(tx: &mut Tx, actor: &Actor, kind: Kind, place: Place, directory: &Snapshot, at: Timestamp) -> Result<PostId> {
    let unit = directory.unit_of(place, at).ok_or(Error::NotFound)?;
    let upwards = directory.units_upwards(unit, at);
    let stands = |post: &&Post| post.validity.covers(at);
    let known = directory.posts_by_code(kind.post_code()).iter().filter_map(|id| directory.post(*id)).filter(stands);
    let nearest = known.filter_map(|post| Some((upwards.iter().position(|unit| *unit == post.unit)?, post.id))).min();
    if let Some((_, post)) = nearest {
        return Ok(post);
    }
    let code = kind.post_code().to_owned();
    let create = hanlin_directory::CreatePost { unit, code, name: post_name(kind), position: 0, from: None };
    Ok(hanlin_directory::create_post(tx, actor, create)?.id)
}

/// What is to change of a department's account.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[schema(as = DepartmentAccountPatch)]
#[serde(deny_unknown_fields)]
pub struct ChangeDepartmentAccount {
    pub with_below: bool,
}

/// Lets the staff of the departments below act for it too, or no more.
pub fn change(
    tx: &mut Tx,
    actor: &Actor,
    id: DepartmentAccountId,
    seen: u64,
    intent: ChangeDepartmentAccount,
) -> Result<DepartmentAccount> {
    let old = find_for(tx, actor, id, seen)?;
    let with_below = intent.with_below && old.kind == Kind::Public;
    let account = DepartmentAccount { with_below, version: old.version + 1, ..old.clone() };
    store::update(tx, &account)?;
    tx.record(Event::DepartmentAccountChanged { account: id, old, new: account.clone() });
    give_back_where_over(tx)?;
    Ok(account)
}

/// Ends a department's account. What waits at it goes to the successor, as with a person who leaves.
pub fn end(tx: &mut Tx, actor: &Actor, id: DepartmentAccountId, seen: u64, successor: Option<PersonId>) -> Result<()> {
    let old = find_for(tx, actor, id, seen)?;
    let (directory, now) = (hanlin_directory::snapshot(tx)?, tx.now());
    if directory.is_active(old.person, now) {
        let version = directory.person(old.person).map_or(1, |person| person.version);
        hanlin_directory::leave(tx, actor, old.person, version, Leave { at: None, successor })?;
    }
    let account = DepartmentAccount { ended_at: Some(now), version: old.version + 1, ..old.clone() };
    store::update(tx, &account)?;
    tx.record(Event::DepartmentAccountEnded { account: id, old });
    give_back_where_over(tx)
}

/// One that stands, in the version that was read, if the actor administers it.
fn find_for(tx: &mut Tx, actor: &Actor, id: DepartmentAccountId, seen: u64) -> Result<DepartmentAccount> {
    let (directory, now) = (hanlin_directory::snapshot(tx)?, tx.now());
    let account = store::find(tx, id)?;
    let place = Place::Department(account.department);
    if account.ended_at.is_some() || !policy::reaches_place(actor, MANAGE, place, &directory, now) {
        return Err(Error::NotFound);
    }
    if account.version == seen { Ok(account) } else { Err(Error::Stale) }
}

/// Acts for a department's account from now on, in this session.
pub(crate) fn act_for(tx: &mut Tx, session: &Session, id: DepartmentAccountId) -> Result<()> {
    let (directory, now) = (hanlin_directory::snapshot(tx)?, tx.now());
    let (own, person) = (session_id(session)?, session.actor.person);
    let account = store::find(tx, id)?;
    rules::may_act_for(&account, person, &directory, now)?;
    give_back(tx, own)?;
    store::set_acting(tx, own, Some(id))?;
    tx.record(Event::DepartmentAccountTaken { account: id, session: own, person, principal: account.person });
    announce(tx, own, person);
    Ok(())
}

/// Acts for nobody but himself again. Whoever acts for nobody has nothing to give back.
pub(crate) fn give_back(tx: &mut Tx, session: SessionId) -> Result<()> {
    let Some(acting) = store::find_acting(tx, session)? else { return Ok(()) };
    gives_back(tx, &acting)
}

/// Ends the acting of those who may no more: they left the department, are its head no longer, or it ended.
pub(crate) fn give_back_where_over(tx: &mut Tx) -> Result<()> {
    let (directory, now) = (hanlin_directory::snapshot(tx)?, tx.now());
    for acting in store::list_acting(tx)? {
        let account = store::find(tx, acting.account)?;
        if rules::may_act_for(&account, acting.person, &directory, now).is_err() {
            gives_back(tx, &acting)?;
        }
    }
    Ok(())
}

fn gives_back(tx: &mut Tx, acting: &store::Acting) -> Result<()> {
    let store::Acting { session, person, account } = *acting;
    let principal = store::find(tx, account)?.person;
    store::set_acting(tx, session, None)?;
    tx.record(Event::DepartmentAccountGivenBack { account, session, person, principal });
    announce(tx, session, person);
    Ok(())
}

fn announce(tx: &mut Tx, session: SessionId, person: PersonId) {
    tx.announce(CHANGED, &format!("access/session/{session}"), hanlin_kernel::Audience::People(vec![person]));
}

/// The account that a session acts for, if its owner still may.
pub(crate) fn acting_for(
    tx: &mut Tx,
    account: Option<DepartmentAccountId>,
    person: PersonId,
    directory: &Snapshot,
    at: Timestamp,
) -> Result<Option<DepartmentAccount>> {
    let Some(id) = account else { return Ok(None) };
    let account = store::find(tx, id)?;
    Ok(rules::may_act_for(&account, person, directory, at).is_ok().then_some(account))
}

/// The accounts that a person may act for.
pub(crate) fn listed_for(
    tx: &mut Tx,
    person: PersonId,
    directory: &Snapshot,
    at: Timestamp,
) -> Result<Vec<DepartmentAccount>> {
    let held = directory.appointments(person, at).into_iter().filter_map(|held| held.place.department());
    let above = held.flat_map(|department| directory.departments_upwards(department, at)).map(|above| above.id);
    let led = directory.leads(person, at).into_iter().filter_map(|led| led.place.department());
    let mut departments: Vec<DepartmentId> = above.chain(led).collect();
    departments.sort();
    departments.dedup();
    let accounts = store::list_of(tx, &departments)?;
    Ok(accounts.into_iter().filter(|account| rules::may_act_for(account, person, directory, at).is_ok()).collect())
}

/// As whom the departments' accounts are known: no people, for lists of people.
pub(crate) fn principals(tx: &mut Tx) -> Result<Vec<PersonId>> {
    store::list_people(tx)
}
