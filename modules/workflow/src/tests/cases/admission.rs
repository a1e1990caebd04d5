//! What is asked before a form is taken in, and what it is given then: limits, lead times, serial numbers, rows.

use hanlin_directory::cast::{GAO_XIANG, LIN_XIAO, QINGLAN, ZHAO_QING};
use hanlin_kernel::{Actor, AppointmentId, PersonId};
use hanlin_store::Context;
use serde_json::{Value, json};

use super::office::Office;
use crate::{
    FlowId,
    cases::{Submission, keys_to_submit, submit},
    engine,
};

/// One approval, with these settings and fields.
fn flow(id: &str, fields: Value, settings: Value) -> engine::Flow {
    let rows: Vec<Value> = fields.as_array().unwrap().iter().map(|field| json!([{ "field": field["id"] }])).collect();
    serde_json::from_value(json!({
        "id": id,
        "name": { "zh": "测试", "en": "Test" },
        "category": "test",
        "form": { "fields": fields, "layout": { "columns": 1, "rows": rows } },
        "route": [{
            "kind": "approve", "key": "check", "name": { "zh": "审批" },
            "who": [{ "rule": "person", "person": ZHAO_QING.to_string() }]
        }],
        "settings": settings
    }))
    .unwrap()
}

fn publish(office: &Office, flow: engine::Flow) -> FlowId {
    office.app.write(move |tx| crate::import_and_publish(tx, QINGLAN, flow.clone(), "test"))
}

fn label() -> Value {
    json!({ "zh": "名" })
}

fn claim() -> engine::Flow {
    let fields = json!([
        { "id": "number", "label": label(), "type": "serial", "series": "BX-{yyyy}-{seq:4}" },
        { "id": "title", "label": label(), "type": "text", "computed": "form.number + \" \" + initiator.name" },
        { "id": "items", "label": label(), "type": "table", "required": true, "columns": [
            { "id": "what", "label": label(), "type": "text", "required": true },
            { "id": "amount", "label": label(), "type": "money", "required": true }
        ] },
        { "id": "total", "label": label(), "type": "money", "computed": "sum(form.items.amount)", "indexed": true }
    ]);
    flow("t-claim", fields, json!({}))
}

fn asked(flow: FlowId, values: Value) -> Value {
    json!({ "flow": flow.to_string(), "confirmed": true, "values": values })
}

fn spent(amount: &str) -> Value {
    json!({ "items": [{ "what": "车票", "amount": amount }] })
}

fn numbers(office: &Office, person: PersonId) -> Vec<String> {
    let started = office.list(person, "started");
    let number = |row: &Value| {
        let case = office.case(person, row["id"].as_str().unwrap());
        case["values"]["number"].as_str().unwrap().to_owned()
    };
    let mut numbers: Vec<String> = started.iter().map(number).collect();
    numbers.sort();
    numbers
}

// proves: FORM-01, FORM-02, FORM-04
#[test]
fn rows_are_summed_up_and_a_wrong_one_is_named() {
    let office = Office::new();
    let flow = publish(&office, claim());
    let wrong = json!({ "items": [{ "what": "车票", "amount": "12" }, { "what": "住宿" }, { "what": "餐", "amount": "1.005" }] });
    let problem = office.app.as_(LIN_XIAO).post("/cases", asked(flow, wrong)).refused(422);
    assert_eq!(
        problem["fields"],
        json!([
            { "field": "values.items.2.amount", "code": "forms.required" },
            { "field": "values.items.3.amount", "code": "forms.too_precise", "args": { "limit": 2 } }
        ])
    );
    let values = json!({ "items": [{ "what": "车票", "amount": "12" }, { "what": "住宿", "amount": "380.5" }, {}] });
    let case = office.submit(LIN_XIAO, asked(flow, values));
    let view = office.case(LIN_XIAO, &case);
    assert_eq!(view["values"]["total"], "392.50");
    assert_eq!(view["values"]["items"][1], json!({ "what": "住宿", "amount": "380.50" }));
    assert_eq!(
        office.case(ZHAO_QING, &case)["values"]["items"].as_array().map(Vec::len),
        Some(2),
        "who decides sees the rows"
    );
    office.approve(ZHAO_QING);
    assert_eq!(office.case(LIN_XIAO, &case)["status"], "completed");
}

