//! `cargo xtask run`: from a fresh clone to the sample organisation in a browser.

use std::os::unix::process::CommandExt;
use std::path::PathBuf;

use anyhow::{Result, anyhow};

use super::build::{self, Profile};
use crate::{npm, root, sh, tools};

/// Build everything and serve the sample organisation on 127.0.0.1:8080.
#[derive(clap::Args)]
pub(crate) struct Run {
    /// Build as for production: slower to build, faster to use.
    #[arg(long)]
    release: bool,
    /// Where the server listens.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: String,
    /// The data folder; the sample organisation is put into an empty one. [default: target/sample-data]
    #[arg(long)]
    data: Option<PathBuf>,
    /// Passed on to `hanlin serve`.
    #[arg(last = true)]
    arguments: Vec<String>,
}

impl Run {
    pub(crate) fn run(self) -> Result<()> {
        tools::need(&[tools::CC])?;
        npm::build()?;
        let profile = if self.release { Profile::Release } else { Profile::Dev };
        build::server(profile)?;
        let data = self.data.unwrap_or_else(sample_data);
        let mut serve = sh::command(build::binary(profile));
        serve.args(["serve", "--sample", "--listen", &self.listen, "--data"]).arg(data).args(self.arguments);
        // We become the server, so that signals reach it as they would without us. Only a failure comes back.
        Err(anyhow!(serve.exec()).context("cannot start the server"))
    }
}

/// The data folder of the sample organisation, shared by `run` and `dev`.
pub(crate) fn sample_data() -> PathBuf {
    root::target().join("sample-data")
}
