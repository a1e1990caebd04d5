//! What is left when the power goes. The server's system calls are recorded while people work; for some moments at which
//! it had just acknowledged something, the data folder is built as a disk would have it that kept what was synced by
//! then; a fresh server opens it, and everything acknowledged must be there.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};

use super::consistency::{Stored, contradictions};
use super::database::Database;
use super::disk::{self, Unsynced};
use super::ledger::{Instant, Request};
use super::recording;
use super::siege::{sign_in, stored_cases, verify_trace, work};
use crate::chance::Chance;
use crate::commands::build::Profile;
use crate::office::Person;
use crate::served::{Place, Served};

/// How long people work while the recorder watches.
const WORK: Duration = Duration::from_millis(2500);
/// At so many moments the power goes.
const MOMENTS: usize = 6;

/// Whether the server waits for the disk before it acknowledges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Synchronous {
    Full,
    /// Only debug builds can; for showing that it is found out.
    Off,
}

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    calls: usize,
    acknowledged: usize,
    moments: usize,
    held_to: usize,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  changes of the data folder recorded{:>6}", self.calls)?;
        writeln!(f, "  requests acknowledged meanwhile    {:>6}", self.acknowledged)?;
        writeln!(f, "  moments without power              {:>6}", self.moments)?;
        write!(f, "  promises held to, at all of them   {:>6}", self.held_to)
    }
}

pub(crate) fn survives(synchronous: Synchronous, chance: &mut Chance) -> Result<Figures> {
    let place = Place::fresh("power", None)?;
    let (people, requests) = recorded_work(&place, synchronous, chance)?;
    let texts = recordings(&place)?;
    let calls = recording::read(&texts, &place.data())?;
    let mut answered: Vec<&Request> = requests.iter().filter(|request| request.acknowledged().is_some()).collect();
    answered.sort_by_key(|request| answered_at(request));
    ensure!(answered.len() >= MOMENTS, "only {} requests were acknowledged", answered.len());
    let mut figures = Figures { calls: calls.len(), acknowledged: answered.len(), ..Figures::default() };
    let mut moments: Vec<Instant> =
        (0..MOMENTS).map(|_| answered[chance.within(0..answered.len() as u64) as usize]).map(answered_at).collect();
    moments.sort();
    disk::replay(&calls, &moments, |n_moment, disk| {
        // What was not synced is either all gone, or gone by chance: both happen to disks.
        let unsynced = if n_moment % 2 == 0 { Unsynced::Dropped } else { Unsynced::ByChance };
        let left = Place::fresh(&format!("power-{n_moment}"), None)?;
        disk.save(&place.data(), &left.data(), unsynced, chance)?;
        let before = |request: &&&Request| answered_at(request) <= moments[n_moment];
        let promised: Vec<&Request> = answered.iter().filter(before).copied().collect();
        figures.moments += 1;
        figures.held_to += promised.len();
        hold(&left, &promised, &requests, &people).with_context(|| {
            let kept = left.log().display().to_string();
            format!(
                "power lost after {} acknowledged requests, unsynced writes {unsynced:?} (see {kept})",
                promised.len()
            )
        })
    })?;
    Ok(figures)
}

fn answered_at(request: &Request) -> Instant {
    request.answer.as_ref().map_or(Duration::ZERO, |(_, at)| *at)
}

/// People at work on a server whose system calls are recorded beside its data.
fn recorded_work(place: &Place, synchronous: Synchronous, chance: &mut Chance) -> Result<(Vec<Person>, Vec<Request>)> {
    let record = place.beside("calls");
    let record = record.to_str().context("the folder's name is not UTF-8")?;
    let traced = format!("trace={}", recording::CALLS);
    let wrapper = [
        "strace",
        "--follow-forks",
        "--output-separately",
        "--seccomp-bpf",
        "--decode-fds=path",
        "--strings-in-hex=all",
        "--string-limit=1048576",
        "--absolute-timestamps=format:unix,precision:ns",
        "--syscall-times=ns",
        "--signal=none",
        "-e",
        &traced,
        "--output",
        record,
    ];
    let served = Served::by(place, |address| {
        let mut serve = place.under(&wrapper, Profile::Dev, &["serve", "--sample", "--listen", address]);
        if synchronous == Synchronous::Off {
            serve.env("HANLIN_UNSAFE_SYNCHRONOUS", "off");
        }
        serve
    })?;
    let mut people = sign_in(served.port())?;
    let stop = AtomicBool::new(false);
    let requests = thread::scope(|scope| -> Result<Vec<Request>> {
        let mut workers = Vec::new();
        for (n_person, person) in people.iter_mut().enumerate() {
            let (stop, mut chance) = (&stop, chance.split());
            workers.push(scope.spawn(move || work(n_person, person, "p", &mut chance, stop)));
        }
        thread::sleep(WORK);
        stop.store(true, Ordering::SeqCst);
        let mut requests = Vec::new();
        for worker in workers {
            requests.extend(worker.join().map_err(|_| anyhow!("a worker panicked"))??);
        }
        Ok(requests)
    })?;
    drop(served);
    Ok((people, requests))
}

/// One file for each thread of the server.
fn recordings(place: &Place) -> Result<Vec<String>> {
    let mut texts = Vec::new();
    for entry in fs::read_dir(place.beside("")).context("the recordings cannot be listed")? {
        let path = entry?.path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("calls.")) {
            texts.push(read(&path)?);
        }
    }
    ensure!(!texts.is_empty(), "strace recorded nothing");
    Ok(texts)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Opens what is left with a fresh server, and looks for everything that was promised.
fn hold(left: &Place, promised: &[&Request], asked: &[Request], people: &[Person]) -> Result<()> {
    let served = Served::by(left, |address| left.command(Profile::Dev, &["serve", "--listen", address]))?;
    let stored = stored_cases(&Database::of(left)?, Duration::ZERO)?;
    let torn: Vec<String> = stored.values().flat_map(contradictions).collect();
    ensure!(torn.is_empty(), "{}", torn.join("\n"));
    let decisions = |requests: &mut dyn Iterator<Item = &Request>| {
        let mut count: BTreeMap<String, usize> = BTreeMap::new();
        for case in requests.filter(|request| request.deed.is_decision()).filter_map(|request| request.deed.case()) {
            *count.entry(case.to_owned()).or_default() += 1;
        }
        count
    };
    let (promised_decisions, asked_decisions) =
        (decisions(&mut promised.iter().copied()), decisions(&mut asked.iter()));
    for request in promised {
        let case = request.acknowledged().unwrap_or_default();
        let stored = stored.get(&case);
        let stored = stored.with_context(|| format!("{:?} was acknowledged, and case {case} is lost", request.deed))?;
        let given = given(stored);
        let (least, most) = (promised_decisions.get(&case), asked_decisions.get(&case));
        let (least, most) = (least.copied().unwrap_or(0), most.copied().unwrap_or(0));
        ensure!((least..=most).contains(&given), "case {case} has {given} decisions; {least} were acknowledged");
    }
    // The sessions were acknowledged too: nobody has to sign in again.
    if let Some(last) = promised.last() {
        let case = last.acknowledged().unwrap_or_default();
        let seen = people[last.person].again(served.port()).case(&case)?;
        ensure!(seen["id"] == case.as_str(), "the last case cannot be read");
    }
    drop(served);
    verify_trace(left)
}

fn given(case: &Stored) -> usize {
    case.state.opinions.iter().filter(|opinion| opinion.is_decision()).count()
}
