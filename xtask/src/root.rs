//! Where the tree is.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The folder of the workspace: the nearest one above the current folder that holds `tiers.toml`, else the one this
/// program was built from.
pub(crate) fn root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        let above = std::env::current_dir()
            .ok()
            .and_then(|here| here.ancestors().find(|folder| folder.join("tiers.toml").is_file()).map(Path::to_owned));
        above.unwrap_or_else(|| {
            let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
            manifest.parent().expect("the manifest's folder lies in the workspace").to_owned()
        })
    })
}

/// The folder that Cargo builds into.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}
