//! Running other programs: every failure names the command line that failed.

use std::cell::Cell;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

/// A command in the root of the tree.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(crate::root::root());
    command
}

/// The Cargo that runs us.
pub(crate) fn cargo() -> Command {
    let mut cargo = command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // Set by `cargo run` for the xtask package; inherited, they would make build scripts of others run again.
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")) {
            cargo.env_remove(name);
        }
    }
    cargo
}

/// npm in one folder of the tree.
pub(crate) fn npm(folder: &Path) -> Command {
    let mut npm = Command::new("npm");
    npm.current_dir(folder);
    npm
}

/// Runs it with our standard streams; an exit status other than 0 is an error.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    if SPOOLED.get() {
        return run_spooled(command);
    }
    eprintln!("$ {}", shown(command));
    let status = command.status().with_context(|| format!("cannot start {}", shown(command)))?;
    ensure!(status.success(), "`{}` ended with {status}", shown(command));
    Ok(())
}

thread_local! {
    static SPOOLED: Cell<bool> = const { Cell::new(false) };
}

/// What `run` runs on this thread meanwhile shows what it wrote when it ends, in one piece.
pub(crate) fn spooled<T>(work: impl FnOnce() -> T) -> T {
    SPOOLED.set(true);
    let result = work();
    SPOOLED.set(false);
    result
}

fn run_spooled(command: &mut Command) -> Result<()> {
    let mut spool = tempfile::tempfile().context("cannot keep what a program writes")?;
    command.stdin(Stdio::null()).stdout(spool.try_clone()?).stderr(spool.try_clone()?);
    let status = command.status().with_context(|| format!("cannot start {}", shown(command)))?;
    spool.seek(SeekFrom::Start(0))?;
    let mut written = Vec::new();
    spool.read_to_end(&mut written)?;
    eprintln!("$ {}\n{}", shown(command), String::from_utf8_lossy(&written).trim_end());
    ensure!(status.success(), "`{}` ended with {status}", shown(command));
    Ok(())
}

/// Runs it quietly and gives its standard output; on failure the error carries what it wrote to standard error.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot start {}", shown(command)))?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        bail!("`{}` ended with {}\n{}", shown(command), output.status, words.trim_end());
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{}` did not write text", shown(command)))
}

/// Whether the program starts and ends well with these arguments.
pub(crate) fn answers(program: &str, arguments: &[&str]) -> bool {
    let quiet =
        command(program).args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    quiet.is_ok_and(|status| status.success())
}

/// Whether we may install packages.
pub(crate) fn is_root() -> bool {
    output(command("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// The command line as a person would type it.
fn shown(command: &Command) -> String {
    let mut line = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args() {
        let argument = argument.to_string_lossy();
        let plain =
            !argument.is_empty() && argument.chars().all(|c| c.is_ascii_alphanumeric() || "-_./=:@,+".contains(c));
        if plain {
            write!(line, " {argument}").expect("writing to a string cannot fail");
        } else {
            write!(line, " '{argument}'").expect("writing to a string cannot fail");
        }
    }
    line
}
