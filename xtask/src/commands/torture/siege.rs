//! Eight connections submit and decide; the server is killed at a random moment; what it had acknowledged must be there
//! once, what it had not must be done once when asked again, and no case may be torn. Then the next round.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::consistency::{Entry, Stored, TaskRow, contradictions};
use super::database::Database;
use super::ledger::{Deed, Instant, Request, now};
use crate::chance::Chance;
use crate::commands::build::Profile;
use crate::commands::test::Engine;
use crate::http::Answer;
use crate::office::{EMPLOYEES, GENERAL_MANAGER, HR_MANAGER, Leave, Person, SUPERVISOR};
use crate::postgres::{Durability, Postgres};
use crate::served::{Place, Served};

/// Whoever decides has two connections open, so that the same task is also decided twice at once.
pub(crate) const DECIDING: [&str; 6] =
    [SUPERVISOR, SUPERVISOR, HR_MANAGER, HR_MANAGER, GENERAL_MANAGER, GENERAL_MANAGER];
/// The server is killed so many milliseconds after work began.
const ALIVE: std::ops::Range<u64> = 200..1500;
/// So many answered requests of a round are sent once more.
const REPEATED: usize = 5;
/// So many changed cases of a round are also read through the API.
const READ: usize = 10;

/// What came of it.
#[derive(Default)]
pub(crate) struct Figures {
    kills: u32,
    submits: usize,
    decisions: usize,
    refused: usize,
    unanswered: usize,
    /// Of those unanswered: done before the kill, so that the repeat got the kept answer.
    had_been_done: usize,
    /// Answered before, sent again, answered the same.
    repeated: usize,
    /// The process ended itself between commit and reply, so often, and the repeat got the kept answer.
    between_commit_and_reply: u32,
    cases: u64,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  kills                              {:>6}", self.kills)?;
        writeln!(f, "  submits acknowledged               {:>6}", self.submits)?;
        writeln!(f, "  decisions acknowledged             {:>6}", self.decisions)?;
        writeln!(f, "  refused, since another was faster  {:>6}", self.refused)?;
        writeln!(f, "  unanswered, then repeated          {:>6}", self.unanswered)?;
        writeln!(f, "    of these done before the kill    {:>6}", self.had_been_done)?;
        writeln!(f, "  answered, repeated, same answer    {:>6}", self.repeated)?;
        writeln!(f, "  ended between commit and reply     {:>6}", self.between_commit_and_reply)?;
        write!(f, "  cases at the end, none torn        {:>6}", self.cases)
    }
}

pub(crate) fn besiege(engine: Engine, kills: u32, chance: &mut Chance) -> Result<Figures> {
    let postgres = (engine == Engine::Postgres).then(|| Postgres::start(Durability::Synced)).transpose()?;
    let place = Place::fresh(&format!("torture-{}", engine.name()), postgres.as_ref())?;
    let mut besieged = || -> Result<Figures> {
        let mut siege = Siege::begin(&place)?;
        for kill in 0..kills {
            siege.round(chance).with_context(|| format!("after kill {} of {kills}", kill + 1))?;
        }
        siege.end_between_commit_and_reply(chance)?;
        siege.finish()
    };
    besieged().with_context(|| format!("the data and the server's log are kept beside {}", place.log().display()))
}

struct Siege<'a> {
    place: &'a Place,
    database: Database,
    people: Vec<Person>,
    requests: Vec<Request>,
    figures: Figures,
    /// Nothing older was changed since the last look.
    looked_at: Instant,
    /// Between rounds the server runs.
    served: Option<Served>,
}

