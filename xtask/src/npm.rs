//! The web client's packages and its build, each done again only when what it is made from changed.

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::root::{root, target};
use crate::{hash, sh, tools};

/// The oldest Node.js that the client's build tools run on.
const OLDEST_NODE: (u32, u32) = (20, 19);

pub(crate) fn web() -> PathBuf {
    root().join("web")
}

/// Node.js is there and new enough.
fn need_node() -> Result<()> {
    tools::need(&[tools::NODE])?;
    let said = sh::output(sh::command("node").arg("--version"))?;
    match version(&said) {
        Some(version) if version >= OLDEST_NODE => Ok(()),
        _ => bail!("Node.js {}.{} or newer is needed, this is {}", OLDEST_NODE.0, OLDEST_NODE.1, said.trim()),
    }
}

/// Major and minor of `v20.19.3`.
fn version(said: &str) -> Option<(u32, u32)> {
    let mut numbers = said.trim().strip_prefix('v')?.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

/// Installs the packages of a folder exactly as its lock file says, when the lock file changed since the last time.
pub(crate) fn install(folder: &Path) -> Result<()> {
    let stamp = folder.join("node_modules/.hanlin-installed");
    let hash = hash::hash(&[folder.join("package-lock.json")])?;
    if hash::stamped(&stamp, hash) {
        return Ok(());
    }
    let mut ci = sh::npm(folder);
    // The browser is Debian's; no package may download one of its own.
    ci.args(["ci", "--no-audit", "--no-fund"]).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    sh::run(&mut ci)?;
    hash::write_stamp(&stamp, hash)
}

/// Installs what the client is built and tested with.
pub(crate) fn install_web() -> Result<()> {
    need_node()?;
    install(&web())
}

/// A client in the making: whoever embeds it waits until this is dropped (`server/build.rs`).
pub(crate) struct Making {
    _lock: File,
}

/// Says that the client is about to be built, so that the crates can be compiled beside it.
pub(crate) fn making() -> Result<Making> {
    let lock = File::create(web().join(".making")).context("cannot say that the client is being built")?;
    lock.lock().context("cannot wait for another build of the client")?;
    Ok(Making { _lock: lock })
}

/// Builds the client into `web/dist`, when its sources changed since the last time.
pub(crate) fn build() -> Result<()> {
    build_as(making()?)
}

/// The same, as was said.
pub(crate) fn build_as(_making: Making) -> Result<()> {
    install_web()?;
    // Not in web/dist: all that lies there is served.
    let stamp = target().join("web-built");
    let hash = hash::hash(&[web()])?;
    if web().join("dist/index.html").is_file() && hash::stamped(&stamp, hash) {
        return Ok(());
    }
    sh::run(sh::npm(&web()).args(["run", "build"]))?;
    hash::write_stamp(&stamp, hash)
}