// proves: FORM-04
#[test]
fn a_serial_number_is_given_once_and_never_skipped() {
    let office = Office::new();
    let flow = publish(&office, claim());
    let first = office.submit(LIN_XIAO, asked(flow, spent("1")));
    let year = office.app.read(|tx| Ok(tx.now())).strftime("%Y").to_string();
    let view = office.case(LIN_XIAO, &first);
    assert_eq!(view["values"]["number"], format!("BX-{year}-0001"));
    assert!(view["values"]["title"].as_str().unwrap().starts_with("BX-"), "what is computed reads it: {view}");

    let forged = office.app.as_(LIN_XIAO).post("/cases", asked(flow, json!({ "number": "BX-1", "items": [] })));
    assert_eq!(forged.refused(422)["fields"][0], json!({ "field": "values.number", "code": "forms.not_writable" }));
    office.app.as_(LIN_XIAO).post("/cases", asked(flow, json!({}))).refused(422);
    office.submit(LIN_XIAO, asked(flow, spent("2")));
    assert_eq!(
        numbers(&office, LIN_XIAO),
        [format!("BX-{year}-0001"), format!("BX-{year}-0002")],
        "what was refused took no number"
    );
}

// proves: FORM-04
#[test]
fn of_many_who_submit_at_once_each_has_his_own_number_and_none_is_left_out() {
    let office = Office::new();
    let flow = publish(&office, claim());
    let appointment = |person: PersonId| -> Option<AppointmentId> {
        office
            .app
            .read(move |tx| Ok(hanlin_directory::snapshot(tx)?.main_appointment(person, tx.now()).map(|held| held.id)))
    };
    let people = [LIN_XIAO, GAO_XIANG, ZHAO_QING].map(|person| (person, appointment(person)));
    let keys = office.app.read(move |tx| keys_to_submit(tx, flow));
    assert_eq!(keys.len(), 1, "who submits a numbered form waits for his turn");
    office.app.block_on(async {
        let submissions = (0..24).map(|index| {
            let (person, appointment) = people[index % people.len()];
            let db = office.app.db.clone();
            let context = Context::person(person).keys(&keys);
            // Every fourth lacks its rows, and is refused.
            let values = if index % 4 == 3 { json!({}) } else { spent("5") };
            let values = values.as_object().unwrap().clone();
            tokio::spawn(async move {
                db.write_as(context, move |tx| {
                    let values = values.clone();
                    let submission = Submission {
                        flow,
                        appointment,
                        on_behalf_of: None,
                        values,
                        choices: Default::default(),
                        confirmed: true,
                    };
                    submit(tx, &Actor::person(person), submission).map(|begun| begun.id)
                })
                .await
                .is_ok()
            })
        });
        let mut taken = 0;
        for submission in submissions.collect::<Vec<_>>() {
            taken += usize::from(submission.await.unwrap());
        }
        assert_eq!(taken, 18);
    });
    let mut all: Vec<String> = people.iter().flat_map(|(person, _)| numbers(&office, *person)).collect();
    all.sort();
    let year = office.app.read(|tx| Ok(tx.now())).strftime("%Y").to_string();
    let wanted: Vec<String> = (1..=18).map(|count| format!("BX-{year}-{count:04}")).collect();
    assert_eq!(all, wanted);
}

