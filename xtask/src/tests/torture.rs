use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;

use crate::chance::Chance;
use crate::commands::torture::consistency::{Entry, State, Stored, TaskRow, contradictions};
use crate::commands::torture::disk::{self, Unsynced};
use crate::commands::torture::recording::{self, Call, Change};

fn at(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn call(began: u64, ended: u64, change: Change) -> Call {
    Call { began: at(began), ended: at(ended), change }
}

fn create(began: u64, path: &str) -> Call {
    call(began, began, Change::Open { path: path.into(), create: true, truncate: false })
}

fn write(began: u64, path: &str, offset: Option<u64>, bytes: &str) -> Call {
    call(began, began + 1, Change::Write { path: path.into(), offset, bytes: bytes.into() })
}

fn sync(began: u64, ended: u64, path: &str) -> Call {
    call(began, ended, Change::Sync { path: path.into() })
}

/// What the folder `/data` has at this moment, when everything that was not synced is dropped.
fn left_at(moment: u64, calls: &[Call]) -> Vec<(String, String)> {
    let folder = std::env::temp_dir().join(format!("hanlin-disk-{}-{:p}-{moment}", std::process::id(), calls));
    disk::replay(calls, &[at(moment)], |_, disk| {
        disk.save(Path::new("/data"), &folder, Unsynced::Dropped, &mut Chance::new(1))
    })
    .expect("it can be replayed");
    let mut files: Vec<(String, String)> = fs::read_dir(&folder)
        .expect("the folder was made")
        .map(|entry| entry.expect("it can be listed").path())
        .map(|path| {
            let name = path.file_name().expect("files have names").to_string_lossy().into_owned();
            (name, fs::read_to_string(path).expect("it can be read"))
        })
        .collect();
    files.sort();
    fs::remove_dir_all(&folder).expect("it was made above");
    files
}

fn file(name: &str, content: &str) -> (String, String) {
    (name.to_owned(), content.to_owned())
}

#[test]
fn a_write_is_on_the_disk_when_a_sync_that_began_after_it_has_ended() {
    let calls = [
        create(0, "/data/a"),
        sync(1, 2, "/data"),
        write(10, "/data/a", Some(0), "first"),
        sync(20, 30, "/data/a"),
        // Ends while the sync runs: it may be covered, so it must not be counted on.
        write(25, "/data/a", Some(5), " second"),
    ];
    assert_eq!(left_at(29, &calls), [file("a", "")], "the sync has not ended");
    assert_eq!(left_at(30, &calls), [file("a", "first")]);
    assert_eq!(left_at(100, &calls), [file("a", "first")]);
}

#[test]
fn a_name_is_on_the_disk_when_its_folder_was_synced() {
    let calls = [
        create(0, "/data/a"),
        write(1, "/data/a", None, "1"),
        write(3, "/data/a", None, "2"),
        sync(5, 6, "/data/a"),
        sync(10, 11, "/data"),
        call(20, 21, Change::Rename { from: "/data/a".into(), to: "/data/b".into() }),
        sync(30, 31, "/data"),
        call(40, 41, Change::Resize { path: "/data/b".into(), length: 1 }),
        call(42, 43, Change::Remove { path: "/data/b".into() }),
    ];
    assert_eq!(left_at(9, &calls), []);
    assert_eq!(left_at(25, &calls), [file("a", "12")], "the new name was not synced");
    assert_eq!(left_at(50, &calls), [file("b", "12")], "neither cutting nor removing was synced");
}

#[test]
fn syncs_of_one_file_that_overlap_cover_what_was_there_when_each_began() {
    let calls = [
        create(0, "/data/a"),
        sync(1, 2, "/data"),
        write(3, "/data/a", Some(0), "a"),
        sync(10, 40, "/data/a"),
        write(15, "/data/a", Some(1), "b"),
        sync(20, 30, "/data/a"),
        write(22, "/data/a", Some(2), "c"),
    ];
    assert_eq!(left_at(30, &calls), [file("a", "ab")]);
    assert_eq!(left_at(40, &calls), [file("a", "ab")]);
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("\\x{byte:02x}")).collect()
}

