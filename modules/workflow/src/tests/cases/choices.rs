//! What is chosen from the directory: departments, posts and units by id, for whom it is, and by which name.

use hanlin_directory::{
    ChangeDepartment, READ,
    cast::{DESIGN, FINANCE, GAO_XIANG, HR, LIN_XIAO, LU_WENQING, QINGLAN, QINGLAN_TRADE, SALES, XU_JING},
};
use hanlin_kernel::{Actor, Grant, Scopes, Text};
use serde_json::{Value, json};

use super::office::Office;
use crate::engine;

/// A form that asks for departments, a post, a unit of the house and departments in rows; the heads of them sign.
fn visit() -> engine::Flow {
    let label = || json!({ "zh": "名" });
    let fields = json!([
        { "id": "departments", "label": label(), "type": "department", "multiple": true, "required": true },
        { "id": "lead", "label": label(), "type": "post" },
        { "id": "host", "label": label(), "type": "unit", "among": "house" },
        { "id": "guest", "label": label(), "type": "unit", "among": "external" },
        { "id": "rows", "label": label(), "type": "table", "columns": [
            { "id": "who", "label": label(), "type": "department" }
        ] }
    ]);
    let rows: Vec<Value> = fields.as_array().unwrap().iter().map(|field| json!([{ "field": field["id"] }])).collect();
    serde_json::from_value(json!({
        "id": "t-visit",
        "name": { "zh": "走访", "en": "Visit" },
        "category": "test",
        "form": { "fields": fields, "layout": { "columns": 1, "rows": rows } },
        "route": [{
            "kind": "approve", "key": "heads", "name": { "zh": "会签" }, "quorum": "all",
            "who": [{ "rule": "heads_in_field", "field": "departments" }]
        }]
    }))
    .unwrap()
}

fn open() -> (Office, String) {
    let office = Office::new();
    let flow = office.app.write(|tx| crate::import_and_publish(tx, QINGLAN, visit(), "test")).to_string();
    office.app.grant_over(LIN_XIAO, &[READ], Scopes { units: [QINGLAN].into(), ..Scopes::default() });
    (office, flow)
}

fn asked(flow: &str, values: Value) -> Value {
    json!({ "flow": flow, "confirmed": true, "values": values })
}

/// Who may rename departments.
fn manager() -> Actor {
    let permission = hanlin_directory::MANAGE.0.to_owned();
    Actor { grants: vec![Grant { permission, scopes: Scopes::everything() }], ..Actor::person(GAO_XIANG) }
}

/// A post of this code, of the group.
fn post(office: &Office, code: &'static str) -> String {
    office.app.read(move |tx| {
        let directory = hanlin_directory::snapshot(tx)?;
        let posts = directory.posts_by_code(code).iter().filter_map(|id| directory.post(*id));
        Ok(posts.filter(|post| post.unit == QINGLAN).map(|post| post.id.to_string()).next().unwrap())
    })
}

// proves: FORM-01, FORM-04, FLOW-07
#[test]
fn the_heads_of_the_departments_that_were_chosen_sign_and_all_are_shown_by_name() {
    let (office, flow) = open();
    let lead = post(&office, "hr_manager");
    let values = json!({
        "departments": [FINANCE.to_string(), HR.to_string()], "lead": [&lead], "host": [QINGLAN.to_string()],
        "rows": [{ "who": [DESIGN.to_string()] }]
    });
    let case = office.submit(LIN_XIAO, asked(&flow, values));
    let view = office.case(LIN_XIAO, &case);
    let name = |id: &str| view["names"][id]["zh"].clone();
    assert_eq!(name(&FINANCE.to_string()), "财务部");
    assert_eq!(name(&lead), "人事经理");
    assert_eq!(name(&DESIGN.to_string()), "设计部", "of a row as well");
    assert_eq!(view["names"].as_object().map(serde_json::Map::len), Some(5), "{}", view["names"]);
    for head in [LU_WENQING, XU_JING] {
        office.app.acting(Actor::person(head));
        office.approve(head);
    }
    assert_eq!(office.case(LIN_XIAO, &case)["status"], "completed");
}

// proves: FORM-04, PERM-17
#[test]
fn nobody_chooses_what_is_not_there_or_not_for_his_eyes() {
    let (office, flow) = open();
    let stranger = hanlin_kernel::Id::<()>::fixed(77).to_string();
    let own = post(&office, "hr_manager");
    let wrong = json!({
        // Of another unit, a person's id, a department that is a unit, a unit of the house where an external one is asked for.
        "departments": [SALES.to_string(), FINANCE.to_string()],
        "lead": [LIN_XIAO.to_string()],
        "host": [FINANCE.to_string()],
        "guest": [QINGLAN.to_string()],
        "rows": [{ "who": [DESIGN.to_string()] }, { "who": [stranger] }]
    });
    let problem = office.app.as_(LIN_XIAO).post("/cases", asked(&flow, wrong)).refused(422);
    let fields: Vec<&Value> = problem["fields"].as_array().unwrap().iter().map(|error| &error["field"]).collect();
    assert_eq!(
        fields,
        ["values.departments", "values.lead", "values.host", "values.guest", "values.rows.2.who"],
        "{problem}"
    );
    let unseen = json!({ "departments": [FINANCE.to_string()], "lead": [own], "host": [QINGLAN_TRADE.to_string()] });
    let problem = office.app.as_(LIN_XIAO).post("/cases", asked(&flow, unseen)).refused(422);
    assert_eq!(problem["fields"], json!([{ "field": "values.host", "code": "workflow.not_to_choose" }]));
    assert!(office.list(LIN_XIAO, "started").is_empty(), "nothing was begun");
}

// proves: FORM-04, ORG-06
#[test]
fn a_department_is_called_as_it_was_when_the_form_was_handed_in() {
    let (office, flow) = open();
    let case = office.submit(LIN_XIAO, asked(&flow, json!({ "departments": [FINANCE.to_string()] })));
    office.app.clock.advance(jiff::SignedDuration::from_hours(1));
    office.app.write(|tx| {
        let version = hanlin_directory::snapshot(tx)?.department(FINANCE, tx.now()).unwrap().version;
        let name = Some(Text::new("财务共享中心", "Finance services"));
        let intent = ChangeDepartment { name, ..ChangeDepartment::default() };
        hanlin_directory::change_department(tx, &manager(), FINANCE, version, intent)
    });
    assert_eq!(office.case(LIN_XIAO, &case)["names"][FINANCE.to_string()]["zh"], "财务部");
    let later = office.submit(LIN_XIAO, asked(&flow, json!({ "departments": [FINANCE.to_string()] })));
    assert_eq!(office.case(LIN_XIAO, &later)["names"][FINANCE.to_string()]["zh"], "财务共享中心");
}
