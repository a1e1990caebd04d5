use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn files(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, ending, found);
        } else if path.extension().is_some_and(|extension| extension == ending) {
            found.push(path);
        }
    }
}

/// Every page: those in `docs/` and those that stand at the top.
fn pages() -> Vec<PathBuf> {
    let mut pages = Vec::new();
    files(&root().join("docs"), "md", &mut pages);
    pages.extend(
        fs::read_dir(root())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "md")),
    );
    pages
}

/// The words between backticks of a page, code blocks left out.
fn quoted(text: &str) -> Vec<String> {
    let prose: Vec<&str> = text.split("```").step_by(2).collect();
    prose.iter().flat_map(|part| part.split('`').skip(1).step_by(2)).map(str::to_owned).collect()
}

/// Four words or more, joined by underscores: nothing else is called so but a test, and figures of monitoring.
fn is_test_name(word: &str) -> bool {
    let plain =
        |part: &str| !part.is_empty() && part.chars().all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit());
    !word.starts_with("hanlin_") && word.split('_').count() >= 4 && word.split('_').all(plain)
}

fn sources() -> Vec<PathBuf> {
    let mut sources = Vec::new();
    for folder in ["platform", "modules", "server", "xtask"] {
        files(&root().join(folder), "rs", &mut sources);
    }
    sources
}

#[test]
fn every_test_that_a_page_names_is_there() {
    let mut sources = sources();
    // What a new module begins with.
    files(&root().join("xtask/module"), "in", &mut sources);
    let functions: BTreeSet<String> = sources
        .iter()
        .flat_map(|path| {
            let text = fs::read_to_string(path).unwrap();
            let names = text.split("fn ").skip(1).filter_map(|rest| rest.split(['(', '<']).next());
            names.map(str::to_owned).collect::<Vec<_>>()
        })
        .collect();
    let mut missing = Vec::new();
    let mut n_named = 0;
    for page in pages() {
        for name in quoted(&fs::read_to_string(&page).unwrap()).into_iter().filter(|word| is_test_name(word)) {
            n_named += 1;
            if !functions.contains(&name) {
                missing.push(format!("{}: {name}", page.display()));
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
    assert!(n_named > 30, "ARCHITECTURE.md names the test of each invariant");
}

#[test]
fn every_link_to_a_file_leads_to_one() {
    let mut broken = Vec::new();
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        let prose: String = text.split("```").step_by(2).collect();
        for link in prose.split("](").skip(1).filter_map(|rest| rest.split_once(')').map(|(link, _)| link)) {
            let path = link.split('#').next().unwrap_or_default();
            if path.is_empty() || path.contains("://") || path.starts_with("mailto:") {
                continue;
            }
            if !page.parent().unwrap().join(path).exists() {
                broken.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}

#[test]
fn every_page_for_administrators_and_users_is_there_in_both_languages() {
    let names = |folder: &str| {
        let mut found = Vec::new();
        files(&root().join(folder), "md", &mut found);
        found.iter().map(|path| path.file_name().unwrap().to_owned()).collect::<BTreeSet<_>>()
    };
    assert_eq!(names("docs/admin"), names("docs/zh/admin"));
    assert_eq!(names("docs/user"), names("docs/zh/user"));
}

#[test]
fn the_page_about_monitoring_names_the_figures_that_are_counted() {
    let mut counted = BTreeSet::new();
    for path in sources().iter().filter(|path| !path.ends_with(file!())) {
        let text = fs::read_to_string(path).unwrap();
        for kind in ["counter!(", "gauge!(", "histogram!("] {
            let names = text.split(kind).skip(1).filter_map(|rest| rest.trim_start().strip_prefix('"'));
            counted.extend(names.filter_map(|rest| rest.split('"').next()).map(str::to_owned));
        }
    }
    for page in ["docs/admin/monitoring.md", "docs/zh/admin/monitoring.md"] {
        let text = fs::read_to_string(root().join(page)).unwrap();
        let cells = text.lines().filter_map(|line| line.strip_prefix("| `hanlin_"));
        let named: BTreeSet<String> =
            cells.map(|rest| format!("hanlin_{}", rest.split(['`', '{']).next().unwrap_or_default())).collect();
        assert_eq!(named, counted, "{page}");
    }
}
