//! Programs that the project needs and Cargo cannot bring: looked for, and where root may, installed.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::sh;

/// One program, and how it comes to a machine.
pub(crate) struct Tool {
    name: &'static str,
    from: From,
    found: fn() -> bool,
}

enum From {
    /// These packages of Debian bring it.
    Debian(&'static [&'static str]),
    /// A component of the Rust toolchain.
    Rustup(&'static str),
}

/// A C compiler: the embedded database and the TLS library are C.
pub(crate) const CC: Tool = Tool {
    name: "a C compiler",
    from: From::Debian(&["gcc", "libc6-dev"]),
    found: || sh::answers("cc", &["--version"]),
};

pub(crate) const NODE: Tool = Tool {
    name: "Node.js and npm",
    from: From::Debian(&["nodejs", "npm"]),
    found: || sh::answers("node", &["--version"]) && sh::answers("npm", &["--version"]),
};

/// The server programs of PostgreSQL, which Debian keeps off the path, and `setpriv` to run them as an ordinary user.
pub(crate) const POSTGRES: Tool = Tool {
    name: "PostgreSQL",
    from: From::Debian(&["postgresql", "util-linux"]),
    found: || postgres_programs().is_some() && sh::answers("setpriv", &["--version"]),
};

/// The shell of SQLite: looks into a database past the server.
pub(crate) const SQLITE: Tool = Tool {
    name: "the shell of SQLite",
    from: From::Debian(&["sqlite3"]),
    found: || sh::answers("sqlite3", &["-version"]),
};

/// Records what a process asks of the kernel, its writes and syncs among it.
pub(crate) const STRACE: Tool =
    Tool { name: "strace", from: From::Debian(&["strace"]), found: || sh::answers("strace", &["-V"]) };

/// The browser of the journeys, with a typeface that has Chinese characters: without one a text has no true width.
/// Chromium without its own windows and menus, which nobody sees here, takes two thirds of the time; the whole one does, too.
pub(crate) const BROWSER: Tool = Tool {
    name: "Chromium and a Chinese typeface",
    from: From::Debian(&["chromium-headless-shell", "fonts-wqy-microhei", "fontconfig"]),
    found: || {
        let faces = sh::output(sh::command("fc-list").arg(":lang=zh-cn"));
        let has_browser = ["chromium-headless-shell", "chromium"].iter().any(|name| sh::answers(name, &["--version"]));
        has_browser && faces.is_ok_and(|faces| !faces.trim().is_empty())
    },
};

pub(crate) const RUSTFMT: Tool =
    Tool { name: "rustfmt", from: From::Rustup("rustfmt"), found: || sh::answers("cargo", &["fmt", "--version"]) };

pub(crate) const CLIPPY: Tool =
    Tool { name: "clippy", from: From::Rustup("clippy"), found: || sh::answers("cargo", &["clippy", "--version"]) };

/// Where Debian puts `initdb` and `postgres`: the newest version that is whole.
pub(crate) fn postgres_programs() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .filter_map(|entry| {
            let folder = entry.ok()?.path();
            let version = folder.file_name()?.to_str()?.parse().ok()?;
            let programs = folder.join("bin");
            (programs.join("initdb").is_file() && programs.join("postgres").is_file()).then_some((version, programs))
        })
        .collect();
    versions.sort();
    versions.pop().map(|(_, programs)| programs)
}

/// Makes sure that all are there: installs what is missing where we may, else says exactly what to run.
pub(crate) fn need(tools: &[Tool]) -> Result<()> {
    let missing: Vec<&Tool> = tools.iter().filter(|tool| !(tool.found)()).collect();
    let mut packages = Vec::new();
    for tool in &missing {
        match tool.from {
            From::Debian(names) => packages.extend_from_slice(names),
            From::Rustup(component) => sh::run(sh::command("rustup").args(["component", "add", component]))?,
        }
    }
    if !packages.is_empty() {
        let names = missing.iter().map(|tool| tool.name).collect::<Vec<_>>().join(", ");
        install(&names, &packages)?;
    }
    match missing.iter().find(|tool| !(tool.found)()) {
        None => Ok(()),
        Some(tool) => bail!("{} was installed and is still not found", tool.name),
    }
}

fn install(names: &str, packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    if !sh::answers("apt-get", &["--version"]) {
        bail!("missing: {names}. Install with this system's package manager what Debian calls: {list}");
    }
    if !sh::is_root() {
        bail!("missing: {names}. Run:\n\n    sudo apt-get update && sudo apt-get install -y {list}\n");
    }
    eprintln!("Installing {names}.");
    sh::run(sh::command("apt-get").args(["update", "-q"]))?;
    let mut install = sh::command("apt-get");
    install.args(["install", "-y", "-q", "--no-install-recommends"]).args(packages);
    sh::run(install.env("DEBIAN_FRONTEND", "noninteractive"))
}
