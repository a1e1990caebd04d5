use hanlin_directory::cast::{LIN_XIAO, WU_TONG, ZHAO_QING};
use serde_json::json;

use super::office::Office;

// proves: FLOW-37
#[test]
fn a_draft_is_kept_as_it_is_typed_and_goes_when_it_is_submitted() {
    let office = Office::new();
    let half = json!({ "flow": office.leave, "values": { "reason": "半" } });
    let draft = office.app.as_(LIN_XIAO).post("/drafts", half).ok();
    let path = format!("/drafts/{}", draft["id"].as_str().unwrap());
    let lin = |version: &str| office.app.as_(LIN_XIAO).header("If-Match", version);
    let saved = lin("1").put(&path, json!({ "values": { "reason": "半天" } })).ok();
    assert_eq!((&saved["version"], &saved["values"]["reason"]), (&json!(2), &json!("半天")));
    assert_eq!(lin("1").put(&path, json!({ "values": {} })).refused(412)["code"], "stale");
    assert_eq!(
        office.app.as_(LIN_XIAO).put(&path, json!({ "values": {} })).refused(422)["fields"][0]["field"],
        "If-Match"
    );
    assert_eq!(office.app.as_(LIN_XIAO).get("/counts").ok()["drafts"], 1);

    let mut request = office.half_day();
    request["draft"] = draft["id"].clone();
    office.submit(LIN_XIAO, request);
    assert_eq!(office.app.as_(LIN_XIAO).get("/drafts").ok()["items"], json!([]));
    assert_eq!(office.waiting(ZHAO_QING), 1);
}

// proves: FLOW-37
#[test]
fn drafts_of_one_flow_are_told_apart_by_what_can_be_read_of_them() {
    let office = Office::new();
    let lin = || office.app.as_(LIN_XIAO);
    let values = |kind: serde_json::Value, from: &str| {
        let period = json!({ "from": { "date": from, "half": "am" }, "to": { "date": from, "half": "am" } });
        json!({ "flow": office.leave, "values": { "kind": kind, "period": period } })
    };
    lin().post("/drafts", values(json!("annual"), "2026-11-24")).ok();
    lin().post("/drafts", values(json!(["no kind"]), "no day")).ok();
    let listed = lin().get("/drafts").ok();
    let facts = |at: usize| -> Vec<(String, serde_json::Value)> {
        let facts = listed["items"][at]["facts"].as_array().unwrap().iter();
        facts.map(|fact| (fact["kind"].as_str().unwrap().to_owned(), fact["value"].clone())).collect()
    };
    assert_eq!(facts(0), [], "what nobody could read is left out, and the list stands");
    let annual = json!({ "zh": "年休假", "en": "Annual leave" });
    assert_eq!(facts(1), [("words".to_owned(), annual), ("date".to_owned(), json!("2026-11-24"))]);
}

// proves: PERM-02
#[test]
fn a_draft_is_its_writers_alone() {
    let office = Office::new();
    let draft = office.app.as_(LIN_XIAO).post("/drafts", json!({ "flow": office.leave, "values": {} })).id();
    office.app.as_(WU_TONG).get(&format!("/drafts/{draft}")).refused(404);
    office.app.as_(WU_TONG).delete(&format!("/drafts/{draft}")).refused(404);
    office.app.as_(LIN_XIAO).delete(&format!("/drafts/{draft}")).ok();
    office.app.as_(LIN_XIAO).delete(&format!("/drafts/{draft}")).refused(404);
}

#[test]
fn a_draft_that_is_too_large_is_refused_and_the_kept_one_stays() {
    let office = Office::new();
    let draft =
        office.app.as_(LIN_XIAO).post("/drafts", json!({ "flow": office.leave, "values": { "reason": "a" } })).id();
    let huge = json!({ "values": { "reason": "x".repeat(1_200_000) } });
    office.app.as_(LIN_XIAO).header("If-Match", 1).put(&format!("/drafts/{draft}"), huge).refused(413);
    assert_eq!(office.app.as_(LIN_XIAO).get(&format!("/drafts/{draft}")).ok()["values"]["reason"], "a");
}
