//! `cargo xtask build`: the one binary that is installed.

use anyhow::Result;

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

/// The same binary for the tests, with the dependencies that they were just built with: the features of their own
/// dependencies are in it, and nothing is compiled twice.
pub(crate) fn server_for_tests() -> Result<()> {
    sh::run(sh::cargo().args(["build", "--locked", "--workspace", "--tests"]))
}

/// Where the binary lies.
pub(crate) fn binary(profile: Profile) -> std::path::PathBuf {
    let folder = match profile {
        Profile::Dev => "debug",
        Profile::Release => "release",
    };
    crate::root::target().join(folder).join("hanlin")
}
