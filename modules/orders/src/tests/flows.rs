//! Orders that approved cases draft (ORG-08).

use hanlin_directory::cast::*;
use hanlin_kernel::{Actor, PersonId};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::office::{Office, path};

const TRANSFER: &str = include_str!("../../../../presets/003-f/f-08-transfer.flow.yaml");
const LEAVE: &str = include_str!("../../../../presets/003-f/f-09-resignation.flow.yaml");

/// Lin Xiao acts under her main appointment: what she may choose from follows from it.
fn publish(office: &Office, text: &'static str) -> String {
    let held = office.app.read(|tx| {
        let (directory, at) = (hanlin_directory::snapshot(tx)?, tx.now());
        let main = directory.main_appointment(LIN_XIAO, at);
        Ok(main.map(|held| (held.id, directory.unit_of(held.place, at), held.place.department())))
    });
    let (appointment, unit, department) = held.expect("she has one");
    office.app.acting(Actor { appointment: Some(appointment), unit, department, ..Actor::person(LIN_XIAO) });
    office.app.grant(LIN_XIAO, &[hanlin_directory::READ]);
    let flow = office.app.write(move |tx| {
        let package = hanlin_workflow::package::read(text).expect("the package reads");
        hanlin_workflow::import_and_publish(tx, QINGLAN, package.flow, text)
    });
    flow.to_string()
}

fn submit(office: &Office, flow: &str, values: Value) -> String {
    office.app.as_(LIN_XIAO).post("/cases", json!({ "flow": flow, "confirmed": true, "values": values })).id()
}

fn post(office: &Office, code: &'static str) -> String {
    office.app.read(move |tx| Ok(hanlin_directory::snapshot(tx)?.posts_by_code(code)[0].to_string()))
}

/// A transfer of WU_TONG into the design department on 10 March, handed in by LIN_XIAO.
fn transfer(office: &Office, flow: &str) -> String {
    let values = json!({ "person": [WU_TONG], "effective_on": "2026-03-10", "to_department": [DESIGN],
        "to_post": [post(office, "engineer")], "reason": "支援设计系统建设" });
    submit(office, flow, values)
}

/// All whom the transfer asks agree, but for the last.
fn nearly_approved(office: &Office) {
    [ZHAO_QING, XU_JING].into_iter().for_each(|person| office.approve(person));
}

/// The case, and the order that it made.
fn made(office: &Office, case: &str) -> (Value, Value) {
    let view = office.app.as_(XU_JING).get(&format!("/cases/{case}")).ok();
    let link = view["effects"][0]["made"]["link"].as_str().expect("it made an order").to_owned();
    let order = office.app.as_(GAO_XIANG).get(&link.replace("/admin", "")).ok();
    (view, order)
}

// proves: ORG-08, FLOW-40, PERM-02
#[test]
fn the_order_that_a_case_made_opens_to_who_may_read_it_and_says_which_case_it_comes_from() {
    let office = Office::new();
    let flow = publish(&office, TRANSFER);
    let case = transfer(&office, &flow);
    nearly_approved(&office);
    office.approve(ZHOU_YUANHANG);
    let (view, order) = made(&office, &case);
    assert_eq!(view["effects"][0]["did"]["en"], "Order drafted");
    let told = office.app.as_(LIN_XIAO).get(&format!("/cases/{case}")).ok()["effects"][0]["made"].clone();
    assert_eq!((&told["label"], told.get("link")), (&view["effects"][0]["made"]["label"], None));
    assert_eq!((&order["title"], &order["origin"]["title"]), (&view["title"], &view["title"]));
    assert!(order["title"]["en"].is_string(), "the English name of the flow is in it");
    assert_eq!(order["origin"]["may_open"], false, "who verifies orders has no part in the case");
    let read = office.app.as_(XU_JING).get(&path(&order, "")).ok();
    assert_eq!(read["origin"]["may_open"], true);
    let mut content = order["content"].clone();
    content["title"] = json!("支援设计部");
    let edit = office.app.as_(XU_JING).header("If-Match", order["version"].clone());
    assert_eq!(edit.put(&path(&order, ""), content).ok()["title"], json!({ "zh": "支援设计部" }));
}

fn department_of(office: &Office, person: PersonId) -> Option<String> {
    office.app.read(move |tx| {
        let (directory, at) = (hanlin_directory::snapshot(tx)?, tx.now());
        let held = directory.main_appointment(person, at).and_then(|held| held.place.department());
        Ok(held.map(|department| department.to_string()))
    })
}

