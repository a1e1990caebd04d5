use hanlin_directory::cast::{
    FANG_YUE, GAO_XIANG, JIANG_CHUAN, LIN_XIAO, QINGLAN, WU_TONG, XU_JING, ZHAO_QING, ZHOU_YUANHANG,
};
use hanlin_kernel::{Actor, Grant, PersonId, Scopes};
use serde_json::json;

use super::{office::Office, votes::vote};

// proves: PERM-02, FLOW-12
#[test]
fn a_case_is_seen_by_those_who_take_part_from_when_they_do() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.half_day());
    let sees = |person| office.app.as_(person).get(&format!("/cases/{case}")).status == 200;
    assert!(sees(LIN_XIAO) && sees(ZHAO_QING));
    assert!(!sees(XU_JING), "her turn has not come");
    assert!(!sees(WU_TONG) && !sees(JIANG_CHUAN) && !sees(ZHOU_YUANHANG));
    office.approve(ZHAO_QING);
    assert!(sees(XU_JING) && sees(ZHAO_QING), "who has handled it may look at it again");
    assert!(!sees(FANG_YUE));
    office.approve(XU_JING);
    assert!(sees(FANG_YUE) && sees(ZHOU_YUANHANG), "copies open it");
    office.app.nobody().get(&format!("/cases/{case}")).refused(401);
}

// proves: PERM-17
#[test]
fn who_may_see_a_case_is_listed_with_the_reason_for_who_administers_it() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.half_day());
    office.approve(ZHAO_QING);
    let path = format!("/cases/{case}/access");
    let listed = office.app.as_(GAO_XIANG).get(&path).ok();
    let mut readers: Vec<(&str, &str)> = listed["readers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|reader| (reader["person"]["name"].as_str().unwrap(), reader["via"].as_str().unwrap()))
        .collect();
    readers.sort_unstable();
    assert_eq!(readers, [("林晓", "initiator"), ("许静", "handler"), ("赵晴", "handler")]);
    assert!(listed["readers"][0]["since"].is_string());
    assert_eq!(listed["administrators"][0]["name"], "高翔");
    for (person, _) in [(LIN_XIAO, "initiator"), (ZHAO_QING, "handler")] {
        office.app.as_(person).get(&path).refused(403);
    }
    office.app.as_(WU_TONG).get(&path).refused(404);
    office.app.as_(JIANG_CHUAN).get(&path).refused(404);
}

// proves: PERM-02
#[test]
fn nobody_does_what_is_not_his_to_do() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.half_day());
    let task = office.task(ZHAO_QING);
    let approval = format!("/tasks/{task}/approval");
    office.app.as_(WU_TONG).post(&approval, json!({})).refused(404);
    assert_eq!(office.app.as_(LIN_XIAO).post(&approval, json!({})).refused(409)["code"], "workflow.not_your_task");
    office.app.as_(ZHAO_QING).post(&format!("/cases/{case}/withdrawal"), json!({})).refused(409);
    office.app.as_(ZHAO_QING).post(&format!("/tasks/{case}.99/approval"), json!({})).refused(409);
    office.app.as_(ZHAO_QING).post("/tasks/nonsense/approval", json!({})).refused(404);
    assert_eq!(office.case(LIN_XIAO, &case)["version"], 1, "nothing was changed");
}

// proves: FORM-03, PERM-02
#[test]
fn attachments_are_opened_by_those_who_may_see_the_case() {
    let office = Office::new();
    let file = office.app.as_(LIN_XIAO).post_bytes("/files?name=note.txt", b"a note".to_vec()).id();
    let case = office.submit(LIN_XIAO, office.half_day());
    let comment = json!({ "text": "见附件", "attachments": [file] });
    office.app.as_(LIN_XIAO).post(&format!("/cases/{case}/comments"), comment).ok();
    let opens = |person| office.app.as_(person).get(&format!("/files/{file}")).status;
    assert_eq!((opens(LIN_XIAO), opens(ZHAO_QING)), (200, 200));
    assert_eq!((opens(XU_JING), opens(WU_TONG)), (404, 404));
    let view = office.case(ZHAO_QING, &case);
    assert_eq!(view["files"][&file]["name"], "note.txt");
}

#[test]
fn nobody_attaches_what_another_uploaded() {
    let office = Office::new();
    let theirs = office.app.as_(WU_TONG).post_bytes("/files?name=secret.txt", b"secret".to_vec()).id();
    let case = office.submit(LIN_XIAO, office.half_day());
    let comment = json!({ "text": "x", "attachments": [theirs] });
    let refused = office.app.as_(LIN_XIAO).post(&format!("/cases/{case}/comments"), comment).refused(422);
    assert_eq!(refused["fields"][0]["code"], "files.unknown");
    office.app.as_(LIN_XIAO).get(&format!("/files/{theirs}")).refused(404);
}

