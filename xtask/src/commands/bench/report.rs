//! `docs/benchmarks.md`, from what was measured.

use std::fmt::Write as _;
use std::time::Duration;

use anyhow::Result;

use super::flows::Burst;
use super::import::Import;
use super::load::Run;
use super::organisation::{Figure, Organisation};
use super::{Approvals, Extent, Flows, Measured, Office, Raw, middle, processes};
use crate::commands::test::Engine;
use crate::sh;

/// What the product aims at; each line of the report's first table is one of them.
const RATIO_TO_BARE: f64 = 0.6;
const LEAVE_CPU: f64 = 1.0;
const LIST_RATIO: f64 = 1.5;
const IDLE: f64 = 60.0;
const START: f64 = 0.5;
const JAVASCRIPT: f64 = 250.0;
/// Microseconds.
const HEAD: f64 = 20.0;
const SCOPE: f64 = 50.0;
/// Milliseconds.
const SEARCH: f64 = 20.0;
const OPENING: f64 = 100.0;
const SEEN: f64 = 1_000.0;
const PAGE: f64 = 10.0;
/// What deciding in full tables may take of what it takes in small ones, and what reading may take while many decide.
const FULL_RATIO: f64 = 1.5;
const BURST_RATIO: f64 = 2.0;
/// What an approval may take of the processor time that it took when the product did little else. Both are held against the
/// bare route of their own run, so that the machine does not matter.
const CPU_RATIO: f64 = 1.5;
/// Processor time of an approval over that of the bare route at 1, 16 and 64 clients, as they stand in this page as of
/// commit a3310a5: one leave, no operation but approve, reject and return.
const FIRST_CPU: [(Engine, [f64; 3]); 2] =
    [(Engine::Sqlite, [1.51, 1.38, 1.27]), (Engine::Postgres, [2.00, 1.53, 1.70])];
/// Seconds.
const IMPORT: f64 = 60.0;
/// More than this wanted to run before we began: the figures are not those of a calm machine.
const BUSY: f64 = 0.5;

pub(crate) struct Report {
    pub load_before: f64,
    pub load_after: f64,
    /// The lines of `npm run size`.
    pub javascript: Vec<String>,
    pub extent: Extent,
    pub engines: Vec<Measured>,
}

impl Report {
    pub(crate) fn text(&self) -> Result<String> {
        let date = sh::output(sh::command("date").args(["-u", "+%Y-%m-%d"]))?;
        let mut text =
            format!("# Benchmarks\n\nWritten by `cargo xtask bench`, {}; {}.\n", date.trim(), processes::machine()?);
        if self.load_before > BUSY {
            let load = self.load_before;
            writeln!(
                text,
                "\n**The machine was busy with other work (load {load:.1} before we began): the figures are too low.**"
            )?;
        }
        table_of_aims(&mut text, self.aims())?;
        text += &self.method();
        for measured in &self.engines {
            section(&mut text, measured)?;
        }
        let all: Vec<&Flows> = self.engines.iter().map(|measured| &measured.flows).collect();
        flows(&mut text, &all)?;
        let organisations: Vec<&Organisation> = self.engines.iter().map(|measured| &measured.organisation).collect();
        organisation(&mut text, &organisations)?;
        text += "\n## Initial JavaScript\n\nWhat a browser fetches before a first page stands (`npm run size`):\n\n";
        for line in &self.javascript {
            writeln!(text, "- {}", line.split_whitespace().collect::<Vec<_>>().join(" "))?;
        }
        Ok(text)
    }

    fn aims(&self) -> Vec<Aim> {
        let mut aims = Vec::new();
        for measured in &self.engines {
            aims.extend(measured.office.aims());
            aims.extend(aim_of_lists(measured));
            aims.extend(measured.flows.aims());
            aims.extend(measured.organisation.aims());
        }
        let most = self.javascript.iter().filter_map(|line| kilobytes(line)).fold(0.0, f64::max);
        aims.push(Aim {
            aim: format!("initial JavaScript < {JAVASCRIPT} kB compressed"),
            figure: format!("{most:.1} kB"),
            is_met: most > 0.0 && most < JAVASCRIPT,
        });
        aims
    }

