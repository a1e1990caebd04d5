//! What this process keeps beside the database: the threads that hash passwords, the permissions there are, and the idle
//! clocks that were moved and not yet written.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use hanlin_api::{Authenticator, Module, Session};
use hanlin_kernel::{Actor, AppointmentId, Error, PersonId, Result};
use hanlin_store::{Context, Db, Tx};
use jiff::{SignedDuration, Timestamp};

use crate::{
    actions, department_accounts,
    hashing::Hashing,
    model::{AccountId, EndReason, SessionId},
    resolve, rules, secret, store,
    world::World,
};

/// How often idle clocks are written: a session's row at most once in this time.
const ROUND: Duration = Duration::from_secs(60);
/// So many sessions are ended in one unit of work.
const BATCH: usize = 1_000;

/// Accounts and rights, as one process serves them. Cheap to clone; every clone is the same one.
#[derive(Clone)]
pub struct Access(Arc<Inner>);

struct Inner {
    hashing: Hashing,
    permissions: BTreeSet<String>,
    clocks: Clocks,
}

/// When sessions were last used, as far as it is not yet written.
#[derive(Default)]
struct Clocks {
    /// The instant of the last authentication of each session since the last round.
    used: Mutex<HashMap<String, Timestamp>>,
    /// Those of them that were let in.
    seen: Mutex<HashMap<String, Timestamp>>,
}

impl Access {
    /// Starts the threads that hash passwords. `modules`: all of the program, whose permissions can be granted.
    pub fn start(modules: &[Module]) -> Result<Self> {
        let permissions =
            modules.iter().flat_map(|module| module.permissions).map(|permission| permission.0.to_owned());
        Ok(Self(Arc::new(Inner {
            hashing: Hashing::start()?,
            permissions: permissions.collect(),
            clocks: Clocks::default(),
        })))
    }

    pub fn hashing(&self) -> &Hashing {
        &self.0.hashing
    }

    /// Every permission that there is.
    pub fn permissions(&self) -> &BTreeSet<String> {
        &self.0.permissions
    }

    /// Who acts, when this person does: under the chosen appointment, or his main one.
    pub fn actor(&self, tx: &mut Tx, person: PersonId, chosen: Option<AppointmentId>) -> Result<Actor> {
        Ok(self.actor_in(&World::read(tx)?, person, chosen))
    }

    /// The same for many people, of one reading of the organisation, its rules and grants.
    pub fn actors(&self, tx: &mut Tx) -> Result<impl Fn(PersonId) -> Actor + use<>> {
        let (access, world) = (self.clone(), World::read(tx)?);
        Ok(move |person| access.actor_in(&world, person, None))
    }

    pub(crate) fn actor_in(&self, world: &World, person: PersonId, chosen: Option<AppointmentId>) -> Actor {
        let (directory, now) = (&world.directory, world.now);
        let held = directory.appointments(person, now);
        let acting = held.iter().find(|held| Some(held.id) == chosen).or(held.first()).copied();
        let asker = resolve::Asker { person, acting, at: now };
        Actor {
            person,
            on_behalf_of: None,
            appointment: acting.map(|held| held.id),
            unit: acting.and_then(|held| directory.unit_of(held.place, now)),
            department: acting.and_then(|held| held.place.department()),
            external: directory.is_external(person),
            grants: resolve::held(asker, &world.grants, self.permissions(), directory),
        }
    }

    /// Who acts in an open session: its owner, or its owner for the account of his department as long as he may
    /// (ACC-03). Then everything but his name is the account's.
    pub(crate) fn actor_of(&self, tx: &mut Tx, opened: &store::Opened, world: &World) -> Result<Actor> {
        let (person, session) = (opened.account.person, &opened.session);
        let account =
            department_accounts::acting_for(tx, session.department_account, person, &world.directory, world.now)?;
        Ok(match account {
            Some(account) => {
                let as_it = self.actor_in(world, account.person, None);
                let external = as_it.external || world.directory.is_external(person);
                Actor { person, on_behalf_of: Some(account.person), external, ..as_it }
            }
            None => self.actor_in(world, person, session.appointment),
        })
    }

    /// When this session was last used, by what the database says and what is not yet written there.
    pub(crate) fn last_seen(&self, session: SessionId, written: Timestamp) -> Timestamp {
        let seen = lock(&self.0.clocks.seen).get(&session.to_string()).copied();
        seen.map_or(written, |seen| seen.max(written))
    }

