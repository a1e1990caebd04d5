//! The sample organisation with real accounts, on either engine.

mod accounts;
mod delegation;
mod department_accounts;
mod grants;
mod pure;
mod reviews;
mod rules;
mod secrets;
mod sessions;
mod set_up;
mod sign_in;
mod why;
mod words;

use std::sync::{Arc, LazyLock, Mutex};

use argon2::{Algorithm, Argon2, Params, Version, password_hash::PasswordHasher};
use hanlin_api::{Config, Module, Services};
use hanlin_directory::{cast, generator};
use hanlin_kernel::Recorded;
use hanlin_store::{Recorder, Tx};
use hanlin_testkit::{As, Said, Setup, TestApp};
use serde_json::{Value, json};

use crate::{Access, SAMPLE_PASSWORD};

/// Everything that was recorded.
#[derive(Default)]
struct Trace(Mutex<Vec<Recorded>>);

impl Recorder for Trace {
    fn record(&self, _tx: &mut Tx, entries: &[Recorded]) -> hanlin_kernel::Result<()> {
        self.0.lock().unwrap().extend_from_slice(entries);
        Ok(())
    }
}

/// A server of the modules up to this one.
struct Office {
    app: TestApp,
    access: Access,
    trace: Arc<Trace>,
}

fn modules() -> Vec<Module> {
    vec![hanlin_directory::module(), hanlin_rulebook::module(), crate::module()]
}

impl Office {
    /// On its first start.
    fn empty() -> Self {
        Self::reached_by(None)
    }

    /// On its first start, known to browsers by this URL.
    fn reached_by(public_url: Option<&str>) -> Self {
        let access = Access::start(&modules()).unwrap();
        let trace = Arc::new(Trace::default());
        let setup = Setup {
            recorder: Some(trace.clone()),
            services: Services::default().with(access.clone()),
            authenticator: Some(Arc::new(access.clone())),
            config: Config { public_url: public_url.map(str::to_owned), ..Config::default() },
        };
        Self { app: TestApp::with(modules(), setup), access, trace }
    }

    /// With the sample organisation and its accounts.
    fn sample() -> Self {
        let office = Self::empty();
        office.app.write(|tx| {
            cast::load_sample(tx)?;
            crate::load_sample(tx, Self::cheap_hash())
        });
        office.forget();
        office
    }

    /// With a generated organisation and its accounts.
    fn generated(seed: u64, people: usize) -> Self {
        let office = Self::empty();
        // Some join until the day it is made for.
        office.app.clock.advance(generator::today().duration_since(office.app.db.now()));
        let rows = generator::generate(seed, people);
        office.app.write(move |tx| {
            generator::load_generated(tx, seed, &rows)?;
            crate::load_generated(tx, Self::cheap_hash())
        });
        office.forget();
        office
    }

    /// What was recorded so far is nobody's business.
    fn forget(&self) {
        self.app.events();
        self.trace.0.lock().unwrap().clear();
    }

    /// The hash of the sample password.
    fn cheap_hash() -> &'static str {
        // Cheap, so that a hundred sign-ins take no time; new passwords in tests are hashed as everywhere.
        static HASH: LazyLock<String> = LazyLock::new(|| {
            let cheap = Params::new(64, 1, 1, None).unwrap();
            let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, cheap);
            argon2.hash_password(SAMPLE_PASSWORD.as_bytes()).unwrap().to_string()
        });
        &HASH
    }

    fn try_sign_in(&self, login: &str, password: &str) -> Said {
        self.app.nobody().post("/sessions", json!({ "login": login, "password": password }))
    }

    /// A browser in which this login signed in with the sample password.
    fn browser(&self, login: &str) -> As<'_> {
        self.browser_with(login, SAMPLE_PASSWORD)
    }

    fn browser_with(&self, login: &str, password: &str) -> As<'_> {
        let secret = secret_in(&self.try_sign_in(login, password));
        self.app.nobody().header("cookie", format!("theme=dark; hanlin_session={secret}"))
    }

    fn account_id(&self, admin: &As<'_>, login: &str) -> String {
        let accounts = admin.get("/accounts?limit=200").ok();
        let found = accounts["items"].as_array().unwrap().iter().find(|account| account["login"] == login);
        found.unwrap_or_else(|| panic!("no account {login}"))["id"].as_str().unwrap().to_owned()
    }

    /// The payloads of the events of this kind.
    fn recorded(&self, kind: &str) -> Vec<Value> {
        let entries = self.trace.0.lock().unwrap();
        entries.iter().filter(|entry| entry.kind == kind).map(|entry| entry.payload.clone()).collect()
    }
}

/// The secret that an answer sets as a cookie.
#[track_caller]
fn secret_in(said: &Said) -> String {
    let cookie = cookie_in(said);
    let pair = cookie.split(';').next().unwrap();
    pair.strip_prefix("hanlin_session=").unwrap().to_owned()
}

#[track_caller]
fn cookie_in(said: &Said) -> String {
    let header = said.headers.get("set-cookie").unwrap_or_else(|| panic!("no cookie: {} {}", said.status, said.text()));
    header.to_str().unwrap().to_owned()
}
