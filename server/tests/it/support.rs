use std::path::PathBuf;

use hanlin_api::Services;
use hanlin_files::{Blobs, Files};
use hanlin_testkit::{Setup, TestApp};

/// Holds a golden file against what is; `HANLIN_BLESS=1` (`cargo xtask test --bless`) writes it anew.
#[track_caller]
pub fn golden(name: &str, actual: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/snapshots").join(name);
    if std::env::var_os("HANLIN_BLESS").is_some() {
        std::fs::write(&path, actual).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    if expected != actual {
        let line = expected.lines().zip(actual.lines()).position(|(a, b)| a != b).unwrap_or(0);
        panic!(
            "{} is not what the code says, first at line {}:\n  kept: {}\n  now:  {}\nRead the difference, then: \
             cargo xtask test --bless",
            path.display(),
            line + 1,
            expected.lines().nth(line).unwrap_or("(nothing)"),
            actual.lines().nth(line).unwrap_or("(nothing)"),
        );
    }
}

/// What asks other systems, and none inside the house.
pub fn webhooks() -> hanlin_workflow::Webhooks {
    hanlin_workflow::Webhooks::new(hanlin_trace::Keys::generate().unwrap().derive("webhooks"), false)
}

/// The whole house in a process, with the sample organisation in it.
pub fn house() -> TestApp {
    let folder = tempfile::tempdir().unwrap().keep();
    let modules = hanlin_server::modules::modules();
    let access = hanlin_access::Access::start(&modules).unwrap();
    let files = Files::new(Blobs::open(&folder).unwrap()).owned(hanlin_workflow::CASE, hanlin_workflow::CaseFiles);
    let sample = hanlin_sample::Sample::of(&modules, hanlin_server::commands::load_rules);
    let services = Services::default().with(files).with(access).with(sample).with(webhooks());
    let app = TestApp::with(modules, Setup { services, ..Setup::default() });
    app.write(|tx| {
        hanlin_directory::cast::load_sample(tx)?;
        hanlin_access::load_sample(tx, "no password is ever right").map(drop)
    });
    app
}