    /// One round: writes the idle clocks that moved, ends the sessions that are over, forgets failures that count no
    /// more. The server calls [`run`](Self::run); tests call this.
    pub async fn tend(&self, db: &Db) -> Result<()> {
        self.write_clocks(db).await?;
        self.end_what_is_over(db).await
    }

    /// A round every minute, for ever.
    pub async fn run(self, db: Db) {
        loop {
            tokio::time::sleep(ROUND).await;
            match self.tend(&db).await {
                Ok(()) => {}
                Err(Error::Busy("store.closed")) => return,
                Err(error) => tracing::error!(%error, "sessions could not be tended"),
            }
        }
    }

    async fn write_clocks(&self, db: &Db) -> Result<()> {
        let moved = lock(&self.0.clocks.seen).clone();
        lock(&self.0.clocks.used).clear();
        if moved.is_empty() {
            return Ok(());
        }
        let written = moved.clone();
        db.write_as(Context::default().background(), move |tx| {
            for (session, seen_at) in &moved {
                if let Ok(session) = session.parse() {
                    store::move_idle_clock(tx, session, *seen_at)?;
                }
            }
            Ok(())
        })
        .await?;
        // Those that moved on meanwhile stay for the next round.
        lock(&self.0.clocks.seen).retain(|session, seen_at| written.get(session) != Some(seen_at));
        Ok(())
    }

    async fn end_what_is_over(&self, db: &Db) -> Result<()> {
        let access = self.clone();
        db.write_as(Context::default().background(), move |tx| {
            let now = tx.now();
            let shortest = SignedDuration::from_mins(2);
            let mut suspects = store::list_opened_unseen_since(tx, now - shortest, BATCH)?;
            suspects.extend(store::list_opened_begun_before(tx, now - SignedDuration::from_hours(1), BATCH)?);
            let world = World::read(tx)?;
            for opened in suspects {
                let lifetime = world.lifetime(&opened.account);
                let seen_at = access.last_seen(opened.session.id, opened.session.seen_at);
                if let Some(reason) = rules::over(lifetime, opened.session.created_at, seen_at, now) {
                    actions::end_session(tx, opened.session.id, opened.account.person, reason)?;
                }
            }
            department_accounts::give_back_where_over(tx)?;
            store::forget_failures(tx, now - SignedDuration::from_hours(24 * 8)).map(|_| ())
        })
        .await
    }

    /// The open session behind a secret, with its account; `None`: there is none, or it is over.
    pub(crate) fn open_session(&self, tx: &mut Tx, secret: &str) -> Result<Option<(store::Opened, World)>> {
        let Some(opened) = store::find_opened(tx, &secret::digest(secret))? else { return Ok(None) };
        let world = World::read(tx)?;
        let lifetime = world.lifetime(&opened.account);
        let seen_at = self.last_seen(opened.session.id, opened.session.seen_at);
        let over = rules::over(lifetime, opened.session.created_at, seen_at, world.now).is_some();
        let stands = world.is_active(opened.account.person) && opened.account.locked_at.is_none();
        Ok((!over && stands).then_some((opened, world)))
    }
}

impl Authenticator for Access {
    fn authenticate(&self, tx: &mut Tx, secret: &str) -> Result<Option<Session>> {
        let Some((opened, world)) = self.open_session(tx, secret)? else { return Ok(None) };
        let actor = self.actor_of(tx, &opened, &world)?;
        let state = world.password_state(&opened.account);
        let id = opened.session.id.to_string();
        lock(&self.0.clocks.used).insert(id.clone(), tx.now());
        Ok(Some(Session { actor, id, locale: opened.account.locale, must_change_password: state.must_change }))
    }

    fn seen(&self, session: &str) {
        let used = lock(&self.0.clocks.used).get(session).copied();
        if let Some(at) = used {
            lock(&self.0.clocks.seen).insert(session.to_owned(), at);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends every open session of an account but one; how many.
pub(crate) fn end_sessions(
    tx: &mut Tx,
    account: AccountId,
    person: PersonId,
    but: Option<SessionId>,
    reason: EndReason,
) -> Result<u64> {
    let mut ended = 0;
    for session in store::list_open_sessions(tx, account)? {
        if Some(session.id) != but {
            actions::end_session(tx, session.id, person, reason)?;
            ended += 1;
        }
    }
    Ok(ended)
}