// proves: FLOW-33
#[test]
fn who_submitted_as_often_as_he_may_is_told_when_he_may_again() {
    let office = Office::new();
    let fields = json!([{ "id": "why", "label": label(), "type": "text" }]);
    let flow = publish(&office, flow("t-limit", fields, json!({ "limits": [{ "at_most": 2, "per": "month" }] })));
    let request = || asked(flow, json!({ "why": "忘记打卡" }));
    let start = |person| office.app.as_(person).get(&format!("/flows/{flow}/start")).ok();
    assert_eq!(start(LIN_XIAO)["quotas"][0]["used"], 0);
    let first = office.submit(LIN_XIAO, request());
    office.submit(LIN_XIAO, request());
    let quota = start(LIN_XIAO)["quotas"][0].clone();
    assert_eq!((&quota["at_most"], &quota["used"]), (&json!(2), &json!(2)));

    let problem = office.app.as_(LIN_XIAO).post("/cases", request()).refused(409);
    assert_eq!(problem["code"], "workflow.limit_reached");
    assert_eq!(problem["args"]["next"], quota["next"]);
    assert_eq!(problem["args"]["at_most"], 2);

    office.submit(ZHAO_QING, request());
    office.app.as_(LIN_XIAO).post(&format!("/cases/{first}/withdrawal"), json!({ "text": "" })).ok();
    office.submit(LIN_XIAO, request());
    office.app.as_(LIN_XIAO).post("/cases", request()).refused(409);
}

// proves: FLOW-34
#[test]
fn what_comes_too_late_is_refused_at_its_field_or_must_say_why() {
    let office = Office::new();
    let fields = || {
        json!([
            { "id": "day", "label": label(), "type": "date", "required": true },
            { "id": "urgent", "label": label(), "type": "text" }
        ])
    };
    let strict = json!({ "lead_time": { "field": "day", "days": 2, "working": true } });
    let strict = publish(&office, flow("t-strict", fields(), strict));
    let mild = json!({ "lead_time": { "field": "day", "days": 2, "working": true, "late": "urgent" } });
    let mild = publish(&office, flow("t-mild", fields(), mild));
    let earliest = office.app.as_(LIN_XIAO).get(&format!("/flows/{strict}/start")).ok()["earliest"].clone();
    let earliest: jiff::civil::Date = earliest.as_str().unwrap().parse().unwrap();
    let before = earliest.yesterday().unwrap().to_string();

    let late = office.app.as_(LIN_XIAO).post("/cases", asked(strict, json!({ "day": before })));
    let args = json!({ "days": 2, "earliest": earliest.to_string() });
    let wanted = json!([{ "field": "values.day", "code": "workflow.too_late_working", "args": args }]);
    assert_eq!(late.refused(422)["fields"], wanted);
    office.submit(LIN_XIAO, asked(strict, json!({ "day": earliest.to_string() })));

    let silent = office.app.as_(LIN_XIAO).post("/cases", asked(mild, json!({ "day": before })));
    let problem = silent.refused(422);
    assert_eq!(problem["fields"][0]["code"], "workflow.late_needs_reason_working");
    assert_eq!(problem["fields"][0]["field"], "values.urgent");
    office.submit(LIN_XIAO, asked(mild, json!({ "day": before, "urgent": "客户临时到访" })));
}

// proves: FLOW-33, FLOW-34
#[test]
fn what_would_be_refused_is_said_before_it_is_submitted() {
    let office = Office::new();
    let fields = json!([
        { "id": "day", "label": label(), "type": "date" },
        { "id": "urgent", "label": label(), "type": "text" }
    ]);
    let settings = json!({
        "lead_time": { "field": "day", "days": 2, "working": true, "late": "urgent" },
        "limits": [{ "at_most": 1, "per": "year" }]
    });
    let flow = publish(&office, flow("t-told", fields, settings));
    let foretold = |values: Value| {
        let body = json!({ "values": values, "choices": {} });
        let told = office.app.as_(LIN_XIAO).post(&format!("/flows/{flow}/prediction"), body).ok();
        told.get("refusals").cloned().unwrap_or_else(|| json!([]))
    };
    let earliest = office.app.as_(LIN_XIAO).get(&format!("/flows/{flow}/start")).ok()["earliest"].clone();
    let day: jiff::civil::Date = earliest.as_str().unwrap().parse().unwrap();
    let early = day.yesterday().unwrap().to_string();
    assert_eq!(foretold(json!({})), json!([]));
    assert_eq!(foretold(json!({ "day": earliest })), json!([]));
    assert_eq!(foretold(json!({ "day": early, "urgent": "客户临时到访" })), json!([]));

    // What is foretold is what the submission says, word for word.
    let late = json!({ "day": early });
    let problem = office.app.as_(LIN_XIAO).post("/cases", asked(flow, late.clone())).refused(422);
    assert_eq!(foretold(late.clone()), problem["fields"]);
    assert_eq!(problem["fields"][0]["code"], "workflow.late_needs_reason_working");

    office.submit(LIN_XIAO, asked(flow, json!({ "day": earliest })));
    let problem = office.app.as_(LIN_XIAO).post("/cases", asked(flow, json!({ "day": earliest }))).refused(409);
    let limit = json!({ "field": "values", "code": problem["code"], "args": problem["args"] });
    assert_eq!(limit["code"], "workflow.limit_reached");
    assert_eq!(foretold(json!({ "day": earliest })), json!([limit]));
    assert_eq!(foretold(late).as_array().map(Vec::len), Some(2), "all that stands in the way at once");
}

