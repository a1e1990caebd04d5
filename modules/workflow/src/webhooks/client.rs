//! The request itself. Blocking, and never inside a unit of work.

use std::{
    io,
    sync::{Arc, OnceLock},
    time::Duration,
};

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
pub(super) struct Client {
    inside: bool,
    /// Made when something is first sent: whom the machine trusts is a long list, and many send nothing.
    agent: Arc<OnceLock<Agent>>,
}

impl Client {
    pub fn new(inside: bool) -> Self {
        Self { inside, agent: Arc::default() }
    }

    fn agent(&self) -> &Agent {
        self.agent.get_or_init(|| agent(self.inside, whom_the_machine_trusts()))
    }

    pub fn send(&self, message: &Message) -> Said {
        let request = self
            .agent()
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
    match hanlin_api::read_json(body) {
        Ok(Value::Object(values)) => Said::Yes { status, values },
        _ => Said::No { status: Some(status), reason: "workflow.webhook_not_json" },
    }
}

fn failed(status: Option<u16>, error: &ureq::Error) -> Said {
    match error {
        ureq::Error::Timeout(_) => Said::NotNow { status, reason: "workflow.webhook_timeout" },
        ureq::Error::BodyExceedsLimit(_) => Said::No { status, reason: "workflow.webhook_too_large" },
        ureq::Error::Io(error) if error.to_string() == INSIDE => Said::No { status, reason: "workflow.inside_address" },
        error if is_distrust(error) => Said::NotNow { status, reason: "workflow.webhook_untrusted" },
        _ => Said::NotNow { status, reason: "workflow.webhook_unreachable" },
    }
}

/// Does its certificate prove nothing? It may be renewed late, so it is tried again.
fn is_distrust(error: &ureq::Error) -> bool {
    let found = match error {
        ureq::Error::Rustls(error) => Some(error),
        ureq::Error::Io(error) => error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()),
        _ => None,
    };
    matches!(found, Some(rustls::Error::InvalidCertificate(_)))
}

/// A company's own authority stands in the machine's list, and nowhere else.
fn whom_the_machine_trusts() -> Vec<Certificate<'static>> {
    let found = rustls_native_certs::load_native_certs();
    for error in &found.errors {
        tracing::warn!(%error, "a certificate that this machine trusts cannot be read");
    }
    found.certs.iter().map(|one| Certificate::from_der(one).to_owned()).collect()
}

fn agent(inside: bool, roots: Vec<Certificate<'static>>) -> Agent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None)
        .user_agent("Hanlin")
        .tls_config(trusting(roots))
        .build();
    let resolver = Careful { inside, usual: DefaultResolver::default() };
    Agent::with_parts(config, DefaultConnector::default(), resolver)
}

fn trusting(roots: Vec<Certificate<'static>>) -> TlsConfig {
    TlsConfig::builder()
        .root_certs(RootCerts::Specific(Arc::new(roots)))
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

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        net::TcpListener,
        thread,
    };

    use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
    use rustls::{ServerConfig, ServerConnection, StreamOwned, pki_types::PrivateKeyDer};

    use super::*;

    /// A system that speaks TLS under a certificate for `name` from this issuer, and takes everything.
    fn system(issuer: &CertifiedIssuer<'static, KeyPair>, name: &str) -> String {
        let key = KeyPair::generate().unwrap();
        let cert = CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, issuer).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], PrivateKeyDer::try_from(key.serialize_der()).unwrap())
            .unwrap();
        let (config, listener) = (Arc::new(config), TcpListener::bind("127.0.0.1:0").unwrap());
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = StreamOwned::new(ServerConnection::new(config.clone()).unwrap(), stream.unwrap());
                let mut request = [0; 4096];
                if stream.read(&mut request).is_ok() {
                    let said = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
                    let _cut = stream.write_all(said.as_bytes());
                    stream.conn.send_close_notify();
                    let _cut = stream.flush();
                }
            }
        });
        format!("https://127.0.0.1:{port}/hook")
    }

    fn issuer() -> CertifiedIssuer<'static, KeyPair> {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
    }

    fn send(client: &Client, url: &str) -> Said {
        let (id, signature, body) = ("m".to_owned(), "v1,x".to_owned(), "{}".to_owned());
        client.send(&Message { url: url.to_owned(), id, at: 0, signature, body, timeout: Duration::from_secs(5) })
    }

    // proves: FLOW-40, SEC-01
    #[test]
    fn only_whoever_proves_who_he_is_gets_what_is_sent() {
        let (ours, other) = (issuer(), issuer());
        let client = Client::new(true);
        client
            .agent
            .set(agent(true, vec![Certificate::from_der(ours.der()).to_owned()]))
            .expect("nothing was sent yet");
        let untrusted = Said::NotNow { status: None, reason: "workflow.webhook_untrusted" };
        assert_eq!(send(&client, &system(&ours, "127.0.0.1")), Said::Yes { status: 200, values: Values::new() });
        assert_eq!(send(&client, &system(&other, "127.0.0.1")), untrusted, "nobody here knows its authority");
        assert_eq!(send(&client, &system(&ours, "finance.example.com")), untrusted, "the certificate of another");
        assert_eq!(send(&Client::new(true), &system(&ours, "127.0.0.1")), untrusted, "the machine does not know it");
    }
}
