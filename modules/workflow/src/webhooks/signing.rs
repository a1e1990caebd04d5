//! Who sent it, and that it is whole: Standard Webhooks, symmetric (`v1`). Pure.

use base64::{Engine, engine::general_purpose::STANDARD};
use hanlin_kernel::Error;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use sha2::Sha256;

use super::model::Endpoint;

/// How far the clock of the other side may be off, and how long a request may be under way.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

pub(crate) const ID: &str = "webhook-id";
pub(crate) const TIMESTAMP: &str = "webhook-timestamp";
pub(crate) const SIGNATURE: &str = "webhook-signature";

/// Why a request is not believed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Disbelief {
    /// A header is not there, or is none that can be read.
    Unsigned,
    /// Its time lies too far back, or ahead.
    TooOld,
    /// It is not signed with this secret, or is not what was signed.
    BadSignature,
}

impl From<Disbelief> for Error {
    fn from(disbelief: Disbelief) -> Self {
        let code = match disbelief {
            Disbelief::Unsigned => "workflow.webhook_unsigned",
            Disbelief::TooOld => "workflow.webhook_too_old",
            Disbelief::BadSignature => "workflow.webhook_bad_signature",
        };
        Self::Forbidden(code.to_owned())
    }
}

/// What signs and checks for one endpoint.
#[derive(Clone)]
pub(crate) struct Secret(Vec<u8>);

/// What counts for an endpoint now: its secret and, for a while after it was renewed, the one before. Both sides may so
/// change it one after the other.
pub(crate) struct Secrets(Vec<Secret>);

impl Secrets {
    pub(crate) fn of(key: &[u8; 32], endpoint: &Endpoint, now: Timestamp) -> Self {
        let mut counting = vec![Secret::of(key, endpoint)];
        if endpoint.old_until.is_some_and(|until| now < until) && endpoint.renewed > 0 {
            let before = Endpoint { renewed: endpoint.renewed - 1, ..endpoint.clone() };
            counting.push(Secret::of(key, &before));
        }
        Self(counting)
    }

    /// A signature with each, the newest first.
    pub(crate) fn sign(&self, message: &Envelope) -> String {
        let signatures: Vec<String> = self.0.iter().map(|secret| secret.sign(message)).collect();
        signatures.join(" ")
    }

    /// Is it from whom it says, about now: signed with one of them? `signatures`: several, where the other side changes its
    /// secret.
    pub(crate) fn check(&self, message: &Envelope, signatures: &str, now: Timestamp) -> Result<(), Disbelief> {
        let sent = Timestamp::from_second(message.at).map_err(|_| Disbelief::Unsigned)?;
        if sent.duration_until(now).abs() > TOLERANCE {
            return Err(Disbelief::TooOld);
        }
        let fits = self.0.iter().any(|secret| secret.signed(message, signatures));
        if fits { Ok(()) } else { Err(Disbelief::BadSignature) }
    }
}

/// What is signed.
#[derive(Clone, Copy)]
pub(crate) struct Envelope<'m> {
    pub id: &'m str,
    /// In seconds.
    pub at: i64,
    pub body: &'m [u8],
}

impl Secret {
    /// The secret of an endpoint: told apart by its id and by how often it was renewed.
    pub(crate) fn of(key: &[u8; 32], endpoint: &Endpoint) -> Self {
        let name = format!("endpoint/{}/{}", endpoint.id, endpoint.renewed);
        Self(tag(key, &[name.as_bytes()]).finalize().into_bytes().to_vec())
    }

    /// As both sides write it down.
    pub(crate) fn shown(&self) -> String {
        format!("whsec_{}", STANDARD.encode(&self.0))
    }

    fn sign(&self, message: &Envelope) -> String {
        format!("v1,{}", STANDARD.encode(self.over(message).finalize().into_bytes()))
    }

