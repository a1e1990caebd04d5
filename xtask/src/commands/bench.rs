//! `cargo xtask bench`: measures the release binary and writes `docs/benchmarks.md`.

mod flows;
mod import;
mod lists;
mod load;
mod organisation;
mod processes;
mod report;

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::build::{self, Profile};
use super::test::Engine;
use crate::postgres::{Durability, Postgres};
use crate::root::root;
use crate::served::{Place, Served};
use crate::{npm, sh, tools};
use load::{Clients, Pace, Route, Run};
use processes::Processes;

const CLIENTS: [usize; 3] = [1, 16, 64];

/// Measure the release binary and write docs/benchmarks.md.
#[derive(clap::Args)]
pub(crate) struct Bench {
    /// One short run of each, a tenth of the tasks, and nothing written: does it still work, and about how fast?
    #[arg(long)]
    quick: bool,
    /// Only on this database, and nothing written.
    #[arg(long)]
    engine: Option<Engine>,
    /// Take the binary as it was built before.
    #[arg(long)]
    as_built: bool,
    /// Only this part, and nothing written.
    #[arg(long)]
    only: Option<Part>,
    /// On PostgreSQL, too, ten million tasks, which takes long.
    #[arg(long)]
    most: bool,
    /// With the dev binary, as it was built before: does the measuring work? The figures say nothing.
    #[arg(long)]
    dev: bool,
}

/// What can be measured by itself.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// Approvals by one and by many clients, against the bare route and the engine; start and memory
    Approvals,
    /// Flows in full tables, and many who decide at once
    Flows,
    /// Only many who decide at once
    Burst,
    /// A large organisation
    Organisation,
}

/// How much is measured.
#[derive(Clone, Copy)]
pub(crate) struct Extent {
    runs: usize,
    /// How long leaves are submitted in each run; approving them takes about as long.
    time: Duration,
    /// Tasks in the smaller and in the larger inbox.
    tasks: [u64; 2],
    /// Tasks in the tables among which is decided, on SQLite and on PostgreSQL.
    in_all: [u64; 2],
    /// Who decide at once.
    deciders: usize,
    /// People in the large organisation.
    people: usize,
}

impl Extent {
    fn tasks_in_all(self, engine: Engine) -> u64 {
        self.in_all[usize::from(engine == Engine::Postgres)]
    }
}

impl Bench {
    pub(crate) fn run(self) -> Result<()> {
        tools::need(&[tools::CC, tools::POSTGRES, tools::SQLITE])?;
        if !self.as_built && !self.dev {
            npm::build()?;
            build::server(Profile::Release)?;
        }
        let extent = if self.quick {
            Extent {
                runs: 1,
                time: Duration::from_secs(1),
                tasks: [10_000, 100_000],
                in_all: [100_000; 2],
                deciders: 100,
                people: 2_000,
            }
        } else {
            Extent {
                runs: 3,
                time: Duration::from_secs(2),
                tasks: [10_000, 1_000_000],
                in_all: [10_000_000, if self.most { 10_000_000 } else { 1_000_000 }],
                deciders: 1_000,
                people: 50_000,
            }
        };
        ensure!(!self.dev || self.only == Some(Part::Organisation), "--dev goes with --only organisation");
        if let Some(part) = self.only {
            return self.print(part, extent);
        }
        let mut report = report::Report {
            load_before: processes::load()?,
            javascript: javascript()?,
            extent,
            engines: Vec::new(),
            load_after: 0.0,
        };
        for engine in self.engines() {
            report.engines.push(measure(engine, extent).with_context(|| format!("on {}", engine.name()))?);
        }
        report.load_after = processes::load()?;
        let text = report.text()?;
        println!("{text}");
        if !self.quick && self.engine.is_none() {
            let path = root().join("docs/benchmarks.md");
            fs::write(&path, text)?;
            eprintln!("Wrote {}.", path.display());
        }
        Ok(())
    }

    fn engines(&self) -> impl Iterator<Item = Engine> + use<> {
        let only = self.engine;
        Engine::ALL.into_iter().filter(move |engine| only.is_none_or(|only| only == *engine))
    }

    fn print(&self, part: Part, extent: Extent) -> Result<()> {
        for engine in self.engines() {
            let text = self.measured(part, engine, extent).with_context(|| format!("on {}", engine.name()))?;
            println!("{text}");
        }
        Ok(())
    }

    fn measured(&self, part: Part, engine: Engine, extent: Extent) -> Result<String> {
        let postgres = database(engine)?;
        let postgres = postgres.as_ref();
        match part {
            Part::Approvals => report::approvals_alone(&Office::measure(engine, postgres, extent)?),
            Part::Flows => report::flows_alone(&Flows::measure(engine, postgres, extent)?),
            Part::Burst => Ok(report::line_of_burst(engine, &flows::burst(engine, postgres, extent.deciders)?)),
            Part::Organisation => {
                let profile = if self.dev { Profile::Dev } else { Profile::Release };
                report::organisation_alone(&organisation::measure(engine, postgres, extent.people, profile)?)
            }
        }
    }
}

/// Everything measured on one database.
pub(crate) struct Measured {
    engine: Engine,
    office: Office,
    lists: Vec<lists::List>,
    flows: Flows,
    organisation: organisation::Organisation,
}

/// The sample organisation at work: approvals, and the server itself.
pub(crate) struct Office {
    engine: Engine,
    approvals: Vec<Approvals>,
    paced: Paced,
    starts: Vec<Duration>,
    first_start: Duration,
    /// Bytes.
    idle: u64,
    under_load: u64,
}

