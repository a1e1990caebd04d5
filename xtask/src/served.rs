//! The dev binary serving the sample organisation to tests, on a free port, with data of its own.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::commands::build::{self, Profile};
use crate::commands::test::Engine;
use crate::guard::Background;
use crate::postgres::{self, Postgres};
use crate::root::target;
use crate::sh;

/// How long the first start may take: schema and sample are written into an empty database.
const START: Duration = Duration::from_secs(60);

/// Stopped when dropped.
pub(crate) struct Served {
    port: u16,
    log: PathBuf,
    server: Background,
}

impl Served {
    /// Starts on an empty data folder, and for PostgreSQL an empty database; ready when this returns.
    pub(crate) fn start(engine: Engine, postgres: Option<&Postgres>) -> Result<Served> {
        let folder = target().join("served").join(engine.name());
        if folder.exists() {
            fs::remove_dir_all(&folder).context("cannot remove the data of the last run")?;
        }
        fs::create_dir_all(&folder)?;
        let port = postgres::free_port()?;
        let mut serve = sh::command(build::binary(Profile::Dev));
        serve.args(["serve", "--sample", "--listen", &format!("127.0.0.1:{port}"), "--data"]).arg(folder.join("data"));
        if engine == Engine::Postgres {
            let postgres = postgres.context("this engine needs a PostgreSQL")?;
            serve.args(["--database", &postgres.create_database("served")?]);
        }
        let log = folder.join("log");
        let file = File::create(&log)?;
        let server = Background::start(serve.stdout(file.try_clone()?).stderr(file))?;
        let mut served = Served { port, log, server };
        served.wait_until_ready()?;
        Ok(served)
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What the server wrote.
    pub(crate) fn log(&self) -> &Path {
        &self.log
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let until = Instant::now() + START;
        while !is_ready(self.port) {
            if self.server.ended()? || Instant::now() > until {
                bail!("the server did not get ready. Its log:\n{}", fs::read_to_string(&self.log).unwrap_or_default());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }
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
