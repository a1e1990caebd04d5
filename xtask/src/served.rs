//! The dev binary serving the sample organisation to tests, on a port of its own, with data of its own.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::commands::build::{self, Profile};
use crate::commands::test::Engine;
use crate::guard::Background;
use crate::postgres::Postgres;
use crate::root::target;
use crate::sh;

/// How long the first start may take: schema and sample are written into an empty database.
const START: Duration = Duration::from_secs(60);

/// Where a server's data are. It stays when the server ends, so that another can be started on it.
pub(crate) struct Place {
    folder: PathBuf,
    database: Option<String>,
}

impl Place {
    /// An empty data folder, and for PostgreSQL an empty database. What an earlier run left under the name goes.
    pub(crate) fn fresh(name: &str, postgres: Option<&Postgres>) -> Result<Place> {
        let folder = target().join("served").join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).context("cannot remove the data of the last run")?;
        }
        fs::create_dir_all(&folder)?;
        let database = postgres.map(|postgres| postgres.create_database(&name.replace('-', "_"))).transpose()?;
        Ok(Place { folder, database })
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// What the servers here wrote, one after the other.
    pub(crate) fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    /// A file beside the data.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The database's URL, where it is not a file of the data folder.
    pub(crate) fn database(&self) -> Option<&str> {
        self.database.as_deref()
    }

    /// A command of the product about the data here.
    pub(crate) fn command(&self, profile: Profile, arguments: &[&str]) -> Command {
        self.under(&[], profile, arguments)
    }

    /// The same, started by another program.
    pub(crate) fn under(&self, wrapper: &[&str], profile: Profile, arguments: &[&str]) -> Command {
        let binary = build::binary(profile);
        let mut command = match wrapper.split_first() {
            None => sh::command(binary),
            Some((program, rest)) => {
                let mut command = sh::command(program);
                command.args(rest).arg(binary);
                command
            }
        };
        command.args(arguments).arg("--data").arg(self.data());
        if let Some(database) = &self.database {
            command.args(["--database", database]);
        }
        command
    }
}

/// Stopped when dropped.
pub(crate) struct Served {
    port: u16,
    log: PathBuf,
    server: Background,
    ready_after: Duration,
}

impl Served {
    /// Starts on an empty data folder, and for PostgreSQL an empty database; ready when this returns.
    pub(crate) fn start(engine: Engine, postgres: Option<&Postgres>) -> Result<Served> {
        let postgres = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(postgres.context("this engine needs a PostgreSQL")?),
        };
        Self::sample(&Place::fresh(&format!("served-{}", engine.name()), postgres)?)
    }

    /// Starts the dev binary with the sample organisation on the data that are there.
    pub(crate) fn sample(place: &Place) -> Result<Served> {
        Self::by(place, |address| place.command(Profile::Dev, &["serve", "--sample", "--listen", address]))
    }

    /// Starts what `serve` makes of the address to listen on: a port that the system chooses for it, so that nobody is
    /// quicker, and which it prints.
    pub(crate) fn by(place: &Place, serve: impl FnOnce(&str) -> Command) -> Result<Served> {
        let mut serve = serve("127.0.0.1:0");
        let log = place.log();
        let file = File::options().create(true).append(true).open(&log)?;
        let written = file.metadata()?.len();
        let start = Instant::now();
        let server = Background::start(serve.stdout(file.try_clone()?).stderr(file))?;
        let mut served = Served { port: 0, log, server, ready_after: Duration::ZERO };
        served.wait_until_ready(written)?;
        served.ready_after = start.elapsed();
        Ok(served)
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// What the server wrote.
    pub(crate) fn log(&self) -> &Path {
        &self.log
    }

    /// The id of the process that was started: of the server, or of what it was started under.
    pub(crate) fn id(&self) -> u32 {
        self.server.id()
    }

    /// From the start of the process to the first `GET /healthz` that was answered 200.
    pub(crate) fn ready_after(&self) -> Duration {
        self.ready_after
    }

    /// Ends it without a warning (SIGKILL).
    pub(crate) fn kill(self) -> Result<()> {
        self.server.kill()
    }

    /// `written`: what earlier servers wrote into the log.
    fn wait_until_ready(&mut self, written: u64) -> Result<()> {
        let until = Instant::now() + START;
        while !self.listens(written)? || !is_ready(self.port) {
            if self.server.ended()? || Instant::now() > until {
                bail!("the server did not get ready. Its log:\n{}", fs::read_to_string(&self.log).unwrap_or_default());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }

    /// Has it said where it listens?
    fn listens(&mut self, written: u64) -> Result<bool> {
        if self.port == 0 {
            let mut log = Vec::new();
            let mut file = File::open(&self.log)?;
            file.seek(SeekFrom::Start(written))?;
            file.read_to_end(&mut log)?;
            self.port = port_in(&String::from_utf8_lossy(&log)).unwrap_or(0);
        }
        Ok(self.port != 0)
    }
}

/// The port in the line in which a server says where it is, once that line is whole.
pub(crate) fn port_in(log: &str) -> Option<u16> {
    let (_, address) = log.split_once("Hanlin 翰林  http://127.0.0.1:")?;
    address.split_once('\n')?.0.trim().parse().ok()
}

/// Whether `GET /healthz` answers 200.
fn is_ready(port: u16) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}
