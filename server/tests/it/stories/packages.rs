use std::{
    path::{Path, PathBuf},
    process::Output,
};

use super::running::{Running, error_of, hanlin, outcome};

const LEAVE: &str = include_str!("../../../../presets/003-f/f-01-leave.flow.yaml");

/// A package in a folder of its own.
fn written(folder: &Path, text: &str) -> PathBuf {
    let file = folder.join("leave.flow.yaml");
    std::fs::write(&file, text).unwrap();
    file
}

/// The leave with one line of it changed.
fn changed(folder: &Path, line: &str, into: &str) -> PathBuf {
    assert_eq!(LEAVE.matches(line).count(), 1, "{line}");
    written(folder, &LEAVE.replace(line, into))
}

fn flow(verb: &str, file: &Path) -> Output {
    hanlin().args(["flow", verb]).arg(file).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn a_package_is_checked_without_a_server_and_a_typo_is_told_by_line_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let whole = flow("check", &written(folder.path(), LEAVE));
    assert!(whole.status.success(), "{}", said(&whole));
    assert!(said(&whole).ends_with("1 file checked: 0 errors, 0 warnings\n"), "{}", said(&whole));

    let line = "when: form.period.days > 1";
    let file = changed(folder.path(), line, "when: form.perod.days > 1");
    let n_line = LEAVE.lines().position(|one| one.contains(line)).unwrap() + 1;
    let broken = flow("check", &file);
    assert_eq!(broken.status.code(), Some(1));
    assert!(said(&broken).contains(&format!("{}:{n_line}:", file.display())), "{}", said(&broken));
    assert!(said(&broken).contains("perod"), "{}", said(&broken));

    let of_the_wrong_type = changed(folder.path(), line, "when: form.period.days + 1");
    assert_eq!(flow("check", &of_the_wrong_type).status.code(), Some(1));
}

#[test]
fn the_cases_of_a_package_are_played_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let whole = flow("test", &written(folder.path(), LEAVE));
    let last = said(&whole).lines().last().unwrap().to_owned();
    assert!(whole.status.success() && last.ends_with(" passed, 0 failed") && !last.starts_with("0 "), "{last}");

    let expected = "上午去办理落户手续 }\n    expect:\n      route:\n        - supervisor: zhao.qing";
    let file = changed(folder.path(), expected, &expected.replace("zhao.qing", "xu.jing"));
    let failed = flow("test", &file);
    assert_eq!(failed.status.code(), Some(1));
    assert!(said(&failed).lines().last().unwrap().ends_with(" passed, 1 failed"), "{}", said(&failed));
}

#[test]
fn a_package_is_imported_whole_or_not_at_all_and_exported_as_it_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    Running::start(&data, &["--sample"]).stop();
    let whole = LEAVE.replace("id: f-01-leave", "id: t-leave");
    let import = |text: &str| {
        let file = written(folder.path(), text);
        outcome(&["flow", "import", file.to_str().unwrap(), "--publish"], &data)
    };
    let broken = whole.replace("when: form.period.days > 1", "when: nothing.of.that");
    assert_ne!(broken, whole);
    assert_eq!(import(&broken).status.code(), Some(1));
    let nothing = error_of(&outcome(&["flow", "export", "t-leave"], &data));
    assert!(nothing.contains("t-leave"), "{nothing}");

    let imported = import(&whole);
    assert!(imported.status.success(), "{}", String::from_utf8_lossy(&imported.stderr));
    let exported = outcome(&["flow", "export", "t-leave"], &data);
    assert_eq!(said(&exported), whole);
}

const ASKING: &str = "hanlin: flow/1
id: t-asking
name: 付款
category: test
may_start: everyone
form:
  fields:
    number: { label: 合同号, type: text }
  layout: [number]
route:
  - approve: check
    name: 审批
    who: superior
  - webhook: ask
    name: 通知财务
    endpoint: finance
    send: { number: form.number }
";

// proves: FLOW-01, FLOW-40
#[test]
fn what_asks_systems_that_are_not_registered_is_published_only_when_that_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    Running::start(&data, &["--sample"]).stop();
    let file = written(folder.path(), ASKING);
    let import = |more: &[&str]| outcome(&[&["flow", "import", file.to_str().unwrap()], more].concat(), &data);
    let refused = import(&["--publish"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(said(&refused).contains("16:15: warning") && said(&refused).contains("finance"), "{}", said(&refused));
    assert!(error_of(&refused).contains("--allow-unknown-endpoints"), "{}", error_of(&refused));
    assert!(!outcome(&["flow", "export", "t-asking"], &data).status.success(), "nothing was imported");

    assert!(import(&[]).status.success(), "without publishing it is only a warning");
    let anyway = import(&["--publish", "--allow-unknown-endpoints"]);
    assert!(said(&anyway).contains("t-asking: imported and published"), "{}", said(&anyway));
    assert_eq!(
        import(&["--allow-unknown-endpoints"]).status.code(),
        Some(2),
        "of what is not published nothing is allowed"
    );
}

// proves: FORM-01, FLOW-01
#[test]
fn packages_that_are_checked_together_are_held_against_one_another() {
    let folder = tempfile::tempdir().unwrap();
    let text = |name: &str| {
        let path = format!("{}/../presets/patterns/{name}.flow.yaml", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(path).unwrap()
    };
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let register = file("register.yaml", &text("supplier-register"));
    let check = |files: &[&str]| {
        let checked = hanlin().args(["flow", "check"]).args(files).output().unwrap();
        (checked.status.code(), said(&checked))
    };
    let named = file("named.yaml", &text("named-record"));
    let alone = check(&[&named]);
    assert_eq!(alone.0, Some(0));
    assert!(alone.1.contains("warning") && alone.1.contains("pattern-supplier-register"), "{}", alone.1);
    let together = check(&[&named, &register]);
    assert!(together.1.contains("2 files checked: 0 errors, 0 warnings"), "{}", together.1);
    let wrong = file("wrong.yaml", &text("named-record").replace("account: account", "account: level"));
    let (code, told) = check(&[&wrong, &register]);
    assert_eq!(code, Some(1));
    assert!(told.contains("account") && told.contains("choice"), "{told}");
    let orders = text("named-record")
        .replace("of: { flow: pattern-supplier-register }", "of: { kind: structure_order }")
        .replace("show: [name, credit_code, level]", "show: [title, effective_on]")
        .replace("fill: { bank: bank, account: account, level: level }", "fill: { bank: basis }");
    let (_, told) = check(&[&file("orders.yaml", &orders)]);
    assert!(!told.contains("register"), "what modules lend is known without an installation: {told}");
}
