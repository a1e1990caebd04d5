//! `cargo xtask dev`: the server is built and started again after every change, the client reloads itself.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};

use super::build::{self, Profile};
use super::run::sample_data;
use crate::guard::Background;
use crate::root::root;
use crate::{npm, sh, sources, tools};

/// How often the sources are looked at.
const LOOK: Duration = Duration::from_millis(500);
/// What the server is made from.
const WATCHED: [&str; 4] = ["platform", "modules", "server", "presets"];

/// Serve the sample organisation with live reload: the server on one port, Vite on another.
#[derive(clap::Args)]
pub(crate) struct Dev {
    /// Where the server listens.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: String,
    /// The data folder. [default: target/sample-data]
    #[arg(long)]
    data: Option<PathBuf>,
}

impl Dev {
    pub(crate) fn run(self) -> Result<()> {
        tools::need(&[tools::CC])?;
        // The server embeds a built client; the one to look at comes from Vite.
        npm::build()?;
        let mut vite = sh::npm(&npm::web());
        vite.args(["run", "dev", "--", "--clearScreen", "false"])
            .env("HANLIN_SERVER", format!("http://{}", self.listen));
        let _vite = Background::start(&mut vite)?;
        eprintln!("The client with live reload: http://127.0.0.1:5173/ (Ctrl-C ends everything)");

        let data = self.data.unwrap_or_else(sample_data);
        let mut server = None;
        let mut seen = BTreeMap::new();
        loop {
            let now = modified()?;
            if now != seen {
                seen = now;
                // The old server goes first: two on one data folder refuse each other.
                drop(server.take());
                server = match build::server(Profile::Dev) {
                    Ok(()) => Some(serve(&self.listen, &data)?),
                    Err(error) => {
                        eprintln!("{error:#}\nWaiting for the next change.");
                        None
                    }
                };
            }
            std::thread::sleep(LOOK);
        }
    }
}

fn serve(listen: &str, data: &std::path::Path) -> Result<Background> {
    let mut serve = sh::command(build::binary(Profile::Dev));
    Background::start(serve.args(["serve", "--sample", "--listen", listen, "--data"]).arg(data))
}

/// When each source was last written.
fn modified() -> Result<BTreeMap<PathBuf, SystemTime>> {
    let mut times = BTreeMap::new();
    for folder in WATCHED {
        for file in sources::files_under(&root().join(folder))? {
            // Editors write a new file and move it over the old one; in between it may be gone.
            if let Ok(metadata) = file.metadata() {
                times.insert(file, metadata.modified().context("this file system keeps no times")?);
            }
        }
    }
    Ok(times)
}
