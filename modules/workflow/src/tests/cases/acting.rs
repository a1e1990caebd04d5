//! What somebody does for an account of his department: the account's cases and tasks, and both names (ACC-03).

use hanlin_directory::cast::{LIN_XIAO, SONG_YANG, WU_TONG, ZHAO_QING};
use hanlin_kernel::Actor;
use serde_json::json;

use super::office::Office;

impl Office {
    /// From now on he acts for the other one.
    fn acts_for(&self, person: hanlin_kernel::PersonId, principal: Option<hanlin_kernel::PersonId>) {
        self.app.acting(Actor { on_behalf_of: principal, ..Actor::person(person) });
    }
}

// proves: ACC-03
#[test]
fn what_waits_at_the_account_is_decided_by_who_acts_for_it_under_both_names() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.half_day());
    office.app.as_(WU_TONG).get(&format!("/cases/{case}")).refused(404);
    office.acts_for(WU_TONG, Some(ZHAO_QING));
    assert_eq!(office.app.as_(WU_TONG).get("/counts").ok()["waiting"], 1);
    assert_eq!(office.app.as_(WU_TONG).get("/notifications").ok()["items"].as_array().unwrap().len(), 1);
    office.case(WU_TONG, &case);
    office.approve(WU_TONG);
    assert_eq!(office.list(WU_TONG, "done").len(), 1, "it is done by the account");
    let opinion = &office.case(WU_TONG, &case)["opinions"][0];
    assert_eq!((&opinion["person"], &opinion["on_behalf_of"]), (&json!(WU_TONG), &json!(ZHAO_QING)));
    let stream = format!("workflow/case/{case}");
    let page = hanlin_kernel::PageRequest { after: None, limit: Some(200) };
    let entries = office.app.read(move |tx| hanlin_trace::list_stream(tx, &stream, &page)).items;
    let names: Vec<_> = entries.iter().map(|entry| (entry.person, entry.on_behalf_of)).collect();
    assert!(names.contains(&(Some(WU_TONG), Some(ZHAO_QING))), "the trace names both: {names:?}");
    office.acts_for(WU_TONG, None);
    office.app.as_(WU_TONG).get(&format!("/cases/{case}")).refused(404);
    assert_eq!(office.list(WU_TONG, "done").len(), 0, "given back, it is none of his");
}

// proves: ACC-03
#[test]
fn what_is_begun_for_the_account_is_its_own_and_names_who_began_it() {
    let office = Office::new();
    office.acts_for(WU_TONG, Some(LIN_XIAO));
    let draft = json!({ "flow": office.leave, "values": {} });
    office.app.as_(WU_TONG).post("/drafts", draft).ok();
    let case = office.submit(WU_TONG, office.half_day());
    let initiator = &office.case(WU_TONG, &case)["initiator"];
    assert_eq!((&initiator["person"], &initiator["on_behalf_of"]), (&json!(WU_TONG), &json!(LIN_XIAO)));
    assert_eq!(office.list(WU_TONG, "started")[0]["initiator"]["name"], "林晓");
    office.acts_for(SONG_YANG, Some(LIN_XIAO));
    assert_eq!(office.list(SONG_YANG, "started").len(), 1, "whoever acts for it next goes on with it");
    assert_eq!(office.app.as_(SONG_YANG).get("/drafts").ok()["items"].as_array().unwrap().len(), 1);
    office.app.as_(SONG_YANG).post(&format!("/cases/{case}/withdrawal"), json!({})).ok();
}
