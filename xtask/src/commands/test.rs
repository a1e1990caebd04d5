//! `cargo xtask test`: every test there is, on both databases, in one run.

use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::build::{self, Lint, Profile};
use super::{clauses, generate, licences, new_module, tidy, torture};
use crate::chance::Chance;
use crate::postgres::{Durability, Postgres};
use crate::root::root;
use crate::served::Served;
use crate::steps::Steps;
use crate::tidy::arrows;
use crate::{npm, sh, sources, tools};

/// Cases a property test tries: usually the library's 256, with `--full` these.
const FULL_CASES: &str = "4096";
/// Property tests draw the same cases in every ordinary run, so that a tree that passed once passes again; new cases are
/// for `--full`, and for whoever runs the tests by cargo itself.
const PROPERTY_SEED: u64 = 20_260_101;
/// How often the server is killed on each database, and with `--full`.
const KILLS: u32 = 20;
const FULL_KILLS: u32 = 100;

/// Run every test there is.
#[derive(clap::Args)]
pub(crate) struct Test {
    /// Only this module's: its crate and its folder of the web client.
    #[arg(long)]
    module: Option<String>,
    /// Only on this database.
    #[arg(long)]
    engine: Option<Engine>,
    /// Accept what the tests now see as their snapshots. Then read the difference.
    #[arg(long)]
    bless: bool,
    /// The same tests with larger counts.
    #[arg(long)]
    full: bool,
}

/// A database that the product runs on.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Engine {
    /// The embedded one.
    Sqlite,
    /// A server.
    Postgres,
}

impl Engine {
    pub(crate) const ALL: [Engine; 2] = [Engine::Sqlite, Engine::Postgres];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Engine::Sqlite => "sqlite",
            Engine::Postgres => "postgres",
        }
    }
}

/// Whose tests run.
#[derive(Clone, Copy)]
enum Crates<'a> {
    All,
    /// Only those with tests that open a database, without their tests that open none.
    WithDatabase,
    Module(&'a str),
}

impl Test {
    pub(crate) fn run(self) -> Result<()> {
        tools::need(&[tools::CC, tools::RUSTFMT, tools::CLIPPY])?;
        let mut steps = Steps::default();
        match &self.module {
            Some(module) => self.one_module(&mut steps, module)?,
            None => self.everything(&mut steps)?,
        }
        steps.finish()
    }

    fn everything(&self, steps: &mut Steps) -> Result<()> {
        let postgres = self.start_postgres()?;
        steps.step("tidy", tidy::check);
        steps.step("clauses: every named one exists", clauses::check_tree);
        steps.step("licences of third parties", licences::check);
        steps.step("cargo fmt", || sh::run(sh::cargo().args(["fmt", "--all", "--check"])));
        let mut lint = Lint::Clippy;
        let mut is_built = false;
        let making = npm::making()?;
        steps.beside(
            |steps| {
                if !steps.step("cargo clippy, building all", || build::everything(Lint::Clippy)) {
                    // A warning must not keep the tests from being run.
                    lint = Lint::No;
                }
            },
            // While packages are fetched, and on the core that a build leaves idle while one crate waits for another.
            |steps| {
                is_built = steps.step("web: install and build", || npm::build_as(making));
                if is_built {
                    web_checks(steps);
                    self.web_tests(steps, None);
                }
            },
        );
        let has_server = steps.step("build the server", || build::everything(lint));
        let last = self.engines().last();
        for (n_done, engine) in self.engines().enumerate() {
            // Tests that know no database need not run for the second one too.
            let crates = if n_done == 0 { Crates::All } else { Crates::WithDatabase };
            let tests = |steps: &mut Steps| self.cargo_tests(steps, engine, postgres.as_ref(), crates, lint);
            if has_server && last == Some(engine) {
                // It waits for servers to start and for the disk, most of the time.
                steps.beside(tests, |steps| self.torture(steps));
            } else {
                tests(steps);
            }
        }
        if self.full {
            steps.step("a new module compiles and passes its tests", new_module::check);
        }
        if !is_built {
            steps.not_run("web: types, lint, size, tests, generated files", "web: install and build");
            return Ok(());
        }
        if !has_server {
            steps.not_run("generated files, flow packages, journeys, torture", "build the server");
            return Ok(());
        }
        steps.step(
            "generated files are current",
            || if self.bless { generate::write() } else { generate::check_drift() },
        );
        steps.step("flow packages: check", || flow_packages("check"));
        steps.step("flow packages: cases", || flow_packages("test"));
        for (n_done, engine) in self.engines().enumerate() {
            // A screen is the same on each database: on the second one go those who search, decide at once and follow live.
            let script = if n_done == 0 || self.full { "test" } else { "test:second" };
            steps.step(&format!("journeys on {}", engine.name()), || self.journeys(engine, postgres.as_ref(), script));
        }
        Ok(())
    }

    fn one_module(&self, steps: &mut Steps, module: &str) -> Result<()> {
        ensure!(root().join("modules").join(module).is_dir(), "there is no folder modules/{module}");
        let postgres = self.start_postgres()?;
        for engine in self.engines() {
            self.cargo_tests(steps, engine, postgres.as_ref(), Crates::Module(module), Lint::No);
        }
        if npm::web().join("src/modules").join(module).is_dir() {
            if steps.step("web: install", npm::install_web) {
                self.web_tests(steps, Some(module));
            } else {
                steps.not_run("web: tests", "web: install");
            }
        }
        Ok(())
    }

