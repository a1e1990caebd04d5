//! Deciding when the tables are full, and when a thousand people decide at once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};
use serde_json::json;

use super::load::{Clients, Pace, Route, Run};
use super::organisation::Reader;
use super::processes::Processes;
use super::{Extent, lists, middle, start};
use crate::commands::build::Profile;
use crate::commands::test::Engine;
use crate::commands::torture::database::Database;
use crate::office::{self, EMPLOYEES, HR_MANAGER, Leave, Person, SUPERVISOR};
use crate::postgres::Postgres;
use crate::served::{Place, Served};
use crate::sh;

/// How often each page is read: of fewer, one in a hundred is whichever was the slowest by chance.
const READS: usize = 1_200;
const CLIENTS: usize = 16;
/// Tasks on the first page of an inbox.
const PAGE: usize = 50;
/// Cases are copied so many tasks at a time, so that no transaction grows without bound.
const STEP: u64 = 500_000;
/// How often the one who only reads asks, while others decide.
const EVERY: Duration = Duration::from_millis(20);
/// All decide at once, a task of its own each time, until the other has read so often: in one burst it is too seldom for a
/// p99.
const READS_MEANWHILE: usize = 1_000;
/// What approvals leave to be done (news, seals, what a database tidies) is done before pages are read in peace.
const AFTERWARDS: Duration = Duration::from_secs(20);
/// How long he reads before the others begin: as often as meanwhile.
const CALM: Duration = Duration::from_secs(20);
/// What is typed into the search of the lists: in every title, in none, a part of a name's pinyin.
const SEARCHES: [&str; 3] = ["%E8%AF%B7%E5%81%87", "nobody", "linx"];

/// Working with so many tasks in the tables.
pub(crate) struct Among {
    pub tasks: u64,
    /// Approvals, in several runs.
    pub decide: Vec<Run>,
    /// The first page of the inbox, of somebody with a twentieth of all tasks of his waiting.
    pub inbox: Run,
    /// Searches in the inbox.
    pub inbox_search: Run,
    /// Searches in the list of what he did.
    pub done_search: Run,
}

/// Everybody decides at once.
pub(crate) struct Burst {
    pub people: usize,
    /// How long each of the bursts took, in seconds; sorted.
    pub seconds: Vec<f64>,
    /// Of the decisions of all bursts; counted from when all began.
    pub decide: Run,
    /// Others who read, before and meanwhile.
    pub calm: Run,
    pub meanwhile: Run,
}

pub(crate) fn among(engine: Engine, postgres: Option<&Postgres>, extent: Extent) -> Result<Vec<Among>> {
    let place = Place::fresh(&format!("bench-flows-{}", engine.name()), postgres)?;
    let database = Database::of(&place)?;
    let served = start(&place)?;
    // Every row is a copy of this one's: a leave that was approved by two.
    let model = Person::sign_in(served.port(), EMPLOYEES[0])?.submitted("model", Leave::HalfDay)?;
    for (n, login) in [(1, SUPERVISOR), (2, HR_MANAGER)] {
        let answer = Person::sign_in(served.port(), login)?.approve(&format!("model-{n}"), &format!("{model}.{n}"))?;
        ensure!(answer.status == 200, "the model was not approved: {}", answer.body);
    }
    drop(served);
    let mut measured = Vec::new();
    let mut filled = 0;
    for tasks in [extent.tasks[0], extent.tasks_in_all(engine)] {
        eprintln!("{}: deciding among {tasks} tasks", engine.name());
        while filled < tasks {
            let next = (filled + STEP).min(tasks);
            fill(&database, &model, filled / 2, next / 2)?;
            filled = next;
        }
        // What was copied in one go is tidied now, as the database tidies by and by what people write: otherwise it would begin
        // in the midst of measuring.
        match engine {
            Engine::Sqlite => database.run("analyze")?,
            Engine::Postgres => ["vacuum analyze", "checkpoint"].into_iter().try_for_each(|sql| database.run(sql))?,
        }
        let served = start(&place)?;
        let processes = Processes::of(served.id(), postgres.map(Postgres::id));
        let mut clients = Clients::sign_in(served.port(), CLIENTS)?;
        let mut decide = Vec::new();
        for round in 0..=extent.runs {
            let (_, cases) = clients.submit(Route::Product, extent.time, &processes)?;
            let run = clients.approve(Route::Product, Pace::Closed, &cases, extent.time * 3, &processes)?;
            if round > 0 {
                decide.push(run);
            }
        }
        thread::sleep(AFTERWARDS);
        let mut reader = Reader::sign_in(served.port(), SUPERVISOR)?;
        let inbox = reader.read(&["/api/v1/tasks?limit=50".to_owned()], READS, &processes)?;
        let inbox_search = SEARCHES.map(|q| format!("/api/v1/tasks?limit=50&q={q}"));
        let inbox_search = reader.read(&inbox_search, READS, &processes)?;
        let done_search = SEARCHES.map(|q| format!("/api/v1/cases?list=done&limit=50&q={q}"));
        let done_search = reader.read(&done_search, READS, &processes)?;
        measured.push(Among { tasks, decide, inbox, inbox_search, done_search });
    }
    Ok(measured)
}

