//! What the product is measured against: the rows of a leave and of its approvals, written by nothing but their
//! statements. `bench-server` offers that as routes of the ordinary server; `bench-store` does it without HTTP. Neither
//! is for use: their rows mean nothing, and lie in tables of their own.

use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use clap::Args;
use hanlin_api::{App, Json, Me, Module, Reply, Routes, routes};
use hanlin_kernel::{Error, Id};
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

/// What a leave and its approvals are written to, beside the answers to requests: each has a twin of the same shape, with
/// the same indexes, under a name of our own.
const TABLES: [&str; 10] = [
    "workflow_case",
    "workflow_task",
    "workflow_access",
    "workflow_hand",
    "workflow_copy",
    "workflow_value",
    "trace_event",
    "trace_stream",
    "trace_unsealed",
    "notify_notification",
];

/// Bytes of the case's state after submitting, after the first and after the last approval, as half a day's leave has
/// them; and of the payload of the trace entry of each.
const STATE: [usize; 3] = [1_354, 2_254, 3_865];
const PAYLOAD: [usize; 3] = [1_465, 806, 1_751];
/// Bytes of the other long columns.
const TITLE: usize = 62;
const SEARCH: usize = 66;
const FACTS: usize = 199;
const NODE_NAME: usize = 56;
const NOTICE: usize = 151;

/// Who has to do with a leave: an index by person has its pages apart for each, and more of them are written.
const INITIATORS: [&str; 2] = ["0000000000e0080000000004ww", "0000000000e0080000000005ww"];
const FLOW: &str = "0000000000e0080000000001ww";
const SUPERVISOR: &str = "0000000000e0080000000006ww";
const HR_MANAGER: &str = "0000000000e0080000000007ww";
const COPIED: [&str; 2] = ["0000000000e0080000000008ww", "0000000000e0080000000009ww"];

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
        params![SUPERVISOR, key, "x".repeat(32), now],
    )?;
    tx.queue(
        "insert into store_answer (owner, key, body, at) values ($1, $2, $3, $4)",
        params![SUPERVISOR, key, "x".repeat(35), now],
    )
}

async fn prepare(db: &Db) -> Result<()> {
    let made = db.write(|tx| TABLES.iter().try_for_each(|table| twin(tx, table))).await;
    made.map_err(|error| anyhow!("{error}"))
}

/// Makes an empty table like this one, unless it is there. What it refers to is not looked for: an approval changes none
/// of that.
fn twin(tx: &mut Tx, table: &str) -> hanlin_kernel::Result<()> {
    if !tx.is_sqlite() {
        tx.exec(&format!("create table if not exists bench_{table} (like {table} including all)"), &[])?;
        return Ok(());
    }
    let sql = "select sql from sqlite_master where tbl_name = $1 and type in ('table', 'index') and sql is not null \
               and not exists (select 1 from sqlite_master where name = $2)";
    for definition in tx.scalars::<String>(sql, params![table, format!("bench_{table}")])? {
        let definition = without_references(&definition).replace(table, &format!("bench_{table}"));
        tx.exec(&definition, &[])?;
    }
    Ok(())
}

fn without_references(definition: &str) -> String {
    let mut parts = definition.split(" references ");
    let first = parts.next().unwrap_or_default().to_owned();
    // Each goes on behind the column that it named in brackets.
    parts.fold(first, |whole, part| whole + part.split_once(')').map_or("", |(_, rest)| rest))
}

/// Names a leave that is nothing but rows.
enum Leave {}

fn initiator(leave: Id<Leave>) -> &'static str {
    INITIATORS[leave.as_u128() as usize % INITIATORS.len()]
}

/// The rows of a submitted leave.
fn submit(tx: &mut Tx) -> hanlin_kernel::Result<Id<Leave>> {
    let (id, now) = (Id::<Leave>::new(), tx.now());
    tx.queue(
        "insert into bench_workflow_case (id, number, flow, flow_version, title, search, facts, status, stage, initiator, \
         unit, department, state, version, submitted_at, updated_at, finished_at) \
         values ($1, $1, $2, $2, $3, $4, $5, 'running', 'submitted', $6, $6, $6, $7, 1, $8, $8, null)",
        params![
            id,
            FLOW,
            "x".repeat(TITLE),
            "x".repeat(SEARCH),
            "x".repeat(FACTS),
            initiator(id),
            "x".repeat(STATE[0]),
            now
        ],
    )?;
    tx.queue(
        "insert into bench_workflow_value (case_id, flow, field, item, named) values ($1, $2, 'kind', 0, 'annual')",
        params![id, FLOW],
    )?;
    tx.queue(
        "insert into bench_workflow_value (case_id, flow, field, item, number, day) \
         values ($1, $2, 'period', 0, 500000, '2026-12-01')",
        params![id, FLOW],
    )?;
    save_task(tx, id, 1, SUPERVISOR, true)?;
    grant(tx, id, initiator(id), "initiator")?;
    grant(tx, id, SUPERVISOR, "handler")?;
    notify(tx, id, SUPERVISOR)?;
    trace(tx, id, 0)?;
    Ok(id)
}

