//! The request itself. Blocking, and never inside a unit of work.

use std::{io, sync::Arc, time::Duration};

use serde_json::Value;
use ureq::{
    Agent,
    http::Uri,
    tls::{Certificate, RootCerts, TlsConfig},
    unversioned::{
        resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver},
        transport::{DefaultConnector, NextTimeout},
    },
};

use super::{address, signing};
use crate::engine::Values;

/// The largest answer that is read.
const LARGEST: u64 = 256 * 1024;
/// In what an error says that the address lies in the house.
const INSIDE: &str = "the address lies in the house";

/// What is to be sent.
pub(super) struct Message {
    pub url: String,
    pub id: String,
    pub at: i64,
    pub signature: String,
    pub body: String,
    pub timeout: Duration,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Said {
    /// It was taken; what it says, if it says something.
    Yes { status: u16, values: Values },
    /// Not now: it is tried again. `reason` is the code of a sentence.
    NotNow { status: Option<u16>, reason: &'static str },
    /// To try again would not help.
    No { status: Option<u16>, reason: &'static str },
}

/// Speaks to other systems: follows no redirect, uses no proxy, and goes into the house only where it may.
#[derive(Clone, Debug)]
pub(super) struct Client(Agent);

impl Client {
    pub fn new(inside: bool) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .user_agent("Hanlin")
            .tls_config(trusting_whom_the_machine_trusts())
            .build();
        let resolver = Careful { inside, usual: DefaultResolver::default() };
        Self(Agent::with_parts(config, DefaultConnector::default(), resolver))
    }

    pub fn send(&self, message: &Message) -> Said {
        let request = self
            .0
            .post(&message.url)
            .config()
            .timeout_global(Some(message.timeout))
            .build()
            .header("content-type", "application/json")
            .header(signing::ID, &message.id)
            .header(signing::TIMESTAMP, message.at.to_string())
            .header(signing::SIGNATURE, &message.signature);
        let mut response = match request.send(message.body.as_bytes()) {
            Ok(response) => response,
            Err(error) => return failed(None, &error),
        };
        let status = response.status().as_u16();
        match status {
            200..300 => {}
            300..400 => return Said::No { status: Some(status), reason: "workflow.webhook_redirect" },
            _ => return Said::NotNow { status: Some(status), reason: "workflow.webhook_status" },
        }
        match response.body_mut().with_config().limit(LARGEST).read_to_vec() {
            Ok(body) => understood(status, &body),
            Err(error) => failed(Some(status), &error),
        }
    }
}

/// An object in JSON, or nothing at all.
fn understood(status: u16, body: &[u8]) -> Said {
    if body.trim_ascii().is_empty() {
        return Said::Yes { status, values: Values::new() };
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(values)) => Said::Yes { status, values },
        _ => Said::No { status: Some(status), reason: "workflow.webhook_not_json" },
    }
}

fn failed(status: Option<u16>, error: &ureq::Error) -> Said {
    match error {
        ureq::Error::Timeout(_) => Said::NotNow { status, reason: "workflow.webhook_timeout" },
        ureq::Error::BodyExceedsLimit(_) => Said::No { status, reason: "workflow.webhook_too_large" },
        ureq::Error::Io(error) if error.to_string() == INSIDE => Said::No { status, reason: "workflow.inside_address" },
        _ => Said::NotNow { status, reason: "workflow.webhook_unreachable" },
    }
}

/// A company's own authority stands in the machine's list, and nowhere else.
fn trusting_whom_the_machine_trusts() -> TlsConfig {
    let found = rustls_native_certs::load_native_certs();
    for error in &found.errors {
        tracing::warn!(%error, "a certificate that this machine trusts cannot be read");
    }
    let trusted: Vec<_> = found.certs.iter().map(|one| Certificate::from_der(one).to_owned()).collect();
    TlsConfig::builder()
        .root_certs(RootCerts::Specific(Arc::new(trusted)))
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build()
}

/// Looks names up as usual, and keeps of what comes only where requests may go.
#[derive(Debug)]
struct Careful {
    inside: bool,
    usual: DefaultResolver,
}

impl Resolver for Careful {
    fn resolve(
        &self,
        uri: &Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let encrypted = uri.scheme_str() == Some("https");
        let found = self.usual.resolve(uri, config, timeout)?;
        let mut allowed = self.empty();
        for place in found.iter().filter(|place| address::may_connect(place.ip(), encrypted, self.inside)) {
            allowed.push(*place);
        }
        if allowed.is_empty() {
            return Err(ureq::Error::Io(io::Error::new(io::ErrorKind::PermissionDenied, INSIDE)));
        }
        Ok(allowed)
    }
}
