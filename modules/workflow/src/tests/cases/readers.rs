//! To whom fields and columns are told (FORM-05, PERM-08): through every door, nobody gets what is not told to him.

use hanlin_access::{Access, Give, Subject, What, give_particular};
use hanlin_directory::cast::{
    DENG_JIA, GAO_XIANG, LIANG_BO, LIN_XIAO, LUO_DAN, QINGLAN, SALES, WU_TONG, XIA_TIAN, ZHAO_QING,
};
use hanlin_kernel::{Actor, Grant, PersonId, Scope, Scopes, Text};
use serde_json::{Value, json};

use super::office::{Office, publish};
use crate::MANAGE;

const PACKAGE: &str = include_str!("../../../../../presets/patterns/followed-and-told.flow.yaml");

/// A price, its sum and the total as nothing else in an answer is written.
const PRICE: &str = "7351.97";
const SUM: &str = "22055.91";
const TOTAL: &str = "22069.91";

struct Asked {
    office: Office,
    flow: String,
    case: String,
}

impl Asked {
    fn new() -> Self {
        let office = Office::new();
        let flow = office.app.write(|tx| publish(tx, PACKAGE)).to_string();
        let request = json!({
            "flow": flow,
            "confirmed": true,
            "values": { "urgency": "urgent", "items": [{ "name": "显示器", "quantity": "3" }, { "name": "键盘" }] },
        });
        let case = office.submit(LIN_XIAO, request);
        Self { office, flow, case }
    }

    fn quote(&self, rows: Value) -> hanlin_testkit::Said {
        let task = self.office.task(DENG_JIA);
        self.office.app.as_(DENG_JIA).post(&format!("/tasks/{task}/completion"), json!({ "values": { "items": rows } }))
    }

    fn lets_query(&self, person: PersonId) {
        let permission = format!("workflow.query:{}", self.flow);
        let give = Give {
            what: What::Permission(permission),
            subject: Subject::Person(person),
            scope: Scope::All,
            place: None,
            reason: "检查".into(),
            valid_from: None,
            valid_to: None,
        };
        let all = |name: &str| Grant { permission: name.to_owned(), scopes: Scopes::everything() };
        let giver = Actor { grants: vec![all(MANAGE.0), all(hanlin_access::GRANT.0)], ..Actor::person(GAO_XIANG) };
        self.office
            .app
            .write(move |tx| give_particular(tx, &giver, give.clone(), Text::zh("采购"), MANAGE).map(|grant| grant.id));
        let actor = self.office.app.read(move |tx| Access::start(&[crate::module()])?.actor(tx, person, None));
        self.office.app.acting(actor);
    }

    /// Whatever he can get of this case and of this form, as it stands in the answers.
    fn all_that_he_gets(&self, person: PersonId) -> String {
        let (case, flow) = (&self.case, &self.flow);
        let doors = [
            format!("/cases/{case}"),
            format!("/cases/{case}/access"),
            "/tasks".to_owned(),
            "/counts".to_owned(),
            "/cases?list=done".to_owned(),
            "/cases?list=started".to_owned(),
            "/cases?list=copied".to_owned(),
            format!("/query_cases?flow={flow}"),
            format!("/query_cases.csv?flow={flow}"),
            "/monitored_cases".to_owned(),
            "/notifications".to_owned(),
            format!("/flows/{flow}/start"),
        ];
        doors.iter().map(|door| self.office.app.as_(person).get(door).text()).collect()
    }
}

// proves: FORM-05, FORM-04
#[test]
fn who_asks_writes_the_rows_and_the_buyer_the_prices_in_them() {
    let asked = Asked::new();
    let first = asked.office.case(LIN_XIAO, &asked.case)["values"].clone();
    assert_eq!(first["days"], "2", "it follows from the urgency");
    assert_eq!(first["items"][1]["quantity"], "1", "and in the rows as well");
    asked.quote(json!([{ "price": PRICE }])).refused(422);
    asked.quote(json!([{ "price": PRICE }, { "price": "14", "name": "别的" }])).refused(422);
    let missing = asked.quote(json!([{ "price": PRICE }, {}])).refused(422);
    assert_eq!(missing["fields"][0]["field"], "values.items.2.price");
    asked.quote(json!([{ "price": PRICE }, { "price": "14" }])).ok();
    let view = asked.office.case(ZHAO_QING, &asked.case);
    assert_eq!(view["values"]["items"][0], json!({ "name": "显示器", "quantity": "3", "price": PRICE, "sum": SUM }));
    assert_eq!(view["values"]["total"], TOTAL);
}