/// Copies the model, with its two tasks, hands and rights, for everybody in turn; of every ten copies one waits. The
/// copies' state is left out: no list reads it.
fn fill(database: &Database, model: &str, from: u64, to: u64) -> Result<()> {
    let (numbers, id) = lists::numbered(database, from, to);
    let rows = |table: &str, columns: &str, values: &str, of: &str| {
        format!(
            "insert into {table} ({columns}) select {values} from {table} o cross join {numbers} n \
             join bench_people p on p.k = (n.i + {of}) % (select count(*) from bench_people) where o.{case} = '{model}'; ",
            case = if table == "workflow_case" { "id" } else { "case_id" },
        )
    };
    let mut sql = "begin; create table if not exists bench_people (k bigint primary key, id text not null); \
         insert into bench_people select row_number() over (order by id) - 1, id from directory_person \
         where not exists (select 1 from bench_people); "
        .to_owned();
    let waits = "(n.i % 10 = 0 and o.no = 2)";
    sql += &rows(
        "workflow_case",
        "id, number, flow, flow_version, title, search, facts, status, stage, initiator, unit, department, state, \
         version, submitted_at, updated_at, finished_at",
        &format!(
            "{id}, {id}, flow, flow_version, title, search, facts, case when n.i % 10 = 0 then 'running' else status end, \
             stage, p.id, unit, department, '{{}}', version, submitted_at + n.i, updated_at + n.i, finished_at"
        ),
        "0",
    );
    sql += &rows(
        "workflow_task",
        "case_id, no, person, node, node_name, purpose, waiting, opened_at, closed_at",
        &format!("{id}, no, p.id, node, node_name, purpose, {waits}, opened_at + n.i, closed_at"),
        "o.no",
    );
    sql += &format!(
        "insert into workflow_hand (person, case_id, at) select person, case_id, closed_at from workflow_task \
         where case_id >= '{from:026}' and case_id < '{to:026}' and not waiting; \
         insert into workflow_access (case_id, person, via, at) select case_id, person, 'handler', opened_at \
         from workflow_task where case_id >= '{from:026}' and case_id < '{to:026}'; "
    );
    database.run(&format!("{sql}commit"))
}

