use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use hanlin_api::{
    Assets, Authenticator, Config, Module, Services, Session, Shared, Words,
    http::{Body, Method, Request, Response, StatusCode, header},
};
use hanlin_kernel::{Actor, FixedClock, Grant, Locale, Permission, PersonId, Recorded, Result, Scopes};
use hanlin_store::{Consumer, Context, Db, Migration, Ports, Recorder, Settings, Tx, outbox};
use serde_json::Value;
use tower::ServiceExt;

use crate::engine::TestDatabase;

/// A whole app of some modules: router, database, clock, who may what. Requests never leave the process.
pub struct TestApp {
    pub db: Db,
    pub clock: FixedClock,
    router: hanlin_api_router::Router,
    identities: Identities,
    recorded: Arc<Mutex<Vec<String>>>,
    consumers: Vec<Consumer>,
    runtime: Arc<tokio::runtime::Runtime>,
    _database: TestDatabase,
}

mod hanlin_api_router {
    /// The router as a service, boxed: the test kit names no framework.
    pub type Router = tower::util::BoxCloneSyncService<
        hanlin_api::http::Request,
        hanlin_api::http::Response,
        std::convert::Infallible,
    >;
}

/// 2026-03-02, a Monday, 09:00 in Shanghai: where every test's clock stands at first.
pub const START: &str = "2026-03-02T01:00:00Z";

/// What a test may give beside modules.
#[derive(Default)]
pub struct Setup {
    pub recorder: Option<Arc<dyn Recorder>>,
    pub services: Services,
    pub config: Config,
    /// Absent: everybody is who a test says he is ([`TestApp::as_`]).
    pub authenticator: Option<Arc<dyn Authenticator>>,
}

impl TestApp {
    /// An app of these modules; all migrations applied, nobody known.
    pub fn new(modules: Vec<Module>) -> Self {
        Self::with(modules, Setup::default())
    }

    pub fn with(modules: Vec<Module>, setup: Setup) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map(Arc::new).unwrap();
        let migrations: Vec<Migration> = modules.iter().flat_map(|module| module.migrations).copied().collect();
        let consumers: Vec<Consumer> = modules.iter().flat_map(|module| module.consumers.clone()).collect();
        let words = Words::of(modules.iter().map(|module| module.words)).unwrap();
        let clock = FixedClock::at(START.parse().unwrap());
        let recorded: Arc<Mutex<Vec<String>>> = Arc::default();
        let recorder = Arc::new(Listening { recorded: recorded.clone(), next: setup.recorder });
        let settings = Settings {
            clock: Arc::new(clock.clone()),
            recorder,
            wanted: outbox::wanted(&consumers),
            ports: Ports::joined(modules.iter().map(|module| &module.ports)),
            ..Settings::default()
        };
        let identities = Identities::default();
        let (database, db) = runtime.block_on(async {
            let database = TestDatabase::new(&migrations).await;
            let db = database.open(settings).await;
            (database, db)
        });
        let authenticator = setup.authenticator.unwrap_or_else(|| Arc::new(identities.clone()));
        let shared = Shared::new(db.clone(), authenticator, setup.services, words, setup.config);
        let router = hanlin_api::build(shared, modules, Assets::new(&[]));
        let router = tower::util::BoxCloneSyncService::new(router);
        Self { db, clock, router, identities, recorded, consumers, runtime, _database: database }
    }

    /// This person, without any grant unless [`grant`](Self::grant) gave some.
    pub fn as_(&self, person: PersonId) -> As<'_> {
        self.identities.know(person);
        As { app: self, secret: Some(person.to_string()), headers: Vec::new() }
    }

    /// Somebody who is not signed in.
    pub fn nobody(&self) -> As<'_> {
        As { app: self, secret: None, headers: Vec::new() }
    }

    /// Acts under exactly this actor from now on (appointment, unit, grants).
    pub fn acting(&self, actor: Actor) {
        self.identities.0.lock().unwrap().insert(actor.person, actor);
    }

    /// Grants permissions over everything.
    pub fn grant(&self, person: PersonId, permissions: &[Permission]) {
        self.grant_over(person, permissions, Scopes::everything());
    }

    pub fn grant_over(&self, person: PersonId, permissions: &[Permission], scopes: Scopes) {
        let mut known = self.identities.0.lock().unwrap();
        let actor = known.entry(person).or_insert_with(|| Actor::person(person));
        let granted = |permission: &Permission| Grant { permission: permission.0.into(), scopes: scopes.clone() };
        actor.grants.extend(permissions.iter().map(granted));
    }

    /// A unit of work of the system.
    pub fn write<T: Send + 'static>(&self, work: impl FnMut(&mut Tx) -> Result<T> + Send + 'static) -> T {
        self.try_write(work).unwrap()
    }

    pub fn try_write<T: Send + 'static>(&self, work: impl FnMut(&mut Tx) -> Result<T> + Send + 'static) -> Result<T> {
        self.runtime.block_on(self.db.write(work))
    }

    /// A unit of work on somebody's account.
    pub fn write_as<T: Send + 'static>(
        &self,
        person: PersonId,
        work: impl FnMut(&mut Tx) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.runtime.block_on(self.db.write_as(Context::person(person), work))
    }

    pub fn read<T: Send + 'static>(&self, work: impl FnOnce(&mut Tx) -> Result<T> + Send + 'static) -> T {
        self.runtime.block_on(self.db.read(work)).unwrap()
    }

    /// Runs async work of the test.
    pub fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// Delivers events and due timers until nothing is due; how many.
    pub fn settle(&self) -> usize {
        self.runtime.block_on(outbox::deliver_due(&self.db, &self.consumers)).unwrap()
    }

    /// The kinds of events recorded since the last time this was asked.
    pub fn events(&self) -> Vec<String> {
        std::mem::take(&mut *self.recorded.lock().unwrap())
    }

    fn send(&self, request: Request) -> (StatusCode, Response) {
        let response = self.runtime.block_on(self.router.clone().oneshot(request)).unwrap();
        (response.status(), response)
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.db.close();
    }
}

