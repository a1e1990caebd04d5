//! Cases that name other cases, and what is drawn by hand.

use hanlin_directory::cast::{LIN_XIAO, QINGLAN, WU_TONG, XU_JING, ZHAO_QING};
use hanlin_store::params;
use serde_json::{Value, json};

use super::office::Office;
use crate::engine;

/// A flow whose form names other cases and bears a signature; `grants` opens the named ones to whoever reads it. The
/// second step does not see the field of cases.
fn naming(id: &str, grants: bool) -> engine::Flow {
    let label = || json!({ "zh": "名" });
    let mut other = json!({ "id": "others", "label": label(), "type": "case", "multiple": true });
    if grants {
        other["grants_reading"] = json!(true);
    }
    let fields = json!([other, { "id": "signature", "label": label(), "type": "handwriting" }]);
    let rows: Vec<Value> = fields.as_array().unwrap().iter().map(|field| json!([{ "field": field["id"] }])).collect();
    let step = |key: &str, person: hanlin_kernel::PersonId, fields: Value| {
        json!({
            "kind": "approve", "key": key, "name": { "zh": "审批" }, "fields": fields,
            "who": [{ "rule": "person", "person": person.to_string() }]
        })
    };
    serde_json::from_value(json!({
        "id": id,
        "name": { "zh": "关联", "en": "Related" },
        "category": "test",
        "form": { "fields": fields, "layout": { "columns": 1, "rows": rows } },
        "route": [step("first", XU_JING, json!({})), step("second", WU_TONG, json!({ "others": "hidden" }))]
    }))
    .unwrap()
}

fn publish(office: &Office, id: &'static str, grants: bool) -> String {
    office.app.write(move |tx| crate::import_and_publish(tx, QINGLAN, naming(id, grants), "test")).to_string()
}

fn asked(flow: &str, values: Value) -> Value {
    json!({ "flow": flow, "confirmed": true, "values": values })
}

fn status(office: &Office, person: hanlin_kernel::PersonId, case: &str) -> u16 {
    office.app.as_(person).get(&format!("/cases/{case}")).status
}

// proves: FORM-01, PERM-02
#[test]
fn a_named_case_is_shown_both_ways_and_opens_to_nobody_unless_the_field_says_so() {
    let office = Office::new();
    let flow = publish(&office, "t-plain", false);
    let leave = office.submit(LIN_XIAO, office.half_day());
    let case = office.submit(LIN_XIAO, asked(&flow, json!({ "others": [&leave] })));

    let own = &office.case(LIN_XIAO, &case)["cases"][&leave];
    assert_eq!((&own["status"], &own["readable"]), (&json!("running"), &json!(true)), "{own}");
    let back = &office.case(LIN_XIAO, &leave)["named_by"];
    assert_eq!((back.as_array().map(Vec::len), &back[0]["id"]), (Some(1), &json!(case)));
    assert_eq!(office.case(ZHAO_QING, &leave)["named_by"], json!([]), "she has no part in the case that names it");

    let told = &office.case(XU_JING, &case)["cases"][&leave];
    assert_eq!((&told["number"], &told["readable"]), (&own["number"], &json!(false)), "{told}");
    assert_eq!(told["status"], Value::Null, "how it stands is not told");
    assert_eq!(status(&office, XU_JING, &leave), 404);
}

// proves: PERM-02, FORM-05
#[test]
fn where_the_field_grants_reading_who_reads_the_field_reads_the_named_case_and_does_nothing_in_it() {
    let office = Office::new();
    let flow = publish(&office, "t-grants", true);
    let file = office.app.as_(LIN_XIAO).post_bytes("/files?name=note.txt", b"a note".to_vec()).id();
    let leave = office.submit(LIN_XIAO, office.half_day());
    let comment = json!({ "text": "见附件", "attachments": [file] });
    office.app.as_(LIN_XIAO).post(&format!("/cases/{leave}/comments"), comment.clone()).ok();
    let case = office.submit(LIN_XIAO, asked(&flow, json!({ "others": [&leave] })));

    let read = office.case(XU_JING, &leave);
    assert_eq!(read["values"]["reason"], "家中有事");
    assert_eq!(read["can"], json!([]), "she reads it, and nothing else");
    assert_eq!(office.app.as_(XU_JING).get(&format!("/files/{file}")).status, 200);
    let refused =
        office.app.as_(XU_JING).post(&format!("/cases/{leave}/comments"), json!({ "text": "x" })).refused(409);
    assert_eq!(refused["code"], "workflow.only_queries");

    let further = publish(&office, "t-further", true);
    let chain = office.app.as_(XU_JING).post("/cases", asked(&further, json!({ "others": [&leave] }))).refused(422);
    let wanted = json!([{ "field": "values.others", "code": "workflow.no_such_case" }]);
    assert_eq!(chain["fields"], wanted, "what she reads by a link only she does not pass on");

    office.approve(XU_JING);
    assert_eq!(office.case(WU_TONG, &case)["cases"], json!({}), "the field is hidden from him");
    assert_eq!(status(&office, WU_TONG, &leave), 404, "and so is what it names");
}

