//! `cargo xtask gen`: everything in the tree that a program writes.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::build::{self, Profile};
use super::licences;
use crate::root::{root, target};
use crate::{npm, sh, sources};

/// Where the OpenAPI document of the server stands.
const OPENAPI: &str = "server/tests/it/snapshots/openapi.json";
/// Where the page of all flow packages stands.
const FLOW_INDEX: &str = "docs/flow-index.md";
/// What the generators read and write.
const COPIED: [&str; 6] = ["tiers.toml", "modules", "platform", "presets", "server/tests/it/snapshots", "web"];

/// Write what is generated: the OpenAPI document, the page of all flow packages, the client's types and words, the ESLint zones, THIRD-PARTY.md.
#[derive(clap::Args)]
pub(crate) struct Gen {}

impl Gen {
    pub(crate) fn run(self) -> Result<()> {
        npm::build()?;
        build::server(Profile::Dev)?;
        write()
    }
}

/// Writes everything, with the dev binary and the client's packages that stand there.
pub(crate) fn write() -> Result<()> {
    write_all(root(), &npm::web())?;
    fs::write(root().join(licences::FILE), licences::page()?)
        .with_context(|| format!("cannot write {}", licences::FILE))
}

/// Writes the OpenAPI document and the client's generated files into a tree, with the server's dev binary and the generators
/// of `web`.
fn write_all(tree: &Path, web: &Path) -> Result<()> {
    let openapi = sh::output(sh::command(build::binary(Profile::Dev)).arg("openapi"))?;
    let file = tree.join(OPENAPI);
    fs::create_dir_all(file.parent().expect("the document lies in a folder"))?;
    fs::write(&file, openapi).with_context(|| format!("cannot write {}", file.display()))?;
    write_flow_index(tree)?;
    sh::run(sh::npm(web).args(["run", "gen"]))
}

fn write_flow_index(tree: &Path) -> Result<()> {
    let page = sh::output(
        sh::command(build::binary(Profile::Dev)).args(["flow", "index"]).args(packages(tree)?).current_dir(tree),
    )?;
    let file = tree.join(FLOW_INDEX);
    fs::create_dir_all(file.parent().expect("the page lies in a folder"))?;
    fs::write(&file, page).with_context(|| format!("cannot write {}", file.display()))
}

/// The flow packages that ship, from the root of the tree.
fn packages(tree: &Path) -> Result<Vec<PathBuf>> {
    let all = sources::files_under(&tree.join("presets"))?;
    let is_package = |file: &PathBuf| file.to_string_lossy().ends_with(".flow.yaml");
    let from_root = |file: PathBuf| file.strip_prefix(tree).expect("found under the tree").to_owned();
    let mut packages: Vec<PathBuf> = all.into_iter().filter(is_package).map(from_root).collect();
    packages.sort();
    Ok(packages)
}

/// Generates everything once more into a copy of the tree, and fails when a committed file differs. Needs the dev
/// binary and the client's packages.
pub(crate) fn check_drift() -> Result<()> {
    let copy = target().join("drift");
    if copy.exists() {
        fs::remove_dir_all(&copy).context("cannot remove the last copy")?;
    }
    for folder in COPIED {
        sources::copy(&root().join(folder), &copy.join(folder))?;
    }
    std::os::unix::fs::symlink(npm::web().join("node_modules"), copy.join("web/node_modules"))?;
    write_all(&copy, &copy.join("web"))?;

    let mut differing = Vec::new();
    for path in generated(&copy)?.into_iter().chain(generated(root())?) {
        let fresh = fs::read(copy.join(&path)).ok();
        if fresh != fs::read(root().join(&path)).ok() && !differing.contains(&path) {
            differing.push(path);
        }
    }
    let list = differing.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ");
    ensure!(differing.is_empty(), "not what `cargo xtask gen` writes: {list}. Run it and read the difference");
    Ok(())
}

/// The generated files of a tree, from its root.
fn generated(tree: &Path) -> Result<Vec<PathBuf>> {
    let mut files = vec![PathBuf::from(OPENAPI), PathBuf::from(FLOW_INDEX)];
    for file in sources::files_under(&tree.join("web"))? {
        if file.file_name().is_some_and(|name| name.to_string_lossy().contains(".gen.")) {
            files.push(file.strip_prefix(tree).expect("found under the tree").to_owned());
        }
    }
    files.sort();
    Ok(files)
}
