//! The checks of `cargo xtask tidy`. Each reads the tree and answers with findings; none changes anything.

pub(crate) mod arrows;
pub(crate) mod locales;
pub(crate) mod manifest;
pub(crate) mod migrations;
pub(crate) mod tables;
pub(crate) mod text;
pub(crate) mod web;

use std::fmt;

use anyhow::Result;

use crate::sources;
use crate::tiers::Tiers;

/// Something that must not be so, and where.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    pub(crate) path: String,
    /// From 1; 0 speaks of the whole file.
    pub(crate) line: usize,
    pub(crate) words: String,
}

impl Finding {
    pub(crate) fn new(path: &str, line: usize, words: impl Into<String>) -> Finding {
        Finding { path: path.to_owned(), line, words: words.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.words),
            line => write!(f, "{}:{line}: {}", self.path, self.words),
        }
    }
}

/// Everything that is not as it should be, in the order of paths.
pub(crate) fn findings() -> Result<Vec<Finding>> {
    let tiers = Tiers::read()?;
    let sources = sources::all()?;
    let packages = manifest::packages()?;
    let mut findings = Vec::new();
    findings.extend(manifest::tiers_and_crates(&tiers, &packages));
    findings.extend(manifest::imports(&tiers, &packages));
    findings.extend(manifest::drivers(&tiers, &packages));
    findings.extend(sources.iter().filter(|source| source.path == "Cargo.toml").flat_map(manifest::reasons));
    findings.extend(sources.iter().flat_map(arrows::inside_a_module));
    findings.extend(sources.iter().flat_map(arrows::in_pure_tests));
    findings.extend(tables::owners(&tiers, &sources));
    findings.extend(migrations::listed(&sources));
    findings.extend(locales::complete(&sources));
    findings.extend(web::folders(&tiers)?);
    findings.extend(sources.iter().flat_map(text::plain));
    findings.sort();
    findings.dedup();
    Ok(findings)
}
