//! `hanlin flow index`: the page that lists the flow packages, with the organisation's documents and what is declared in
//! them: what their cases do in modules, done or only recorded, and time limits.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    path::{Path, PathBuf},
};

use hanlin_kernel::Text;
use hanlin_store::Ports;
use hanlin_workflow::{
    Effect,
    engine::model::Node,
    package::{Package, Problem},
};

/// A package and where it lies.
pub(super) struct Listed {
    pub file: PathBuf,
    pub package: Package,
    /// The time limits that stand in its head as `# limit:`.
    pub limits: Vec<String>,
}

impl Listed {
    pub fn of(file: &Path, text: &str) -> Result<Self, Vec<Problem>> {
        let package = hanlin_workflow::package::read(text)?;
        Ok(Self { file: file.to_owned(), package, limits: limits(text) })
    }
}

fn limits(text: &str) -> Vec<String> {
    let head = text.lines().take_while(|line| line.starts_with('#'));
    head.filter_map(|line| line.strip_prefix("# limit: ")).map(str::to_owned).collect()
}

/// The effects that modules do; all others are recorded with their cases.
fn done_by_modules() -> BTreeSet<&'static str> {
    let modules = crate::modules::modules();
    let ports = Ports::joined(modules.iter().map(|module| &module.ports));
    ports.of::<Effect>().map(|effect| effect.name).collect()
}

/// The page, in Markdown. Links go from the folder `docs`.
pub(super) fn page(listed: &[Listed]) -> String {
    let mut folders: BTreeMap<String, Vec<&Listed>> = BTreeMap::new();
    for one in listed {
        let folder = one.file.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
        folders.entry(folder.unwrap_or_default()).or_default().push(one);
    }
    let done = done_by_modules();
    let n_cases: usize = listed.iter().map(|one| one.package.cases.len()).sum();
    let mut page = format!(
        "# All flow packages 全部流程包\n\nWritten by `hanlin flow index`. {} packages with {n_cases} test cases; `hanlin flow test \
         presets/*/*.flow.yaml` plays them. 由命令 `hanlin flow index` 生成。\n\n*Proves* 覆盖: the flows and clauses of the \
         requirements that its cases prove. *Effects* 效果: what its cases do in modules, at the end \
         unless it says otherwise; *done* 已实现: the module does it; *recorded* 仅登记: it is recorded with the case, and \
         people do it, until the module is there. *Limits* 时限: what the document says and the product does not yet keep.\n",
        listed.len()
    );
    for (folder, mut packages) in folders {
        packages.sort_by(|one, another| one.file.cmp(&another.file));
        write!(page, "\n## {folder}\n\n| flow 流程 | way 流程走向 | proves 覆盖 | cases 用例 | effects 效果 | limits 时限 |\n|---|---|---|---|---|---|\n")
            .expect("a String takes all");
        for one in packages {
            page.push_str(&row(one, &done));
        }
    }
    page.push_str(&effects(listed, &done));
    page
}

fn row(one: &Listed, done: &BTreeSet<&str>) -> String {
    let flow = &one.package.flow;
    let name = match &flow.name.en {
        Some(en) => format!("{} {en}", flow.name.zh),
        None => flow.name.zh.clone(),
    };
    let way: Vec<String> = flow.route.iter().map(step).collect();
    let proves: BTreeSet<&str> = one.package.cases.iter().flat_map(|case| &case.proves).map(String::as_str).collect();
    let effects: Vec<String> =
        asked(one).into_iter().map(|effect| format!("`{effect}` {}", how(effect, done))).collect();
    let cells = [
        format!("[{name}](../{})", one.file.display()),
        way.join(" → "),
        proves.into_iter().collect::<Vec<_>>().join(", "),
        one.package.cases.len().to_string(),
        effects.join("; "),
        one.limits.join("; "),
    ];
    format!("| {} |\n", cells.map(|cell| cell.replace('|', "\\|")).join(" | "))
}

/// What its cases do in modules.
fn asked(one: &Listed) -> Vec<&str> {
    let nodes = one.package.flow.nodes().into_iter();
    nodes.filter_map(|node| if let Node::Act(act) = node { Some(act.effect.as_str()) } else { None }).collect()
}

fn how(effect: &str, done: &BTreeSet<&str>) -> &'static str {
    if done.contains(effect) { "done 已实现" } else { "recorded 仅登记" }
}

/// All effects that a flow may name, with what they take and how many packages use them.
fn effects(listed: &[Listed], done: &BTreeSet<&str>) -> String {
    let mut table =
        "\n## Effects 效果\n\nWhat a node `act` may name ([how it is written](flow-packages.md#the-route)). \
                     In bold: what must be given. 加粗的参数必填。\n\n\
                     | effect 效果 | name 名称 | module 模块 | takes 参数 | hands back 带回 | packages 流程包 | |\n\
                     |---|---|---|---|---|---|---|\n"
            .to_owned();
    for (name, known) in hanlin_workflow::catalogue() {
        let takes: Vec<String> = known
            .parameters
            .iter()
            .map(|(name, parameter)| {
                let written = format!("{name} ({})", parameter.takes.word());
                if parameter.needed { format!("**{written}**") } else { written }
            })
            .collect();
        let back: Vec<String> = known.results.iter().map(|(name, kind)| format!("{name} ({})", kind.word())).collect();
        let both = |text: &Text| format!("{} {}", text.zh, text.en.as_deref().unwrap_or_default());
        let used = listed.iter().filter(|one| asked(one).contains(&name.as_str())).count();
        let cells = [
            format!("`{name}`"),
            both(&known.name),
            both(&known.module),
            takes.join(", "),
            back.join(", "),
            used.to_string(),
            how(name, done).to_owned(),
        ];
        table.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    table
}

/// The name of a node, with how many ways it opens.
fn step(node: &Node) -> String {
    match node.routes().len() {
        0 => node.name().zh.clone(),
        ways => format!("{}（{ways}）", node.name().zh),
    }
}
