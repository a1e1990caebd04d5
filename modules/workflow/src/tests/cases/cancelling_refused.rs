//! What is refused when a case is cancelled, and that nobody gets round it (FLOW-25).

use std::{
    fs::{self, File},
    io::{Read, Write},
    path::Path,
};

use hanlin_directory::cast::{GAO_XIANG, LIN_XIAO, QINGLAN, XU_JING, ZHAO_QING};
use hanlin_store::params;
use hanlin_trace::{Places, SealLog};
use serde_json::{Value, json};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::cancelling::{House, buying};
use crate::{CaseId, Fault, check_archive, engine};

/// The same, and an opinion is asked for in a case of its own, for which nobody waits.
fn buying_and_asking(house: &House) -> (String, String) {
    let opinion: engine::Flow = serde_json::from_value(json!({
        "id": "t-opinion",
        "name": { "zh": "征求意见" },
        "category": "test",
        "form": { "fields": [{ "id": "subject", "label": { "zh": "事由" }, "type": "text" }],
                  "layout": { "columns": 1, "rows": [[{ "field": "subject" }]] } },
        "route": [{ "kind": "approve", "key": "check", "name": { "zh": "审核" },
                    "who": [{ "rule": "person", "person": XU_JING.to_string() }] }]
    }))
    .unwrap();
    let mut flow = serde_json::to_value(buying()).unwrap();
    let call = json!({ "kind": "call", "key": "ask", "name": { "zh": "征求意见" }, "flow": "t-opinion", "wait": "none",
        "values": { "subject": "form.what" } });
    flow["route"].as_array_mut().unwrap().insert(0, call);
    let flow: engine::Flow = serde_json::from_value(flow).unwrap();
    house.office.app.write(move |tx| {
        crate::import_and_publish(tx, QINGLAN, opinion.clone(), "test")?;
        crate::import_and_publish(tx, QINGLAN, flow.clone(), "test")
    });
    let values = json!({ "what": "办公椅", "amount": "1200.00" });
    let case = house.office.submit(LIN_XIAO, json!({ "flow": house.buying, "confirmed": true, "values": values }));
    house.office.app.settle();
    house.office.approve(ZHAO_QING);
    assert_eq!(house.office.case(LIN_XIAO, &case)["status"], "completed");
    let called = house.office.case(LIN_XIAO, &case)["called"][0]["case"].as_str().unwrap().to_owned();
    (case, called)
}

fn restore(house: &House, case: &str) -> hanlin_testkit::Said {
    let listed = house.listed();
    let row = listed.iter().find(|row| row["case"] == json!(case)).unwrap();
    let path = format!("/cancelled_cases/{}/restoration", row["id"].as_str().unwrap());
    house.office.app.as_(GAO_XIANG).post(&path, json!({ "reason": "误撤" }))
}

// proves: FLOW-25, FLOW-39
#[test]
fn what_opened_a_case_that_still_runs_is_not_cancelled() {
    let house = House::new();
    let (case, called) = buying_and_asking(&house);
    let asked = house.backed_up(LIN_XIAO, &case);
    assert_eq!(house.refusal(&asked), "workflow.sub_case_running");
    let reason = house.office.case(GAO_XIANG, &asked)["effects"][0]["reason"].clone();
    assert_eq!(reason["args"]["number"], house.office.case(LIN_XIAO, &called)["number"], "it says which");
    house.office.approve(XU_JING);
    house.office.app.settle();
    let task = house.task_in(&asked);
    house.office.app.as_(GAO_XIANG).post(&format!("/tasks/{task}/retry"), json!({})).ok();
    house.complete_in(&asked);
    assert_eq!(house.office.case(LIN_XIAO, &asked)["status"], "completed");
    house.office.app.as_(LIN_XIAO).get(&format!("/cases/{case}")).refused(409);
    assert_eq!(house.office.case(LIN_XIAO, &called)["status"], "completed");
}

// proves: FLOW-25, FLOW-39
#[test]
fn what_hangs_on_a_cancelled_case_is_restored_after_it() {
    let house = House::new();
    let (case, called) = buying_and_asking(&house);
    house.office.approve(XU_JING);
    house.office.app.settle();
    let (before, opened) = (house.rows(&case), house.rows(&called));
    house.cancelled(&called);
    house.cancelled(&case);
    assert_eq!(restore(&house, &called).refused(409)["code"], "workflow.restore_first");
    restore(&house, &case).ok();
    restore(&house, &called).ok();
    assert_eq!((house.rows(&case), house.rows(&called)), (before, opened));
}

