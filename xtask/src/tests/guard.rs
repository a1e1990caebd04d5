use std::process::Command;
use std::time::{Duration, Instant};

use crate::guard::{Background, Guard};

/// Whether a process with this id runs.
fn runs(id: &str) -> bool {
    Command::new("kill").args(["-0", id]).output().expect("kill starts").status.success()
}

#[test]
fn a_guard_cleans_up_when_it_is_dropped() {
    let file = std::env::temp_dir().join(format!("hanlin-guard-{}", std::process::id()));
    std::fs::write(&file, "x").expect("the folder for temporary files can be written");
    let guard = Guard::new(r#"rm -- "$1""#, &[&file.to_string_lossy()]).expect("a shell starts");
    assert!(file.exists());
    drop(guard);
    assert!(!file.exists());
}

#[test]
fn a_program_in_the_background_ends_with_all_it_started() {
    let file = std::env::temp_dir().join(format!("hanlin-background-{}", std::process::id()));
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(r#"sleep 600 & echo $! > "$0"; wait"#).arg(&file);
    let background = Background::start(&mut shell).expect("a shell starts");
    let until = Instant::now() + Duration::from_secs(10);
    let grandchild = loop {
        let id = std::fs::read_to_string(&file).unwrap_or_default();
        if id.ends_with('\n') {
            break id.trim().to_owned();
        }
        assert!(Instant::now() < until, "the shell wrote no id");
        std::thread::sleep(Duration::from_millis(10));
    };
    assert!(runs(&grandchild));
    let start = Instant::now();
    drop(background);
    assert!(!runs(&grandchild));
    assert!(start.elapsed() < Duration::from_secs(5), "it was asked politely and went");
    std::fs::remove_file(&file).expect("it was written above");
}
