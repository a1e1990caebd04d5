//! The same arrows in the web client: zones for ESLint's rule `no-restricted-paths`, made from `tiers.toml`.

use std::fs;

use anyhow::Result;
use serde::Serialize;

use super::Finding;
use crate::root::root;
use crate::tiers::Tiers;

pub(crate) const FILE: &str = "web/eslint.zones.gen.json";

/// Files under `target` must not import files under `from`, but for the folders in `except` (named from `from`).
#[derive(Serialize)]
struct Zone {
    target: String,
    from: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    except: Vec<String>,
    message: String,
}

impl Zone {
    fn new(target: &str, from: &str, message: &str) -> Zone {
        Zone {
            target: format!("./src/{target}"),
            from: format!("./src/{from}"),
            except: Vec::new(),
            message: message.into(),
        }
    }
}

/// The file's text.
pub(crate) fn render(tiers: &Tiers) -> Result<String> {
    let mut zones = Vec::new();
    for (target, above) in
        [("lib", ["ui", "modules", "app"].as_slice()), ("api", &["ui", "modules", "app"]), ("ui", &["modules", "app"])]
    {
        for from in above {
            zones.push(Zone::new(
                target,
                from,
                &format!("app → modules → ui → lib, api: {target} knows nothing of {from}"),
            ));
        }
    }
    zones.push(Zone::new("modules", "app", "a module does not know the application around it"));
    for module in tiers.modules() {
        let below =
            tiers.names().filter(|name| tiers.may_import(module, name) && root().join("modules").join(name).is_dir());
        let except = std::iter::once(module).chain(below).map(|name| format!("./{name}")).collect();
        let message = format!("{module} may import itself and the modules below it in tiers.toml");
        zones.push(Zone { except, ..Zone::new(&format!("modules/{module}"), "modules", &message) });
    }
    Ok(serde_json::to_string_pretty(&zones)? + "\n")
}

/// The committed file is what would be written now.
pub(crate) fn written(tiers: &Tiers) -> Result<Vec<Finding>> {
    let committed = fs::read_to_string(root().join(FILE)).unwrap_or_default();
    let is_current = committed == render(tiers)?;
    Ok(if is_current { Vec::new() } else { vec![Finding::new(FILE, 0, "is not what `cargo xtask gen` writes")] })
}

/// The client's folders have the names of the server's modules.
pub(crate) fn folders(tiers: &Tiers) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for entry in fs::read_dir(root().join("web/src/modules"))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let is_module = root().join("modules").join(&name).is_dir();
        if !is_module && !tiers.web_above.contains(&name) {
            let words = "is no module of the server; the same capability has the same name on both sides";
            findings.push(Finding::new(&format!("web/src/modules/{name}"), 0, words));
        }
    }
    Ok(findings)
}
