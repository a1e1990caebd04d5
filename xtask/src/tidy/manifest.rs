//! The arrows between crates, from Cargo's own word.

use anyhow::Result;
use serde::Deserialize;

use super::Finding;
use crate::sh;
use crate::sources::Source;
use crate::tiers::Tiers;

/// What every crate of ours is called: this and its folder's name.
const PREFIX: &str = "hanlin-";

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

/// A crate of the workspace.
#[derive(Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// `dev`, `build`, or none for an ordinary one.
    pub(crate) kind: Option<String>,
}

impl Package {
    /// The name that `tiers.toml` knows it by.
    fn short(&self) -> &str {
        short(&self.name)
    }

    fn finding(&self, words: String) -> Finding {
        Finding::new(&self.name, 0, words)
    }
}

fn short(name: &str) -> &str {
    name.strip_prefix(PREFIX).unwrap_or(name)
}

pub(crate) fn packages() -> Result<Vec<Package>> {
    let metadata = sh::output(sh::cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?;
    let metadata: Metadata = serde_json::from_str(&metadata)?;
    Ok(metadata.packages)
}

/// Every crate stands in `tiers.toml`, and everything there is a crate.
pub(crate) fn tiers_and_crates(tiers: &Tiers, packages: &[Package]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in packages {
        if tiers.height(package.short()).is_none() && !tiers.outside.contains(&package.name) {
            findings.push(package.finding("stands in no row of tiers.toml".into()));
        }
    }
    for name in tiers.names().chain(tiers.outside.iter().map(String::as_str)) {
        if !packages.iter().any(|package| package.short() == name) {
            findings.push(Finding::new("tiers.toml", 0, format!("{name} is no crate of the workspace")));
        }
    }
    findings
}

/// A crate imports only crates of earlier rows.
pub(crate) fn imports(tiers: &Tiers, packages: &[Package]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in packages {
        for dependency in package.dependencies.iter().filter(|dependency| dependency.name.starts_with(PREFIX)) {
            let imported = short(&dependency.name);
            if !tiers.may_import(package.short(), imported) {
                let words =
                    format!("must not depend on {}: tiers.toml has it in the same row or above", dependency.name);
                findings.push(package.finding(words));
            }
            let dev_only = tiers.height(imported).is_some_and(|row| tiers.rows[row].dev_only);
            if dev_only && dependency.kind.as_deref() != Some("dev") {
                findings.push(package.finding(format!("may have {} as a dev-dependency only", dependency.name)));
            }
        }
    }
    findings
}

/// A driver is named only by the row that hides it, and by tests.
pub(crate) fn drivers(tiers: &Tiers, packages: &[Package]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in packages.iter().filter(|package| !tiers.outside.contains(&package.name)) {
        for dependency in &package.dependencies {
            let owner = tiers.rows.iter().position(|row| row.drivers.contains(&dependency.name));
            let Some(owner) = owner else { continue };
            let height = tiers.height(package.short());
            let is_a_test =
                dependency.kind.as_deref() == Some("dev") || height.is_some_and(|height| tiers.rows[height].dev_only);
            if height != Some(owner) && !is_a_test {
                let owners = tiers.rows[owner].crates.join(", ");
                findings.push(package.finding(format!("must not depend on {}: only {owners} may", dependency.name)));
            }
        }
    }
    findings
}

/// Each dependency of the root manifest that is not ours says on its line why we have it.
pub(crate) fn reasons(manifest: &Source) -> Vec<Finding> {
    let mut inside = false;
    let mut findings = Vec::new();
    for (number, line) in manifest.text.lines().enumerate() {
        if line.starts_with('[') {
            inside = line == "[workspace.dependencies]";
        } else if inside && line.contains(" = ") && !line.starts_with('#') {
            let is_ours = line.contains("path = ");
            let reason = line.split_once('#').map(|(_, reason)| reason.trim());
            if !is_ours && reason.is_none_or(str::is_empty) {
                findings.push(Finding::new(
                    &manifest.path,
                    number + 1,
                    "give the reason for this dependency on its line",
                ));
            }
        }
    }
    findings
}
