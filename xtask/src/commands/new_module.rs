//! `cargo xtask new-module NAME`: a capability in full dress, registered, with passing tests.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::root::{root, target};
use crate::{sh, sources, tidy};

/// What stands in every file that a module is registered in, on the line below its entry.
const MARK: &str = "new-module: registered above this line.";

/// What a copy of the tree needs to build.
const COPIED: [&str; 8] =
    ["Cargo.toml", "Cargo.lock", "rustfmt.toml", "tiers.toml", "platform", "modules", "server", "xtask"];

/// Create modules/NAME in full dress and register it.
#[derive(clap::Args)]
pub(crate) struct NewModule {
    /// The capability, as a plural or mass noun: `notices`.
    name: String,
    /// What its first table holds, in the singular. [default: the name without its last s]
    #[arg(long)]
    noun: Option<String>,
}

impl NewModule {
    pub(crate) fn run(self) -> Result<()> {
        let words = Words::of(&self.name, self.noun.as_deref())?;
        create(root(), &words)?;
        eprintln!(
            "Created modules/{}. Next: say in its lib.rs what it is for; `cargo xtask test --module {}`; `cargo xtask gen`.",
            words.module, words.module
        );
        let findings = tidy::findings()?;
        findings.iter().for_each(|finding| eprintln!("{finding}"));
        Ok(())
    }
}

/// The names in a new module.
#[derive(Debug)]
pub(crate) struct Words {
    /// `notices`
    pub(crate) module: String,
    /// `notice`
    noun: String,
    /// `notices`
    nouns: String,
    /// `Notice`
    type_name: String,
}

impl Words {
    pub(crate) fn of(module: &str, noun: Option<&str>) -> Result<Words> {
        let noun = noun.unwrap_or_else(|| module.strip_suffix('s').unwrap_or(module)).to_owned();
        for word in [module, &noun] {
            let is_name = word.starts_with(|c: char| c.is_ascii_lowercase())
                && word.chars().all(|c| c.is_ascii_lowercase() || c == '_');
            ensure!(is_name, "\"{word}\" is no name of a module or noun: small letters, words joined by _");
        }
        let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
        let type_name = noun.split('_').filter(|word| !word.is_empty()).map(capital).collect();
        Ok(Words { module: module.to_owned(), nouns: format!("{noun}s"), noun, type_name })
    }

    fn fill(&self, template: &str) -> String {
        template
            .replace("{{module}}", &self.module)
            .replace("{{noun}}", &self.noun)
            .replace("{{nouns}}", &self.nouns)
            .replace("{{Noun}}", &self.type_name)
    }
}

/// The files of a module: where each goes, and its text with names to fill in.
macro_rules! template {
    ($($file:literal => $path:literal),* $(,)?) => {
        [$(($path, include_str!(concat!("../../module/", $file, ".in")))),*]
    };
}

/// Writes the module into a tree and registers it there.
pub(crate) fn create(tree: &Path, words: &Words) -> Result<()> {
    let folder = tree.join("modules").join(&words.module);
    ensure!(!folder.exists(), "modules/{} is there already", words.module);
    let files = template![
        "Cargo.toml" => "Cargo.toml",
        "src/lib.rs" => "src/lib.rs",
        "src/model.rs" => "src/model.rs",
        "src/rules.rs" => "src/rules.rs",
        "src/policy.rs" => "src/policy.rs",
        "src/actions.rs" => "src/actions.rs",
        "src/store.rs" => "src/store.rs",
        "src/routes.rs" => "src/routes.rs",
        "src/events.rs" => "src/events.rs",
        "src/tests/mod.rs" => "src/tests/mod.rs",
        "src/tests/rules.rs" => "src/tests/rules.rs",
        "src/tests/routes.rs" => "src/tests/routes.rs",
        "migrations/0001_module.sql" => "migrations/0001_{{module}}.sql",
        "locales/zh-CN.json" => "locales/zh-CN.json",
        "locales/en.json" => "locales/en.json",
    ];
    for (path, text) in files {
        let file = folder.join(words.fill(path));
        fs::create_dir_all(file.parent().expect("a file lies in a folder"))?;
        fs::write(&file, words.fill(text)).with_context(|| format!("cannot write {}", file.display()))?;
    }
    for (path, entry) in [
        ("tiers.toml", "\"{{module}}\","),
        ("Cargo.toml", "hanlin-{{module}} = { path = \"modules/{{module}}\" }"),
        ("server/Cargo.toml", "hanlin-{{module}}.workspace = true"),
        ("server/src/modules.rs", "hanlin_{{module}}::module(),"),
    ] {
        register(&tree.join(path), &words.fill(entry))?;
    }
    // Where names stand in order, the order depends on the names.
    sh::run(sh::cargo().current_dir(tree).args(["fmt", "-p", &format!("hanlin-{}", words.module)]))
}

/// Creates a module in a copy of the tree; it compiles without a warning and passes its tests.
pub(crate) fn check() -> Result<()> {
    let tree = target().join("new-module");
    if tree.exists() {
        fs::remove_dir_all(&tree).context("cannot remove the last copy")?;
    }
    for path in COPIED {
        sources::copy(&root().join(path), &tree.join(path))?;
    }
    create(&tree, &Words::of("notices", None)?)?;
    for arguments in [
        ["clippy", "--offline", "-p", "hanlin-notices", "--all-targets", "--", "-D", "warnings"].as_slice(),
        &["test", "--offline", "-p", "hanlin-notices"],
    ] {
        sh::run(sh::cargo().current_dir(&tree).args(arguments).env("CARGO_TARGET_DIR", target()))?;
    }
    Ok(())
}

/// Puts an entry above the file's marked line, as far to the right as the mark.
fn register(file: &Path, entry: &str) -> Result<()> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let registered = registered(&text, entry).with_context(|| format!("{} has no line \"{MARK}\"", file.display()))?;
    fs::write(file, registered).with_context(|| format!("cannot write {}", file.display()))
}

pub(crate) fn registered(text: &str, entry: &str) -> Option<String> {
    let line = text.lines().find(|line| line.contains(MARK))?;
    let indent = &line[..line.len() - line.trim_start().len()];
    Some(text.replacen(line, &format!("{indent}{entry}\n{line}"), 1))
}
