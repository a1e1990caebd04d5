//! The right to query a form's cases: read what others do, and do nothing with it (PERM-08).

use hanlin_access::{Access, Give, Subject, What, give_particular};
use hanlin_directory::{
    cast::{GAO_XIANG, JIANG_CHUAN, LIN_XIAO, PLATFORM, QINGLAN, QINGLAN_TRADE, RD, WU_TONG, XIA_TIAN, ZHAO_QING},
    model::Place,
};
use hanlin_kernel::{Actor, PersonId, Scope, Text};
use serde_json::{Value, json};

use super::office::{Office, publish};
use crate::MANAGE;

fn numbers(found: &Value) -> Vec<&str> {
    found["items"].as_array().unwrap().iter().map(|row| row["initiator"]["name"].as_str().unwrap()).collect()
}

impl Office {
    /// Gives a right to query the leave, and lets its holder act with what he now has.
    fn lets_query(&self, person: PersonId, scope: Scope, place: Option<Place>) -> hanlin_access::GrantId {
        let what = What::Permission(format!("workflow.query:{}", self.leave));
        let subject = Subject::Person(person);
        let give = Give { what, subject, scope, place, reason: "检查".into(), valid_from: None, valid_to: None };
        let giver = Actor { grants: self.everything(), ..Actor::person(GAO_XIANG) };
        let grant = self.app.write(move |tx| {
            give_particular(tx, &giver, give.clone(), Text::zh("请假申请"), MANAGE).map(|grant| grant.id)
        });
        self.as_granted(person);
        grant
    }

    fn everything(&self) -> Vec<hanlin_kernel::Grant> {
        let scopes = hanlin_kernel::Scopes::everything();
        let grant = |name: &str| hanlin_kernel::Grant { permission: name.to_owned(), scopes: scopes.clone() };
        vec![grant(MANAGE.0), grant(hanlin_access::GRANT.0)]
    }

    /// Acts with what his grants say, as they are resolved when a request comes.
    fn as_granted(&self, person: PersonId) {
        let actor = self.app.read(move |tx| Access::start(&[crate::module()])?.actor(tx, person, None));
        self.app.acting(actor);
    }

    fn found(&self, person: PersonId, filter: &str) -> Value {
        self.app.as_(person).get(&format!("/query_cases{filter}")).ok()
    }
}

// proves: PERM-08
#[test]
fn who_may_query_a_form_reads_its_cases_and_does_nothing_with_them() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.half_day());
    office.app.as_(WU_TONG).get(&format!("/cases/{case}")).refused(404);
    office.lets_query(WU_TONG, Scope::All, None);
    let view = office.case(WU_TONG, &case);
    assert_eq!(view["values"]["reason"], "家中有事", "the form is read as it stands");
    assert_eq!((&view["can"], &view["tasks"]), (&json!([]), &json!([])));
    assert_eq!(office.waiting(WU_TONG), 0, "it is no work of his");
    office.app.as_(WU_TONG).post(&format!("/cases/{case}/reads"), json!({})).ok();
    for (path, body) in [("withdrawal", json!({})), ("urges", json!({})), ("comments", json!({ "text": "看看" }))] {
        let refused = office.app.as_(WU_TONG).post(&format!("/cases/{case}/{path}"), body).refused(409);
        assert_eq!(refused["code"], "workflow.only_queries", "{path}");
    }
    let task = office.task(ZHAO_QING);
    office.app.as_(WU_TONG).post(&format!("/tasks/{task}/approval"), json!({ "text": "同意" })).refused(409);
    assert_eq!(office.case(LIN_XIAO, &case)["version"], 1, "nothing was changed");
    let listed = office.app.as_(GAO_XIANG).get(&format!("/cases/{case}/access")).ok();
    assert_eq!(listed["queriers"][0]["name"], "吴桐", "and he is named among those who may see it");
}

