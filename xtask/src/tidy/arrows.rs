//! The arrows inside a module: `routes → actions → {rules, policy, store, events} → model`, and tests that know no database.

use super::Finding;
use crate::sources::Source;

/// What a kind of file must not name, and why.
struct Arrow {
    files: &'static [&'static str],
    forbidden: &'static [&'static str],
    why: &'static str,
}

const ARROWS: [Arrow; 3] = [
    Arrow {
        files: &["rules", "policy", "engine"],
        forbidden: &["hanlin_store", "hanlin_api", "crate::store", "crate::actions", "crate::routes"],
        why: "rules, policy and engine are pure: what they need is an argument",
    },
    Arrow {
        files: &["model", "store", "events"],
        forbidden: &["crate::actions", "crate::routes"],
        why: "nothing below the actions knows them",
    },
    Arrow { files: &["actions"], forbidden: &["crate::routes"], why: "an action knows nothing of HTTP" },
];

/// Folders of a module's tests that open no database: they run once, and not for each database.
pub(crate) const PURE_TESTS: [&str; 3] = ["engine", "package", "pure"];
const OF_A_DATABASE: [&str; 4] = ["hanlin_testkit", "hanlin_store", "hanlin_api", "Office"];

/// Tests in those folders would not run on the second database if they opened one.
pub(crate) fn in_pure_tests(source: &Source) -> Vec<Finding> {
    let is_pure = PURE_TESTS.iter().any(|folder| {
        let path = source.path.strip_prefix("modules/").unwrap_or_default();
        path.contains(&format!("/src/tests/{folder}/")) || path.ends_with(&format!("/src/tests/{folder}.rs"))
    });
    if !is_pure || !source.has_extension(&["rs"]) {
        return vec![];
    }
    let named =
        |line: &str| OF_A_DATABASE.into_iter().find(|name| names(line.split("//").next().unwrap_or_default(), name));
    let lines = source.text.lines().enumerate().filter_map(|(number, line)| Some((number + 1, named(line)?)));
    lines
        .map(|(line, name)| {
            let words = format!("must not name {name}: tests in this folder run on one database only");
            Finding::new(&source.path, line, words)
        })
        .collect()
}

/// Files of a kind name nothing above them. `rules` is `rules.rs` or the folder `rules/`, wherever they stand in the
/// module. Tests may name anything.
pub(crate) fn inside_a_module(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    if source.module().is_none() || !source.has_extension(&["rs"]) || source.is_test() {
        return findings;
    }
    for arrow in ARROWS.iter().filter(|arrow| arrow.files.iter().any(|kind| is_of_kind(&source.path, kind))) {
        for (number, line) in source.text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            for name in arrow.forbidden.iter().filter(|name| names(code, name)) {
                findings.push(Finding::new(&source.path, number + 1, format!("must not name {name}: {}", arrow.why)));
            }
        }
    }
    findings
}

fn is_of_kind(path: &str, kind: &str) -> bool {
    path.split('/').any(|part| part == kind || part.strip_suffix(".rs") == Some(kind))
}

/// Whether the code names this path, and not only one that begins with the same letters.
fn names(code: &str, path: &str) -> bool {
    code.match_indices(path).any(|(start, _)| {
        let after = code[start + path.len()..].chars().next();
        !after.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}
