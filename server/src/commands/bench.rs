//! What the product is measured against: the rows of a leave and of its approvals, written by nothing but their
//! statements. `bench-server` offers that as routes of the ordinary server; `bench-store` does it without HTTP. Neither
//! is for use: their rows mean nothing, and lie in tables of their own.

use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use clap::Args;
use hanlin_api::{App, Json, Me, Module, Reply, Routes, routes};
use hanlin_kernel::Id;
use hanlin_store::{Context, Db, Key, Tx, params};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    config::{Place, Serving},
    house::House,
    serve,
};

/// The engine alone: the statements of one approval after the other, from so many clients at once.
#[derive(Args)]
pub struct Store {
    /// How many at once.
    #[arg(long, default_value_t = 1)]
    clients: usize,
    /// For so long leaves are written; approving them, which is measured, takes about as long.
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
}

/// Tables of the same shape as those that a leave is written to, under names of our own.
const SCHEMAS: [(&str, &[hanlin_store::Migration]); 2] =
    [("workflow_", hanlin_workflow::MIGRATIONS), ("trace_", hanlin_trace::MIGRATIONS)];
/// `notify` keeps its schema to itself: the one table that a leave is written to.
const NOTIFICATIONS: &str = "create table if not exists bench_notification (id text primary key, person text not null, \
     code text not null, args text not null, link text not null, at bigint not null, read_at bigint); \
     create index if not exists bench_notification_person on bench_notification (person, id); \
     create index if not exists bench_notification_unread on bench_notification (person, read_at, id); \
     create index if not exists bench_notification_link on bench_notification (person, link)";

/// Bytes of the case's state after submitting, after the first and after the last approval, as half a day's leave has
/// them; and of the payload of the trace entry of each.
const STATE: [usize; 3] = [1_900, 2_500, 3_700];
const PAYLOAD: [usize; 3] = [1_400, 780, 1_700];
const PERSON: &str = "0000000000e0080000000004ww";

/// `hanlin bench-server`: the ordinary server with the bare routes beside its own.
pub async fn serve(place: &Place, serving: &Serving) -> Result<()> {
    let mut house = House::open(place).await?;
    prepare(&house.db).await?;
    house.modules.push(Module {
        routes: Routes::new().signed_in(routes!(create_bare_leave, create_bare_approval)),
        ..Module::named("bench")
    });
    serve::serve_house(house, serving).await
}

/// `hanlin bench-store`: writes leaves for the given time, then measures approving them, and prints that as JSON.
pub async fn store(place: &Place, store: &Store) -> Result<()> {
    let house = House::open(place).await?;
    prepare(&house.db).await?;
    let until = Instant::now() + Duration::from_secs_f64(store.seconds);
    let leaves = all(store.clients, |_| submit_until(house.db.clone(), until)).await?;
    let begin = Instant::now();
    let mut times =
        all(store.clients, |n_client| approve_all(house.db.clone(), leaves[n_client].clone())).await?.concat();
    let took = begin.elapsed().as_secs_f64();
    times.sort();
    println!("{}", serde_json::to_string(&Measured::of(&times, took))?);
    house.close().await
}

/// What all clients give who work at once.
async fn all<T: Send + 'static, F: Future<Output = hanlin_kernel::Result<T>> + Send + 'static>(
    clients: usize,
    work: impl Fn(usize) -> F,
) -> Result<Vec<T>> {
    let clients: Vec<_> = (0..clients).map(|n_client| tokio::spawn(work(n_client))).collect();
    let mut given = Vec::new();
    for client in clients {
        given.push(client.await?.map_err(|error| anyhow!("{error}"))?);
    }
    Ok(given)
}

async fn submit_until(db: Db, until: Instant) -> hanlin_kernel::Result<Vec<Id<Leave>>> {
    let mut leaves = Vec::new();
    while Instant::now() < until {
        leaves.push(db.write(submit).await?);
    }
    Ok(leaves)
}

/// The time of each approval.
async fn approve_all(db: Db, leaves: Vec<Id<Leave>>) -> hanlin_kernel::Result<Vec<Duration>> {
    let mut times = Vec::new();
    for leave in leaves {
        for step in [1, 2] {
            let begin = Instant::now();
            let key = Context::default().keys(&[Key::of(leave)]);
            let unit = move |tx: &mut Tx| {
                answer(tx, leave, step)?;
                approve(tx, leave, step)
            };
            db.write_as(key, unit).await?;
            times.push(begin.elapsed());
        }
    }
    Ok(times)
}

