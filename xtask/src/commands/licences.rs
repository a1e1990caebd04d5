//! `cargo xtask licences`: whose work we build on, and under which terms.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use crate::root::root;
use crate::{npm, sh};

pub(crate) const FILE: &str = "THIRD-PARTY.md";

/// Licences whose terms a binary under Apache-2.0 can keep. Another one needs a person's decision and a line here.
const ALLOWED: [&str; 18] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BlueOak-1.0.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CC-BY-4.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Python-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Check the licences of everything we depend on, and write THIRD-PARTY.md.
#[derive(clap::Args)]
pub(crate) struct Licences {
    /// Write nothing; fail when THIRD-PARTY.md is not what would be written.
    #[arg(long)]
    check: bool,
}

impl Licences {
    pub(crate) fn run(self) -> Result<()> {
        if self.check {
            return check();
        }
        fs::write(root().join(FILE), page()?).with_context(|| format!("cannot write {FILE}"))
    }
}

/// Every licence is allowed, and the page is current.
pub(crate) fn check() -> Result<()> {
    let committed = fs::read_to_string(root().join(FILE)).unwrap_or_default();
    ensure!(committed == page()?, "{FILE} is not what `cargo xtask licences` writes. Run it and read the difference");
    Ok(())
}

/// One library of others.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Library {
    name: String,
    version: String,
    licence: String,
}

/// The page, once every licence is known to be allowed.
pub(crate) fn page() -> Result<String> {
    let crates = crates()?;
    let packages = packages()?;
    let refused: Vec<String> = crates
        .iter()
        .chain(&packages)
        .filter(|library| !is_allowed(&library.licence))
        .map(|library| format!("{} {} ({})", library.name, library.version, library.licence))
        .collect();
    if !refused.is_empty() {
        bail!("licences that are not in the allow list: {}", refused.join(", "));
    }
    let mut page = String::from(
        "# Third parties\n\nWhat Hanlin is built with, and under which licence. Written by `cargo xtask licences` from the lock files;\n\
         a licence that is not on the list in xtask/src/commands/licences.rs fails the tests.\n",
    );
    for (title, libraries) in [("Rust crates", &crates), ("Packages bundled into the web client", &packages)] {
        write!(page, "\n## {title}\n\n| Name | Version | Licence |\n|---|---|---|\n")?;
        for Library { name, version, licence } in libraries {
            writeln!(page, "| {name} | {version} | {licence} |")?;
        }
    }
    Ok(page)
}

/// Every crate in Cargo.lock that is not ours.
fn crates() -> Result<BTreeSet<Library>> {
    #[derive(Deserialize)]
    struct Metadata {
        packages: Vec<Package>,
    }
    #[derive(Deserialize)]
    struct Package {
        name: String,
        version: String,
        license: Option<String>,
        source: Option<String>,
    }
    let metadata = sh::output(sh::cargo().args(["metadata", "--locked", "--format-version", "1"]))?;
    let metadata: Metadata = serde_json::from_str(&metadata)?;
    let others = metadata.packages.into_iter().filter(|package| package.source.is_some());
    let library = |package: Package| Library {
        name: package.name,
        version: package.version,
        licence: package.license.unwrap_or_else(|| "none stated".into()),
    };
    Ok(others.map(library).collect())
}

/// Every package in package-lock.json that reaches the browser.
fn packages() -> Result<BTreeSet<Library>> {
    #[derive(Deserialize)]
    struct Lock {
        packages: BTreeMap<String, Package>,
    }
    #[derive(Deserialize)]
    struct Package {
        #[serde(default)]
        version: String,
        license: Option<String>,
        #[serde(default)]
        dev: bool,
    }
    let lock = fs::read_to_string(npm::web().join("package-lock.json"))?;
    let lock: Lock = serde_json::from_str(&lock).context("web/package-lock.json")?;
    let mut libraries = BTreeSet::new();
    for (path, package) in lock.packages {
        // The key is the folder; the last name in it is the package's. The client itself has none.
        if let Some((_, name)) = path.rsplit_once("node_modules/")
            && !package.dev
        {
            let licence = package.license.unwrap_or_else(|| "none stated".into());
            libraries.insert(Library { name: name.to_owned(), version: package.version, licence });
        }
    }
    Ok(libraries)
}

/// Whether we can keep the terms of an SPDX expression: of one side of an `OR`, of both sides of an `AND`. The slash of
/// old manifests means `OR`.
pub(crate) fn is_allowed(expression: &str) -> bool {
    let expression = expression.replace('/', " OR ");
    let words: Vec<&str> = expression.split_whitespace().collect();
    let spaced = words.join(" ").replace('(', "( ").replace(')', " )");
    let mut words = spaced.split(' ').peekable();
    either(&mut words) == Some(true) && words.next().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::Split<'a, char>>;

/// Each of these three answers `None` to what is no expression.
fn either(words: &mut Words<'_>) -> Option<bool> {
    let mut allowed = both(words)?;
    while words.next_if_eq(&"OR").is_some() {
        allowed |= both(words)?;
    }
    Some(allowed)
}

fn both(words: &mut Words<'_>) -> Option<bool> {
    let mut allowed = one(words)?;
    while words.next_if_eq(&"AND").is_some() {
        allowed &= one(words)?;
    }
    Some(allowed)
}

fn one(words: &mut Words<'_>) -> Option<bool> {
    if words.next_if_eq(&"(").is_some() {
        let allowed = either(words)?;
        return (words.next() == Some(")")).then_some(allowed);
    }
    let licence = words.next()?;
    if words.next_if_eq(&"WITH").is_some() {
        return Some(ALLOWED.contains(&format!("{licence} WITH {}", words.next()?).as_str()));
    }
    Some(ALLOWED.contains(&licence))
}