    fn engines(&self) -> impl Iterator<Item = Engine> {
        let only = self.engine;
        Engine::ALL.into_iter().filter(move |engine| only.is_none_or(|only| only == *engine))
    }

    fn start_postgres(&self) -> Result<Option<Postgres>> {
        let is_wanted = self.engines().any(|engine| engine == Engine::Postgres);
        is_wanted.then(|| Postgres::start(Durability::Unsynced)).transpose()
    }

    /// The tests of some crates against one database.
    fn cargo_tests(
        &self,
        steps: &mut Steps,
        engine: Engine,
        postgres: Option<&Postgres>,
        crates: Crates<'_>,
        lint: Lint,
    ) {
        steps.step(&format!("cargo tests on {}", engine.name()), || {
            let mut test = build::cargo(lint);
            let has_nextest = sh::answers("cargo", &["nextest", "--version"]);
            if has_nextest {
                test.args(["nextest", "run", "--no-tests=pass", "--status-level", "fail"]);
                if engine == Engine::Postgres {
                    // They wait for the server more than they work.
                    test.args(["--test-threads", "4"]);
                }
            } else {
                test.arg("test");
            }
            test.args(["--locked", "--no-fail-fast"]).env("HANLIN_TEST_ENGINE", engine.name());
            match crates {
                Crates::Module(module) => test.args(["-p", &format!("hanlin-{module}")]),
                // A filter and no shorter list of crates: another list would have the dependencies built anew.
                Crates::WithDatabase if has_nextest => {
                    let pure = arrows::PURE_TESTS.join("|");
                    let filter = format!("rdeps(hanlin-testkit) - test(/^tests::({pure})::/)");
                    test.args(["--workspace", "-E", &filter])
                }
                Crates::All | Crates::WithDatabase => test.arg("--workspace"),
            };
            if let Some(postgres) = postgres {
                test.env("HANLIN_TEST_POSTGRES", postgres.url());
            }
            // A failure names no seed by itself.
            let seed = if self.full { Chance::fresh_seed() } else { PROPERTY_SEED };
            eprintln!("property tests: PROPTEST_RNG_SEED={seed}");
            test.env("PROPTEST_RNG_SEED", seed.to_string());
            sh::run(self.counts(&mut test))
        });
    }

    fn web_tests(&self, steps: &mut Steps, module: Option<&str>) {
        steps.step("web: tests", || {
            let mut test = sh::npm(&npm::web());
            test.args(["run", "test", "--"]);
            if let Some(module) = module {
                test.args([&format!("src/modules/{module}/"), "--passWithNoTests"]);
            }
            if self.bless {
                test.arg("--update");
            }
            sh::run(self.counts(&mut test))
        });
    }

    /// People at work in a real browser, with the dev binary serving the sample organisation.
    fn journeys(&self, engine: Engine, postgres: Option<&Postgres>, script: &str) -> Result<()> {
        tools::need(&[tools::BROWSER])?;
        let e2e = root().join("e2e");
        npm::install(&e2e)?;
        let served = Served::start(engine, postgres)?;
        let mut journeys = sh::npm(&e2e);
        journeys.args(["run", script]).env("HANLIN_URL", served.url()).env("HANLIN_ENGINE", engine.name());
        sh::run(self.counts(&mut journeys)).with_context(|| format!("the server's log is {}", served.log().display()))
    }

    /// The server is killed under work, and loses its power.
    fn torture(&self, steps: &mut Steps) {
        let kills = if self.full { FULL_KILLS } else { KILLS };
        let seed = Chance::fresh_seed();
        let on = |steps: &mut Steps, engine: Engine| {
            if !self.engines().any(|wanted| wanted == engine) {
                return;
            }
            steps.step(&format!("torture on {}: {kills} kills, seed {seed}", engine.name()), || {
                torture::kills(engine, kills, &mut Chance::new(seed))
            });
            if engine == Engine::Sqlite {
                steps.step(&format!("durability: unsynced writes are lost, seed {seed}"), || {
                    torture::power(&mut Chance::new(seed))
                });
            }
        };
        steps.beside(|steps| on(steps, Engine::Sqlite), |steps| on(steps, Engine::Postgres));
    }

    /// Tells the tests about `--bless` and `--full`.
    fn counts<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        if self.bless {
            command.env("UPDATE_EXPECT", "1").env("HANLIN_BLESS", "1");
        }
        if self.full {
            command.env("HANLIN_FULL", "1").env("PROPTEST_CASES", FULL_CASES);
        }
        command
    }
}

/// What is checked of the built client besides its tests.
fn web_checks(steps: &mut Steps) {
    for (name, script) in [("types", "typecheck"), ("lint", "lint"), ("size of the first page", "size")] {
        steps.step(&format!("web: {name}"), || sh::run(sh::npm(&npm::web()).args(["run", script])));
    }
}

/// `hanlin flow check` or `hanlin flow test` over every flow package that ships.
fn flow_packages(verb: &str) -> Result<()> {
    let mut packages = sources::files_under(&root().join("presets"))?;
    packages.retain(|file| file.to_string_lossy().ends_with(".flow.yaml"));
    packages.sort();
    ensure!(!packages.is_empty(), "there is no flow package under presets/");
    sh::run(sh::command(build::binary(Profile::Dev)).args(["flow", verb]).args(packages))
}
