//! `cargo xtask build`: the one binary that is installed.

use std::process::Command;

use anyhow::Result;

use crate::root::root;
use crate::{npm, sh, tools};

/// Build target/release/hanlin with the web client inside.
#[derive(clap::Args)]
pub(crate) struct Build {}

impl Build {
    pub(crate) fn run(self) -> Result<()> {
        tools::need(&[tools::CC])?;
        npm::build()?;
        server(Profile::Release)?;
        eprintln!("Built {}.", binary(Profile::Release).display());
        Ok(())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Quick to build: `run`, `dev`, `test`.
    Dev,
    /// Quick to run: `build`.
    Release,
}

/// Builds the binary with the client that stands in `web/dist`.
pub(crate) fn server(profile: Profile) -> Result<()> {
    let mut build = sh::cargo();
    build.args(["build", "--locked", "-p", "hanlin-server", "--bin", "hanlin"]);
    if profile == Profile::Release {
        build.arg("--release");
    }
    sh::run(&mut build)
}

/// Builds everything there is, the binary among it, by the compiler that `lint` chooses.
pub(crate) fn everything(lint: Lint) -> Result<()> {
    sh::run(cargo(lint).args(["build", "--locked", "--workspace", "--all-targets"]))
}

/// Who compiles the crates of the workspace.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lint {
    /// Clippy's compiler (`xtask/lint.sh`): all that it warns of is an error, and what it compiles can be run. `cargo clippy` calls it
    /// so too, but only ever to check, so that everything, dependencies too, would be compiled once more to be run.
    Clippy,
    /// The plain one.
    No,
}

/// Cargo with that compiler. What one built the other builds again, crates of others excepted.
pub(crate) fn cargo(lint: Lint) -> Command {
    let mut cargo = sh::cargo();
    if lint == Lint::Clippy {
        cargo.env("RUSTC_WORKSPACE_WRAPPER", root().join("xtask/lint.sh"));
        cargo.env("CLIPPY_ARGS", "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__");
    }
    cargo
}

/// Where the binary lies.
pub(crate) fn binary(profile: Profile) -> std::path::PathBuf {
    let folder = match profile {
        Profile::Dev => "debug",
        Profile::Release => "release",
    };
    crate::root::target().join(folder).join("hanlin")
}