// proves: PERM-08
#[test]
fn a_right_to_query_is_over_its_scope_and_no_further() {
    let office = Office::new();
    let own = office.submit(LIN_XIAO, office.half_day());
    let trade = office.submit(JIANG_CHUAN, office.half_day());
    let sees = |person, case: &str| office.app.as_(person).get(&format!("/cases/{case}")).status == 200;
    assert_eq!(numbers(&office.found(XIA_TIAN, "")), [""; 0]);
    assert_eq!(office.app.as_(XIA_TIAN).get("/query_flows").ok(), json!([]));

    office.lets_query(XIA_TIAN, Scope::Own, None);
    assert_eq!(numbers(&office.found(XIA_TIAN, "")), [""; 0], "her own, and she has none");
    office.lets_query(XIA_TIAN, Scope::Department, Some(Place::Department(PLATFORM)));
    assert_eq!(numbers(&office.found(XIA_TIAN, "")), ["林晓"]);
    assert!(sees(XIA_TIAN, &own) && !sees(XIA_TIAN, &trade));

    office.lets_query(WU_TONG, Scope::Department, Some(Place::Department(RD)));
    assert!(!sees(WU_TONG, &own), "the team below is not the department");
    office.lets_query(WU_TONG, Scope::DepartmentAndBelow, Some(Place::Department(RD)));
    assert!(sees(WU_TONG, &own) && !sees(WU_TONG, &trade));
    assert_eq!(numbers(&office.found(WU_TONG, "")), ["林晓"]);

    office.lets_query(ZHAO_QING, Scope::Unit, Some(Place::Unit(QINGLAN_TRADE)));
    assert_eq!(numbers(&office.found(ZHAO_QING, "")), ["江川"], "what she handles is in her inbox, not here");
    assert!(sees(ZHAO_QING, &trade) && sees(ZHAO_QING, &own));
    office.lets_query(ZHAO_QING, Scope::All, None);
    assert_eq!(numbers(&office.found(ZHAO_QING, "")), ["江川", "林晓"], "the youngest first");
}

// proves: PERM-08
#[test]
fn a_right_to_query_one_form_opens_no_other_and_ends_with_the_grant() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.half_day());
    let other = super::office::LEAVE.replace("f-01-leave", "f-99-other");
    let other = office.app.write(move |tx| publish(tx, &other)).to_string();
    let mut request = office.half_day();
    request["flow"] = json!(other);
    let elsewhere = office.submit(LIN_XIAO, request);
    let grant = office.lets_query(WU_TONG, Scope::All, None);
    assert_eq!(numbers(&office.found(WU_TONG, "")).len(), 1);
    assert_eq!(office.app.as_(WU_TONG).get("/query_flows").ok().as_array().unwrap().len(), 1);
    office.app.as_(WU_TONG).get(&format!("/cases/{elsewhere}")).refused(404);
    let giver = Actor { grants: office.everything(), ..Actor::person(GAO_XIANG) };
    office.app.write(move |tx| hanlin_access::end_grant(tx, &Access::start(&[crate::module()])?, &giver, grant));
    office.as_granted(WU_TONG);
    assert_eq!(numbers(&office.found(WU_TONG, "")).len(), 0);
    office.app.as_(WU_TONG).get(&format!("/cases/{case}")).refused(404);
}

// proves: PERM-08
#[test]
fn what_is_found_is_filtered_paged_and_exported() {
    let office = Office::new();
    for _ in 0..3 {
        office.submit(LIN_XIAO, office.half_day());
    }
    let withdrawn = office.submit(LIN_XIAO, office.half_day());
    office.app.as_(LIN_XIAO).post(&format!("/cases/{withdrawn}/withdrawal"), json!({})).ok();
    office.submit(JIANG_CHUAN, office.half_day());
    office.lets_query(WU_TONG, Scope::All, None);
    let count = |filter: &str| numbers(&office.found(WU_TONG, filter)).len();
    assert_eq!((count(""), count("?status=withdrawn"), count("?q=%E6%B1%9F%E5%B7%9D")), (5, 1, 1));
    assert_eq!(count(&format!("?flow={}", office.leave)), 5);
    assert_eq!((count(&format!("?department={RD}")), count(&format!("?unit={QINGLAN_TRADE}"))), (4, 1));
    assert_eq!(count(&format!("?unit={QINGLAN}")), 5, "and the units below");
    assert_eq!((count("?from=2030-01-01T00:00:00Z"), count("?before=2030-01-01T00:00:00Z")), (0, 5));
    let first = office.found(WU_TONG, "?limit=2");
    let next = first["next"].as_str().unwrap();
    let second = office.found(WU_TONG, &format!("?limit=2&after={next}"));
    let ids = |page: &Value| page["items"].as_array().unwrap().iter().map(|row| row["id"].clone()).collect::<Vec<_>>();
    assert!(ids(&first).iter().all(|id| !ids(&second).contains(id)));
    let said = office.app.as_(WU_TONG).get("/query_cases.csv?status=withdrawn");
    assert_eq!((said.status, said.headers["content-type"].to_str().unwrap()), (200, "text/csv; charset=utf-8"));
    let lines: Vec<String> = said.text().trim_start_matches('\u{feff}').lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[0].starts_with("\"编号\",\"流程\""), "{}", lines[0]);
    assert!(lines[1].contains("\"林晓\",\"平台组\",\"已撤回\""), "{}", lines[1]);
    office.app.as_(JIANG_CHUAN).get("/query_cases?after=nonsense").ok();
    office.app.as_(WU_TONG).get("/query_cases?after=nonsense").refused(422);
}