    fn method(&self) -> String {
        let (runs, time) = (self.extent.runs, self.extent.time.as_secs());
        format!(
            "\n## How it was measured\n\n\
             - The release binary, sample organisation, defaults; every commit synced to the disk before it is \
             acknowledged (SQLite `synchronous=full`, PostgreSQL `fsync=on`, `synchronous_commit=on`). The clients run \
             on the same machine and take a part of its cores; their processor time is not counted.\n\
             - An approval is one of the two of a leave of half a day (F-01), given by its two people through HTTP on \
             kept connections, with `Idempotency-Key`. {runs} runs of each, after a warm-up; leaves are submitted for \
             {time} s and then approved. Median, and the lowest and highest run.\n\
             - The *bare route* is a route of the same server, behind the same door, that writes the same rows with the \
             same sizes and indexes, for as many people, and does nothing else: no reading, no rule, no chain of \
             hashes. The *engine* is the same statements through the store without HTTP. Product and bare route take \
             turns.\n\
             - Times at full load are those of clients who wait for each answer before they ask again. *Paced* requests \
             go when they are due and count from then, so that a hesitation counts for everyone it keeps waiting.\n\
             - Processor time: server and all processes of the database, as the kernel counts it.\n\
             - Full tables hold copies of a leave that two approved, spread over everybody; of every ten one waits. The \
             inbox and the searches are those of a supervisor, read 20 s after the approvals; what is searched for is in every title, in none, and in \
             some names. In each burst each of the deciders has one task and a connection of his own, and all send at \
             the same moment; one more reads his inbox fifty times a second, counted from when it was due.\n\
             - The large organisation is generated (`hanlin sample generate`), with accounts and flows; its head of \
             department and its scopes are asked in the process that has it in memory, each question timed alone, of \
             people and instants all over the place; pages are read through HTTP on a kept connection by its \
             administrator, one after the other. The import is a file of as many people again, from sending it to the \
             end of the job; meanwhile one reads places, address book and searches and one saves a draft as he types, each twenty \
             times a second and counted from when it was due.\n"
        )
    }
}

/// The approvals' figures by themselves.
pub(crate) fn approvals_alone(measured: &Office) -> Result<String> {
    let mut text = String::new();
    table_of_aims(&mut text, measured.aims())?;
    office(&mut text, measured)?;
    server(&mut text, measured)?;
    Ok(text)
}

/// The flows' figures by themselves.
pub(crate) fn flows_alone(measured: &Flows) -> Result<String> {
    let mut text = String::new();
    table_of_aims(&mut text, measured.aims())?;
    flows(&mut text, &[measured])?;
    Ok(text)
}

impl Office {
    fn aims(&self) -> Vec<Aim> {
        let name = called(self.engine);
        let first = FIRST_CPU.iter().find(|(engine, _)| *engine == self.engine).map(|(_, first)| first);
        let of_bare = self.approvals.iter().map(|approvals| {
            let ratio = approvals.ratio_to_bare();
            Aim {
                aim: format!("{name}: approvals at {} clients ≥ {RATIO_TO_BARE} of the bare route", approvals.clients),
                figure: format!("{ratio:.2}"),
                is_met: ratio >= RATIO_TO_BARE,
            }
        });
        let of_first = self.approvals.iter().zip(first.into_iter().flatten()).map(|(approvals, first)| {
            let ratio = approvals.cpu_to_bare() / first;
            Aim {
                aim: format!(
                    "{name}: processor time of an approval at {} clients ≤ {CPU_RATIO} × the first slice's",
                    approvals.clients
                ),
                figure: format!("{ratio:.2}"),
                is_met: ratio <= CPU_RATIO,
            }
        });
        let leaves = self.approvals.iter().filter(|_| self.engine == Engine::Sqlite).map(|approvals| {
            let cpu = approvals.leave_cpu();
            Aim {
                aim: format!(
                    "{name}: a two-step leave at {} clients ≤ {LEAVE_CPU} ms of processor time",
                    approvals.clients
                ),
                figure: format!("{cpu:.2} ms"),
                is_met: cpu <= LEAVE_CPU,
            }
        });
        let (idle, start) = (megabytes(self.idle), self.start());
        let server = [
            Aim { aim: format!("{name}: idle < {IDLE} MB"), figure: format!("{idle:.0} MB"), is_met: idle < IDLE },
            Aim { aim: format!("{name}: start < {START} s"), figure: format!("{start:.2} s"), is_met: start < START },
        ];
        of_bare.chain(of_first).chain(leaves).chain(server).collect()
    }
}

