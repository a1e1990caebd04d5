//! A repeat of a request with the same `Idempotency-Key` gets the first answer. The answer is kept in the unit of the
//! change: either both are there or neither; a refused unit keeps none.

use axum::{
    body::Body,
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use hanlin_kernel::{Error, Result};
use hanlin_store::{Context, Db, Tx};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{
    extract::{JSON_BYTES, is_json, read_body},
    problem::Failure,
    reply::{Answer, Reply},
};

pub(crate) const HEADER: &str = "idempotency-key";

/// The key of one request and what the request was, so that a key is not taken for another.
#[derive(Clone, Debug)]
pub(crate) struct Once {
    key: String,
    fingerprint: String,
}

/// Reads the key; of a JSON request also the body, to know it again.
pub(crate) async fn read_key(request: Request, next: Next) -> Response {
    let Some(key) = request.headers().get(HEADER) else { return next.run(request).await };
    let key = match key.to_str() {
        Ok(key) if (1..=100).contains(&key.len()) => key.to_owned(),
        _ => return Failure(Error::invalid("Idempotency-Key", "api.idempotency_key")).into_response(),
    };
    let is_json = is_json(request.headers());
    let mut digest = Sha256::new();
    digest.update(request.method().as_str());
    digest.update(request.uri().to_string());
    let (parts, body) = request.into_parts();
    let body = if is_json {
        match read_body(body, JSON_BYTES).await {
            Ok(bytes) => {
                digest.update(&bytes);
                Body::from(bytes)
            }
            Err(error) => return Failure(error).into_response(),
        }
    } else {
        body
    };
    let mut request = Request::from_parts(parts, body);
    let fingerprint = digest.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    request.extensions_mut().insert(Once { key, fingerprint });
    next.run(request).await
}

pub(crate) async fn write<T: Serialize + Send + 'static>(
    db: &Db,
    context: Context,
    once: Option<Once>,
    mut work: impl FnMut(&mut Tx) -> Result<T> + Send + 'static,
) -> Reply<T> {
    let (Some(once), Some(person)) = (once, context.person) else {
        // Nobody is signed in: there is nobody to keep an answer for.
        return Ok(db.write_as(context, work).await?.into());
    };
    let unit = move |tx: &mut Tx| {
        let owner = person.to_string();
        if !is_first(tx, &owner, &once)? {
            return kept(tx, &owner, &once).map(Answer::kept);
        }
        let body = work(tx)?;
        let json = serde_json::to_string(&body).map_err(Error::internal)?;
        keep(tx, &owner, &once, &json)?;
        Ok(Answer::from(body))
    };
    Ok(db.write_as(context, unit).await?)
}

/// Takes the key, unless it was taken before.
fn is_first(tx: &mut Tx, owner: &str, once: &Once) -> Result<bool> {
    let now = tx.now();
    let sql = "insert into store_request (owner, key, fingerprint, at) values ($1, $2, $3, $4) \
               on conflict (owner, key) do nothing";
    Ok(tx.exec(sql, hanlin_store::params![owner, once.key, once.fingerprint, now])? == 1)
}

fn kept(tx: &mut Tx, owner: &str, once: &Once) -> Result<String> {
    let sql = "select r.fingerprint, a.body from store_request r join store_answer a on a.owner = r.owner and a.key = r.key \
               where r.owner = $1 and r.key = $2";
    let row = tx.rows(sql, hanlin_store::params![owner, once.key])?.into_iter().next();
    let row = row.ok_or_else(|| Error::internal("a key that was used has no answer"))?;
    if row.get::<String>("fingerprint")? == once.fingerprint {
        return row.get("body");
    }
    Err(Error::invalid("Idempotency-Key", "api.idempotency_key_reused"))
}

fn keep(tx: &mut Tx, owner: &str, once: &Once, json: &str) -> Result<()> {
    let now = tx.now();
    tx.queue(
        "insert into store_answer (owner, key, body, at) values ($1, $2, $3, $4)",
        hanlin_store::params![owner, once.key, json, now],
    )
}

/// Forgets answers older than two days. Run by a timer of the server.
pub fn forget_old_answers(tx: &mut Tx) -> Result<u64> {
    let before = tx.now() - jiff::SignedDuration::from_hours(48);
    tx.exec("delete from store_answer where at < $1", hanlin_store::params![before])?;
    tx.exec("delete from store_request where at < $1", hanlin_store::params![before])
}
