//! A PostgreSQL of our own: Debian's programs, an ordinary user, a temporary folder, a free port of the loopback, a
//! password nobody else knows. It ends and its folder goes with us, however we end.

use std::fs;
use std::io::Read;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::guard::{Background, Guard};
use crate::{sh, tools};

/// Whether a commit reaches the disk before it is acknowledged.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// As in production: for tests that hold it to its word, and for measurements.
    Synced,
    /// Twice as fast, for tests whose database nobody kills.
    Unsynced,
}

pub(crate) struct Postgres {
    programs: PathBuf,
    port: u16,
    password: String,
    /// Dropped first: the server ends before its folder goes.
    server: Background,
    _remover: Guard,
}

/// So many ports are tried.
const TRIES: usize = 8;

impl Postgres {
    pub(crate) fn start(durability: Durability) -> Result<Postgres> {
        Self::on(durability, free_port)
    }

    /// On one of these ports. Nobody keeps a free port for us until PostgreSQL listens on it (it cannot be told to choose
    /// one itself): where another program was quicker, the next one is tried.
    pub(crate) fn on(durability: Durability, mut port: impl FnMut() -> Result<u16>) -> Result<Postgres> {
        tools::need(&[tools::POSTGRES])?;
        let programs = tools::postgres_programs().context("PostgreSQL's server programs are not found")?;
        let (folder, remover) = temporary_folder(&place_for(durability))?;
        let password = password()?;
        let password_file = folder.join("password");
        fs::write(&password_file, &password)?;
        if sh::is_root() {
            sh::output(sh::command("chown").args(["-R", "postgres:postgres"]).arg(&folder))?;
        }
        let data = folder.join("data");
        let mut initdb = as_ordinary_user(&programs.join("initdb"), &folder);
        initdb.arg("-D").arg(&data).args(["-U", "hanlin", "--auth=scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8"]);
        initdb.arg("--pwfile").arg(&password_file).arg("--no-sync");
        sh::output(&mut initdb).context("cannot create a PostgreSQL cluster")?;

        for _ in 0..TRIES {
            let port = port()?;
            let mut server = serve(&programs, &folder, port, durability)?;
            if listens(&mut server, &folder)? {
                return Ok(Postgres { programs, port, password, server, _remover: remover });
            }
        }
        bail!("PostgreSQL found {TRIES} ports taken that had been free a moment before")
    }

    /// The id of its first process, whose children all others are.
    pub(crate) fn id(&self) -> u32 {
        self.server.id()
    }

    /// The database that is there from the start.
    pub(crate) fn url(&self) -> String {
        self.url_of("postgres")
    }

    /// Creates an empty database; its URL.
    pub(crate) fn create_database(&self, name: &str) -> Result<String> {
        let psql = self.programs.join("psql");
        let port = self.port.to_string();
        let mut create = sh::command(psql);
        create.args(["-q", "-h", "127.0.0.1", "-p", &port, "-U", "hanlin", "-d", "postgres", "-v", "ON_ERROR_STOP=1"]);
        create.args(["-c", &format!("create database {name} template template0")]).env("PGPASSWORD", &self.password);
        sh::output(&mut create)?;
        Ok(self.url_of(name))
    }

    fn url_of(&self, database: &str) -> String {
        format!("postgres://hanlin:{}@127.0.0.1:{}/{database}", self.password, self.port)
    }
}

/// Waits until it takes connections. `false`: the port was taken by another.
fn listens(server: &mut Background, folder: &Path) -> Result<bool> {
    let until = Instant::now() + Duration::from_secs(60);
    while !is_ready(server.id(), folder) {
        let ended = server.ended()?;
        if ended || Instant::now() > until {
            let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
            if ended && log.contains("Address already in use") {
                return Ok(false);
            }
            bail!("PostgreSQL did not start. Its log:\n{log}");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(true)
}

/// Whether it takes connections, as it says itself: what answers at the port may be another's.
fn is_ready(id: u32, folder: &Path) -> bool {
    let said = fs::read_to_string(folder.join("data/postmaster.pid")).unwrap_or_default();
    let lines: Vec<&str> = said.lines().map(str::trim).collect();
    lines.first() == Some(&id.to_string().as_str()) && lines.get(7) == Some(&"ready")
}

fn serve(programs: &Path, folder: &Path, port: u16, durability: Durability) -> Result<Background> {
    let log = fs::File::create(folder.join("log"))?;
    let mut server = as_ordinary_user(&programs.join("postgres"), folder);
    server.arg("-D").arg(folder.join("data")).arg("-k").arg(folder).args(["-h", "127.0.0.1", "-p", &port.to_string()]);
    let mut settings = vec!["max_connections=200", "shared_buffers=256MB", "logging_collector=off"];
    if durability == Durability::Unsynced {
        settings.extend(["fsync=off", "full_page_writes=off", "synchronous_commit=off"]);
    }
    for setting in settings {
        server.arg("-c").arg(setting);
    }
    server.stdout(log.try_clone()?).stderr(log);
    Background::start(&mut server)
}

/// A command in the folder, as the user `postgres` when we are root, since `initdb` and `postgres` refuse root.
fn as_ordinary_user(program: &Path, folder: &Path) -> Command {
    let mut command = if sh::is_root() {
        let mut setpriv = Command::new("setpriv");
        setpriv.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]).arg(program);
        setpriv
    } else {
        Command::new(program)
    };
    command.current_dir(folder);
    command
}

/// The tests make and drop hundreds of small databases, each of 300 files. On a disk most of their time went into looking
/// for inodes that were not freed just now (`recently_deleted` of ext4), so they live in memory where there is room.
fn place_for(durability: Durability) -> PathBuf {
    const ROOM_KB: u64 = 2 * 1024 * 1024;
    let memory = Path::new("/dev/shm");
    let free = || sh::output(sh::command("df").args(["--output=avail", "-k"]).arg(memory)).ok();
    let has_room = || free()?.lines().nth(1)?.trim().parse::<u64>().ok().map(|kb| kb >= ROOM_KB);
    let is_wanted = durability == Durability::Unsynced && memory.is_dir();
    if is_wanted && has_room() == Some(true) { memory.to_owned() } else { std::env::temp_dir() }
}

/// A folder that only its owner reads, and what removes it when we are gone.
fn temporary_folder(place: &Path) -> Result<(PathBuf, Guard)> {
    let folder = place.join(format!("hanlin-postgres-{}-{}", std::process::id(), &password()?[..8]));
    fs::create_dir(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let guard = Guard::new(
        // Processes of the server may still be closing their files.
        r#"for _ in 1 2 3 4 5; do rm -rf -- "$1" && exit 0; sleep 1; done"#,
        &[folder.to_str().context("the temporary folder's name is not UTF-8")?],
    )?;
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700))?;
    Ok((folder, guard))
}

fn password() -> Result<String> {
    let mut bytes = [0; 16];
    fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A port of the loopback that nobody listens on now, and which the next one may take.
pub(crate) fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free port on 127.0.0.1")?;
    Ok(listener.local_addr()?.port())
}