impl<'a> Siege<'a> {
    fn begin(place: &'a Place) -> Result<Siege<'a>> {
        let served = Served::sample(place)?;
        Ok(Siege {
            place,
            database: Database::of(place)?,
            people: sign_in(served.port())?,
            requests: Vec::new(),
            figures: Figures::default(),
            looked_at: Duration::ZERO,
            served: Some(served),
        })
    }

    /// Work, kill, start again, look.
    fn round(&mut self, chance: &mut Chance) -> Result<()> {
        let round = format!("r{}", self.figures.kills);
        let alive = Duration::from_millis(chance.within(ALIVE));
        let stop = AtomicBool::new(false);
        let done = thread::scope(|scope| -> Result<Vec<Request>> {
            let mut workers = Vec::new();
            for (n_person, person) in self.people.iter_mut().enumerate() {
                let (stop, round, mut chance) = (&stop, &round, chance.split());
                workers.push(scope.spawn(move || work(n_person, person, round, &mut chance, stop)));
            }
            thread::sleep(alive);
            self.served.take().map_or(Ok(()), Served::kill)?;
            stop.store(true, Ordering::SeqCst);
            let mut done = Vec::new();
            for worker in workers {
                done.extend(worker.join().map_err(|_| anyhow::anyhow!("a worker panicked"))??);
            }
            Ok(done)
        })?;
        self.figures.kills += 1;
        self.restart(&[])?;
        self.settle(done, chance)?;
        self.look(chance)
    }

    /// The server ends itself at the n-th commit, before it replies. The same request again gets the answer that was
    /// kept with the commit.
    fn end_between_commit_and_reply(&mut self, chance: &mut Chance) -> Result<()> {
        // Not every commit is one that somebody waits for.
        for attempt in 0..10 {
            drop(self.served.take());
            let at = chance.within(5..40);
            self.restart(&[("HANLIN_FAILPOINT", format!("after_commit:{at}"))])?;
            let stop = AtomicBool::new(false);
            let person = &mut self.people[0];
            let done = work(0, person, &format!("f{attempt}"), &mut chance.split(), &stop)?;
            self.restart(&[])?;
            let before = self.figures.had_been_done;
            self.settle(done, chance)?;
            self.look(chance)?;
            if self.figures.had_been_done > before {
                self.figures.between_commit_and_reply += 1;
                return Ok(());
            }
        }
        bail!("the server ended ten times between commit and reply, and no repeat got a kept answer")
    }

    fn restart(&mut self, environment: &[(&str, String)]) -> Result<()> {
        // The one before releases the folder first.
        drop(self.served.take());
        let served = Served::by(self.place, |address| {
            let mut serve = self.place.command(Profile::Dev, &["serve", "--sample", "--listen", address]);
            serve.envs(environment.iter().map(|(name, value)| (*name, value)));
            serve
        })?;
        self.people.iter_mut().for_each(|person| person.client.turn_to(served.port()));
        self.served = Some(served);
        Ok(())
    }

    /// Repeats what had no answer, and some of what had one.
    fn settle(&mut self, mut done: Vec<Request>, chance: &mut Chance) -> Result<()> {
        for request in done.iter_mut().filter(|request| request.answer.is_none()) {
            let person = &mut self.people[request.person];
            let answer = request.send(person).context("a repeat had no answer")?;
            request.check(&answer).context("a repeat")?;
            self.figures.unanswered += 1;
            self.figures.had_been_done += usize::from(answer.is_kept);
            if answer.status == 200 {
                let again = request.send(person).context("a second repeat had no answer")?;
                ensure_same(request, &answer, &again)?;
            }
            request.answer = Some((answer, now()));
        }
        for _ in 0..REPEATED.min(done.len()) {
            let request = &done[chance.within(0..done.len() as u64) as usize];
            if let Some((first, _)) = request.answer.as_ref().filter(|(answer, _)| answer.status == 200) {
                let again = request.send(&mut self.people[request.person]).context("a repeat had no answer")?;
                ensure_same(request, first, &again)?;
                self.figures.repeated += 1;
            }
        }
        for request in &done {
            match request.acknowledged() {
                None => self.figures.refused += 1,
                Some(_) if request.deed.is_decision() => self.figures.decisions += 1,
                Some(_) => self.figures.submits += 1,
            }
        }
        self.requests.extend(done);
        Ok(())
    }

    /// Holds the database and the API to the ledger.
    fn look(&mut self, chance: &mut Chance) -> Result<()> {
        let cases = self.database.count("workflow_case")?;
        let submits = self.figures.submits as u64;
        ensure!(cases == submits, "{submits} submits were acknowledged, and {cases} cases are there");
        // Whatever was asked since then has changed its case since then.
        let since = std::mem::replace(&mut self.looked_at, now());
        let stored = stored_cases(&self.database, since)?;
        check_cases(&stored, &self.requests, since)?;
        let ids: Vec<&String> = stored.keys().collect();
        for _ in 0..READ.min(ids.len()) {
            let case = &stored[ids[chance.within(0..ids.len() as u64) as usize]];
            let initiator = self.people.iter_mut().find(|person| person.id == case.state.initiator.person);
            let seen = initiator.context("a case of nobody we know")?.case(&case.id)?;
            ensure!(seen["status"] == case.status.as_str(), "case {} is shown as {}", case.id, seen["status"]);
            let opinions = seen["opinions"].as_array().map_or(0, Vec::len);
            ensure!(opinions == case.state.opinions.len(), "case {} shows {opinions} opinions", case.id);
        }
        Ok(())
    }

    /// The last look is at everything; then the server ends politely and the trace is verified.
    fn finish(mut self) -> Result<Figures> {
        self.looked_at = Duration::ZERO;
        self.look(&mut Chance::new(0))?;
        self.figures.cases = self.database.count("workflow_case")?;
        drop(self.served.take());
        verify_trace(self.place)?;
        Ok(self.figures)
    }
}

/// `hanlin audit verify` on data that no server holds.
pub(crate) fn verify_trace(place: &Place) -> Result<()> {
    crate::sh::output(&mut place.command(Profile::Dev, &["audit", "verify"])).context("the trace does not verify")?;
    Ok(())
}

pub(crate) fn sign_in(port: u16) -> Result<Vec<Person>> {
    let mut people: Vec<Person> = Vec::new();
    for login in EMPLOYEES.into_iter().chain(DECIDING) {
        let known = people.iter().find(|person| person.login == login).map(|person| person.again(port));
        people.push(known.map_or_else(|| Person::sign_in(port, login), Ok)?);
    }
    Ok(people)
}

/// Submits, or decides what waits, until told to stop or not answered any more.
pub(crate) fn work(
    n_person: usize,
    person: &mut Person,
    round: &str,
    chance: &mut Chance,
    stop: &AtomicBool,
) -> Result<Vec<Request>> {
    let mut done: Vec<Request> = Vec::new();
    while !stop.load(Ordering::SeqCst) {
        let deed = if EMPLOYEES.contains(&person.login) {
            Deed::Submit(if chance.percent(50) { Leave::HalfDay } else { Leave::ThreeDays })
        } else {
            let Ok(waiting) = person.waiting(20) else { break };
            let waiting = waiting?;
            if waiting.is_empty() {
                thread::sleep(Duration::from_millis(3));
                continue;
            }
            let task = waiting[chance.within(0..waiting.len() as u64) as usize].clone();
            if chance.percent(90) { Deed::Approve { task } } else { Deed::Reject { task } }
        };
        let key = format!("{round}-{n_person}-{}", done.len());
        let mut request = Request { person: n_person, key, deed, sent: now(), answer: None };
        let answer = request.send(person);
        if let Ok(answer) = &answer {
            request.check(answer)?;
            request.answer = Some((answer.clone(), now()));
        }
        done.push(request);
        if answer.is_err() {
            break;
        }
    }
    Ok(done)
}

fn ensure_same(request: &Request, first: &Answer, again: &Answer) -> Result<()> {
    ensure!(
        again.is_kept && (again.status, &again.body) == (200, &first.body),
        "{:?} was answered {} first and {} again",
        request.deed,
        first.body,
        again.body
    );
    Ok(())
}

/// Every case that was changed since then, with all that tells of it.
pub(crate) fn stored_cases(database: &Database, since: Instant) -> Result<BTreeMap<String, Stored>> {
    let changed = format!("updated_at >= {}", since.as_millis());
    let of_changed = format!("(select id from workflow_case where {changed})");
    let mut cases = BTreeMap::new();
    for row in database.rows(&format!("select id, status, version, state from workflow_case where {changed}"))? {
        let state = row["state"].as_str().context("no state")?;
        let state = serde_json::from_str(state).context("a state is not understood")?;
        let case = Stored {
            id: string(&row, "id")?,
            status: string(&row, "status")?,
            version: number(&row, "version")?,
            state,
            ..Stored::default()
        };
        cases.insert(case.id.clone(), case);
    }
    let sql = format!(
        "select case_id, no, person, case when waiting then 1 else 0 end as waiting from workflow_task \
         where case_id in {of_changed} order by case_id, no"
    );
    for row in database.rows(&sql)? {
        let task = TaskRow { no: number(&row, "no")?, person: string(&row, "person")?, waiting: row["waiting"] == 1 };
        find(&mut cases, &row["case_id"])?.tasks.push(task);
    }
    for row in database.rows(&format!("select case_id, person from workflow_access where case_id in {of_changed}"))? {
        find(&mut cases, &row["case_id"])?.access.insert(string(&row, "person")?);
    }
    let sql = format!(
        "select substr(stream, 15) as case_id, seq, payload from trace_event \
         where stream in (select 'workflow/case/' || id from workflow_case where {changed}) order by stream, seq"
    );
    for row in database.rows(&sql)? {
        let payload = serde_json::from_str(row["payload"].as_str().context("an entry without payload")?)?;
        find(&mut cases, &row["case_id"])?.trace.push(Entry { seq: number(&row, "seq")?, payload });
    }
    Ok(cases)
}

/// No case is torn, and each has the decisions that were acknowledged, once.
pub(crate) fn check_cases(stored: &BTreeMap<String, Stored>, requests: &[Request], since: Instant) -> Result<()> {
    let mut found: Vec<String> = stored.values().flat_map(contradictions).collect();
    let mut decisions: BTreeMap<String, usize> = BTreeMap::new();
    let mut begun = BTreeSet::new();
    for request in requests {
        let Some(case) = request.acknowledged() else { continue };
        if request.sent >= since && !stored.contains_key(&case) {
            found.push(format!("{:?} was acknowledged, and case {case} is not there", request.deed));
        }
        if request.deed.is_decision() {
            *decisions.entry(case).or_default() += 1;
        } else if !begun.insert(case.clone()) {
            found.push(format!("case {case} was begun by two submits"));
        }
    }
    for case in stored.values() {
        let given = case.state.opinions.iter().filter(|opinion| opinion.is_decision()).count();
        let acknowledged = decisions.get(&case.id).copied().unwrap_or(0);
        if given != acknowledged {
            found.push(format!("case {}: {acknowledged} decisions were acknowledged, it has {given}", case.id));
        }
        if !begun.contains(&case.id) {
            found.push(format!("case {} was begun by no submit", case.id));
        }
    }
    if !found.is_empty() {
        let more = found.len().saturating_sub(10);
        found.truncate(10);
        bail!("{}{}", found.join("\n"), if more > 0 { format!("\nand {more} more") } else { String::new() });
    }
    Ok(())
}

fn find<'a>(cases: &'a mut BTreeMap<String, Stored>, id: &Value) -> Result<&'a mut Stored> {
    let id = id.as_str().unwrap_or_default();
    // Asked one after the other while the server runs: nobody works between rounds.
    cases.get_mut(id).with_context(|| format!("a row of case {id}, which is not there"))
}

fn string(row: &Value, column: &str) -> Result<String> {
    row[column].as_str().map(str::to_owned).with_context(|| format!("no {column} in {row}"))
}

fn number(row: &Value, column: &str) -> Result<u64> {
    row[column].as_u64().with_context(|| format!("no {column} in {row}"))
}