fn pass(office: &Office, days: i64) {
    office.app.clock.advance(SignedDuration::from_hours(24 * days));
    office.app.settle();
}

// proves: ORG-08, FLOW-40
#[test]
fn an_approved_transfer_drafts_an_order_that_moves_the_person_once_it_is_issued() {
    let office = Office::new();
    let flow = publish(&office, TRANSFER);
    let case = transfer(&office, &flow);
    nearly_approved(&office);
    assert!(!office.told(GAO_XIANG).contains(&"orders.notice.from_case".to_owned()));
    office.approve(ZHOU_YUANHANG);
    let (view, order) = made(&office, &case);
    assert_eq!((&view["status"], &view["effects"][0]["state"]), (&json!("completed"), &json!("done")));
    assert_eq!((&order["state"], &order["origin"]["case"]), (&json!("draft"), &json!(case)));
    assert_eq!(order["lines"][0]["code"], "orders.change.transfer");
    assert_eq!(order["effective_at"], "2026-03-09T16:00:00Z", "the beginning of that day in Shanghai");
    assert!(office.told(GAO_XIANG).contains(&"orders.notice.from_case".to_owned()));
    let before = department_of(&office, WU_TONG);
    pass(&office, 3);
    assert_eq!(department_of(&office, WU_TONG), before, "nothing happens before it is issued");
    assert_eq!(office.issue(&order)["state"], "issued");
    pass(&office, 8);
    assert_eq!(department_of(&office, WU_TONG), Some(DESIGN.to_string()));
    assert_eq!(office.order(&order)["state"], "applied");
}

// proves: ORG-08, FLOW-40
#[test]
fn an_approved_resignation_drafts_the_order_by_which_he_leaves() {
    let office = Office::new();
    let flow = publish(&office, LEAVE);
    let values = json!({ "joined_on": "2022-03-01", "last_day": "2026-03-10", "handover": [WU_TONG],
        "reason": "个人发展" });
    let case = submit(&office, &flow, values);
    nearly_approved(&office);
    let task = office.waiting(LUO_DAN)[0]["id"].as_str().unwrap().to_owned();
    let filled = json!({ "text": "同意", "values": { "settlement": "8600.50" } });
    office.app.as_(LUO_DAN).post(&format!("/tasks/{task}/approval"), filled).ok();
    office.approve(ZHOU_YUANHANG);
    let (_, order) = made(&office, &case);
    assert_eq!(order["lines"][0]["code"], "orders.change.leave_to");
    office.issue(&order);
    let serves = |office: &Office| {
        office.app.read(|tx| {
            let at = tx.now();
            Ok(hanlin_directory::snapshot(tx)?.is_active(LIN_XIAO, at))
        })
    };
    pass(&office, 8);
    assert!(serves(&office), "his last day is a day of service");
    pass(&office, 1);
    assert!(!serves(&office));
}

// proves: ORG-08, FLOW-40
#[test]
fn what_cannot_be_ordered_waits_at_personnel_until_it_is_mended() {
    let office = Office::new();
    let flow = publish(&office, TRANSFER);
    let case = transfer(&office, &flow);
    nearly_approved(&office);
    let gone = office.issue(&office.draft(json!([{ "change": "leave", "person": WU_TONG }]), None));
    assert_eq!(gone["state"], "applied");
    office.approve(ZHOU_YUANHANG);
    let view = office.app.as_(XU_JING).get(&format!("/cases/{case}")).ok();
    assert_eq!((&view["status"], &view["effects"][0]["state"]), (&json!("running"), &json!("refused")));
    assert_eq!(view["effects"][0]["reason"]["code"], "orders.no_appointment");
    let task = office.waiting(XU_JING)[0]["id"].as_str().unwrap().to_owned();
    office.app.as_(XU_JING).post(&format!("/tasks/{task}/retry"), json!({})).ok();
    let again = office.waiting(XU_JING)[0]["id"].as_str().unwrap().to_owned();
    assert_ne!(task, again, "he is still gone");
    let back = office.app.as_(XU_JING).header("If-Match", gone["version"].clone());
    let back = back.post(&path(&gone, "/counter_order"), json!({ "title": "复职" })).ok();
    assert_eq!(office.issue(&back)["state"], "applied");
    office.app.as_(XU_JING).post(&format!("/tasks/{again}/retry"), json!({})).ok();
    let (view, order) = made(&office, &case);
    assert_eq!((&view["status"], &order["state"]), (&json!("completed"), &json!("draft")));
}