#[test]
fn a_recording_is_read_in_the_order_of_time_and_only_of_the_folder() {
    let (log, other, socket) = (hex("/data/log"), hex("/elsewhere"), hex("socket:[7]"));
    let one = format!(
        "5.000000100 openat(AT_FDCWD<{}>, \"{log}\", O_WRONLY|O_CREAT|O_APPEND|O_CLOEXEC, 0666) = 7<{log}> <0.000000050>\n\
         5.000000300 write(7<{log}>, \"{}\", 4) = 3 <0.000000100>\n\
         5.000000350 write(8<{socket}>, \"{}\", 2) = 2 <0.000000100>\n\
         5.000000360 write(9<{other}>, \"{}\", 2) = 2 <0.000000100>\n\
         5.000000370 pwrite64(9<{log}-gone>, \"{}\", 2, 0) = -1 EBADF (Bad file descriptor) <0.000000100>\n\
         5.000000900 +++ exited with 0 +++\n",
        hex("/"),
        hex("text"),
        hex("no"),
        hex("no"),
        hex("no"),
    );
    let two = format!(
        "5.000000200 pwrite64(7<{log}>, \"{}\", 2, 4096) = 2 <0.000000010>\n\
         5.000000500 fdatasync(7<{log}>) = 0 <0.000200000>\n\
         5.000000510 mmap(NULL, 32768, PROT_READ|PROT_WRITE, MAP_SHARED, 5<{}>, 0) = 0x7f0000000000 <0.000000010>\n",
        hex("at"),
        hex("/data/hanlin.db-shm"),
    );
    let calls = recording::read(&[one, two], Path::new("/data")).expect("it is understood");
    let time = |nanoseconds| Duration::new(5, nanoseconds);
    let path = || PathBuf::from("/data/log");
    let expected = [
        (100, 150, Change::Open { path: path(), create: true, truncate: false }),
        (200, 210, Change::Write { path: path(), offset: Some(4096), bytes: b"at".to_vec() }),
        (300, 400, Change::Write { path: path(), offset: None, bytes: b"tex".to_vec() }),
        (500, 200_500, Change::Sync { path: path() }),
    ]
    .map(|(began, ended, change)| Call { began: time(began), ended: time(ended), change });
    assert_eq!(calls, expected);
}

#[test]
fn a_recording_that_cannot_be_replayed_is_refused() {
    let log = hex("/data/log");
    for line in [
        format!("5.000000100 pwritev(7<{log}>, [{{iov_base=\"\\x00\", iov_len=1}}], 1, 0) = 1 <0.000000010>"),
        format!("5.000000100 write(7<{log}>, \"\\x00\"..., 2) = 2 <0.000000010>"),
        format!("5.000000100 mmap(NULL, 9, PROT_WRITE, MAP_SHARED, 5<{log}>, 0) = 0x7f0000000000 <0.000000010>"),
        "5.000000100 what is this".to_owned(),
    ] {
        assert!(recording::read(std::slice::from_ref(&line), Path::new("/data")).is_err(), "{line}");
    }
}

/// A case that was submitted and approved once; it waits for the second one.
fn whole() -> Stored {
    let task = |id: u64, person: &str, state: &str| json!({ "id": id, "person": person, "state": { "state": state } });
    let state = json!({
        "version": 5, "status": "running", "initiator": { "person": "lin" },
        "tasks": [task(1, "zhao", "closed"), task(2, "xu", "open")],
        "opinions": [{ "verdict": "approved" }],
    });
    let entry = |seq: u64, events: &[&str]| {
        let events: Vec<_> = events.iter().map(|event| json!({ "event": event })).collect();
        Entry { seq, payload: json!({ "events": events }) }
    };
    let row = |no: u64, person: &str, waiting: bool| TaskRow { no, person: person.to_owned(), waiting };
    Stored {
        id: "case".to_owned(),
        status: "running".to_owned(),
        version: 2,
        state: serde_json::from_value::<State>(state).expect("a state"),
        tasks: vec![row(1, "zhao", false), row(2, "xu", true)],
        access: ["lin", "zhao", "xu"].map(str::to_owned).into(),
        trace: vec![entry(1, &["submitted", "opened", "task_assigned"]), entry(2, &["approved", "task_assigned"])],
    }
}

#[test]
fn a_whole_case_has_no_contradiction() {
    assert_eq!(contradictions(&whole()), Vec::<String>::new());
}

/// Tears a stored case in one way.
type Tear = fn(&mut Stored);

#[test]
fn every_way_of_being_torn_is_found() {
    let torn: [(&str, Tear); 8] = [
        ("the row is of an older state", |case| case.status = "completed".to_owned()),
        ("a task has no row", |case| drop(case.tasks.pop())),
        ("a task was closed in its row only", |case| case.tasks[1].waiting = false),
        ("whoever has it may not see it", |case| case.access.clear()),
        ("an entry of the trace is missing", |case| drop(case.trace.remove(0))),
        ("an entry lacks an event", |case| case.trace[1].payload = json!({ "events": [{ "event": "approved" }] })),
        ("an opinion is missing", |case| case.state.opinions.clear()),
        ("nobody has it", |case| {
            case.tasks[1].waiting = false;
            case.state.tasks[1].state.state = "closed".to_owned();
        }),
    ];
    for (what, tear) in torn {
        let mut case = whole();
        tear(&mut case);
        assert_ne!(contradictions(&case), Vec::<String>::new(), "{what}");
    }
}
