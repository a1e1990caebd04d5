use hanlin_directory::cast::{FANG_YUE, GAO_XIANG, JIANG_CHUAN, LIN_XIAO, WU_TONG, XU_JING, ZHAO_QING, ZHOU_YUANHANG};
use serde_json::json;

use super::office::Office;

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