// proves: FLOW-25, FLOW-24
#[test]
fn what_is_followed_by_a_case_that_runs_or_follows_upon_another_is_not_cancelled() {
    let house = House::new();
    let office = &house.office;
    let leave = office.submit(LIN_XIAO, office.half_day());
    office.approve(ZHAO_QING);
    office.approve(XU_JING);
    let asked = house.agreed(LIN_XIAO, &leave);
    let revoking = json!({ "kind": "revoke", "confirmed": true, "values": { "follow_up_reason": "行程取消" } });
    let follow_up = office.app.as_(LIN_XIAO).post(&format!("/cases/{leave}/follow_ups"), revoking).id();
    house.complete();
    assert_eq!(house.refusal(&asked), "workflow.follow_up_running");
    let reason = office.case(GAO_XIANG, &asked)["effects"][0]["reason"].clone();
    assert_eq!(reason["args"]["number"], office.case(LIN_XIAO, &follow_up)["number"], "it says which");
    office.approve(ZHAO_QING);
    office.approve(XU_JING);
    assert_eq!(house.retried(&asked), "workflow.revoked_instead", "what has followed was the way");
    house.given_up(&asked);
    let asked = house.backed_up(LIN_XIAO, &follow_up);
    assert_eq!(house.refusal(&asked), "workflow.follow_up_stays");
    house.given_up(&asked);
}

