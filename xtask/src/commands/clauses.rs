//! `cargo xtask clauses`: the catalogue, and which test proves what.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Write};

use anyhow::{Result, bail};

use crate::sources::{self, Source};

/// The catalogue.
const CATALOGUE: &str = "docs/requirements.md";
/// What stands before the clauses that a test proves.
const MARK: &str = "proves:";

/// List every clause of docs/requirements.md with the tests that prove it.
#[derive(clap::Args)]
pub(crate) struct Clauses {
    /// Only the clauses that no test names.
    #[arg(long)]
    missing: bool,
}

impl Clauses {
    pub(crate) fn run(self) -> Result<()> {
        let sources = sources::all()?;
        let clauses = catalogue(&sources)?;
        let proofs = proofs(&sources);
        check(&clauses, &proofs)?;
        print(&self.page(&clauses, &proofs))
    }

    fn page(&self, clauses: &BTreeMap<String, String>, proofs: &[Proof]) -> String {
        let mut page = String::new();
        let mut n_proven = 0;
        for (clause, demand) in clauses {
            let tests: Vec<&Proof> = proofs.iter().filter(|proof| proof.clause == *clause).collect();
            n_proven += usize::from(!tests.is_empty());
            if self.missing && !tests.is_empty() {
                continue;
            }
            page += &format!("{clause}  {demand}\n");
            for Proof { path, line, test, .. } in tests {
                page += &format!("    {path}:{line}  {test}\n");
            }
        }
        let (n, n_open) = (clauses.len(), clauses.len() - n_proven);
        page + &format!("\n{n} clauses: {n_proven} are named by {} proofs, {n_open} by none\n", proofs.len())
    }
}

/// A reader who has seen enough (`| head`) is no failure.
fn print(page: &str) -> Result<()> {
    match std::io::stdout().write_all(page.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// A test or a case of a flow package that proves a clause.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Proof {
    pub(crate) clause: String,
    pub(crate) path: String,
    /// Of the mark, from 1.
    pub(crate) line: usize,
    /// What the test calls itself.
    pub(crate) test: String,
}

/// Every named clause exists.
pub(crate) fn check_tree() -> Result<()> {
    let sources = sources::all()?;
    let clauses = catalogue(&sources)?;
    check(&clauses, &proofs(&sources))
}

fn check(clauses: &BTreeMap<String, String>, proofs: &[Proof]) -> Result<()> {
    let unknown: Vec<&Proof> = proofs.iter().filter(|proof| !clauses.contains_key(&proof.clause)).collect();
    for proof in &unknown {
        eprintln!("{}:{}: {CATALOGUE} has no clause {}", proof.path, proof.line, proof.clause);
    }
    if !unknown.is_empty() {
        bail!("{} proofs name a clause that does not exist", unknown.len());
    }
    Ok(())
}

/// Every clause and flow of the catalogue with the beginning of what it demands.
fn catalogue(sources: &[Source]) -> Result<BTreeMap<String, String>> {
    match sources.iter().find(|source| source.path == CATALOGUE) {
        Some(source) => Ok(clauses(&source.text)),
        None => bail!("{CATALOGUE} is not there"),
    }
}

/// The rows whose first cell is a clause's id.
pub(crate) fn clauses(catalogue: &str) -> BTreeMap<String, String> {
    let mut clauses = BTreeMap::new();
    for line in catalogue.lines() {
        let mut cells = line.split('|').map(str::trim).skip(1);
        if let (Some(id), Some(demand)) = (cells.next(), cells.next())
            && is_id(id)
        {
            clauses.insert(id.to_owned(), demand.chars().take(100).collect());
        }
    }
    clauses
}

/// Capital letters, a hyphen, digits: `FLOW-05`.
fn is_id(word: &str) -> bool {
    word.split_once('-').is_some_and(|(area, number)| {
        let is_area = !area.is_empty() && area.chars().all(|c| c.is_ascii_uppercase());
        is_area && !number.is_empty() && number.chars().all(|c| c.is_ascii_digit())
    })
}

/// Every proof in tests (a comment `// proves: FLOW-05, ORG-23`) and in flow packages (a key `proves: [FLOW-05]`).
pub(crate) fn proofs(sources: &[Source]) -> Vec<Proof> {
    let mut proofs = Vec::new();
    for source in sources.iter().filter(|source| !source.path.starts_with("xtask/")) {
        let is_package = source.path.ends_with(".flow.yaml");
        if !is_package && !source.has_extension(&["rs", "ts", "tsx", "mjs"]) {
            continue;
        }
        let lines: Vec<&str> = source.text.lines().collect();
        for (number, line) in lines.iter().enumerate() {
            let Some(list) = marked(line, is_package) else { continue };
            let test = if is_package { case(&lines[..=number]) } else { test(&lines[number + 1..]) };
            for clause in
                without_notes(list).split(|c: char| c == ',' || c.is_whitespace()).filter(|word| !word.is_empty())
            {
                let path = source.path.clone();
                proofs.push(Proof { clause: clause.to_owned(), path, line: number + 1, test: test.clone() });
            }
        }
    }
    proofs
}

/// The list of clauses on a marked line.
fn marked(line: &str, is_package: bool) -> Option<&str> {
    let line = line.trim();
    if is_package {
        let list = line.trim_start_matches("- ").strip_prefix(MARK)?.split('#').next()?.trim();
        Some(list.trim_start_matches('[').trim_end_matches(']'))
    } else {
        line.strip_prefix("//")?.trim_start().strip_prefix(MARK)
    }
}

/// Which part of a clause a test proves may stand behind it in brackets: `ORG-13 (the part of the directory)`.
fn without_notes(list: &str) -> String {
    let mut depth = 0;
    list.chars()
        .filter(|c| {
            match c {
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => return depth == 0,
            }
            false
        })
        .collect()
}

/// The name of the first test that begins on these lines.
fn test(lines: &[&str]) -> String {
    for line in lines {
        let line = line.trim();
        if let Some((_, rest)) = line.split_once("fn ") {
            return rest.split(['(', '<']).next().unwrap_or_default().to_owned();
        }
        for quote in ['"', '\'', '`'] {
            let opens = ["test(", "it(", "test.each", "describe("].iter().any(|call| line.starts_with(call));
            if opens && let Some(name) = line.split(quote).nth(1) {
                return name.to_owned();
            }
        }
    }
    "?".to_owned()
}

/// The name of the case that these lines of a flow package end in.
fn case(lines: &[&str]) -> String {
    let name = lines.iter().rev().find_map(|line| line.trim().trim_start_matches("- ").strip_prefix("name:"));
    name.unwrap_or("?").trim().to_owned()
}
