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
