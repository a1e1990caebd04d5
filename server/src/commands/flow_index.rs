//! `hanlin flow index`: the page that lists the flow packages, with the organisation's documents and what is declared in
//! them and does not happen by itself yet.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    path::{Path, PathBuf},
};

use hanlin_workflow::{
    engine::model::Node,
    package::{Package, Problem},
};

/// A package and where it lies.
pub(super) struct Listed {
    pub file: PathBuf,
    pub package: Package,
    /// What stands in its head as `# effect:` and `# limit:`.
    pub declared: Vec<Declared>,
}

/// What a package says in its head about things outside the engine.
pub(super) enum Declared {
    /// What happens in another module when it is decided.
    Effect(String),
    /// A time limit.
    Limit(String),
}

impl Listed {
    pub fn of(file: &Path, text: &str) -> Result<Self, Vec<Problem>> {
        let package = hanlin_workflow::package::read(text)?;
        Ok(Self { file: file.to_owned(), package, declared: declared(text) })
    }
}

fn declared(text: &str) -> Vec<Declared> {
    let head = text.lines().take_while(|line| line.starts_with('#'));
    let said = head.filter_map(|line| line.strip_prefix("# ")?.split_once(": "));
    let known = said.filter_map(|(what, about)| match what {
        "effect" => Some(Declared::Effect(about.to_owned())),
        "limit" => Some(Declared::Limit(about.to_owned())),
        _ => None,
    });
    known.collect()
}

/// The page, in Markdown. Links go from the folder `docs`.
pub(super) fn page(listed: &[Listed]) -> String {
    let mut folders: BTreeMap<String, Vec<&Listed>> = BTreeMap::new();
    for one in listed {
        let folder = one.file.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
        folders.entry(folder.unwrap_or_default()).or_default().push(one);
    }
    let n_cases: usize = listed.iter().map(|one| one.package.cases.len()).sum();
    let mut page = format!(
        "# All flow packages 全部流程包\n\nWritten by `hanlin flow index`. {} packages with {n_cases} test cases; `hanlin flow test \
         presets/*/*.flow.yaml` plays them. 由命令 `hanlin flow index` 生成。\n\n*Proves* 覆盖: the flows and clauses of the \
         requirements that its cases prove. *Declared* 声明: what a package says that happens outside the engine; it is \
         recorded with the package, and people do it and note it until the module is there \
         （尚由人办理并记录）.\n",
        listed.len()
    );
    for (folder, mut packages) in folders {
        packages.sort_by(|one, another| one.file.cmp(&another.file));
        write!(page, "\n## {folder}\n\n| flow 流程 | way 流程走向 | proves 覆盖 | cases 用例 | declared 声明 |\n|---|---|---|---|---|\n")
            .expect("a String takes all");
        for one in packages {
            page.push_str(&row(one));
        }
    }
    page
}

fn row(one: &Listed) -> String {
    let flow = &one.package.flow;
    let name = match &flow.name.en {
        Some(en) => format!("{} {en}", flow.name.zh),
        None => flow.name.zh.clone(),
    };
    let way: Vec<String> = flow.route.iter().map(step).collect();
    let proves: BTreeSet<&str> = one.package.cases.iter().flat_map(|case| &case.proves).map(String::as_str).collect();
    let declared: Vec<String> = one
        .declared
        .iter()
        .map(|declared| match declared {
            Declared::Effect(about) => format!("effect 效果: {about}"),
            Declared::Limit(about) => format!("limit 时限: {about}"),
        })
        .collect();
    let cells = [
        format!("[{name}](../{})", one.file.display()),
        way.join(" → "),
        proves.into_iter().collect::<Vec<_>>().join(", "),
        one.package.cases.len().to_string(),
        declared.join("; "),
    ];
    format!("| {} |\n", cells.map(|cell| cell.replace('|', "\\|")).join(" | "))
}

/// The name of a node, with how many ways it opens.
fn step(node: &Node) -> String {
    match node.routes().len() {
        0 => node.name().zh.clone(),
        ways => format!("{}（{ways}）", node.name().zh),
    }
}
