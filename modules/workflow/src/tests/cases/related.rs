//! Cases that name other cases, and what is drawn by hand.

use hanlin_directory::cast::{LIN_XIAO, QINGLAN, WU_TONG, XU_JING, ZHAO_QING};
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
