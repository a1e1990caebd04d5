use std::net::IpAddr;

use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::{HeaderMap, Method, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use hanlin_kernel::{Actor, Error, Locale, Result};
use hanlin_store::Tx;

use crate::{
    app::{Config, Shared},
    problem::Failure,
    routes::Guard,
};

/// The name of the cookie that holds the session's secret.
pub const COOKIE: &str = "hanlin_session";

/// Who is behind a request. Made by the [`Authenticator`] and kept with the request.
#[derive(Clone, Debug)]
pub struct Session {
    pub actor: Actor,
    /// Names the session in lists and in the trace; not the secret.
    pub id: String,
    pub locale: Locale,
    /// The initial password still stands: only what [`Guard::Opening`] guards may be done (ACC-07).
    pub must_change_password: bool,
}

/// Who a secret belongs to. Implemented by `access`.
pub trait Authenticator: Send + Sync + 'static {
    /// `None`: no such session, or it has ended. Read only; the session's clock is moved elsewhere.
    fn authenticate(&self, tx: &mut Tx, secret: &str) -> Result<Option<Session>>;

    /// Called now and then with a session that is in use, outside the request, to move its idle clock.
    fn seen(&self, session: &str);
}

/// Where a request comes from, for the log of sign-ins.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RequestInfo {
    pub address: String,
    pub user_agent: String,
    /// The client spoke https to us or to a proxy that we trust.
    pub secure: bool,
    /// The session's secret, where the request carries one.
    pub secret: Option<String>,
    pub session: Option<String>,
}

impl FromRequestParts<Shared> for RequestInfo {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Self, Failure> {
        let agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Ok(Self {
            address: address(parts, shared.config()).map(|ip| ip.to_string()).unwrap_or_default(),
            user_agent: agent.chars().take(300).collect(),
            secure: shared.config().public_url.as_deref().is_some_and(|url| url.starts_with("https://")),
            secret: secret(&parts.headers),
            session: parts.extensions.get::<Session>().map(|session| session.id.clone()),
        })
    }
}

/// The client's address; what a trusted proxy says it is, if one stands between.
fn address(parts: &Parts, config: &Config) -> Option<IpAddr> {
    let peer = parts.extensions.get::<ConnectInfo<std::net::SocketAddr>>().map(|info| info.0.ip())?;
    if !config.trusted_proxies.contains(&peer) {
        return Some(peer);
    }
    let forwarded = parts.headers.get("x-forwarded-for").and_then(|value| value.to_str().ok());
    let named = forwarded.into_iter().flat_map(|list| list.rsplit(',')).filter_map(|ip| ip.trim().parse().ok());
    // The nearest address that is not a proxy of ours: those before it may be invented.
    named.into_iter().find(|ip| !config.trusted_proxies.contains(ip)).or(Some(peer))
}

/// The one who is signed in. A handler that takes it cannot be reached by anyone else.
#[derive(Clone, Debug)]
pub struct Me(pub Actor);

impl FromRequestParts<Shared> for Me {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _shared: &Shared) -> Result<Self, Failure> {
        let session = parts.extensions.get::<Session>();
        session.map(|session| Self(session.actor.clone())).ok_or(Failure(Error::SignedOut))
    }
}

impl FromRequestParts<Shared> for Session {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _shared: &Shared) -> Result<Self, Failure> {
        parts.extensions.get::<Session>().cloned().ok_or(Failure(Error::SignedOut))
    }
}

fn secret(headers: &HeaderMap) -> Option<String> {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if let Some(token) = bearer.and_then(|value| value.strip_prefix("Bearer ")) {
        return Some(token.trim().to_owned());
    }
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, value)| value.to_owned())
}

/// The door: finds out who comes, and lets in whom the guard allows.
pub(crate) async fn door(State((shared, guard)): State<(Shared, Guard)>, mut request: Request, next: Next) -> Response {
    match admit(&shared, guard, &mut request).await {
        Ok(()) => next.run(request).await,
        Err(error) => Failure(error).into_response(),
    }
}

async fn admit(shared: &Shared, guard: Guard, request: &mut Request) -> Result<()> {
    own_site(request, shared.config())?;
    let session = match secret(request.headers()) {
        None => None,
        Some(secret) => {
            let authenticator = shared.authenticator_handle();
            let authenticate = move |tx: &mut Tx| authenticator.authenticate(tx, &secret);
            if only_reads(request.method()) {
                shared.db().read(authenticate).await?
            } else {
                shared.db().admit(authenticate).await?
            }
        }
    };
    if let Some(session) = session {
        shared.authenticator().seen(&session.id);
        request.extensions_mut().insert(session);
    }
    guard.check(request.extensions().get::<Session>())
}

fn only_reads(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// A browser tells when another site sends a request with our cookie: such a request changes nothing.
fn own_site(request: &Request, config: &Config) -> Result<()> {
    if only_reads(request.method()) {
        return Ok(());
    }
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let foreign = || Err(Error::Forbidden("api.cross_site".into()));
    if let Some(site) = header("sec-fetch-site") {
        return if matches!(site, "same-origin" | "none") { Ok(()) } else { foreign() };
    }
    let Some(origin) = header("origin") else { return Ok(()) };
    let host = header("host").unwrap_or_default();
    let ours = origin.split_once("://").is_some_and(|(_, origin_host)| origin_host == host);
    if ours || config.public_url.as_deref() == Some(origin) { Ok(()) } else { foreign() }
}