struct Listening {
    recorded: Arc<Mutex<Vec<String>>>,
    next: Option<Arc<dyn Recorder>>,
}

impl Recorder for Listening {
    fn record(&self, tx: &mut Tx, entries: &[Recorded]) -> Result<()> {
        self.recorded.lock().unwrap().extend(entries.iter().map(|entry| entry.kind.to_owned()));
        self.next.as_ref().map_or(Ok(()), |next| next.record(tx, entries))
    }
}

/// The secret of a persona is its id.
#[derive(Clone, Default)]
struct Identities(Arc<Mutex<BTreeMap<PersonId, Actor>>>);

impl Identities {
    fn know(&self, person: PersonId) {
        self.0.lock().unwrap().entry(person).or_insert_with(|| Actor::person(person));
    }
}

impl Authenticator for Identities {
    fn authenticate(&self, _tx: &mut Tx, secret: &str) -> Result<Option<Session>> {
        let actor = secret.parse().ok().and_then(|person: PersonId| self.0.lock().unwrap().get(&person).cloned());
        Ok(actor.map(|actor| Session {
            id: actor.person.to_string(),
            actor,
            locale: Locale::ZhCn,
            must_change_password: false,
        }))
    }

    fn seen(&self, _session: &str) {}
}

/// A persona at the API.
#[derive(Clone)]
pub struct As<'a> {
    app: &'a TestApp,
    secret: Option<String>,
    headers: Vec<(String, String)>,
}

impl As<'_> {
    pub fn header(mut self, name: &str, value: impl ToString) -> Self {
        self.headers.push((name.to_owned(), value.to_string()));
        self
    }

    pub fn get(&self, path: &str) -> Said {
        self.send(Method::GET, path, Body::empty(), false)
    }
    pub fn post(&self, path: &str, body: Value) -> Said {
        self.send(Method::POST, path, Body::from(body.to_string()), true)
    }
    pub fn put(&self, path: &str, body: Value) -> Said {
        self.send(Method::PUT, path, Body::from(body.to_string()), true)
    }
    pub fn patch(&self, path: &str, body: Value) -> Said {
        self.send(Method::PATCH, path, Body::from(body.to_string()), true)
    }
    pub fn delete(&self, path: &str) -> Said {
        self.send(Method::DELETE, path, Body::empty(), false)
    }
    pub fn post_bytes(&self, path: &str, bytes: Vec<u8>) -> Said {
        self.send(Method::POST, path, Body::from(bytes), false)
    }

    /// Any method, a raw body: for the tests that walk all operations.
    pub fn send(&self, method: Method, path: &str, body: Body, json: bool) -> Said {
        let path = if path.starts_with("/api/") || path.starts_with("/healthz") {
            path.to_owned()
        } else {
            format!("/api/v1{path}")
        };
        let mut request = hanlin_api::http::request().method(method).uri(&path);
        if json {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        if let Some(secret) = &self.secret {
            request = request.header(header::AUTHORIZATION, format!("Bearer {secret}"));
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let (status, response) = self.app.send(request.body(body).unwrap());
        let headers = response.headers().clone();
        let bytes = self.app.runtime.block_on(hanlin_api::http::to_bytes(response.into_body())).unwrap();
        Said { status: status.as_u16(), headers, bytes: bytes.to_vec(), asked: path }
    }
}

/// An answer.
#[derive(Debug)]
pub struct Said {
    pub status: u16,
    pub headers: hanlin_api::http::HeaderMap,
    pub bytes: Vec<u8>,
    asked: String,
}

impl Said {
    /// The body of an answer that must be a success.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert!(self.status < 300, "{} answered {}: {}", self.asked, self.status, self.text());
        self.json()
    }

    /// The problem of an answer that must be this refusal.
    #[track_caller]
    pub fn refused(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}: {}", self.asked, self.text());
        self.json()
    }

    /// The id of what was made.
    #[track_caller]
    pub fn id(self) -> String {
        let body = self.ok();
        body["id"].as_str().unwrap_or_else(|| panic!("no id in {body}")).to_owned()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        if self.bytes.is_empty() {
            return Value::Null;
        }
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("{}: not JSON: {}", self.asked, self.text()))
    }
}
