//! The client mirrors the server: the same capability has the same name on both sides.

use std::fs;

use anyhow::Result;

use super::Finding;
use crate::root::root;
use crate::tiers::Tiers;

/// Every folder of `web/src/modules` has the name of a module, or stands above them in `tiers.toml`. The arrows between
/// them are ESLint's to check, by zones that `npm run gen` makes from the same file.
pub(crate) fn folders(tiers: &Tiers) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for entry in fs::read_dir(root().join("web/src/modules"))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !tiers.modules().any(|module| module == name) && !tiers.web_above.contains(&name) {
            findings.push(Finding::new(&format!("web/src/modules/{name}"), 0, "is no module of the server"));
        }
    }
    Ok(findings)
}