// proves: PERM-08
#[test]
fn a_right_to_query_is_given_by_who_administers_flows_there() {
    let office = Office::new();
    let administrator = |permissions: &[&str]| {
        let scopes = hanlin_kernel::Scopes::everything();
        let grant = |name: &&str| hanlin_kernel::Grant { permission: (*name).to_owned(), scopes: scopes.clone() };
        office.app.acting(Actor { grants: permissions.iter().map(grant).collect(), ..Actor::person(GAO_XIANG) });
    };
    let asked = json!({
        "flow": office.leave, "subject": { "kind": "person", "id": WU_TONG }, "scope": "unit",
        "place": { "kind": "unit", "id": QINGLAN }, "reason": "月度检查",
    });
    administrator(&[MANAGE.0]);
    office.app.as_(GAO_XIANG).post("/query_grants", asked.clone()).refused(403);
    administrator(&[hanlin_access::GRANT.0]);
    let refused = office.app.as_(GAO_XIANG).post("/query_grants", asked.clone()).refused(409);
    assert_eq!(refused["args"], json!({ "permission": "workflow.manage" }));
    administrator(&[MANAGE.0, hanlin_access::GRANT.0]);
    let mut unknown = asked.clone();
    unknown["flow"] = json!(hanlin_kernel::Id::<()>::fixed(1));
    let refused = office.app.as_(GAO_XIANG).post("/query_grants", unknown).refused(422);
    assert_eq!(refused["fields"][0]["code"], "workflow.flow_unknown");
    office.app.as_(GAO_XIANG).post("/query_grants", asked).ok();
    office.as_granted(WU_TONG);
    let case = office.submit(LIN_XIAO, office.half_day());
    office.case(WU_TONG, &case);
}

/// The entries that say that a case was read by a right to query it: by whom, by which right.
fn readings(office: &Office, case: &str) -> Vec<(Option<PersonId>, Value)> {
    let stream = format!("workflow/case/{case}");
    let page = hanlin_kernel::PageRequest { after: None, limit: Some(200) };
    let entries = office.app.read(move |tx| hanlin_trace::list_stream(tx, &stream, &page)).items;
    let queried = entries.into_iter().filter(|entry| entry.kind == "workflow.queried");
    queried.map(|entry| (entry.person, entry.payload.unwrap()["permission"].clone())).collect()
}

// proves: PERM-08
#[test]
fn reading_a_case_by_a_right_to_query_it_is_in_its_trace_once_a_day() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.half_day());
    let trace = office.trace(&case);
    office.lets_query(WU_TONG, Scope::All, None);
    office.case(WU_TONG, &case);
    office.case(WU_TONG, &case);
    let right = json!(format!("workflow.query:{}", office.leave));
    assert_eq!(readings(&office, &case), [(Some(WU_TONG), right.clone())], "who, by which right, and once");
    office.app.clock.advance(jiff::SignedDuration::from_hours(24));
    office.case(WU_TONG, &case);
    assert_eq!(readings(&office, &case).len(), 2, "and again the next day");
    // Who takes part reads it for that, whatever he may query.
    office.lets_query(ZHAO_QING, Scope::All, None);
    office.case(ZHAO_QING, &case);
    office.case(LIN_XIAO, &case);
    assert_eq!(readings(&office, &case).len(), 2);
    assert_eq!(office.trace(&case), trace, "what happened in the case is what it was");
    office.app.as_(XIA_TIAN).get(&format!("/cases/{case}")).refused(404);
    assert_eq!(readings(&office, &case).len(), 2, "who may not read it leaves nothing");
    office.app.events();
    let table = office.app.as_(WU_TONG).get("/query_cases.csv");
    assert_eq!(table.status, 200);
    assert_eq!(office.app.events(), ["workflow.query_exported"], "a table that goes out is on record too");
}

// proves: PERM-08
#[test]
fn a_file_opened_by_a_right_to_query_is_in_the_trace_of_its_case() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.half_day());
    let file = office.app.as_(LIN_XIAO).post_bytes("/files?name=note.txt", b"a note".to_vec()).id();
    let comment = json!({ "text": "见附件", "attachments": [file] });
    office.app.as_(LIN_XIAO).post(&format!("/cases/{case}/comments"), comment).ok();
    let address = format!("/files/{file}");
    office.app.as_(WU_TONG).get(&address).refused(404);
    assert_eq!(readings(&office, &case), [], "who may not open it leaves nothing");
    office.lets_query(WU_TONG, Scope::All, None);
    for _ in 0..2 {
        assert_eq!(office.app.as_(WU_TONG).get(&address).status, 200);
    }
    let right = json!(format!("workflow.query:{}", office.leave));
    assert_eq!(readings(&office, &case), [(Some(WU_TONG), right)], "who, by which right, and once a day");
    assert_eq!(office.app.as_(LIN_XIAO).get(&address).status, 200);
    assert_eq!(readings(&office, &case).len(), 1, "who takes part opens it for that");
}