/// What [`store`] prints. Times in microseconds.
#[derive(Serialize)]
struct Measured {
    approvals: usize,
    seconds: f64,
    p50: u64,
    p99: u64,
}

impl Measured {
    fn of(times: &[Duration], seconds: f64) -> Self {
        let at = |percent: usize| times.get(times.len() * percent / 100).map_or(0, |time| time.as_micros() as u64);
        Self { approvals: times.len(), seconds, p50: at(50), p99: at(99) }
    }
}

/// Where HTTP keeps the answer under the request's key, here is the same row.
fn answer(tx: &mut Tx, leave: Id<Leave>, step: u32) -> hanlin_kernel::Result<()> {
    let (key, now) = (format!("{leave}-{step}"), tx.now());
    tx.exec(
        "insert into store_request (owner, key, fingerprint, at) values ($1, $2, $3, $4) on conflict (owner, key) do nothing",
        params![PERSON, key, "x".repeat(32), now],
    )?;
    tx.queue(
        "insert into store_answer (owner, key, body, at) values ($1, $2, $3, $4)",
        params![PERSON, key, "x".repeat(35), now],
    )
}

async fn prepare(db: &Db) -> Result<()> {
    let texts: Vec<String> = SCHEMAS.iter().map(|(prefix, migrations)| renamed(prefix, migrations[0].sqlite)).collect();
    db.write(move |tx| {
        for text in texts.iter().map(String::as_str).chain([NOTIFICATIONS]) {
            for statement in text.split(';').map(str::trim).filter(|statement| !statement.is_empty()) {
                tx.exec(statement, &[])?;
            }
        }
        let now = tx.now();
        tx.exec(
            "insert into bench_workflow_flow (id, unit, code, name, category, state, version) \
             values ('flow', 'unit', 'bench', '{}', 'bench', 'draft', 1) on conflict (id) do nothing",
            &[],
        )?;
        tx.exec(
            "insert into bench_workflow_version (id, flow, number, state, content, source, created_at) \
             values ('version', 'flow', 1, 'draft', '{}', '', $1) on conflict (id) do nothing",
            params![now],
        )?;
        Ok(())
    })
    .await
    .map_err(|error| anyhow!("{error}"))
}

/// A module's schema under names of our own, without its comments.
fn renamed(prefix: &str, schema: &str) -> String {
    let code: Vec<&str> = schema.lines().filter(|line| !line.trim_start().starts_with("--")).collect();
    code.join("\n")
        .replace(prefix, &format!("bench_{prefix}"))
        .replace("create table ", "create table if not exists ")
        .replace("create index ", "create index if not exists ")
        .replace("create unique index ", "create unique index if not exists ")
}

/// Names a leave that is nothing but rows.
enum Leave {}

/// The rows of a submitted leave.
fn submit(tx: &mut Tx) -> hanlin_kernel::Result<Id<Leave>> {
    let (id, now) = (Id::<Leave>::new(), tx.now());
    tx.queue(
        "insert into bench_workflow_case (id, number, flow, flow_version, title, search, facts, status, stage, initiator, \
         unit, department, state, version, submitted_at, updated_at, finished_at) \
         values ($1, $1, 'flow', 'version', 'bench', $2, $3, 'running', 'submitted', $4, $4, $4, $5, 1, $6, $6, null)",
        params![id, "x".repeat(51), "x".repeat(177), PERSON, "x".repeat(STATE[0]), now],
    )?;
    save_task(tx, id, 1, true)?;
    grant(tx, id, &["initiator", "handler"])?;
    notify(tx, id, 1)?;
    trace(tx, id, 0)?;
    Ok(id)
}

/// The rows of its first or of its last approval.
fn approve(tx: &mut Tx, id: Id<Leave>, step: u32) -> hanlin_kernel::Result<()> {
    let (now, last) = (tx.now(), step == 2);
    tx.exec(
        "update bench_workflow_case set title = $2, search = $3, facts = $4, status = 'running', stage = 'handling', \
         state = $5, version = version + 1, updated_at = $6, finished_at = null where id = $1",
        params![id, "bench", "x".repeat(51), "x".repeat(177), "x".repeat(STATE[step as usize]), now],
    )?;
    save_task(tx, id, step, false)?;
    if last {
        for copy in [1, 2] {
            tx.queue(
                "insert into bench_workflow_copy (case_id, no, person, must_read, sent_at) values ($1, $2, $3, false, $4)",
                params![id, copy, PERSON, now],
            )?;
        }
        grant(tx, id, &["copy", "copy-2"])?;
    } else {
        save_task(tx, id, 2, true)?;
        grant(tx, id, &["handler-2"])?;
    }
    tx.queue(
        "insert into bench_workflow_hand (person, case_id, at) values ($1, $2, $3) \
         on conflict (person, case_id) do update set at = excluded.at",
        params![PERSON, id, now],
    )?;
    notify(tx, id, if last { 3 } else { 1 })?;
    trace(tx, id, step as usize)
}

