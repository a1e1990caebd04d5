//! `hanlin bench-organisation`: how long the organisation takes to be loaded, and to answer what every request and every
//! route asks of it. For measuring; it changes nothing.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};
use clap::Args;
use hanlin_access::Access;
use hanlin_directory::{READ, Snapshot, model::Place as Spot};
use hanlin_kernel::PersonId;
use hanlin_store::Tx;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::{config::Place, house::House};

/// The questions, and how often they are asked.
#[derive(Args)]
pub struct Questions {
    /// How often each is asked.
    #[arg(long, default_value_t = 100_000)]
    times: usize,
}

/// What is printed. Times in nanoseconds, memory in bytes.
#[derive(Serialize)]
struct Measured {
    people: usize,
    /// From the database into memory.
    load_ns: u64,
    /// What the snapshot keeps in memory.
    memory: u64,
    head: Figure,
    scope: Figure,
    /// Of those who reach the most units.
    widest_scope: Figure,
}

#[derive(Serialize)]
struct Figure {
    p50: u64,
    p99: u64,
}

pub async fn run(place: &Place, questions: &Questions) -> Result<()> {
    ensure!(questions.times > 0, "ask at least once");
    let house = House::open(place).await?;
    let access = Access::start(&house.modules).map_err(|error| anyhow!("{error}"))?;
    let times = questions.times;
    let measured =
        house.db.read(move |tx| Ok(measure(tx, &access, times))).await.map_err(|error| anyhow!("{error}"))?;
    println!("{}", serde_json::to_string(&measured?)?);
    house.close().await
}

fn measure(tx: &mut Tx, access: &Access, times: usize) -> Result<Measured> {
    let (before, begin) = (resident()?, Instant::now());
    let directory = hanlin_directory::snapshot(tx).map_err(|error| anyhow!("{error}"))?;
    let (load, memory) = (begin.elapsed(), resident()?.saturating_sub(before));
    let now = tx.now();
    let mut people: Vec<PersonId> = directory.people().map(|person| person.id).collect();
    people.sort();
    people.retain(|person| directory.main_appointment(*person, now).is_some());
    ensure!(!people.is_empty(), "there is nobody here: fill the installation first (hanlin sample generate)");
    let actors = access.actors(tx).map_err(|error| anyhow!("{error}"))?;
    // Another department than one's own, so that the answer has to be looked for.
    let asked = |n: usize| (scattered(&people, n), scattered(&people, n + times / 2));
    let check = |person: PersonId, other: PersonId| {
        let held = directory.main_appointment(other, now);
        let unit = held.and_then(|held| directory.unit_of(held.place, now));
        let department = held.and_then(|held| held.place.department());
        let actor = actors(person);
        unit.zip(department).is_some_and(|(unit, department)| actor.reaches_department(READ, unit, department))
    };
    let mut widest: Vec<(usize, PersonId)> =
        people.iter().map(|person| (actors(*person).scope_of(READ).units.len(), *person)).collect();
    widest.sort();
    let widest: Vec<PersonId> = widest.iter().rev().take(10).map(|(_, person)| *person).collect();
    Ok(Measured {
        people: people.len(),
        load_ns: load.as_nanos() as u64,
        memory,
        head: ask(times, |n| {
            head_as_of(&directory, scattered(&people, n), now - SignedDuration::from_hours(n as i64 % 40_000))
        }),
        scope: ask(times, |n| check(asked(n).0, asked(n).1)),
        widest_scope: ask(times, |n| check(widest[n % widest.len()], asked(n).1)),
    })
}

/// The head of the department that the initiator belonged to at that time.
fn head_as_of(directory: &Snapshot, initiator: PersonId, at: Timestamp) -> Option<PersonId> {
    let held = directory.main_appointment(initiator, at)?;
    match held.place {
        Spot::Department(_) => directory.head(held.place, at),
        Spot::Unit(_) => None,
    }
}

/// Somebody else each time, far from the one before.
fn scattered(people: &[PersonId], n: usize) -> PersonId {
    people[n.wrapping_mul(7_919) % people.len()]
}

/// Each question is timed alone; the clock's own time is in it.
fn ask<T>(times: usize, question: impl Fn(usize) -> T) -> Figure {
    let mut took: Vec<Duration> = Vec::with_capacity(times);
    for n in 0..times {
        let begin = Instant::now();
        std::hint::black_box(question(n));
        took.push(begin.elapsed());
    }
    took.sort();
    let at = |percent: usize| took.get(times * percent / 100).map_or(0, |time| time.as_nanos() as u64);
    Figure { p50: at(50), p99: at(99) }
}

/// Bytes of this process in memory.
fn resident() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status").context("the kernel tells no memory")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("the kernel tells no memory")?;
    let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes * 1024)
}
