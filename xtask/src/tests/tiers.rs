use crate::tests::source;
use crate::tidy::manifest::{self, Dependency, Package};
use crate::tiers::Tiers;

const TIERS: &str = r#"
    [[rows]]
    crates = ["kernel"]
    why = ""
    [[rows]]
    crates = ["store"]
    why = ""
    drivers = ["rusqlite"]
    [[rows]]
    crates = ["testkit"]
    why = ""
    dev_only = true
    [[rows]]
    crates = ["access", "files"]
    why = ""
    [outside]
    crates = ["xtask"]
    why = ""
    [web]
    above = []
    why = ""
"#;

fn tiers() -> Tiers {
    Tiers::parse(TIERS).expect("the table is well-formed")
}

fn package(name: &str, dependencies: &[(&str, Option<&str>)]) -> Package {
    let dependency =
        |(name, kind): &(&str, Option<&str>)| Dependency { name: (*name).into(), kind: kind.map(str::to_owned) };
    Package { name: name.into(), dependencies: dependencies.iter().map(dependency).collect() }
}

fn words(findings: Vec<crate::tidy::Finding>) -> Vec<String> {
    findings.iter().map(ToString::to_string).collect()
}

#[test]
fn a_crate_imports_earlier_rows_only() {
    let good = package("hanlin-files", &[("hanlin-kernel", None), ("hanlin-store", None), ("serde", None)]);
    assert_eq!(words(manifest::imports(&tiers(), &[good])), [""; 0]);

    let upwards = package("hanlin-store", &[("hanlin-files", None)]);
    let beside = package("hanlin-files", &[("hanlin-access", None)]);
    assert_eq!(
        words(manifest::imports(&tiers(), &[upwards, beside])),
        [
            "hanlin-store: must not depend on hanlin-files: tiers.toml has it in the same row or above",
            "hanlin-files: must not depend on hanlin-access: tiers.toml has it in the same row or above",
        ]
    );
}

#[test]
fn a_dev_dependency_keeps_the_arrows_too() {
    let upwards = package("hanlin-store", &[("hanlin-testkit", Some("dev"))]);
    assert_eq!(manifest::imports(&tiers(), &[upwards]).len(), 1);
}

#[test]
fn the_testkit_is_for_tests() {
    let good = package("hanlin-files", &[("hanlin-testkit", Some("dev"))]);
    assert_eq!(words(manifest::imports(&tiers(), &[good])), [""; 0]);
    let bad = package("hanlin-files", &[("hanlin-testkit", None)]);
    assert_eq!(
        words(manifest::imports(&tiers(), &[bad])),
        ["hanlin-files: may have hanlin-testkit as a dev-dependency only"]
    );
}

#[test]
fn a_driver_has_one_owner() {
    let owner = package("hanlin-store", &[("rusqlite", None)]);
    let stranger = package("hanlin-files", &[("rusqlite", None)]);
    assert_eq!(
        words(manifest::drivers(&tiers(), &[owner, stranger])),
        ["hanlin-files: must not depend on rusqlite: only store may"]
    );
}

#[test]
fn every_crate_has_a_row_and_every_row_its_crates() {
    let packages =
        ["kernel", "store", "testkit", "access", "files"].map(|name| package(&format!("hanlin-{name}"), &[]));
    let xtask = package("xtask", &[]);
    let all = || packages.iter().chain(std::iter::once(&xtask)).map(|package| self::package(&package.name, &[]));
    assert_eq!(words(manifest::tiers_and_crates(&tiers(), &all().collect::<Vec<_>>())), [""; 0]);

    let mut others: Vec<Package> = all().filter(|package| package.name != "hanlin-files").collect();
    others.push(package("hanlin-drive", &[]));
    assert_eq!(
        words(manifest::tiers_and_crates(&tiers(), &others)),
        ["hanlin-drive: stands in no row of tiers.toml", "tiers.toml: files is no crate of the workspace"]
    );
}

#[test]
fn a_crate_cannot_stand_in_two_rows() {
    let twice = TIERS.replace("\"files\"", "\"store\"");
    assert!(Tiers::parse(&twice).is_err_and(|error| error.to_string() == "store stands in two rows"));
}

#[test]
fn a_dependency_of_others_needs_its_reason() {
    let manifest = source(
        "Cargo.toml",
        "[workspace.dependencies]\nhanlin-store = { path = \"platform/store\" }\nanyhow = \"1\" # errors\nserde = \"1\"\n[profile.dev]\ndebug = 1\n",
    );
    assert_eq!(words(manifest::reasons(&manifest)), ["Cargo.toml:4: give the reason for this dependency on its line"]);
}