fn aim_of_lists(measured: &Measured) -> Vec<Aim> {
    let [few, many] = &measured.lists[..] else { return Vec::new() };
    let of = |percent| {
        let ratio = many.inbox.percentile(percent) / few.inbox.percentile(percent);
        Aim {
            aim: format!(
                "{}: inbox of {} ≤ {LIST_RATIO} × its time at {}, p{percent}",
                called(measured.engine),
                many.tasks,
                few.tasks
            ),
            figure: format!("{ratio:.2}"),
            is_met: ratio <= LIST_RATIO,
        }
    };
    [50, 99].map(of).into()
}

impl Flows {
    fn aims(&self) -> Vec<Aim> {
        let name = called(self.engine);
        let aim = |what: String, figure: f64, most: f64, unit: &str| Aim {
            aim: format!("{name}: {what} ≤ {most}{unit}"),
            figure: format!("{figure:.2}{unit}"),
            is_met: figure <= most,
        };
        let mut aims = Vec::new();
        if let [few, many] = &self.among[..] {
            let ratio = many.decide_p50() / few.decide_p50();
            let what = format!("deciding among {} tasks, of its time among {}", many.tasks, few.tasks);
            aims.push(aim(what, ratio, FULL_RATIO, " ×"));
            let page = |what: &str, run: &Run| {
                aim(format!("{what} among {} tasks, p99", many.tasks), run.percentile(99), PAGE, " ms")
            };
            aims.push(page("inbox", &many.inbox));
            aims.push(page("search in the inbox", &many.inbox_search));
            aims.push(page("search in what is done", &many.done_search));
        }
        let burst = &self.burst;
        let ratio = burst.meanwhile.percentile(99) / burst.calm.percentile(99);
        aims.push(aim(format!("others' reading while {} decide, p99", burst.people), ratio, BURST_RATIO, " ×"));
        aims
    }
}

fn flows(text: &mut String, measured: &[&Flows]) -> Result<()> {
    text.push_str("\n## Full tables, and many at once\n\n");
    text.push_str("| database | tasks | approvals/s | p50 ms | p99 ms | CPU ms | inbox p50 ms | p99 ms | search p50 ms | p99 ms | search in done p50 ms | p99 ms |\n");
    text.push_str("|---|---|---|---|---|---|---|---|---|---|---|---|\n");
    for flows in measured {
        for among in &flows.among {
            let (rate, p99) = (middle(&among.decide, Run::per_second), middle(&among.decide, |run| run.percentile(99)));
            write!(
                text,
                "| {} | {} | {rate:.0} | {:.2} | {p99:.2} | {:.3} |",
                called(flows.engine),
                among.tasks,
                among.decide_p50(),
                among.decide_cpu()
            )?;
            for run in [&among.inbox, &among.inbox_search, &among.done_search] {
                write!(text, " {:.2} | {:.2} |", run.percentile(50), run.percentile(99))?;
            }
            text.push('\n');
        }
    }
    text.push('\n');
    for flows in measured {
        writeln!(text, "{}", line_of_burst(flows.engine, &flows.burst))?;
    }
    Ok(())
}

