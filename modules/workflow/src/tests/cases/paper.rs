//! A step that is signed on paper, over HTTP (FLOW-35).

use hanlin_directory::cast::{FANG_YUE, GAO_XIANG, LIN_XIAO, QINGLAN, WU_TONG, XU_JING, ZHAO_QING};
use hanlin_kernel::PersonId;
use serde_json::{Value, json};

use super::office::Office;

const PDF: &[u8] = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\n";

struct OnPaper {
    office: Office,
    case: String,
}

impl OnPaper {
    /// The superior signs himself; then personnel records what the HR manager signed.
    fn new() -> Self {
        let office = Office::new();
        let person = |person: PersonId| json!([{ "rule": "person", "person": person.to_string() }]);
        let flow: crate::engine::Flow = serde_json::from_value(json!({
            "id": "t-paper",
            "name": { "zh": "纸质", "en": "Paper" },
            "category": "test",
            "form": { "fields": [{ "id": "text", "label": { "zh": "事由" }, "type": "text" }],
                      "layout": { "columns": 4, "rows": [[{ "field": "text", "span": 4 }]] } },
            "route": [
                { "kind": "approve", "key": "superior", "name": { "zh": "上级签字" }, "who": person(ZHAO_QING), "paper": {} },
                { "kind": "handle", "key": "personnel", "name": { "zh": "人事登记" }, "who": person(FANG_YUE),
                  "paper": { "signed_by": person(XU_JING) } },
            ],
        }))
        .unwrap();
        let flow = office.app.write(move |tx| crate::import_and_publish(tx, QINGLAN, flow.clone(), "test"));
        let request = json!({ "flow": flow.to_string(), "confirmed": true, "values": { "text": "探亲" } });
        let case = office.submit(LIN_XIAO, request);
        Self { office, case }
    }

    fn upload(&self, person: PersonId, name: &str, bytes: &[u8]) -> String {
        self.office.app.as_(person).post_bytes(&format!("/files?name={name}"), bytes.to_vec()).id()
    }

    fn print(&self, person: PersonId) {
        let task = self.office.task(person);
        self.office.app.as_(person).post(&format!("/tasks/{task}/printing"), json!({})).ok();
    }

    fn agree(&self, person: PersonId, verb: &str, paper: Value) -> hanlin_testkit::Said {
        let task = self.office.task(person);
        self.office.app.as_(person).post(&format!("/tasks/{task}/{verb}"), json!({ "text": "同意", "paper": paper }))
    }

    /// The clock of every test stands on this day.
    fn today(&self) -> &'static str {
        "2026-03-02"
    }

    fn paper_of(&self, person: PersonId) -> Value {
        self.office.case(person, &self.case)["tasks"][0]["paper"].clone()
    }
}

// proves: FLOW-35, PERM-11
#[test]
fn what_is_signed_on_paper_closes_with_its_scan_which_opens_to_those_who_are_told() {
    let on = OnPaper::new();
    let row = on.office.app.as_(ZHAO_QING).get("/tasks").ok()["items"][0].clone();
    assert_eq!(row["on_paper"], true);
    let told = on.paper_of(ZHAO_QING);
    assert_eq!(
        (&told["edition"], &told["is_current"], &told["types"]),
        (&Value::Null, &json!(false), &json!(["pdf", "jpeg", "png"]))
    );
    assert_eq!(on.agree(ZHAO_QING, "approval", Value::Null).refused(409)["code"], "workflow.scan_missing");
    let scan = on.upload(ZHAO_QING, "signed.pdf", PDF);
    let signing = json!({ "scan": [scan], "signed_on": on.today() });
    assert_eq!(on.agree(ZHAO_QING, "approval", signing.clone()).refused(409)["code"], "workflow.not_printed");
    on.print(ZHAO_QING);
    assert_eq!(on.office.case(LIN_XIAO, &on.case)["edition"], 1);
    on.agree(ZHAO_QING, "approval", signing).ok();

    on.print(FANG_YUE);
    let signers = &on.paper_of(FANG_YUE)["signers"];
    assert_eq!(signers[0]["id"], json!(XU_JING));
    let second = on.upload(FANG_YUE, "hr.pdf", PDF);
    on.agree(FANG_YUE, "completion", json!({ "scan": [second], "signed_on": on.today(), "signed_by": XU_JING })).ok();

    let view = on.office.case(LIN_XIAO, &on.case);
    assert_eq!(view["status"], "completed");
    let said = &view["opinions"][1];
    assert_eq!((&said["person"], &said["paper"]["signed_by"]), (&json!(FANG_YUE), &json!(XU_JING)), "both names");
    assert_eq!((&said["paper"]["edition"], &said["paper"]["scan"]), (&json!(1), &json!([second])));
    assert_eq!(view["files"][&second]["name"], "hr.pdf");
    assert_eq!(view["people"][XU_JING.to_string()]["name"], "许静");
    let step = &view["route"]["steps"][2];
    assert_eq!((&step["on_paper"], &step["people"][0]["paper"]["signed_by"]), (&json!(true), &json!(XU_JING)));
    let opens = |person| on.office.app.as_(person).get(&format!("/files/{scan}")).status;
    assert_eq!((opens(LIN_XIAO), opens(ZHAO_QING), opens(WU_TONG)), (200, 200, 404));
}

// proves: FLOW-35, RULE-23
#[test]
fn a_scan_is_what_the_rulebook_lets_it_be() {
    let on = OnPaper::new();
    on.print(ZHAO_QING);
    let text = on.upload(ZHAO_QING, "signed.pdf", b"only called a scan");
    let refused = on.agree(ZHAO_QING, "approval", json!({ "scan": [text], "signed_on": on.today() })).refused(422);
    assert_eq!(refused["fields"][0]["code"], "workflow.not_a_scan");
    let theirs = on.upload(WU_TONG, "signed.pdf", PDF);
    on.agree(ZHAO_QING, "approval", json!({ "scan": [theirs], "signed_on": on.today() })).refused(422);
    assert_eq!(on.office.waiting(ZHAO_QING), 1, "nothing was recorded");
    assert_eq!(on.office.case(ZHAO_QING, &on.case)["files"], json!({}));
}

// proves: FLOW-35
#[test]
fn after_a_change_of_the_form_the_old_sheet_is_refused() {
    let on = OnPaper::new();
    on.print(ZHAO_QING);
    let named = json!({ "text": "事由写错了", "mentions": [GAO_XIANG.to_string()] });
    on.office.app.as_(LIN_XIAO).post(&format!("/cases/{}/comments", on.case), named).ok();
    let repair = json!({ "values": { "text": "婚假" }, "text": "写错了" });
    on.office.app.as_(GAO_XIANG).post(&format!("/cases/{}/repairs", on.case), repair).ok();
    let told = on.paper_of(ZHAO_QING);
    assert_eq!((&told["edition"], &told["is_current"]), (&json!(1), &json!(false)));
    let scan = on.upload(ZHAO_QING, "signed.pdf", PDF);
    let signing = json!({ "scan": [scan], "signed_on": on.today() });
    let refused = on.agree(ZHAO_QING, "approval", signing.clone()).refused(409);
    assert_eq!((&refused["code"], &refused["args"]["edition"]), (&json!("workflow.print_outdated"), &json!(1)));
    on.print(ZHAO_QING);
    on.agree(ZHAO_QING, "approval", signing).ok();
    let kinds: Vec<Value> = on.office.trace(&on.case).iter().map(|event| event["event"].clone()).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == "printed").count(), 2);
    assert!(kinds.contains(&json!("signed_on_paper")));
}