/// The transfer, of which a revocation may follow.
fn revocable() -> &'static str {
    let settings = "\nsettings:\n  after_completion: { revoke: true }\n\ncases:\n";
    String::leak(TRANSFER.replacen("\ncases:\n", settings, 1))
}

/// Asks to revoke it; whoever approved it does again. What its initiator was told of before, and the revocation.
fn revoke(office: &Office, case: &str) -> (Value, Value) {
    let start = office.app.as_(LIN_XIAO).get(&format!("/cases/{case}/follow_up?kind=revoke")).ok();
    let words = json!({ "kind": "revoke", "confirmed": true, "values": { "follow_up_reason": "不再调动" } });
    let asked = office.app.as_(LIN_XIAO).post(&format!("/cases/{case}/follow_ups"), words).id();
    let before = office.app.as_(LIN_XIAO).get(&format!("/cases/{asked}")).ok();
    assert_eq!(before["standing"], start["standing"], "those who approve it read the same");
    [ZHAO_QING, XU_JING, ZHOU_YUANHANG].into_iter().for_each(|person| office.approve(person));
    (start["standing"].clone(), office.app.as_(LIN_XIAO).get(&format!("/cases/{asked}")).ok())
}

// proves: FLOW-24, FLOW-40, ORG-08, TRACE-01
#[test]
fn a_revocation_takes_back_the_draft_and_leaves_what_was_issued_and_tells_both() {
    let office = Office::new();
    let flow = publish(&office, revocable());
    let approved = || {
        let case = transfer(&office, &flow);
        nearly_approved(&office);
        office.approve(ZHOU_YUANHANG);
        let order = made(&office, &case).1;
        (case, order)
    };
    let (case, order) = approved();
    let (told, asked) = revoke(&office, &case);
    assert_eq!((&told[0]["standing"], &told[0]["effect"]), (&json!("loose"), &json!("organisation.transfer")));
    assert_eq!((&asked["status"], &asked["standing"][0]["standing"]), (&json!("completed"), &json!("gone")));
    assert_eq!(office.order(&order)["state"], "withdrawn");
    assert!(office.told(GAO_XIANG).contains(&"orders.notice.case_revoked".to_owned()));
    let view = office.app.as_(XU_JING).get(&format!("/cases/{case}")).ok();
    assert!(view["effects"][0]["undone_at"].is_string());
    let stream = format!("workflow/case/{case}");
    let page = hanlin_kernel::PageRequest { after: None, limit: Some(200) };
    let entries = office.app.read(move |tx| hanlin_trace::list_stream(tx, &stream, &page)).items;
    assert!(entries.iter().any(|entry| entry.kind == "workflow.effect_undone"));

    // What is in force is not undone by it, and both pages say so.
    let (case, order) = approved();
    assert_eq!(office.issue(&order)["state"], "issued");
    let (told, asked) = revoke(&office, &case);
    assert_eq!((&told[0]["standing"], &asked["standing"][0]["standing"]), (&json!("firm"), &json!("firm")));
    assert_eq!((&asked["status"], &office.order(&order)["state"]), (&json!("completed"), &json!("issued")));
    assert!(office.told(GAO_XIANG).contains(&"orders.notice.revoked_stays".to_owned()));
    assert_eq!(office.order(&order)["origin"]["revoked"], true);
    pass(&office, 8);
    let applied = office.order(&order);
    assert_eq!(applied["state"], "applied", "it stood until its time");
    let view = office.app.as_(XU_JING).get(&format!("/cases/{case}")).ok();
    assert!(view["effects"][0].get("undone_at").is_none());
}

/// What personnel write in a draft that a case made.
fn reworded(office: &Office, order: &Value) -> Value {
    let mut content = order["content"].clone();
    content["title"] = json!("支援设计部，并办理交接");
    let edit = office.app.as_(XU_JING).header("If-Match", order["version"].clone());
    edit.put(&path(order, ""), content).ok()
}