/// Personnel puts a file in, which the initiator and the next are not told; another is told to personnel alone, whoever asks.
fn with_files(office: &Office) -> String {
    let person = |person: PersonId| json!([{ "rule": "person", "person": person.to_string() }]);
    let file = |id: &str| json!({ "id": id, "label": { "zh": "附件" }, "type": "attachment" });
    let flow = serde_json::from_value(json!({
        "id": "t-files",
        "name": { "zh": "附件", "en": "Files" },
        "category": "test",
        "form": { "fields": [file("own"), file("dossier"), file("salary")], "layout": { "columns": 4, "rows": [
            [{ "field": "own", "span": 4 }], [{ "field": "dossier", "span": 4 }], [{ "field": "salary", "span": 4 }],
        ] } },
        "settings": {
            "start_fields": { "dossier": "hidden", "salary": "hidden" },
            "readers": { "salary": { "visible_to": [{ "reader": "handler", "node": "personnel" }] } },
        },
        "route": [
            { "kind": "handle", "key": "personnel", "name": { "zh": "人事" }, "who": person(XU_JING),
              "fields": { "dossier": "required", "salary": "write" } },
            { "kind": "approve", "key": "decide", "name": { "zh": "审批" }, "who": person(ZHAO_QING),
              "fields": { "dossier": "hidden" } },
        ],
    }));
    let flow: crate::engine::Flow = flow.unwrap();
    office.app.write(move |tx| crate::import_and_publish(tx, QINGLAN, flow.clone(), "test")).to_string()
}

// proves: PERM-11, FORM-05
#[test]
fn a_file_in_a_field_opens_to_whoever_is_told_of_the_field() {
    let office = Office::new();
    let upload = |person, name: &str| {
        office.app.as_(person).post_bytes(&format!("/files?name={name}.txt"), name.as_bytes().to_vec()).id()
    };
    let opens = |person, file: &str| {
        let whole = office.app.as_(person).get(&format!("/files/{file}")).status;
        assert_ne!(office.app.as_(person).get(&format!("/files/{file}/thumbnail")).status, 200, "no picture of a text");
        whole == 200
    };
    let (own, dossier, salary) = (upload(LIN_XIAO, "own"), upload(XU_JING, "dossier"), upload(XU_JING, "salary"));
    let flow = with_files(&office);
    let case = office.submit(LIN_XIAO, json!({ "flow": flow, "confirmed": true, "values": { "own": [own] } }));
    let values = json!({ "values": { "dossier": [dossier], "salary": [salary] } });
    let task = office.task(XU_JING);
    office.app.as_(XU_JING).post(&format!("/tasks/{task}/completion"), values).ok();
    for person in [LIN_XIAO, XU_JING, ZHAO_QING] {
        assert!(opens(person, &own), "all are told of it");
    }
    assert!(opens(XU_JING, &dossier) && opens(XU_JING, &salary), "she put them in");
    for person in [LIN_XIAO, ZHAO_QING] {
        assert!(!office.case(person, &case).to_string().contains(&dossier));
        assert!(!opens(person, &dossier) && !opens(person, &salary), "hidden from {person:?}");
    }
    assert!(!opens(WU_TONG, &own), "he has nothing to do with it");
    let grants = vec![Grant { permission: format!("workflow.query:{flow}"), scopes: Scopes::everything() }];
    office.app.acting(Actor { grants, ..Actor::person(WU_TONG) });
    assert!(opens(WU_TONG, &own) && opens(WU_TONG, &dossier), "a right to query reads every field");
    assert!(!opens(WU_TONG, &salary), "but those that are told to some only");
}

// proves: PERM-11, FLOW-07
#[test]
fn what_is_attached_to_a_sealed_opinion_opens_when_the_opinion_is_told() {
    let office = Office::new();
    let case = vote(&office);
    let file = office.app.as_(XU_JING).post_bytes("/files?name=why.txt", b"why".to_vec()).id();
    let opens = |person| office.app.as_(person).get(&format!("/files/{file}")).status == 200;
    let decide = |person, verb: &str, said: serde_json::Value| {
        let task = office.task(person);
        office.app.as_(person).post(&format!("/tasks/{task}/{verb}"), said).ok();
    };
    decide(XU_JING, "rejection", json!({ "text": "方案不可行", "attachments": [file] }));
    assert!(opens(XU_JING) && !opens(ZHAO_QING) && !opens(LIN_XIAO), "his own until the node is decided");
    decide(ZHAO_QING, "approval", json!({ "text": "同意" }));
    assert!(!opens(ZHAO_QING), "also for who has voted");
    decide(WU_TONG, "approval", json!({ "text": "同意" }));
    assert!(opens(ZHAO_QING) && opens(LIN_XIAO) && !opens(FANG_YUE), "{}", office.case(LIN_XIAO, &case));
}