/// The rows of its first or of its last approval.
fn approve(tx: &mut Tx, id: Id<Leave>, step: u32) -> hanlin_kernel::Result<()> {
    let (now, last) = (tx.now(), step == 2);
    let (status, stage) = if last { ("completed", "closed") } else { ("running", "in_handling") };
    tx.exec(
        "update bench_workflow_case set title = $2, search = $3, facts = $4, status = $5, stage = $6, \
         state = $7, version = version + 1, updated_at = $8, finished_at = $9 where id = $1",
        params![
            id,
            "x".repeat(TITLE),
            "x".repeat(SEARCH),
            "x".repeat(FACTS),
            status,
            stage,
            "x".repeat(STATE[step as usize]),
            now,
            last.then_some(now)
        ],
    )?;
    let handler = if last { HR_MANAGER } else { SUPERVISOR };
    save_task(tx, id, step, handler, false)?;
    if last {
        for (no, person) in (1..).zip(COPIED) {
            tx.queue(
                "insert into bench_workflow_copy (case_id, no, person, must_read, sent_at) values ($1, $2, $3, false, $4)",
                params![id, no, person, now],
            )?;
            grant(tx, id, person, "copy")?;
            notify(tx, id, person)?;
        }
        notify(tx, id, initiator(id))?;
    } else {
        save_task(tx, id, 2, HR_MANAGER, true)?;
        grant(tx, id, HR_MANAGER, "handler")?;
        notify(tx, id, HR_MANAGER)?;
    }
    tx.queue(
        "insert into bench_workflow_hand (person, case_id, at) values ($1, $2, $3) \
         on conflict (person, case_id) do update set at = excluded.at",
        params![handler, id, now],
    )?;
    trace(tx, id, step as usize)
}

fn save_task(tx: &mut Tx, id: Id<Leave>, no: u32, person: &str, waiting: bool) -> hanlin_kernel::Result<()> {
    let now = tx.now();
    tx.queue(
        "insert into bench_workflow_task (case_id, no, person, node, node_name, purpose, waiting, opened_at) \
         values ($1, $2, $3, 'supervisor', $4, 'approve', $5, $6) \
         on conflict (case_id, no) do update set waiting = excluded.waiting, closed_at = excluded.opened_at",
        params![id, no, person, "x".repeat(NODE_NAME), waiting, now],
    )
}

fn grant(tx: &mut Tx, id: Id<Leave>, person: &str, via: &str) -> hanlin_kernel::Result<()> {
    let now = tx.now();
    tx.queue(
        "insert into bench_workflow_access (case_id, person, via, at) values ($1, $2, $3, $4) \
         on conflict (case_id, person, via) do nothing",
        params![id, person, via, now],
    )
}

fn notify(tx: &mut Tx, id: Id<Leave>, person: &str) -> hanlin_kernel::Result<()> {
    let now = tx.now();
    tx.queue(
        "insert into bench_notify_notification (id, person, code, args, link, at) \
         values ($1, $2, 'workflow.notice.task', $3, $4, $5)",
        params![Id::<Leave>::new(), person, "x".repeat(NOTICE), format!("/cases/{id}"), now],
    )
}

/// The entry, the head of its stream, and what waits for a seal; without the chain.
fn trace(tx: &mut Tx, id: Id<Leave>, step: usize) -> hanlin_kernel::Result<()> {
    let (entry, now, stream, hash) = (Id::<Leave>::new(), tx.now(), format!("workflow/case/{id}"), "x".repeat(43));
    tx.queue(
        "insert into bench_trace_event (id, stream, seq, kind, version, at, person, payload, salt, digest, previous, hash, \
         mac, algorithm) values ($1, $2, $3, 'workflow.approved', 1, $4, $5, $6, $7, $8, $8, $8, $8, 'sha256')",
        params![entry, stream, step as u64 + 1, now, [initiator(id), SUPERVISOR, HR_MANAGER][step], "x".repeat(PAYLOAD[step]), "x".repeat(22), hash],
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
    let leave: Id<Leave> = asked.leave.parse().map_err(|_| Error::NotFound)?;
    let step = asked.step.clamp(1, 2);
    app.write_on(&[Key::of(leave)], move |tx| {
        approve(tx, leave, step)?;
        Ok(BareDone { id: leave.to_string() })
    })
    .await
}
