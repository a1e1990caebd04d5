//! What is kept of passwords and secrets: nothing that could be read back.

use hanlin_directory::cast::CHENG_YUAN;
use hanlin_store::describe;
use serde_json::json;

use super::{Office, secret_in};
use crate::{SAMPLE_PASSWORD, Secret, secret};

// proves: ACC-12, SEC-01
#[test]
fn no_password_and_no_secret_is_stored() {
    let office = Office::sample();
    let said = office.try_sign_in("gaoxiang", SAMPLE_PASSWORD);
    let session = secret_in(&said);
    let admin = office.app.nobody().header("cookie", format!("hanlin_session={session}"));
    let opened = admin
        .clone()
        .header("idempotency-key", "open")
        .post("/accounts", json!({ "person": CHENG_YUAN, "login": "chengyuan" }))
        .ok();
    let once = opened["one_time_password"].as_str().unwrap().to_owned();
    let new = "Teich+Reiher4/Q";
    admin
        .clone()
        .header("idempotency-key", "change")
        .post("/password", json!({ "current": SAMPLE_PASSWORD, "new": new }))
        .ok();
    let everything = office.app.read(dump);
    let recorded = format!("{:?}", office.trace.0.lock().unwrap());
    for secret in [SAMPLE_PASSWORD, new, &once, &session] {
        assert!(!everything.contains(secret), "{secret} stands in the database");
        assert!(!recorded.contains(secret), "{secret} was recorded");
    }
    assert!(everything.contains("$argon2id$v=19$m=19456,t=2,p=1$"));
    assert!(everything.contains(&secret::digest(&session)));
    assert!(!recorded.contains("argon2"), "not even a hash is recorded");
}

/// Every value of every table as one text.
fn dump(tx: &mut hanlin_store::Tx) -> hanlin_kernel::Result<String> {
    let schema = describe(tx)?;
    let tables = schema.lines().take_while(|line| *line != "indexes");
    let names: Vec<String> =
        tables.filter(|line| !line.is_empty() && !line.starts_with(' ')).map(str::to_owned).collect();
    assert!(names.len() > 15, "{names:?}");
    let mut text = String::new();
    for name in names {
        for row in tx.rows(&format!("select * from {name}"), &[])? {
            text.push_str(&format!("{row:?}\n"));
        }
    }
    Ok(text)
}

#[test]
fn a_secret_is_not_printed_by_accident() {
    assert_eq!(format!("{:?}", Secret::new("Teich+Reiher4")), "[secret]");
}

#[test]
fn tokens_have_256_bits_and_differ() {
    let tokens: std::collections::BTreeSet<String> =
        (0..50).map(|_| secret::token().unwrap().reveal().to_owned()).collect();
    assert_eq!(tokens.len(), 50);
    assert!(tokens.iter().all(|token| token.len() == 43), "32 bytes in base64 without padding");
}

#[test]
fn one_time_passwords_are_legible_and_differ() {
    let made: Vec<String> = (0..50).map(|_| secret::one_time_password(14).unwrap().reveal().to_owned()).collect();
    let different: std::collections::BTreeSet<&String> = made.iter().collect();
    assert_eq!(different.len(), 50);
    assert!(made.iter().all(|text| text.chars().count() == 14 && !text.contains(['0', 'O', 'o', '1', 'l', 'I', 'i'])));
}

/// A login that nobody has costs as much as one that somebody has: the same Argon2id work, not a quick answer.
#[test]
fn an_unknown_login_is_not_told_by_the_time_it_takes() {
    let office = Office::sample();
    let hashing = office.access.hashing();
    let hash = office.app.block_on(hashing.hash(Secret::new("Teich+Reiher4"))).unwrap();
    let time = |hash: Option<String>| {
        let started = std::time::Instant::now();
        for _ in 0..5 {
            let right = office.app.block_on(hashing.verify(hash.clone(), Secret::new("Nicht-Richtig-9"))).unwrap();
            assert!(!right);
        }
        started.elapsed().as_secs_f64()
    };
    let (known, unknown) = (time(Some(hash)), time(None));
    assert!(unknown > known / 5.0, "unknown {unknown} s, known {known} s");
}

#[test]
fn a_flood_of_hashing_is_turned_away_instead_of_piling_up() {
    let office = Office::empty();
    let hashing = office.access.hashing();
    let answers = office.app.block_on(async {
        let mut waiting = Vec::new();
        for _ in 0..120 {
            waiting.push(Box::pin(hashing.verify(None, Secret::new("x"))));
        }
        futures_join(waiting).await
    });
    let turned_away =
        answers.iter().filter(|answer| matches!(answer, Err(hanlin_kernel::Error::Busy("access.busy")))).count();
    assert!((1..=56).contains(&turned_away), "{turned_away} of 120");
    assert!(office.app.block_on(hashing.verify(None, Secret::new("x"))).is_ok(), "and afterwards there is room");
}

/// Polls all of them before the first is done.
async fn futures_join<F: Future + Unpin>(mut waiting: Vec<F>) -> Vec<F::Output> {
    let mut answers: Vec<Option<F::Output>> = waiting.iter().map(|_| None).collect();
    std::future::poll_fn(move |context| {
        for (future, answer) in waiting.iter_mut().zip(&mut answers) {
            if answer.is_none()
                && let std::task::Poll::Ready(value) = std::pin::Pin::new(future).poll(context)
            {
                *answer = Some(value);
            }
        }
        if answers.iter().all(Option::is_some) {
            std::task::Poll::Ready(answers.iter_mut().filter_map(Option::take).collect())
        } else {
            std::task::Poll::Pending
        }
    })
    .await
}