    fn signed(&self, message: &Envelope, signatures: &str) -> bool {
        let given = signatures.split_whitespace().filter_map(|one| one.strip_prefix("v1,"));
        let mut decoded = given.filter_map(|one| STANDARD.decode(one).ok());
        decoded.any(|one| self.over(message).verify_slice(&one).is_ok())
    }

    fn over(&self, Envelope { id, at, body }: &Envelope) -> Hmac<Sha256> {
        tag(&self.0, &[id.as_bytes(), b".", at.to_string().as_bytes(), b".", body])
    }
}

fn tag(key: &[u8], parts: &[&[u8]]) -> Hmac<Sha256> {
    let mut tag = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    parts.iter().for_each(|part| tag.update(part));
    tag
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> Secrets {
        Secrets(vec![Secret(STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap())])
    }

    fn message<'m>(id: &'m str, at: i64, body: &'m [u8]) -> Envelope<'m> {
        Envelope { id, at, body }
    }

    // proves: FLOW-40
    #[test]
    fn it_signs_as_the_convention_has_it() {
        // The example that the convention publishes.
        let signed = secret().sign(&message("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#));
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    // proves: FLOW-40
    #[test]
    fn the_secret_before_counts_beside_the_new_one_until_its_time_and_none_before_it() {
        let (key, now) = ([7; 32], Timestamp::from_second(1_614_265_330).unwrap());
        let once = Endpoint {
            id: hanlin_kernel::Id::from_u128(1),
            name: "finance".into(),
            url: "https://finance.example.com/".into(),
            flows: Vec::new(),
            enabled: true,
            renewed: 0,
            old_until: None,
            version: 1,
            created_at: now,
            changed_at: now,
        };
        let said = message("a", now.as_second(), b"{}");
        let signed = |endpoint: &Endpoint| Secret::of(&key, endpoint).sign(&said);
        let until = now + SignedDuration::from_hours(24);
        let twice = Endpoint { renewed: 1, old_until: Some(until), ..once.clone() };
        let thrice = Endpoint { renewed: 2, ..twice.clone() };
        let believes = |endpoint: &Endpoint, by: &Endpoint, old_until: Option<Timestamp>| {
            let endpoint = Endpoint { old_until, ..endpoint.clone() };
            Secrets::of(&key, &endpoint, now).check(&said, &signed(by), now).is_ok()
        };
        assert!(believes(&twice, &twice, Some(until)) && believes(&twice, &once, Some(until)));
        assert!(!believes(&twice, &once, Some(now)) && !believes(&twice, &once, None));
        assert!(!believes(&thrice, &once, Some(until)), "renewed twice, the first counts no longer at once");
        assert!(!believes(&once, &twice, Some(until)), "what is not there yet signs nothing");
        let both = Secrets::of(&key, &twice, now).sign(&said);
        assert_eq!(both, format!("{} {}", signed(&twice), signed(&once)));
        assert_eq!(Secrets::of(&key, &twice, until).sign(&said), signed(&twice));
    }

    // proves: FLOW-40
    #[test]
    fn what_was_changed_or_is_old_is_not_believed() {
        let (now, body) = (Timestamp::from_second(1_614_265_330).unwrap(), b"{}");
        let signed = secret().sign(&message("a", now.as_second(), body));
        let several = format!("v1,AAAA v2,xyz {signed}");
        assert_eq!(secret().check(&message("a", now.as_second(), body), &several, now), Ok(()));
        let check = |id: &str, at: i64, body: &[u8]| secret().check(&message(id, at, body), &signed, now);
        assert_eq!(check("b", now.as_second(), body), Err(Disbelief::BadSignature));
        assert_eq!(check("a", now.as_second() - 1, body), Err(Disbelief::BadSignature));
        assert_eq!(check("a", now.as_second(), b"{ }"), Err(Disbelief::BadSignature));
        for late in [301, -301] {
            assert_eq!(check("a", now.as_second() + late, body), Err(Disbelief::TooOld));
        }
    }
}
