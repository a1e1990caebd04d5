//! Every flow package that ships is without a problem and passes its own cases in the sample organisation.

use std::{fs, path::PathBuf};

use hanlin_directory::cast;
use hanlin_kernel::Locale;

use crate::package::{House, Installation, examine, read, test, write};

/// The packages under `presets/`, with their names.
pub(super) fn files() -> Vec<(String, String)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../presets");
    let mut files = Vec::new();
    for folder in fs::read_dir(root).expect("the presets").map(|entry| entry.expect("an entry").path()) {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for path in entries.map(|entry| entry.expect("an entry").path()) {
            let name = path.display().to_string();
            if name.ends_with(".flow.yaml") {
                files.push((name, fs::read_to_string(path).expect("a text")));
            }
        }
    }
    files.sort();
    assert!(!files.is_empty(), "there are packages");
    files
}

#[test]
fn no_package_that_ships_has_a_problem() {
    let at = "2026-11-23T09:00:00+08:00".parse().expect("an instant");
    let sample = Installation::of_people(cast::snapshot(), at);
    let mut found = Vec::new();
    for (name, text) in files() {
        let problems = examine(&text, Some(&sample)).problems;
        found.extend(problems.iter().map(|problem| format!("{name}:{problem}")));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

// proves: FLOW-02, FLOW-03, FLOW-05, FLOW-06, FLOW-11, FLOW-12, FLOW-22, FLOW-23
#[test]
fn the_cases_of_every_package_that_ships_pass() {
    let house = House::sample();
    let mut failed = Vec::new();
    for (name, text) in files() {
        let package = read(&text).expect("a package without errors");
        for result in test(&package, &house) {
            let case = result.name.in_locale(Locale::En).to_owned();
            failed.extend(
                result.failures.iter().map(|failure| format!("{name}: {case}: {}", failure.in_locale(Locale::En))),
            );
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn what_ships_is_the_same_after_writing_and_reading() {
    for (name, text) in files() {
        let package = read(&text).expect("a package without errors");
        let written = write(&package);
        let again = read(&written).unwrap_or_else(|problems| panic!("{name}: {problems:#?}\n{written}"));
        assert_eq!(again, package, "{name}");
        assert_eq!(write(&again), written, "{name}");
    }
}

/// The first whole package on a page of the documentation.
fn example(page: &str) -> &str {
    let start = page.find("```yaml\nhanlin: flow/1").expect("an example") + "```yaml\n".len();
    let end = page[start..].find("```").expect("its end");
    &page[start..start + end]
}

#[test]
fn the_example_of_the_documentation_is_sound_and_passes_in_both_languages() {
    let english = example(include_str!("../../../../../docs/flow-packages.md"));
    let chinese = example(include_str!("../../../../../docs/zh/flow-packages.md"));
    assert_eq!(english, chinese, "both pages show the same package");
    let at = "2026-11-23T09:00:00+08:00".parse().expect("an instant");
    let sample = Installation::of_people(cast::snapshot(), at);
    let examined = examine(english, Some(&sample));
    assert!(examined.problems.is_empty(), "{:?}", examined.problems);
    let results = test(&examined.package.expect("a package"), &House::sample());
    assert_eq!(results.len(), 2);
    assert!(results.iter().all(|result| result.passed()), "{results:?}");
}
