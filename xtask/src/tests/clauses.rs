use crate::commands::clauses::{Proof, clauses, proofs};
use crate::tests::source;

fn proof(clause: &str, path: &str, line: usize, test: &str) -> Proof {
    Proof { clause: clause.into(), path: path.into(), line, test: test.into() }
}

/// A marked line, put together so that this file proves nothing itself.
fn mark(list: &str) -> String {
    format!("// {}: {list}", "proves")
}

#[test]
fn the_catalogue_is_its_tables_rows() {
    let text = "| ID | What |\n|---|---|\n| ORG-01 | Keep a tree. | any depth |\n| 18 | Personal |\n| F-01 | Leave |\nORG-02 | no row |\n";
    let found: Vec<(String, String)> = clauses(text).into_iter().collect();
    assert_eq!(found, [("F-01".into(), "Leave".into()), ("ORG-01".into(), "Keep a tree.".into())]);
}

#[test]
fn a_rust_test_names_its_clauses() {
    let text = format!("{}\n#[test]\nfn a_leave_is_approved() {{\n", mark("FLOW-05, ORG-23"));
    assert_eq!(
        proofs(&[source("modules/forms/src/tests/rules.rs", &text)]),
        [
            proof("FLOW-05", "modules/forms/src/tests/rules.rs", 1, "a_leave_is_approved"),
            proof("ORG-23", "modules/forms/src/tests/rules.rs", 1, "a_leave_is_approved"),
        ]
    );
}

#[test]
fn a_web_test_names_its_clauses() {
    let text = format!("  {}\n  test(\"the inbox shows what waits\", async () => {{\n", mark("FLOW-11"));
    assert_eq!(
        proofs(&[source("web/src/a.test.tsx", &text)]),
        [proof("FLOW-11", "web/src/a.test.tsx", 1, "the inbox shows what waits")]
    );
}

#[test]
fn a_case_of_a_flow_package_names_its_clauses() {
    let text = "cases:\n  - name: half a day\n    proves: [FLOW-03, F-01]\n";
    assert_eq!(
        proofs(&[source("presets/003-f/f-01-leave.flow.yaml", text)]),
        [
            proof("FLOW-03", "presets/003-f/f-01-leave.flow.yaml", 3, "half a day"),
            proof("F-01", "presets/003-f/f-01-leave.flow.yaml", 3, "half a day"),
        ]
    );
}
