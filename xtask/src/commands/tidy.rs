//! `cargo xtask tidy`: what the compiler cannot check about the shape of the tree, in a second.

use anyhow::{Result, bail};

use crate::tidy;

/// Check the shape of the tree: who imports whom, whose tables, whose words, and what must not stand in a file.
#[derive(clap::Args)]
pub(crate) struct Tidy {}

impl Tidy {
    pub(crate) fn run(self) -> Result<()> {
        check()
    }
}

/// Fails with every finding.
pub(crate) fn check() -> Result<()> {
    let findings = tidy::findings()?;
    if findings.is_empty() {
        return Ok(());
    }
    for finding in &findings {
        eprintln!("{finding}");
    }
    bail!("tidy found {}", findings.len());
}