/// How long it took until all had decided, and how one who only reads fared meanwhile.
pub(crate) fn line_of_burst(engine: Engine, burst: &Burst) -> String {
    format!(
        "- {}: {} people decide at the same moment, {} times, all of them without an error, in {:.2} s ({:.2}–{:.2}; p50 {:.0} ms, \
         p99 {:.0} ms, {:.3} ms of processor time each). Meanwhile another reads his inbox ({} times) in {:.2} ms p50 and \
         {:.2} ms p99; before it was {:.2} and {:.2} ms.",
        called(engine),
        burst.people,
        burst.seconds.len(),
        burst.seconds[burst.seconds.len() / 2],
        burst.seconds[0],
        burst.seconds[burst.seconds.len() - 1],
        burst.decide.percentile(50),
        burst.decide.percentile(99),
        burst.decide.cpu_each(),
        burst.meanwhile.done,
        burst.meanwhile.percentile(50),
        burst.meanwhile.percentile(99),
        burst.calm.percentile(50),
        burst.calm.percentile(99)
    )
}

/// The organisation's figures by themselves.
pub(crate) fn organisation_alone(measured: &Organisation) -> Result<String> {
    let mut text = String::new();
    table_of_aims(&mut text, measured.aims())?;
    organisation(&mut text, &[measured])?;
    Ok(text)
}

fn table_of_aims(text: &mut String, aims: Vec<Aim>) -> Result<()> {
    text.push_str("\n## Aims\n\n| aim | figure | |\n|---|---|---|\n");
    for Aim { aim, figure, is_met } in aims {
        writeln!(text, "| {aim} | {figure} | {} |", if is_met { "met" } else { "**not met**" })?;
    }
    Ok(())
}

impl Organisation {
    fn aims(&self) -> Vec<Aim> {
        let (name, people) = (called(self.engine), self.people);
        let aim = |what: &str, figure: f64, most: f64, unit: &str| Aim {
            aim: format!("{name}, {people} people: {what} < {most} {unit}"),
            figure: format!("{figure:.2} {unit}"),
            is_met: figure < most,
        };
        let asked = &self.questions;
        let slowest = self.pages.iter().map(|(_, run)| run.percentile(50)).fold(0.0, f64::max);
        vec![
            aim("head of the initiator's department as of a time, p99", Figure::micros(asked.head.p99), HEAD, "µs"),
            aim("scope of a request, p99", Figure::micros(asked.scope.p99), SCOPE, "µs"),
            aim("scope of those who reach most, p50", Figure::micros(asked.widest_scope.p50), SCOPE, "µs"),
            aim("search, p99", self.search.percentile(99), SEARCH, "ms"),
            aim("opening the tree or the largest list, p50", slowest, OPENING, "ms"),
            aim("a change on another's open line, longest", longest(&self.announced), SEEN, "ms"),
            aim("a change in a second reader's tree, longest", longest(&self.seen), SEEN, "ms"),
            aim("as many again imported beside others' work", self.import.seconds(), IMPORT, "s"),
        ]
    }
}