// proves: FLOW-24, FLOW-40, ORG-08
#[test]
fn a_draft_that_personnel_changed_is_not_withdrawn_with_its_case_and_they_are_told() {
    let office = Office::new();
    require_flows(&office);
    let flow = publish(&office, revocable());
    let case = transfer(&office, &flow);
    nearly_approved(&office);
    office.approve(ZHOU_YUANHANG);
    let order = reworded(&office, &made(&office, &case).1);
    let (told, asked) = revoke(&office, &case);
    assert_eq!((&told[0]["standing"], &asked["standing"][0]["standing"]), (&json!("firm"), &json!("firm")));
    let stays = office.order(&order);
    assert_eq!((&stays["state"], &stays["version"]), (&json!("draft"), &order["version"]));
    assert_eq!(stays["content"], order["content"], "what they wrote is there");
    assert_eq!(stays["origin"]["revoked"], true);
    let notices = office.told(GAO_XIANG);
    assert!(notices.contains(&"orders.notice.revoked_stays".to_owned()), "{notices:?}");
    assert!(!notices.contains(&"orders.notice.case_revoked".to_owned()), "nothing was withdrawn");
    // On a revoked approval nobody is moved where the rules want one; the order is theirs to withdraw.
    let issue = |order: &Value| office.app.as_(XU_JING).header("If-Match", order["version"].clone());
    let refused = issue(&stays).post(&path(&stays, "/issue"), json!({})).refused(409);
    assert_eq!(refused["code"], "orders.flow_revoked");
    let withdrawn = issue(&stays).post(&path(&stays, "/withdrawal"), json!({})).ok();
    assert_eq!(withdrawn["state"], "withdrawn");
}

// proves: FLOW-24
#[test]
fn a_revocation_that_is_not_approved_takes_nothing_back() {
    let office = Office::new();
    let flow = publish(&office, revocable());
    let case = transfer(&office, &flow);
    nearly_approved(&office);
    office.approve(ZHOU_YUANHANG);
    let order = made(&office, &case).1;
    let words = json!({ "kind": "revoke", "confirmed": true, "values": { "follow_up_reason": "不再调动" } });
    office.app.as_(LIN_XIAO).post(&format!("/cases/{case}/follow_ups"), words).id();
    let task = office.waiting(ZHAO_QING)[0]["id"].as_str().unwrap().to_owned();
    office.app.as_(ZHAO_QING).post(&format!("/tasks/{task}/rejection"), json!({ "text": "照旧执行" })).ok();
    assert_eq!(office.order(&order)["state"], "draft");
}

fn require_flows(office: &Office) {
    office.app.grant(GAO_XIANG, &[hanlin_rulebook::MANAGE]);
    let parameters = json!({ "order.transfer_flow": "required" });
    let text = json!({ "zh": "调岗、离职须先走流程" });
    let clause =
        json!({ "unit": QINGLAN, "number": "二(二)1", "text": text, "policy": "order", "parameters": parameters });
    office.app.as_(GAO_XIANG).post("/clauses", clause).ok();
}

// proves: ORG-08
#[test]
fn where_the_rules_ask_for_a_flow_nobody_is_moved_without_one() {
    let office = Office::new();
    require_flows(&office);
    let refused = |order: &Value| {
        let ask = office.app.as_(XU_JING).header("If-Match", order["version"].clone());
        ask.post(&path(order, "/issue"), json!({})).refused(409)["code"].clone()
    };
    let leave = office.draft(json!([{ "change": "leave", "person": SONG_YANG }]), None);
    assert_eq!(refused(&leave), "orders.flow_needed");
    let flow = publish(&office, TRANSFER);
    let case = transfer(&office, &flow);
    nearly_approved(&office);
    office.approve(ZHOU_YUANHANG);
    let (_, order) = made(&office, &case);
    // Its approval is about one person, and stands for nobody else.
    let mut content = order["content"].clone();
    content["changes"].as_array_mut().unwrap().push(json!({ "change": "leave", "person": SONG_YANG }));
    let edit = office.app.as_(XU_JING).header("If-Match", order["version"].clone());
    let widened = edit.put(&path(&order, ""), content).ok();
    assert_eq!(refused(&widened), "orders.flow_needed");
    let edit = office.app.as_(XU_JING).header("If-Match", widened["version"].clone());
    let narrowed = edit.put(&path(&order, ""), order["content"].clone()).ok();
    let issued = office.issue(&narrowed);
    assert_eq!(issued["state"], "issued");
}

#[test]
fn what_is_handed_in_for_cases_is_in_the_catalogue_with_what_it_reads() {
    let module = crate::module();
    let names: Vec<_> = module.ports.of::<hanlin_workflow::Effect>().map(|effect| effect.name).collect();
    assert_eq!(names, ["organisation.transfer", "organisation.leave"]);
    let needed = |name: &str| -> Vec<String> {
        let parameters = &hanlin_workflow::catalogue()[name].parameters;
        parameters.iter().filter(|(_, one)| one.needed).map(|(name, _)| name.clone()).collect()
    };
    assert_eq!(needed(names[0]), ["department", "from", "person", "post"]);
    assert_eq!(needed(names[1]), ["last_day", "person"]);
}