/// Deciding in full tables, and many at once.
pub(crate) struct Flows {
    engine: Engine,
    among: Vec<flows::Among>,
    burst: flows::Burst,
}

impl Flows {
    fn measure(engine: Engine, postgres: Option<&Postgres>, extent: Extent) -> Result<Flows> {
        let among = flows::among(engine, postgres, extent)?;
        Ok(Flows { engine, among, burst: flows::burst(engine, postgres, extent.deciders)? })
    }
}

/// Approvals by so many clients at once, each in several runs.
pub(crate) struct Approvals {
    clients: usize,
    submits: Vec<Run>,
    product: Vec<Run>,
    bare: Vec<Run>,
    engine: Vec<Raw>,
}

/// Approvals at half of what is possible, counted from when they were due.
pub(crate) struct Paced {
    rate: f64,
    run: Run,
}

/// What `hanlin bench-store` prints. Times in microseconds.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Raw {
    approvals: usize,
    seconds: f64,
    p50: u64,
    p99: u64,
}

/// The server of the engine, where it has one.
fn database(engine: Engine) -> Result<Option<Postgres>> {
    (engine == Engine::Postgres).then(|| Postgres::start(Durability::Synced)).transpose()
}

fn measure(engine: Engine, extent: Extent) -> Result<Measured> {
    let postgres = database(engine)?;
    let postgres = postgres.as_ref();
    Ok(Measured {
        engine,
        office: Office::measure(engine, postgres, extent)?,
        lists: lists::measure(engine, postgres, extent)?,
        flows: Flows::measure(engine, postgres, extent)?,
        organisation: organisation::measure(engine, postgres, extent.people, Profile::Release)?,
    })
}

impl Office {
    fn measure(engine: Engine, postgres: Option<&Postgres>, extent: Extent) -> Result<Office> {
        let postmaster = postgres.map(Postgres::id);
        let place = Place::fresh(&format!("bench-{}", engine.name()), postgres)?;
        let first_start = start(&place)?.ready_after();
        let mut starts = Vec::new();
        for _ in 0..5 {
            starts.push(start(&place)?.ready_after());
        }
        starts.sort();
        let served = start(&place)?;
        let processes = Processes::of(served.id(), postmaster);
        std::thread::sleep(Duration::from_secs(5));
        let idle = processes.resident()?;
        let mut approvals = Vec::new();
        let mut paced = None;
        for clients in CLIENTS {
            eprintln!("{}: approvals by {clients}", engine.name());
            let measured = approvals_by(&served, &processes, clients, extent)?;
            if clients == 16 {
                let rate = middle(&measured.product, Run::per_second) / 2.0;
                paced = Some(Paced { rate, run: at_half_speed(&served, &processes, rate, extent)? });
            }
            approvals.push(measured);
        }
        let under_load = processes.most_resident()?;
        drop(served);
        for measured in &mut approvals {
            for _ in 0..extent.runs {
                measured.engine.push(raw(&place, measured.clients, extent)?);
            }
        }
        let paced = paced.context("nothing was measured by sixteen clients")?;
        Ok(Office { engine, approvals, paced, starts, first_start, idle, under_load })
    }
}

/// The release binary with the bare routes, which cost nothing while nobody asks for them.
pub(crate) fn start(place: &Place) -> Result<Served> {
    Served::by(place, |address| place.command(Profile::Release, &["bench-server", "--sample", "--listen", address]))
}

/// Product and bare route take turns, so that a change of the machine's mood meets both.
fn approvals_by(served: &Served, processes: &Processes, clients: usize, extent: Extent) -> Result<Approvals> {
    let mut people = Clients::sign_in(served.port(), clients)?;
    let warm_up = Duration::from_millis(500);
    let mut measured = Approvals { clients, submits: vec![], product: vec![], bare: vec![], engine: vec![] };
    for round in 0..=extent.runs {
        for route in [Route::Product, Route::Bare] {
            let time = if round == 0 { warm_up } else { extent.time };
            let (submits, cases) = people.submit(route, time, processes)?;
            let run = people.approve(route, Pace::Closed, &cases, time * 3, processes)?;
            if round == 0 {
                continue;
            }
            match route {
                Route::Product => {
                    measured.submits.push(submits);
                    measured.product.push(run);
                }
                Route::Bare => measured.bare.push(run),
            }
        }
    }
    Ok(measured)
}

fn at_half_speed(served: &Served, processes: &Processes, rate: f64, extent: Extent) -> Result<Run> {
    let mut people = Clients::sign_in(served.port(), 16)?;
    let (_, cases) = people.submit(Route::Product, extent.time, processes)?;
    people.approve(Route::Product, Pace::PerSecond(rate), &cases, extent.time * 3, processes)
}

/// The engine without the server.
fn raw(place: &Place, clients: usize, extent: Extent) -> Result<Raw> {
    let (clients, seconds) = (clients.to_string(), extent.time.as_secs_f64().to_string());
    let arguments = ["bench-store", "--clients", &clients, "--seconds", &seconds];
    let printed = sh::output(&mut place.command(Profile::Release, &arguments))?;
    serde_json::from_str(printed.trim()).context("bench-store printed no figures")
}

/// What the browser fetches before the first page stands, as `npm run size` words it.
fn javascript() -> Result<Vec<String>> {
    npm::install_web()?;
    let printed = sh::output(sh::npm(&npm::web()).args(["run", "--silent", "size"]))?;
    Ok(printed.lines().map(str::to_owned).collect())
}

/// The median of several runs.
pub(crate) fn middle<T>(runs: &[T], figure: impl Fn(&T) -> f64) -> f64 {
    let mut figures: Vec<f64> = runs.iter().map(figure).collect();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