fn save_task(tx: &mut Tx, id: Id<Leave>, no: u32, waiting: bool) -> hanlin_kernel::Result<()> {
    let now = tx.now();
    tx.queue(
        "insert into bench_workflow_task (case_id, no, person, node, node_name, purpose, waiting, opened_at) \
         values ($1, $2, $3, 'supervisor', '{}', 'approve', $4, $5) \
         on conflict (case_id, no) do update set waiting = excluded.waiting, closed_at = excluded.opened_at",
        params![id, no, PERSON, waiting, now],
    )
}

fn grant(tx: &mut Tx, id: Id<Leave>, vias: &[&str]) -> hanlin_kernel::Result<()> {
    let now = tx.now();
    vias.iter().try_for_each(|via| {
        tx.queue(
            "insert into bench_workflow_access (case_id, person, via, at) values ($1, $2, $3, $4) \
             on conflict (case_id, person, via) do nothing",
            params![id, PERSON, *via, now],
        )
    })
}

fn notify(tx: &mut Tx, id: Id<Leave>, count: u32) -> hanlin_kernel::Result<()> {
    let now = tx.now();
    (0..count).try_for_each(|_| {
        tx.queue(
            "insert into bench_notification (id, person, code, args, link, at) \
             values ($1, $2, 'workflow.notice.task', $3, $4, $5)",
            params![Id::<Leave>::new(), PERSON, "x".repeat(90), format!("/cases/{id}"), now],
        )
    })
}

/// The entry, the head of its stream, and what waits for a seal; without the chain.
fn trace(tx: &mut Tx, id: Id<Leave>, step: usize) -> hanlin_kernel::Result<()> {
    let (entry, now, stream, hash) = (Id::<Leave>::new(), tx.now(), format!("workflow/case/{id}"), "x".repeat(43));
    tx.queue(
        "insert into bench_trace_event (id, stream, seq, kind, version, at, person, payload, salt, digest, previous, hash, \
         mac, algorithm) values ($1, $2, $3, 'workflow.approved', 1, $4, $5, $6, $7, $8, $8, $8, $8, 'sha256')",
        params![entry, stream, step as u64 + 1, now, PERSON, "x".repeat(PAYLOAD[step]), "x".repeat(22), hash],
    )?;
    tx.queue(
        "insert into bench_trace_stream (stream, seq, hash) values ($1, 1, $2) \
         on conflict (stream) do update set seq = bench_trace_stream.seq + 1, hash = excluded.hash",
        params![stream, hash],
    )?;
    tx.queue("insert into bench_trace_unsealed (event) values ($1)", params![entry])
}

/// What a request for leave carries; nothing of it is looked at.
#[derive(Clone, Deserialize, ToSchema)]
struct BareLeave {
    #[serde(rename = "flow")]
    _flow: String,
}

#[derive(Clone, Deserialize, ToSchema)]
struct BareApproval {
    leave: String,
    /// 1 or 2.
    step: u32,
}

#[derive(Clone, Serialize, ToSchema)]
struct BareDone {
    id: String,
}

/// The rows of a leave, without any rule.
#[utoipa::path(post, path = "/bench/leaves", request_body = BareLeave, responses((status = 200, body = BareDone)))]
async fn create_bare_leave(app: App, _me: Me, Json(_leave): Json<BareLeave>) -> Reply<BareDone> {
    app.write(|tx| Ok(BareDone { id: submit(tx)?.to_string() })).await
}

/// The rows of an approval, without any rule.
#[utoipa::path(post, path = "/bench/approval", request_body = BareApproval, responses((status = 200, body = BareDone)))]
async fn create_bare_approval(app: App, _me: Me, Json(asked): Json<BareApproval>) -> Reply<BareDone> {
    let leave: Id<Leave> = asked.leave.parse().map_err(|_| hanlin_kernel::Error::NotFound)?;
    let step = asked.step.clamp(1, 2);
    app.write_on(&[Key::of(leave)], move |tx| {
        approve(tx, leave, step)?;
        Ok(BareDone { id: leave.to_string() })
    })
    .await
}