// proves: FLOW-25
#[test]
fn a_backup_that_says_something_else_than_the_case_now_deletes_nothing() {
    let house = House::new();
    let case = house.bought();
    let asked = house.backed_up(LIN_XIAO, &case);
    let id: CaseId = case.parse().unwrap();
    // Whoever owns the database changes what the case says, in each place where it says it.
    let changes = [
        (
            "update workflow_case set search = search || '!' where id = $1",
            "update workflow_case set search = substr(search, 1, length(search) - 1) where id = $1",
        ),
        ("delete from workflow_value where case_id = $1 and field = 'amount'", ""),
    ];
    let mut first = true;
    for (change, back) in changes {
        house.office.app.write(move |tx| tx.exec(change, params![id]));
        match std::mem::take(&mut first) {
            true => house.complete(),
            false => drop(house.retried(&asked)),
        }
        assert_eq!(house.refusal(&asked), "workflow.changed_since", "{change}");
        if !back.is_empty() {
            house.office.app.write(move |tx| tx.exec(back, params![id]));
        }
    }
    assert_eq!(house.office.case(LIN_XIAO, &case)["status"], "completed");
    // The executor leads it back to the backup himself: it is backed up as it is now, and deleted.
    let (task, admin) = (house.task_in(&asked), house.office.app.as_(GAO_XIANG));
    let told = house.office.case(GAO_XIANG, &asked)["tasks"][0].clone();
    let can: Vec<&str> = told["can"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(can.contains(&"return") && can.contains(&"terminate") && can.contains(&"try_again"), "{can:?}");
    assert!(!can.contains(&"complete"), "{can:?}");
    let back = json!({ "to": "save", "text": "重新备份" });
    admin.post(&format!("/tasks/{task}/return"), back).ok();
    house.complete();
    house.complete();
    assert_eq!(house.office.case(LIN_XIAO, &asked)["status"], "completed");
    house.office.app.as_(LIN_XIAO).get(&format!("/cases/{case}")).refused(409);
}

// proves: FLOW-25
#[test]
fn of_two_who_cancel_one_case_one_does_and_neither_by_the_backup_of_the_other() {
    let house = House::new();
    let case = house.bought();
    let (one, other) = (house.agreed(LIN_XIAO, &case), house.agreed(LIN_XIAO, &case));
    house.complete_in(&one);
    // The other's backup is passed off as its own.
    let (from, to): (CaseId, CaseId) = (one.parse().unwrap(), other.parse().unwrap());
    house
        .office
        .app
        .write(move |tx| tx.exec("update workflow_backup set by_case = $2 where by_case = $1", params![from, to]));
    house.complete_in(&one);
    assert_eq!(house.refusal(&one), "workflow.not_backed_up");
    house.office.app.write(move |tx| tx.exec("update workflow_backup set by_case = $1", params![from]));
    let task = house.task_in(&one);
    house.office.app.as_(GAO_XIANG).post(&format!("/tasks/{task}/retry"), json!({})).ok();
    assert_eq!(house.office.case(LIN_XIAO, &one)["status"], "completed");
    house.complete_in(&other);
    assert_eq!(house.refusal(&other), "workflow.already_cancelled");
    house.given_up(&other);
}

// proves: FLOW-25, TRACE-08
#[test]
fn the_trace_verifies_after_a_deletion_and_after_a_restoration() {
    let house = House::new();
    let office = &house.office;
    let folder = tempfile::tempdir().unwrap();
    let places = Places::in_folder(folder.path());
    let sealer = office.app.block_on(hanlin_trace::open(&office.app.db, &office.recorder, &places)).unwrap();
    let sound = |seals: u64| {
        office.app.block_on(sealer.seal_all()).unwrap();
        let (log, verifier) = (SealLog::at(&places.log), sealer.keys().verifier());
        let verified = hanlin_trace::verify(&office.app.db, &log, &verifier);
        let report = office.app.block_on(verified).unwrap();
        assert!(report.is_sound(), "{report}");
        assert_eq!((report.unsealed, report.seals >= seals), (0, true), "{report}");
    };
    let case = house.bought();
    sound(1);
    house.cancelled(&case);
    sound(2);
    restore(&house, &case).ok();
    sound(3);
    house.cancelled(&case);
    sound(4);
}

/// The same package, with something else in one of its parts.
fn rewritten(from: &Path, to: &Path, part: &str, change: impl Fn(Vec<u8>) -> Option<Vec<u8>>) {
    let mut zip = ZipArchive::new(File::open(from).unwrap()).unwrap();
    let mut out = ZipWriter::new(File::create(to).unwrap());
    for index in 0..zip.len() {
        let mut entry = zip.by_index(index).unwrap();
        let (name, mut bytes) = (entry.name().unwrap().into_owned(), Vec::new());
        entry.read_to_end(&mut bytes).unwrap();
        let bytes = if name.starts_with(part) { change(bytes) } else { Some(bytes) };
        if let Some(bytes) = bytes {
            out.start_file(name, SimpleFileOptions::default()).unwrap();
            out.write_all(&bytes).unwrap();
        }
    }
    out.finish().unwrap();
}

// proves: FLOW-25
#[test]
fn a_package_that_somebody_wrote_anew_says_what_is_wrong() {
    let house = House::new();
    let case = house.bought();
    house.cancelled(&case);
    let id = house.listed()[0]["id"].as_str().unwrap().to_owned();
    let said = house.office.app.as_(GAO_XIANG).get(&format!("/cancelled_cases/{id}/backup"));
    let folder = tempfile::tempdir().unwrap();
    let (sound, other) = (folder.path().join("sound.zip"), folder.path().join("other.zip"));
    fs::write(&sound, &said.bytes).unwrap();
    let check = |part: &str, change: &dyn Fn(Vec<u8>) -> Option<Vec<u8>>| {
        rewritten(&sound, &other, part, change);
        check_archive(&other, None)
    };
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    assert!(check("nothing", &|_| None).is_ok());
    let more = |bytes| Some(text(bytes).replace("1200.00", "9200.00").into_bytes());
    assert_eq!(check("case.json", &more).unwrap_err(), Fault::BackupOtherDigest);
    let name = "offer.txt".to_owned();
    assert_eq!(
        check("files/", &|_| Some(b"another offer".to_vec())).unwrap_err(),
        Fault::BackupFileChanged { name: name.clone() }
    );
    assert_eq!(check("files/", &|_| None).unwrap_err(), Fault::BackupFileMissing { name });
    assert_eq!(check("seal.json", &|_| None).unwrap_err(), Fault::BackupUnreadable);
    let elsewhere = |bytes| {
        let mut seal: Value = serde_json::from_str(&text(bytes)).unwrap();
        seal["case"] = seal["by_case"].clone();
        Some(seal.to_string().into_bytes())
    };
    assert_eq!(check("seal.json", &elsewhere).unwrap_err(), Fault::BackupOtherCase);
}