// proves: FORM-04
#[test]
fn nobody_names_a_case_that_is_not_there_or_not_for_his_eyes() {
    let office = Office::new();
    let flow = publish(&office, "t-plain", false);
    let leave = office.submit(LIN_XIAO, office.half_day());
    let stranger = hanlin_kernel::Id::<()>::fixed(77).to_string();
    for named in [leave, stranger] {
        let refused = office.app.as_(WU_TONG).post("/cases", asked(&flow, json!({ "others": [named] }))).refused(422);
        assert_eq!(refused["fields"], json!([{ "field": "values.others", "code": "workflow.no_such_case" }]));
    }
    assert!(office.list(WU_TONG, "started").is_empty());
}

// proves: FORM-01, TIME-11
#[test]
fn an_agent_names_the_cases_of_the_one_he_fills_in_for_and_is_offered_no_others() {
    let office = Office::new();
    let flow = publish(&office, "t-plain", false);
    let hers = office.submit(LIN_XIAO, office.half_day());
    let his = office.submit(WU_TONG, office.half_day());
    let agency = json!({ "agent": WU_TONG, "valid_to": "2026-03-09T01:00:00Z", "may_start": true, "may_decide": true });
    office.app.as_(LIN_XIAO).post("/agencies", agency).ok();
    let path = format!("/flows/{flow}/fields/others/cases");
    let offered = |more: &str| -> Vec<String> {
        let said = office.app.as_(WU_TONG).get(&format!("{path}{more}")).ok();
        said["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    };
    let own = offered("");
    assert_eq!(own, std::slice::from_ref(&his));
    let for_her = format!("?on_behalf_of={LIN_XIAO}");
    assert_eq!(offered(&for_her), std::slice::from_ref(&hers));
    assert_eq!(offered(&format!("{for_her}&q=wt")), [""; 0]);
    assert_eq!(offered(&format!("{for_her}&q=lx")), std::slice::from_ref(&hers));
    assert_eq!(offered(&format!("{for_her}&id={his}")), [""; 0]);
    let refused = office.app.as_(XU_JING).get(&format!("{path}{for_her}")).refused(409);
    assert_eq!(refused["code"], "workflow.not_his_agent");
    office.app.as_(WU_TONG).get(&format!("/flows/{flow}/fields/signature/cases")).refused(404);

    // What is offered is accepted, and nothing else.
    let asked_for_her = |named: &str| {
        let mut request = asked(&flow, json!({ "others": [named] }));
        request["on_behalf_of"] = json!(LIN_XIAO);
        request
    };
    let refused = office.app.as_(WU_TONG).post("/cases", asked_for_her(&his)).refused(422);
    assert_eq!(refused["fields"], json!([{ "field": "values.others", "code": "workflow.no_such_case" }]));
    let case = office.submit(WU_TONG, asked_for_her(&hers));

    // When it comes back he mends it for her, and names among hers; never the case itself.
    let task = office.task(XU_JING);
    office.app.as_(XU_JING).post(&format!("/tasks/{task}/return"), json!({ "to": "start", "text": "请补充" })).ok();
    let said = office.app.as_(WU_TONG).get(&format!("/cases/{case}/fields/others/cases")).ok();
    assert_eq!((said["items"].as_array().map(Vec::len), &said["items"][0]["id"]), (Some(1), &json!(hers)), "{said}");
}

// proves: FORM-01, PERM-11, TIME-11
#[test]
fn an_agent_for_some_flows_learns_of_no_other_case_of_the_one_he_fills_in_for() {
    let office = Office::new();
    let flow = publish(&office, "t-plain", false);
    let leave = office.submit(LIN_XIAO, office.half_day());
    let of_the_flow = office.submit(LIN_XIAO, asked(&flow, json!({})));
    let scope = json!({ "flows": [flow] });
    let agency = json!({
        "agent": WU_TONG, "valid_to": "2026-03-09T01:00:00Z", "may_start": true, "may_decide": true, "scope": scope
    });
    office.app.as_(LIN_XIAO).post("/agencies", agency).ok();
    let path = format!("/flows/{flow}/fields/others/cases?on_behalf_of={LIN_XIAO}");
    let said = office.app.as_(WU_TONG).get(&path).ok();
    assert_eq!((said["items"].as_array().map(Vec::len), &said["items"][0]["id"]), (Some(1), &json!(of_the_flow)));
    let naming = |named: &str| {
        let mut request = asked(&flow, json!({ "others": [named] }));
        request["on_behalf_of"] = json!(LIN_XIAO);
        request
    };
    let refused = office.app.as_(WU_TONG).post("/cases", naming(&leave)).refused(422);
    assert_eq!(refused["fields"], json!([{ "field": "values.others", "code": "workflow.no_such_case" }]));
    office.submit(WU_TONG, naming(&of_the_flow));
    // She names it herself.
    office.submit(LIN_XIAO, asked(&flow, json!({ "others": [leave] })));
}

// proves: FORM-01, FLOW-37
#[test]
fn a_search_among_the_cases_to_name_goes_on_where_it_has_looked_through_so_many() {
    let office = Office::new();
    let flow = publish(&office, "t-plain", false);
    let sought = office.submit(WU_TONG, office.half_day());
    let number = office.case(WU_TONG, &sought)["number"].as_str().unwrap().to_owned();
    let model = office.submit(WU_TONG, office.three_days());
    let page = |more: &str| office.app.as_(WU_TONG).get(&format!("/flows/{flow}/fields/others/cases?{more}")).ok();
    let latest = page("limit=1");
    assert_eq!(latest["items"][0]["id"], json!(model), "the latest first");
    let older = page(&format!("limit=1&after={}", latest["next"].as_str().unwrap()));
    assert_eq!((&older["items"][0]["id"], &older["next"]), (&json!(sought), &Value::Null));

    office.app.write(move |tx| {
        let numbers = "(with recursive n(i) as (select 1 union all select i + 1 from n where i < 500) select i from n)";
        let sql = format!(
            "insert into workflow_access (case_id, person, via, at) select substr(case_id, 1, 22) || cast(n.i + 1000 as text), \
             person, via, at from workflow_access cross join {numbers} n where case_id = $1"
        );
        tx.exec(&sql, params![model])?;
        Ok(())
    });
    let first = page(&format!("q={number}"));
    assert_eq!(first["items"], json!([]), "not among those it looked through");
    let next = first["next"].as_str().expect("there is more to look through");
    let second = page(&format!("q={number}&after={next}"));
    assert_eq!((&second["items"][0]["id"], &second["next"]), (&json!(sought), &Value::Null));
    office.app.as_(WU_TONG).get(&format!("/flows/{flow}/fields/others/cases?after=nonsense")).refused(422);
}

/// A drawing of one white point.
const POINT: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8,
    0, 0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0, 0x0a, b'I', b'D', b'A', b'T', 0x78, 0x9c, 0x63, 0xf8, 0x0f, 0, 1, 1,
    1, 0, 0x1b, 0xb6, 0xee, 0x56, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

// proves: TRACE-03, FORM-03
#[test]
fn a_signature_is_a_drawing_of_ones_own_that_nobody_changes_afterwards() {
    let office = Office::new();
    let flow = publish(&office, "t-plain", false);
    let upload = |person, name: &str, bytes: &[u8]| {
        office.app.as_(person).post_bytes(&format!("/files?name={name}"), bytes.to_vec()).id()
    };
    let (drawn, theirs) = (upload(LIN_XIAO, "signature.png", POINT), upload(WU_TONG, "signature.png", POINT));
    let text = upload(LIN_XIAO, "note.txt", b"a note");
    let refused = |signature: &str| {
        let values = json!({ "signature": [signature] });
        office.app.as_(LIN_XIAO).post("/cases", asked(&flow, values)).refused(422)["fields"][0]["code"].clone()
    };
    assert_eq!(refused(&theirs), "files.unknown", "nobody signs with another's hand");
    assert_eq!(refused(&text), "workflow.not_a_picture");

    let case = office.submit(LIN_XIAO, asked(&flow, json!({ "signature": [&drawn] })));
    let view = office.case(XU_JING, &case);
    assert_eq!(view["values"]["signature"], json!([&drawn]));
    assert!(view["files"][&drawn]["at"].is_string(), "by the server's clock");
    let task = office.task(XU_JING);
    let own = upload(XU_JING, "signature.png", POINT);
    let changed = json!({ "text": "同意", "values": { "signature": [own] } });
    let refused = office.app.as_(XU_JING).post(&format!("/tasks/{task}/approval"), changed).refused(422);
    assert_eq!(refused["fields"][0], json!({ "field": "values.signature", "code": "forms.not_writable" }));
}