fn organisation(text: &mut String, organisations: &[&Organisation]) -> Result<()> {
    let Some(first) = organisations.first() else { return Ok(()) };
    writeln!(text, "\n## Organisation of {} people\n", first.people)?;
    text.push_str("| what | database | p50 | p99 |\n|---|---|---|---|\n");
    for organisation in organisations {
        let name = called(organisation.engine);
        let asked = &organisation.questions;
        for (what, figure) in [
            ("head of the initiator's department as of a time", &asked.head),
            ("scope of a request", &asked.scope),
            ("scope of those who reach most", &asked.widest_scope),
        ] {
            let (p50, p99) = (Figure::micros(figure.p50), Figure::micros(figure.p99));
            writeln!(text, "| {what} | {name} | {p50:.2} µs | {p99:.2} µs |")?;
        }
        let pages = organisation.pages.iter().map(|(what, run)| (*what, run));
        for (what, run) in [("search, twelve different ones", &organisation.search)].into_iter().chain(pages) {
            let (p50, p99) = (run.percentile(50), run.percentile(99));
            writeln!(text, "| {what} | {name} | {p50:.2} ms | {p99:.2} ms |")?;
        }
    }
    text.push('\n');
    for organisation in organisations {
        writeln!(
            text,
            "- {}: generated and written, with accounts and flows, in {:.1} s; loaded into memory in {:.0} ms, where it \
             takes {:.0} MB; the server has {:.0} MB after all that. A change is announced on an open line after {:.1} ms \
             (longest {:.1} ms) and stands in a second reader's tree after {:.1} ms (longest {:.1} ms).",
            called(organisation.engine),
            organisation.generated.as_secs_f64(),
            Figure::micros(organisation.questions.load_ns) / 1000.0,
            megabytes(organisation.questions.memory),
            megabytes(organisation.resident),
            median(&organisation.announced),
            longest(&organisation.announced),
            median(&organisation.seen),
            longest(&organisation.seen),
        )?;
    }
    organisations.iter().try_for_each(|organisation| imported(text, called(organisation.engine), &organisation.import))
}

/// Milliseconds; the times are sorted.
fn longest(times: &[Duration]) -> f64 {
    times.last().map_or(f64::NAN, |time| time.as_secs_f64() * 1000.0)
}

fn imported(text: &mut String, name: &str, import: &Import) -> Result<()> {
    let ([reads, writes], [reads_then, writes_then]) = (import.before.percentile(99), import.during.percentile(99));
    let longest = [&import.during.reads, &import.during.writes].map(|waited| longest(waited));
    writeln!(
        text,
        "- {name}: {} rows more are imported in {:.1} s: read, planned and shown in {:.1} s, carried out in {:.1} s. p99 of \
         others who read: {reads:.1} ms before, {reads_then:.1} ms meanwhile (longest {:.0} ms); of others who write: \
         {writes:.1} ms before, {writes_then:.1} ms meanwhile (longest {:.0} ms).",
        import.rows,
        import.seconds(),
        import.shown.as_secs_f64(),
        import.carried_out.as_secs_f64(),
        longest[0],
        longest[1],
    )?;
    Ok(())
}

impl Import {
    fn seconds(&self) -> f64 {
        (self.shown + self.carried_out).as_secs_f64()
    }
}

fn median(times: &[Duration]) -> f64 {
    times.get(times.len() / 2).map_or(f64::NAN, |time| time.as_secs_f64() * 1000.0)
}

struct Aim {
    aim: String,
    figure: String,
    is_met: bool,
}

impl Approvals {
    fn ratio_to_bare(&self) -> f64 {
        middle(&self.product, Run::per_second) / middle(&self.bare, Run::per_second)
    }

    fn cpu_to_bare(&self) -> f64 {
        middle(&self.product, Run::cpu_each) / middle(&self.bare, Run::cpu_each)
    }

    /// Milliseconds of processor time for submitting a leave and approving it twice.
    fn leave_cpu(&self) -> f64 {
        middle(&self.submits, Run::cpu_each) + 2.0 * middle(&self.product, Run::cpu_each)
    }
}

impl Raw {
    fn per_second(&self) -> f64 {
        self.approvals as f64 / self.seconds
    }
}

impl Office {
    /// Seconds, median.
    fn start(&self) -> f64 {
        self.starts[self.starts.len() / 2].as_secs_f64()
    }
}

