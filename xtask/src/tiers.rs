//! `tiers.toml`: who may import whom.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::root::root;

/// The file, as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    rows: Vec<Row>,
    outside: Outside,
    web: Web,
}

/// Crates of one height: they import crates of earlier rows, never each other.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    pub(crate) crates: Vec<String>,
    /// For people.
    #[serde(rename = "why")]
    _why: String,
    /// Only ever a dev-dependency.
    #[serde(default)]
    pub(crate) dev_only: bool,
    /// Crates of others that only this row may depend on.
    #[serde(default)]
    pub(crate) drivers: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Outside {
    crates: Vec<String>,
    #[serde(rename = "why")]
    _why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Web {
    /// Folders of `web/src/modules` that show several modules at once: they may import any module, none may import them.
    above: Vec<String>,
    #[serde(rename = "why")]
    _why: String,
}

pub(crate) struct Tiers {
    pub(crate) rows: Vec<Row>,
    pub(crate) outside: Vec<String>,
    pub(crate) web_above: Vec<String>,
    height: BTreeMap<String, usize>,
}

impl Tiers {
    pub(crate) fn read() -> Result<Tiers> {
        let text = std::fs::read_to_string(root().join("tiers.toml")).context("cannot read tiers.toml")?;
        Tiers::parse(&text).context("tiers.toml")
    }

    pub(crate) fn parse(text: &str) -> Result<Tiers> {
        let file: File = toml::from_str(text)?;
        let mut height = BTreeMap::new();
        for (row, Row { crates, .. }) in file.rows.iter().enumerate() {
            for name in crates {
                if height.insert(name.clone(), row).is_some() {
                    bail!("{name} stands in two rows");
                }
            }
        }
        Ok(Tiers { rows: file.rows, outside: file.outside.crates, web_above: file.web.above, height })
    }

    /// The row of a crate, counted from 0; the name is its folder's.
    pub(crate) fn height(&self, name: &str) -> Option<usize> {
        self.height.get(name).copied()
    }

    /// Whether one crate may import another.
    pub(crate) fn may_import(&self, importer: &str, imported: &str) -> bool {
        matches!((self.height(importer), self.height(imported)), (Some(above), Some(below)) if below < above)
    }

    /// Every crate that stands in a row, lowest first.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().flat_map(|row| row.crates.iter().map(String::as_str))
    }

    /// The business capabilities among them: those with a folder in `modules/`.
    pub(crate) fn modules(&self) -> impl Iterator<Item = &str> {
        self.names().filter(|name| root().join("modules").join(name).is_dir())
    }
}