// proves: FORM-05, PERM-08
#[test]
fn what_is_not_told_to_a_reader_reaches_him_through_no_door() {
    let asked = Asked::new();
    asked.quote(json!([{ "price": PRICE }, { "price": "14" }])).ok();
    let told = |person: PersonId| {
        let got = asked.all_that_he_gets(person);
        assert!(got.contains("显示器") || got.contains("模式"), "he reads the case: {got}");
        [PRICE, SUM, TOTAL].into_iter().filter(|value| got.contains(value)).collect::<Vec<_>>()
    };
    assert_eq!(told(DENG_JIA), [PRICE, SUM, TOTAL], "she wrote them");
    assert_eq!(told(ZHAO_QING), [PRICE, SUM, TOTAL], "he decides about them");
    assert_eq!(told(LIN_XIAO), [""; 0], "who asked is not told, nor what is computed from it alone");
    asked.lets_query(WU_TONG);
    assert_eq!(told(WU_TONG), [""; 0], "a right to query tells no more");
    asked.lets_query(LUO_DAN);
    assert_eq!(told(LUO_DAN), [PRICE, SUM, TOTAL], "the accountant belongs to finance");
}

// proves: FORM-05, TIME-11
#[test]
fn what_is_foretold_names_nothing_that_is_hidden() {
    let asked = Asked::new();
    let question =
        json!({ "values": { "urgency": "usual", "items": [{ "name": "显示器", "price": PRICE }] }, "choices": {} });
    let path = format!("/flows/{}/prediction", asked.flow);
    let told = asked.office.app.as_(LIN_XIAO).post(&path, question).ok();
    assert_eq!(told["values"]["days"], "10");
    assert_eq!(told["values"]["items"], json!([{ "name": "显示器", "quantity": "1" }]));
    assert_eq!(told["values"].get("total"), None);
}

// proves: FORM-05, PERM-08
#[test]
fn who_holds_several_appointments_reads_what_is_told_to_either() {
    let office = Office::new();
    let in_sales = json!({ "reader": "one", "of": { "of": "department", "department": SALES.to_string() } });
    let field = |id: &str| json!({ "id": id, "label": { "zh": id }, "type": "text" });
    let named = |person: PersonId| json!({ "rule": "person", "person": person.to_string() });
    let flow: crate::engine::Flow = serde_json::from_value(json!({
        "id": "t-told",
        "name": { "zh": "报价", "en": "Quotation" },
        "category": "test",
        "form": {
            "fields": [field("told"), field("kept")],
            "layout": { "columns": 4, "rows": [[{ "field": "told", "span": 2 }, { "field": "kept", "span": 2 }]] }
        },
        "settings": { "readers": {
            "told": { "visible_to": [{ "reader": "initiator" }, in_sales] }, "kept": { "hidden_from": [in_sales] } } },
        "route": [{ "kind": "approve", "key": "check", "name": { "zh": "审批" },
            "who": [named(LIANG_BO), named(XIA_TIAN)] }],
    }))
    .unwrap();
    let flow = office.app.write(move |tx| crate::import_and_publish(tx, QINGLAN, flow.clone(), "test")).to_string();
    let values = json!({ "told": "给销售部", "kept": "不给销售部" });
    let case = office.submit(GAO_XIANG, json!({ "flow": flow, "confirmed": true, "values": values }));
    let gets = |person| office.case(person, &case)["values"].clone();
    // He belongs to the design department, and to sales beside it.
    assert_eq!(gets(LIANG_BO), json!({ "told": "给销售部" }));
    assert_eq!(gets(XIA_TIAN), json!({ "kept": "不给销售部" }));
}