// proves: FORM-04
#[test]
fn an_option_that_other_fields_rule_out_is_refused_by_the_server() {
    let office = Office::new();
    let options = json!([{ "id": "car", "label": label() }, { "id": "plane", "label": label() }]);
    let fields = json!([
        { "id": "far", "label": label(), "type": "switch" },
        { "id": "by", "label": label(), "type": "choice", "options": options, "options_when": { "plane": "form.far" } }
    ]);
    let flow = publish(&office, flow("t-offered", fields, json!({})));
    let problem = office.app.as_(LIN_XIAO).post("/cases", asked(flow, json!({ "by": "plane" }))).refused(422);
    assert_eq!(problem["fields"], json!([{ "field": "values.by", "code": "forms.option_not_offered" }]));
    office.submit(LIN_XIAO, asked(flow, json!({ "far": true, "by": "plane" })));
    office.submit(LIN_XIAO, asked(flow, json!({ "by": "car" })));
}

// proves: FORM-05, FORM-04
#[test]
fn who_does_not_read_what_decides_is_told_which_options_he_is_offered() {
    let office = Office::new();
    let place = json!([
        { "id": "home", "label": label(), "options": [{ "id": "here", "label": label() }, { "id": "there", "label": label() }] },
        { "id": "abroad", "label": label() }
    ]);
    let fields = json!([
        { "id": "grade", "label": label(), "type": "number" },
        { "id": "rank", "label": label(), "type": "number", "set": "7" },
        { "id": "place", "label": label(), "type": "cascade", "options": place,
          "options_when": { "there": "form.grade >= 3", "abroad": "form.rank > 8" } }
    ]);
    let start_fields = json!({ "start_fields": { "rank": "hidden", "place": "read" } });
    let mut flow = flow("t-told", fields, start_fields);
    let engine::Node::Approve(check) = &mut flow.route[0] else { panic!("it is an approval") };
    check.fields = serde_json::from_value(json!({ "grade": "hidden", "place": "write" })).unwrap();
    let flow = publish(&office, flow);
    let conditions = |form: &Value| {
        let fields = form["fields"].as_array().unwrap();
        fields.iter().find(|field| field["id"] == "place").unwrap()["options_when"].clone()
    };
    let start = office.app.as_(LIN_XIAO).get(&format!("/flows/{flow}/start")).ok();
    assert_eq!(conditions(&start["form"]), json!({ "there": "form.grade >= 3", "abroad": "false" }));
    for (grade, offered) in [("2", "false"), ("3", "true")] {
        let case = office.submit(LIN_XIAO, asked(flow, json!({ "grade": grade })));
        let view = office.case(ZHAO_QING, &case);
        assert_eq!(view["values"].get("grade"), None);
        assert_eq!(conditions(&view["form"]), json!({ "there": offered, "abroad": "form.rank > 8" }));
        let task = office.task(ZHAO_QING);
        let decide = json!({ "text": "同意", "values": { "place": ["home", "there"] } });
        let answer = office.app.as_(ZHAO_QING).post(&format!("/tasks/{task}/approval"), decide);
        if offered == "true" {
            answer.ok();
        } else {
            let problem = answer.refused(422);
            assert_eq!(problem["fields"], json!([{ "field": "values.place", "code": "forms.option_not_offered" }]));
            office.approve(ZHAO_QING);
        }
    }
}
