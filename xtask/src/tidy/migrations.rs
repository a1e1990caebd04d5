//! A migration that its module does not list never runs, and nothing else would say so.

use super::Finding;
use crate::sources::Source;

/// Each file under `migrations` is named in the `lib.rs` of its crate.
pub(crate) fn listed(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources {
        let Some((home, file)) = source.path.split_once("/migrations/") else { continue };
        let Some(name) = file.strip_suffix(".sql").and_then(|name| name.split('.').next()) else { continue };
        let lib = format!("{home}/src/");
        let quoted = format!("\"{name}\"");
        let is_listed = sources.iter().any(|each| {
            each.path.starts_with(&lib) && each.text.contains("migrations!(") && each.text.contains(&quoted)
        });
        if !is_listed {
            let words = format!("{quoted} stands in no migrations! of {lib}: it would never run");
            findings.push(Finding::new(&source.path, 0, words));
        }
    }
    findings
}
