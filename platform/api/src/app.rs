use std::{
    any::{Any, TypeId},
    collections::HashMap,
    convert::Infallible,
    sync::Arc,
};

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use hanlin_kernel::{Locale, PersonId, Result};
use hanlin_store::{Context, Db, Key, Tx};
use serde::Serialize;

use crate::{
    auth::{Authenticator, Session},
    idempotency::{self, Once},
    reply::Reply,
    words::Words,
};

/// Things of this process that modules need beside the database: the blob folder, the pool that hashes passwords.
#[derive(Default)]
pub struct Services(HashMap<TypeId, Arc<dyn Any + Send + Sync>>);

impl Services {
    pub fn with<T: Send + Sync + 'static>(mut self, service: T) -> Self {
        self.0.insert(TypeId::of::<T>(), Arc::new(service));
        self
    }

    pub fn get<T: Send + Sync + 'static>(&self) -> Arc<T> {
        let service = self.0.get(&TypeId::of::<T>()).cloned();
        service
            .and_then(|service| service.downcast().ok())
            .unwrap_or_else(|| panic!("the composition root did not provide {}", std::any::type_name::<T>()))
    }
}

/// How the shell behaves.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// `https://oa.example.org`: where browsers find us. Cookies are `Secure` when it is https.
    pub public_url: Option<String>,
    /// Addresses whose `X-Forwarded-For` and `-Proto` are believed.
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// Only these `Host` names are answered, when any are named (a sample server answers loopback names only).
    pub hosts: Vec<String>,
    /// The sample organisation is loaded: every page says so.
    pub sample: bool,
}

/// What all handlers share. Cheap to clone.
#[derive(Clone)]
pub struct Shared(Arc<Inner>);

struct Inner {
    db: Db,
    authenticator: Arc<dyn Authenticator>,
    services: Services,
    words: Words,
    config: Config,
}

impl Shared {
    pub fn new(
        db: Db,
        authenticator: Arc<dyn Authenticator>,
        services: Services,
        words: Words,
        config: Config,
    ) -> Self {
        Self(Arc::new(Inner { db, authenticator, services, words, config }))
    }

    pub fn db(&self) -> &Db {
        &self.0.db
    }
    pub fn authenticator(&self) -> &dyn Authenticator {
        &*self.0.authenticator
    }
    pub(crate) fn authenticator_handle(&self) -> Arc<dyn Authenticator> {
        self.0.authenticator.clone()
    }
    pub fn words(&self) -> &Words {
        &self.0.words
    }
    pub fn config(&self) -> &Config {
        &self.0.config
    }
    pub fn service<T: Send + Sync + 'static>(&self) -> Arc<T> {
        self.0.services.get()
    }
}

/// One request's way to the database and to the services of the process.
#[derive(Clone)]
pub struct App {
    shared: Shared,
    person: Option<PersonId>,
    on_behalf_of: Option<PersonId>,
    once: Option<Once>,
    locale: Locale,
}

impl App {
    /// Does one unit of work on the account of whoever is signed in, and answers with what it returns: once for each
    /// `Idempotency-Key`, a repeat gets the first answer.
    pub async fn write<T: Serialize + Send + 'static>(
        &self,
        work: impl FnMut(&mut Tx) -> Result<T> + Send + 'static,
    ) -> Reply<T> {
        self.write_on(&[], work).await
    }

    /// [`write`](Self::write), where hot things are changed: a case, a number series.
    pub async fn write_on<T: Serialize + Send + 'static>(
        &self,
        keys: &[Key],
        work: impl FnMut(&mut Tx) -> Result<T> + Send + 'static,
    ) -> Reply<T> {
        let context = Context { person: self.person, on_behalf_of: self.on_behalf_of, ..Context::default() }.keys(keys);
        idempotency::write(self.db(), context, self.once.clone(), work).await
    }

    /// Does something to see what comes of it: nothing of it is kept, and nobody who writes waits for it.
    pub async fn rehearse<T: Serialize + Send + 'static>(
        &self,
        work: impl FnMut(&mut Tx) -> Result<T> + Send + 'static,
    ) -> Reply<T> {
        let context = Context { person: self.person, on_behalf_of: self.on_behalf_of, ..Context::default() };
        Ok(self.db().rehearse(context, work).await?.into())
    }

    /// Reads in one snapshot.
    pub async fn read<T: Serialize + Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx) -> Result<T> + Send + 'static,
    ) -> Reply<T> {
        Ok(self.db().read(work).await?.into())
    }

    pub fn db(&self) -> &Db {
        self.shared.db()
    }
    pub fn config(&self) -> &Config {
        self.shared.config()
    }
    pub fn service<T: Send + Sync + 'static>(&self) -> Arc<T> {
        self.shared.service()
    }
    /// The sentences of all modules, for files that are made for a reader.
    pub fn words(&self) -> &Words {
        self.shared.words()
    }
    /// The language the reader wants: from the session, else from `Accept-Language`.
    pub fn locale(&self) -> Locale {
        self.locale
    }
}

impl FromRequestParts<Shared> for App {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Self, Infallible> {
        let session = parts.extensions.get::<Session>();
        Ok(Self {
            shared: shared.clone(),
            person: session.map(|session| session.actor.person),
            on_behalf_of: session.and_then(|session| session.actor.on_behalf_of),
            once: parts.extensions.get::<Once>().cloned(),
            locale: session.map_or_else(|| accepted_locale(parts), |session| session.locale),
        })
    }
}

pub(crate) fn accepted_locale(parts: &Parts) -> Locale {
    let accepted = parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let first = accepted.and_then(|languages| languages.split(',').next()).unwrap_or("zh");
    if first.trim().to_ascii_lowercase().starts_with("en") { Locale::En } else { Locale::ZhCn }
}