/// So many people have one task each, and decide at the same moment; one who decides nothing reads before and meanwhile.
pub(crate) fn burst(engine: Engine, postgres: Option<&Postgres>, people: usize) -> Result<Burst> {
    eprintln!("{}: {people} people decide at once", engine.name());
    let place = Place::fresh(&format!("bench-burst-{}", engine.name()), postgres)?;
    let size = (people * 2).to_string();
    let said =
        sh::output(&mut place.command(Profile::Release, &["sample", "generate", "--people", &size, "--seed", "1"]))?;
    let administrator = said.split("Administrator: ").nth(1).and_then(|rest| rest.split('.').next());
    let administrator = administrator.context("nobody was named administrator")?.to_owned();
    let package = place.beside("burst.flow.yaml");
    std::fs::write(&package, PACKAGE)?;
    let package = package.to_str().context("a folder without a plain name")?.to_owned();
    sh::output(&mut place.command(Profile::Release, &["flow", "import", "--publish", &package]))?;
    let served = Served::by(&place, |address| place.command(Profile::Release, &["serve", "--listen", address]))?;
    let port = served.port();
    let processes = Processes::of(served.id(), postgres.map(Postgres::id));

    let mut author = Reader::sign_in(port, &administrator)?;
    let flows: serde_json::Value = serde_json::from_str(&author.page("/api/v1/flows")?)?;
    let flows = flows["items"].as_array().context("no list of flows")?;
    let flow = flows.iter().find(|flow| flow["code"] == "bench-burst").context("the flow was not published")?;
    let flow = office::text(flow, "/id")?;
    let database = Database::of(&place)?;
    let logins = database.rows(&format!(
        "select a.login as login, a.person as person from access_account a where a.login <> '{administrator}' \
         and a.person is not null order by a.login limit {}",
        people + 1
    ))?;
    ensure!(logins.len() == people + 1, "only {} of {} have an account", logins.len(), people + 1);
    let mut desks = Vec::new();
    for row in &logins {
        let (login, person) = (office::text(row, "/login")?, office::text(row, "/person")?);
        desks.push(Desk { reader: Reader::sign_in(port, &login)?, person });
    }
    let mut n_cases = 0;
    let mut hand_in = |desk: &Desk| -> Result<String> {
        n_cases += 1;
        let intent = json!({ "flow": flow, "values": { "decider": [desk.person] }, "confirmed": true });
        let case = author.client.post("/api/v1/cases", &format!("burst-{n_cases}"), &intent)?.json()?;
        Ok(format!("{}.1", office::text(&case, "/id")?))
    };
    // He decides nothing, and his inbox has a page full.
    let mut other = desks.pop().context("nobody is there")?;
    for _ in 0..PAGE {
        hand_in(&other)?;
    }
    thread::sleep(AFTERWARDS);
    let calm = paced(&mut other.reader, &processes, |elapsed| elapsed > CALM)?;
    let mut burst = Burst { people, seconds: vec![], decide: Run::none(), calm, meanwhile: Run::none() };
    while burst.meanwhile.done < READS_MEANWHILE {
        let tasks = desks.iter().map(&mut hand_in).collect::<Result<Vec<_>>>()?;
        let is_over = AtomicBool::new(false);
        thread::scope(|scope| {
            let (is_over, other, processes) = (&is_over, &mut other.reader, &processes);
            let reading = scope.spawn(move || paced(other, processes, |_| is_over.load(Ordering::Relaxed)));
            let before = processes.cpu()?;
            let started = Instant::now();
            // One thread asks for all of them, so that measuring takes nothing of the machine: each waits from its own question.
            let decided = all_at_once(&mut desks, &tasks);
            let seconds = started.elapsed().as_secs_f64();
            is_over.store(true, Ordering::Relaxed);
            let meanwhile = reading.join().map_err(|_| anyhow!("whoever read panicked"))??;
            let times = decided?;
            burst.seconds.push(seconds);
            burst.decide.add(Run { done: times.len(), seconds, times, cpu: processes.cpu()? - before });
            burst.meanwhile.add(meanwhile);
            anyhow::Ok(())
        })?;
    }
    burst.seconds.sort_by(f64::total_cmp);
    Ok(burst)
}

/// Somebody who decides, on a connection of his own.
struct Desk {
    reader: Reader,
    person: String,
}

fn all_at_once(desks: &mut [Desk], tasks: &[String]) -> Result<Vec<Duration>> {
    let mut sent = Vec::with_capacity(desks.len());
    for (desk, task) in desks.iter_mut().zip(tasks) {
        sent.push(Instant::now());
        desk.reader.client.ask(
            &format!("/api/v1/tasks/{task}/approval"),
            &format!("b-{task}"),
            &json!({ "text": "同意。" }),
        )?;
    }
    let heard = desks.iter_mut().zip(sent).map(|(desk, sent)| {
        let answer = desk.reader.client.hear()?;
        ensure!(answer.status == 200, "a decision was answered {}: {}", answer.status, answer.body);
        Ok(sent.elapsed())
    });
    heard.collect()
}

/// Reads the inbox at a steady rate, each counted from when it was due.
fn paced(reader: &mut Reader, processes: &Processes, is_over: impl Fn(Duration) -> bool) -> Result<Run> {
    let (cpu, begin) = (processes.cpu()?, Instant::now());
    let mut times = Vec::new();
    for n in 0.. {
        let due = begin + EVERY * n;
        if is_over(due.duration_since(begin)) {
            break;
        }
        thread::sleep(due.saturating_duration_since(Instant::now()));
        reader.page("/api/v1/tasks?limit=50")?;
        times.push(due.elapsed());
    }
    let (seconds, cpu) = (begin.elapsed().as_secs_f64(), processes.cpu()? - cpu);
    times.sort();
    Ok(Run { done: times.len(), seconds, times, cpu })
}

impl Among {
    /// The median of the runs' medians, in milliseconds.
    pub(crate) fn decide_p50(&self) -> f64 {
        middle(&self.decide, |run| run.percentile(50))
    }

    pub(crate) fn decide_cpu(&self) -> f64 {
        middle(&self.decide, Run::cpu_each)
    }
}

/// One step, whose decider the form names.
const PACKAGE: &str = "\
hanlin: flow/1
id: bench-burst
name: { zh: 一千人同时审批, en: A thousand decide at once }
category: other
may_start: everyone
form:
  fields:
    decider:
      label: { zh: 审批人, en: Decider }
      type: person
      required: true
  layout:
    - [decider 4]
    - [{ opinions: decide, span: 4 }]
route:
  - approve: decide
    name: { zh: 审批, en: Approval }
    who: { field: decider }
cases: []
";
