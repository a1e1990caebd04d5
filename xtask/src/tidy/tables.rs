//! A table has one owner, and only the owner names it in SQL.

use super::Finding;
use crate::sources::Source;
use crate::tiers::Tiers;

/// Words of SQL that a table's name follows.
const BEFORE_A_TABLE: [&str; 9] = ["from", "join", "into", "update", "table", "references", "exists", "on", "only"];

/// Modules create tables under their own name and name no other module's, but that a migration may point a foreign key
/// down the tiers. Tests may look anywhere.
pub(crate) fn owners(tiers: &Tiers, sources: &[Source]) -> Vec<Finding> {
    let modules: Vec<&str> = tiers.modules().collect();
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| source.has_extension(&["rs", "sql"]) && !source.is_test()) {
        let folder = source.path.split('/').nth(1).unwrap_or_default();
        if source.path.starts_with("xtask/") {
            continue;
        }
        for (number, line) in source.text.lines().enumerate() {
            for (word, table) in tables(line) {
                let Some(owner) = modules.iter().find(|module| is_table_of(table, module)) else {
                    if word == "table" && source.module().is_some() && source.has_extension(&["sql"]) {
                        let words = format!("a table of this module is called {folder}_…, not {table}");
                        findings.push(Finding::new(&source.path, number + 1, words));
                    }
                    continue;
                };
                let is_key_downwards = word == "references" && tiers.may_import(folder, owner);
                if *owner != folder && !is_key_downwards {
                    let words = format!("{table} belongs to {owner}: call its actions, or react to its events");
                    findings.push(Finding::new(&source.path, number + 1, words));
                }
            }
        }
    }
    findings
}

fn is_table_of(table: &str, module: &str) -> bool {
    table.strip_prefix(module).is_some_and(|rest| rest.starts_with('_'))
}

/// The names that stand where SQL has a table's, each with the word before it. Comments are left out.
pub(crate) fn tables(line: &str) -> Vec<(&str, &str)> {
    let code = line.split("//").next().unwrap_or_default().split("--").next().unwrap_or_default();
    let words: Vec<&str> = code
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .filter(|word| !word.is_empty() && !matches!(*word, "if" | "not"))
        .collect();
    let mut found = Vec::new();
    for pair in words.windows(2) {
        if BEFORE_A_TABLE.contains(&pair[0]) && !BEFORE_A_TABLE.contains(&pair[1]) {
            found.push((pair[0], pair[1]));
        }
    }
    found
}