fn section(text: &mut String, measured: &Measured) -> Result<()> {
    office(text, &measured.office)?;
    text.push_str(
        "\n| tasks in one inbox | first page p50 ms | p99 ms | CPU ms | counts p50 ms |\n|---|---|---|---|---|\n",
    );
    for list in &measured.lists {
        writeln!(
            text,
            "| {} | {:.2} | {:.2} | {:.2} | {:.2} |",
            list.tasks,
            list.inbox.percentile(50),
            list.inbox.percentile(99),
            list.inbox.cpu_each(),
            list.counts.percentile(50)
        )?;
    }
    server(text, &measured.office)
}

fn office(text: &mut String, measured: &Office) -> Result<()> {
    writeln!(text, "\n## {}\n", called(measured.engine))?;
    text.push_str(
        "| clients | approvals/s | p50 ms | p99 ms | CPU ms | bare route/s | of bare | CPU ms, bare | engine/s | of engine | submits/s | CPU ms, submit |\n\
         |---|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for approvals in &measured.approvals {
        let Approvals { clients, submits, product, bare, engine } = approvals;
        let (rate, raw) = (middle(product, Run::per_second), middle(engine, Raw::per_second));
        writeln!(
            text,
            "| {clients} | {} | {:.2} | {:.2} | {:.3} | {} | {:.2} | {:.3} | {} | {:.2} | {} | {:.3} |",
            spread(product, Run::per_second),
            middle(product, |run| run.percentile(50)),
            middle(product, |run| run.percentile(99)),
            middle(product, Run::cpu_each),
            spread(bare, Run::per_second),
            approvals.ratio_to_bare(),
            middle(bare, Run::cpu_each),
            spread(engine, Raw::per_second),
            rate / raw,
            spread(submits, Run::per_second),
            middle(submits, Run::cpu_each),
        )?;
    }
    let paced = &measured.paced;
    writeln!(
        text,
        "\nPaced at {:.0} approvals/s (half of what 16 clients get): p50 {:.2} ms, p99 {:.2} ms.",
        paced.rate,
        paced.run.percentile(50),
        paced.run.percentile(99)
    )?;
    let raw: Vec<String> = measured
        .approvals
        .iter()
        .map(|approvals| {
            let (p50, p99) =
                (middle(&approvals.engine, |raw| raw.p50 as f64), middle(&approvals.engine, |raw| raw.p99 as f64));
            format!("{} clients {:.2} and {:.2} ms", approvals.clients, p50 / 1000.0, p99 / 1000.0)
        })
        .collect();
    writeln!(text, "The engine alone, p50 and p99: {}.", raw.join(", "))?;
    Ok(())
}

fn server(text: &mut String, measured: &Office) -> Result<()> {
    let (low, high) = (measured.starts.first(), measured.starts.last());
    let seconds = |time: Option<&Duration>| time.map_or(f64::NAN, Duration::as_secs_f64);
    writeln!(
        text,
        "\n- Start to the first `GET /healthz` that is 200: {:.2} s ({:.2}–{:.2}); the first one, which makes the schema \
         and the sample organisation: {:.2} s.\n- Memory of the server: {:.0} MB idle, {:.0} MB at most under load.",
        measured.start(),
        seconds(low),
        seconds(high),
        measured.first_start.as_secs_f64(),
        megabytes(measured.idle),
        megabytes(measured.under_load),
    )?;
    Ok(())
}

/// `median (lowest–highest)`.
fn spread<T>(runs: &[T], figure: impl Fn(&T) -> f64) -> String {
    let low = runs.iter().map(&figure).fold(f64::INFINITY, f64::min);
    let high = runs.iter().map(&figure).fold(0.0, f64::max);
    format!("{:.0} ({low:.0}–{high:.0})", middle(runs, figure))
}

fn called(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "SQLite",
        Engine::Postgres => "PostgreSQL",
    }
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1_000_000.0
}

/// The figure before `kB` in a line of `npm run size`.
fn kilobytes(line: &str) -> Option<f64> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let at = words.iter().position(|word| *word == "kB")?;
    words.get(at.checked_sub(1)?)?.parse().ok()
}
