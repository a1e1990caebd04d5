//! Flow packages on the command line: checked and tested without a server, imported into an installation, exported.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result, anyhow, bail};
use clap::{Subcommand, ValueEnum};
use hanlin_directory::{Snapshot, cast};
use hanlin_kernel::{Error, Locale, UnitId};
use hanlin_store::{Db, Location, Settings, Tx};
use hanlin_workflow::package::{self, House as Rehearsal, Installation, Problem};
use jiff::Timestamp;

use super::flow_index::{self, Listed};
use crate::{
    config::Place,
    house::{self, House},
};

#[derive(Subcommand)]
pub enum Flow {
    /// Tell everything that is wrong with packages, with line and column and what to do; exit status 1 for errors.
    /// With --data or --database, what they name must exist in that installation.
    Check {
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// The language of the sentences.
        #[arg(long, value_enum, default_value_t = Language::En)]
        language: Language,
    },
    /// Play the test cases of packages in the sample organisation, or in that of --data or --database. The last line is
    /// `N passed, N failed`; exit status 1 when any failed.
    Test {
        #[arg(required = true)]
        files: Vec<PathBuf>,
        #[arg(long, value_enum, default_value_t = Language::En)]
        language: Language,
    },
    /// Print a page that lists packages: what they prove and what is declared in them.
    Index {
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Import packages as the next versions of their flows. While a server runs on the data folder, its page for flows
    /// does the same.
    Import {
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Publish them at once: new cases run on them.
        #[arg(long)]
        publish: bool,
        /// With --publish: publish them also where they ask other systems that are not registered, or not for them. Cases
        /// that come there wait for the flow's administrators.
        #[arg(long, requires = "publish")]
        allow_unknown_endpoints: bool,
        /// Code of the unit that owns the flows. Default: the topmost one.
        #[arg(long)]
        unit: Option<String>,
    },
    /// Write the package of a flow, of the version that new cases run on, else of the latest.
    Export {
        /// For example f-01-leave.
        code: String,
        /// Default: standard output.
        #[arg(long)]
        out: Option<PathBuf>,
        /// In the one canonical form, without comments, instead of as it was written.
        #[arg(long)]
        canonical: bool,
        /// Code of the unit that owns the flow, where several units have one of this code.
        #[arg(long)]
        unit: Option<String>,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Language {
    En,
    Zh,
}

impl Language {
    fn locale(self) -> Locale {
        match self {
            Self::En => Locale::En,
            Self::Zh => Locale::ZhCn,
        }
    }
}

pub async fn run(place: &Place, command: Flow) -> Result<ExitCode> {
    match command {
        Flow::Check { files, language } => check(place, &files, language.locale()).await,
        Flow::Test { files, language } => test(place, &files, language.locale()).await,
        Flow::Index { files } => index(&files),
        Flow::Import { files, publish, allow_unknown_endpoints, unit } => {
            let publish = match (publish, allow_unknown_endpoints) {
                (false, _) => Publish::No,
                (true, false) => Publish::Complete,
                (true, true) => Publish::Anyway,
            };
            import(place, &files, publish, unit).await
        }
        Flow::Export { code, out, canonical, unit } => export(place, code, out, canonical, unit).await,
    }
}

async fn check(place: &Place, files: &[PathBuf], locale: Locale) -> Result<ExitCode> {
    let found = match installation(place) {
        true => Some(reading(place, Installation::of).await?.with_registers(registers())),
        false => None,
    };
    let mut beside = Vec::new();
    for file in files {
        beside.extend(package::examine(&text_of(file)?, None).package);
    }
    let (mut errors, mut warnings) = (0, 0);
    for file in files {
        let text = text_of(file)?;
        let problems = problems(&text, found.as_ref(), &beside);
        for problem in &problems {
            print_problem(file, problem, locale);
        }
        errors += problems.iter().filter(|problem| problem.is_error()).count();
        warnings += problems.iter().filter(|problem| !problem.is_error()).count();
    }
    println!("{} checked: {}, {}", count(files.len(), "file"), count(errors, "error"), count(warnings, "warning"));
    Ok(if errors == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Against the installation that is named. Without one, against the sample organisation, whose names are only a hint:
/// another organisation may well have a post that it does not have.
///
/// `beside`: what is checked together with it, and would be imported together.
fn problems(text: &str, installation: Option<&Installation>, beside: &[package::Package]) -> Vec<Problem> {
    if let Some(installation) = installation {
        let together = beside.iter().fold(installation.clone(), Installation::with_flow);
        return package::examine(text, Some(&together)).problems;
    }
    let sample = Installation::of_people(cast::snapshot(), Timestamp::now()).with_registers(registers());
    let sample = beside.iter().fold(sample, Installation::with_flow);
    let mut problems = package::examine(text, Some(&sample)).problems;
    for problem in &mut problems {
        if problem.code == "workflow.package.unknown_name" {
            problem.severity = package::Severity::Warning;
        }
    }
    problems
}

/// What modules lend to forms.
fn registers() -> Vec<hanlin_workflow::Register> {
    let modules = crate::modules::modules();
    modules
        .iter()
        .flat_map(|module| module.ports.of::<hanlin_workflow::Register>().copied().collect::<Vec<_>>())
        .collect()
}

async fn test(place: &Place, files: &[PathBuf], locale: Locale) -> Result<ExitCode> {
    let house = match installation(place) {
        true => reading(place, Rehearsal::of).await?,
        false => Rehearsal::sample(),
    };
    let (mut passed, mut failed) = (0, 0);
    for file in files {
        let package = match package::read(&text_of(file)?) {
            Ok(package) => package,
            Err(problems) => {
                problems.iter().for_each(|problem| print_problem(file, problem, locale));
                failed += 1;
                continue;
            }
        };
        for result in package::test(&package, &house) {
            let name = result.name.in_locale(locale);
            match result.passed() {
                true => passed += 1,
                false => failed += 1,
            }
            println!("{} {}: {name}", if result.passed() { "ok    " } else { "FAILED" }, file.display());
            for failure in &result.failures {
                println!("       {}", failure.in_locale(locale));
            }
        }
    }
    println!("{passed} passed, {failed} failed");
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn index(files: &[PathBuf]) -> Result<ExitCode> {
    let mut listed = Vec::new();
    for file in files {
        match Listed::of(file, &text_of(file)?) {
            Ok(one) => listed.push(one),
            Err(problems) => {
                problems.iter().for_each(|problem| print_problem(file, problem, Locale::En));
                bail!("{} cannot be read", file.display());
            }
        }
    }
    print!("{}", flow_index::page(&listed));
    Ok(ExitCode::SUCCESS)
}

/// Are imported packages published?
#[derive(Clone, Copy, PartialEq, Eq)]
enum Publish {
    No,
    /// Where the other systems that they ask are there.
    Complete,
    Anyway,
}

async fn import(place: &Place, files: &[PathBuf], publish: Publish, unit: Option<String>) -> Result<ExitCode> {
    let mut texts = Vec::new();
    for file in files {
        texts.push((file.clone(), text_of(file)?));
    }
    existing(place)?;
    let house = House::open(place)
        .await
        .context("nothing was imported; while a server runs, import flows on its page “Flows” (流程管理) instead")?;
    let outcome = house.db.write(move |tx| import_all(tx, &texts, publish, unit.as_deref())).await;
    house.close().await?;
    match outcome.map_err(|error| anyhow!("nothing was imported: {error}"))? {
        Imported::Done(lines, warnings) => {
            warnings.iter().for_each(|(file, problem)| print_problem(file, problem, Locale::En));
            lines.iter().for_each(|line| println!("{line}"));
            Ok(ExitCode::SUCCESS)
        }
        Imported::Broken(problems) => {
            problems.iter().for_each(|(file, problem)| print_problem(file, problem, Locale::En));
            println!("nothing was imported");
            Ok(ExitCode::FAILURE)
        }
        Imported::Unregistered(problems) => {
            problems.iter().for_each(|(file, problem)| print_problem(file, problem, Locale::En));
            bail!(
                "nothing was imported: register these systems and let the flows ask them, import without --publish, \
                 or publish anyway with --allow-unknown-endpoints"
            )
        }
        Imported::NoUnit(wanted) => bail!("nothing was imported: there is no unit {wanted}"),
    }
}

enum Imported {
    /// What was done, and what was found that did not keep it from being done.
    Done(Vec<String>, Vec<(PathBuf, Problem)>),
    Broken(Vec<(PathBuf, Problem)>),
    /// They were to be published, and ask systems that they cannot ask.
    Unregistered(Vec<(PathBuf, Problem)>),
    NoUnit(String),
}

/// All of them or, if one has an error, none.
fn import_all(
    tx: &mut Tx,
    texts: &[(PathBuf, String)],
    publish: Publish,
    unit: Option<&str>,
) -> hanlin_kernel::Result<Imported> {
    let mut installation = Installation::of(tx)?;
    for (_, text) in texts {
        // What is imported together may name one another.
        let package = package::examine(text, None).package;
        installation = package.iter().fold(installation, Installation::with_flow);
    }
    let Some(owner) = unit_named(&installation.directory, installation.at, unit) else {
        return Ok(Imported::NoUnit(unit.unwrap_or("yet: set the installation up first").to_owned()));
    };
    let mut packages = Vec::new();
    let (mut broken, mut warned) = (Vec::new(), Vec::new());
    for (file, text) in texts {
        match package::read_for(text, &installation) {
            Ok((package, warnings)) => {
                warned.extend(warnings.into_iter().map(|problem| (file.clone(), problem)));
                packages.push((package, text));
            }
            Err(problems) => broken.extend(problems.into_iter().map(|problem| (file.clone(), problem))),
        }
    }
    if !broken.is_empty() {
        return Ok(Imported::Broken(broken));
    }
    if publish == Publish::Complete && warned.iter().any(|(_, problem)| problem.keeps_from_publishing()) {
        warned.retain(|(_, problem)| problem.keeps_from_publishing());
        return Ok(Imported::Unregistered(warned));
    }
    let mut lines = Vec::new();
    for (package, text) in packages {
        let code = package.flow.id.clone();
        if publish != Publish::No {
            hanlin_workflow::import_and_publish(tx, owner, package.flow, text)?;
            lines.push(format!("{code}: imported and published"));
        } else {
            hanlin_workflow::import_draft(tx, owner, package.flow, text)?;
            lines.push(format!("{code}: imported; publish it on the page of flows, or with --publish"));
        }
    }
    Ok(Imported::Done(lines, warned))
}

/// The unit of this code; without one, the topmost.
fn unit_named(directory: &Snapshot, at: Timestamp, code: Option<&str>) -> Option<UnitId> {
    match code {
        Some(code) => directory.unit_by_code(code),
        None => directory.roots(at).first().map(|unit| unit.id),
    }
}

async fn export(
    place: &Place,
    code: String,
    out: Option<PathBuf>,
    canonical: bool,
    unit: Option<String>,
) -> Result<ExitCode> {
    existing(place)?;
    let wanted = code.clone();
    let text = reading(place, move |tx| {
        let directory = hanlin_directory::snapshot(tx)?;
        let unit = unit.as_ref().map(|code| directory.unit_by_code(code).ok_or(Error::NotFound)).transpose()?;
        hanlin_workflow::find_package(tx, unit, &wanted)
    })
    .await
    .with_context(|| format!("the flow {code} was not exported"))?;
    let text = if canonical { package::write(&package::read(&text).map_err(|_| newer(&code))?) } else { text };
    match out {
        Some(path) => std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?,
        None => std::io::stdout().write_all(text.as_bytes())?,
    }
    Ok(ExitCode::SUCCESS)
}

fn newer(code: &str) -> anyhow::Error {
    anyhow!("the package of {code} was written for another version of this program: export it without --canonical")
}

/// Was an installation named?
fn installation(place: &Place) -> bool {
    place.data.is_some() || place.database.is_some()
}

fn existing(place: &Place) -> Result<()> {
    match house::location(place) {
        Location::Sqlite(path) if !path.exists() => {
            bail!("there is no installation in {}: name its folder with --data", place.data().display())
        }
        _ => Ok(()),
    }
}

/// Reads from an installation, also while a server runs on it.
async fn reading<T: Send + 'static>(
    place: &Place,
    work: impl FnMut(&mut Tx) -> hanlin_kernel::Result<T> + Send + 'static,
) -> Result<T> {
    existing(place)?;
    let db = Db::open(&house::location(place), Settings::default()).await.map_err(|error| anyhow!("{error}"))?;
    let read = db.read(work).await;
    tokio::task::spawn_blocking(move || db.close()).await?;
    read.map_err(|error| match error {
        Error::NotFound => anyhow!("it was not found"),
        other => anyhow!("{other}"),
    })
}

fn text_of(file: &Path) -> Result<String> {
    let size = std::fs::metadata(file).with_context(|| format!("cannot read {}", file.display()))?.len();
    if size > 16 * package::MAX_BYTES as u64 {
        bail!("{} has {size} bytes: that is no flow package (at most {} bytes)", file.display(), package::MAX_BYTES);
    }
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    String::from_utf8(bytes).map_err(|error| {
        let line = bytes_before(error.as_bytes(), error.utf8_error().valid_up_to());
        anyhow!("{}:{line}: the file is not UTF-8: save it with that encoding", file.display())
    })
}

fn bytes_before(bytes: &[u8], end: usize) -> usize {
    bytes[..end].iter().filter(|byte| **byte == b'\n').count() + 1
}

fn print_problem(file: &Path, problem: &Problem, locale: Locale) {
    let kind = if problem.is_error() { "error" } else { "warning" };
    let (line, column) = (problem.line, problem.column);
    println!("{}:{line}:{column}: {kind}: {}", file.display(), problem.in_locale(locale));
}

fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
