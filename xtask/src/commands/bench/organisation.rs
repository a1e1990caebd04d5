//! A large organisation: what every request and every route asks of it, what people look at, and how soon a change of it
//! is seen.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::{Value, json};

use super::import::{self, Import};
use super::load::Run;
use super::processes::Processes;
use crate::commands::build::Profile;
use crate::commands::test::Engine;
use crate::http::Client;
use crate::live::Line;
use crate::office::{self, PASSWORD};
use crate::postgres::Postgres;
use crate::served::{Place, Served};
use crate::sh;

const SEED: &str = "1";
/// How often each page is read, and how often something is changed.
const READS: usize = 400;
const CHANGES: usize = 20;
/// Longer, and a change counts as not seen.
const PATIENCE: Duration = Duration::from_secs(20);

/// What people type: a letter, initials, pinyin in part and in whole, a character, numbers. Percent-encoded.
pub(crate) const SEARCHES: [&str; 12] = [
    "w",
    "z",
    "lx",
    "wang",
    "zhangw",
    "xiao",
    "%E7%8E%8B",
    "%E6%9D%8E%E5%A8%9C",
    "15400012",
    "G0123",
    "chen.",
    "nobody",
];

/// Everything measured of one organisation on one database.
pub(crate) struct Organisation {
    pub engine: Engine,
    pub people: usize,
    /// Making it and writing it, with accounts and flows.
    pub generated: Duration,
    pub questions: Questions,
    pub search: Run,
    /// What was read, and how long it took.
    pub pages: Vec<(&'static str, Run)>,
    /// Sorted.
    pub announced: Vec<Duration>,
    pub seen: Vec<Duration>,
    pub import: Import,
    /// Bytes of the server after all of that.
    pub resident: u64,
}

/// What `hanlin bench-organisation` prints. Times in nanoseconds, memory in bytes.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Questions {
    pub load_ns: u64,
    pub memory: u64,
    pub head: Figure,
    pub scope: Figure,
    pub widest_scope: Figure,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Figure {
    pub p50: u64,
    pub p99: u64,
}

pub(crate) fn measure(
    engine: Engine,
    postgres: Option<&Postgres>,
    people: usize,
    profile: Profile,
) -> Result<Organisation> {
    eprintln!("{}: an organisation of {people}", engine.name());
    let place = Place::fresh(&format!("bench-organisation-{}", engine.name()), postgres)?;
    let begin = Instant::now();
    let size = people.to_string();
    let said = sh::output(&mut place.command(profile, &["sample", "generate", "--people", &size, "--seed", SEED]))?;
    let generated = begin.elapsed();
    let administrator = said.split("Administrator: ").nth(1).and_then(|rest| rest.split('.').next());
    let administrator = administrator.context("nobody was named administrator")?.to_owned();
    let printed = sh::output(&mut place.command(profile, &["bench-organisation"]))?;
    let questions = serde_json::from_str(printed.trim()).context("bench-organisation printed no figures")?;

    let served = Served::by(&place, |address| place.command(profile, &["serve", "--listen", address]))?;
    let processes = Processes::of(served.id(), postgres.map(Postgres::id));
    let mut reader = Reader::sign_in(served.port(), &administrator)?;
    let group = office::text(&reader.client.get("/api/v1/units")?.json()?, "/items/0/id")?;
    let searches = SEARCHES.map(|query| format!("/api/v1/people?q={query}"));
    let search = reader.read(&searches, READS, &processes)?;
    let mut pages = Vec::new();
    for (what, path) in [
        ("the whole tree with heads and counts", "/api/v1/units".to_owned()),
        ("the address book, 200 people", "/api/v1/people?limit=200".to_owned()),
        ("everybody in the group and below, 200 people", format!("/api/v1/people?limit=200&unit={group}")),
    ] {
        pages.push((what, reader.read(&[path], READS / 10, &processes)?));
    }
    let (announced, seen) = changes(&served, &mut reader, &administrator, &group)?;
    eprintln!("{}: {people} more come in by a file", engine.name());
    let import = import::measure(served.port(), &administrator, people)?;
    let resident = processes.resident()?;
    Ok(Organisation { engine, people, generated, questions, search, pages, announced, seen, import, resident })
}

/// Somebody at a browser.
pub(crate) struct Reader {
    pub client: Client,
    cookie: String,
}

impl Reader {
    pub(crate) fn sign_in(port: u16, login: &str) -> Result<Reader> {
        let mut client = Client::new(port);
        let intent = json!({ "login": login, "password": PASSWORD });
        let answer = client.post("/api/v1/sessions", "sign-in", &intent)?;
        answer.json().with_context(|| format!("{login} could not sign in"))?;
        let cookie = answer.cookie.context("signing in set no cookie")?;
        client.carry(&cookie);
        Ok(Reader { client, cookie })
    }

    /// Reads these pages in turn; after a tenth that nobody counts.
    pub(crate) fn read(&mut self, paths: &[String], times: usize, processes: &Processes) -> Result<Run> {
        for n in 0..times / 10 + 1 {
            self.page(&paths[n % paths.len()])?;
        }
        let (cpu, begin) = (processes.cpu()?, Instant::now());
        let mut took = Vec::with_capacity(times);
        for n in 0..times {
            let sent = Instant::now();
            self.page(&paths[n % paths.len()])?;
            took.push(sent.elapsed());
        }
        let (seconds, cpu) = (begin.elapsed().as_secs_f64(), processes.cpu()? - cpu);
        took.sort();
        Ok(Run { done: times, seconds, times: took, cpu })
    }

    pub(crate) fn page(&mut self, path: &str) -> Result<String> {
        let answer = self.client.get(path)?;
        ensure!(answer.status == 200, "{path} was answered {}: {}", answer.status, answer.body);
        Ok(answer.body)
    }
}

/// Sets up departments, one after the other: how long after each was sent it was announced on another's open line, and
/// stood in the tree that a second reader got.
fn changes(served: &Served, author: &mut Reader, login: &str, group: &str) -> Result<(Vec<Duration>, Vec<Duration>)> {
    let mut second = Reader::sign_in(served.port(), login)?;
    let mut line = Line::open(served.port(), &second.cookie, PATIENCE)?;
    let (mut announced, mut seen) = (Vec::new(), Vec::new());
    for n in 0..CHANGES {
        let parent = json!({ "kind": "unit", "id": group });
        let name = json!({ "zh": format!("新部门{n}"), "en": format!("New department {n}") });
        let intent = json!({ "parent": parent, "code": format!("bench-{n}"), "name": name, "position": 1_000 + n });
        let sent = Instant::now();
        let made: Value = author.client.post("/api/v1/departments", &format!("change-{n}"), &intent)?.json()?;
        let id = office::text(&made, "/id")?;
        line.hear(&id)?;
        announced.push(sent.elapsed());
        while !second.page("/api/v1/units")?.contains(&id) {
            ensure!(sent.elapsed() < PATIENCE, "a second reader never saw the change");
        }
        seen.push(sent.elapsed());
    }
    announced.sort();
    seen.sort();
    Ok((announced, seen))
}

impl Figure {
    pub(crate) fn micros(nanoseconds: u64) -> f64 {
        nanoseconds as f64 / 1000.0
    }
}
