use hanlin_directory::cast::{LIN_XIAO, QINGLAN, XU_JING, ZHAO_QING};
use hanlin_kernel::{Actor, PersonId, Result, Text};
use hanlin_notify::Notice;
use hanlin_store::{Ports, Tx, params};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::office::Office;
use crate::{Asked, Effect, Made, MadeBy, Opens, Outcome, Standing, Undo, engine};

/// Enters leave in a sheet that is closed for a day from the beginning of the test on.
const LEAVE: Effect = Effect { name: "attendance.leave", run: enter };
/// Hands back what no form takes for an amount.
const PAY: Effect = Effect { name: "finance.reserve", run: hand_back };

fn enter(tx: &mut Tx, asked: &Asked) -> Result<Outcome> {
    // Something that must not be left where it is refused.
    hanlin_notify::tell(tx, &[asked.initiator], &Notice::new("workflow.notice.completed", "/x".to_owned()))?;
    let opens = hanlin_testkit::START.parse::<jiff::Timestamp>().unwrap() + SignedDuration::from_hours(24);
    if tx.now() < opens {
        return Err(engine::Refusal::NotYet.into());
    }
    let label = Text::zh(format!("考勤：{}", asked.values["kind"].as_str().unwrap_or_default()));
    Ok(Outcome { made: Some(Made { label, link: Some("/attendance/1".to_owned()) }), ..Outcome::default() })
}

fn hand_back(_tx: &mut Tx, _asked: &Asked) -> Result<Outcome> {
    let Value::Object(values) = json!({ "reserved": "不少" }) else { panic!("an object") };
    Ok(Outcome { values, ..Outcome::default() })
}

fn person(person: PersonId) -> Value {
    json!([{ "rule": "person", "person": person.to_string() }])
}

/// Zhao Qing decides, then it happens; Xu Jing executes.
fn submit(office: &Office, effect: &str, more: Value) -> String {
    let mut act = json!({ "kind": "act", "key": "enter", "name": { "zh": "记入考勤" }, "effect": effect,
        "with": { "person": "initiator", "kind": "form.kind" }, "executor": person(XU_JING) });
    act.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let flow: engine::Flow = serde_json::from_value(json!({
        "id": "t-effect",
        "name": { "zh": "请假", "en": "Leave" },
        "category": "test",
        "form": {
            "fields": [{ "id": "kind", "label": { "zh": "类别" }, "type": "text" },
                       { "id": "amount", "label": { "zh": "金额" }, "type": "money" }],
            "layout": { "columns": 4, "rows": [[{ "field": "kind", "span": 2 }, { "field": "amount", "span": 2 }]] }
        },
        "route": [{ "kind": "approve", "key": "check", "name": { "zh": "审批" }, "who": person(ZHAO_QING) }, act],
    }))
    .unwrap();
    let id = office.app.write(move |tx| crate::import_and_publish(tx, QINGLAN, flow.clone(), "test"));
    let values = json!({ "kind": "年假" });
    office.submit(LIN_XIAO, json!({ "flow": id.to_string(), "confirmed": true, "values": values }))
}

/// How often the one who handed it in was told something.
fn told(office: &Office) -> usize {
    let told = office.app.as_(LIN_XIAO).get("/notifications").ok();
    told["items"].as_array().unwrap().iter().filter(|one| one["link"] == json!("/x")).count()
}

fn kept(office: &Office, case: &str) -> Vec<(String, String)> {
    let case: crate::CaseId = case.parse().unwrap();
    office.app.read(move |tx| {
        let rows =
            tx.rows("select effect, state from workflow_effect where case_id = $1 order by activation", params![case])?;
        rows.iter().map(|row| Ok((row.get("effect")?, row.get("state")?))).collect()
    })
}

// proves: FLOW-40, FLOW-11, TRACE-01
#[test]
fn an_approved_case_does_it_in_the_unit_of_the_decision_and_shows_what_it_made() {
    let office = Office::doing(&[LEAVE]);
    let case = submit(&office, "attendance.leave", json!({}));
    office.app.clock.advance(SignedDuration::from_hours(25));
    assert_eq!(office.case(LIN_XIAO, &case)["effects"], json!([]));
    office.approve(ZHAO_QING);
    let view = office.case(LIN_XIAO, &case);
    assert_eq!((&view["status"], view["effects"].as_array().unwrap().len()), (&json!("completed"), 1));
    let effect = &view["effects"][0];
    assert_eq!((&effect["state"], &effect["module"]["en"]), (&json!("done"), &json!("attendance")));
    assert_eq!(effect["made"], json!({ "label": { "zh": "考勤：年假" }, "link": "/attendance/1" }));
    assert_eq!(told(&office), 1);
    let kinds: Vec<Value> = office.trace(&case).iter().map(|event| event["event"].clone()).collect();
    let at = |kind: &str| kinds.iter().position(|other| *other == json!(kind)).unwrap();
    assert!(at("approved") < at("awaited") && at("awaited") < at("arrived") && at("arrived") < at("finished"));
}

fn only_zhao_qing(_tx: &mut Tx, actor: &Actor, _link: &str) -> Result<bool> {
    Ok(actor.person == ZHAO_QING)
}

// proves: FLOW-40, PERM-02
#[test]
fn what_it_made_is_named_to_all_readers_and_opens_to_those_who_may_read_it() {
    let ports = Ports::default().with(LEAVE).with(Opens { under: "/attendance/", may_open: only_zhao_qing });
    let office = Office::with_ports(ports);
    let case = submit(&office, "attendance.leave", json!({}));
    office.app.clock.advance(SignedDuration::from_hours(25));
    office.approve(ZHAO_QING);
    let made = |person| office.case(person, &case)["effects"][0]["made"].clone();
    assert_eq!(made(ZHAO_QING)["link"], json!("/attendance/1"));
    assert_eq!(made(LIN_XIAO), json!({ "label": { "zh": "考勤：年假" } }));
}

// proves: FLOW-40
#[test]
fn what_is_refused_leaves_nothing_and_waits_at_the_executor_until_it_is_mended_and_tried_again() {
    let office = Office::doing(&[LEAVE]);
    let case = submit(&office, "attendance.leave", json!({}));
    office.approve(ZHAO_QING);
    let view = office.case(LIN_XIAO, &case);
    assert_eq!((&view["status"], &view["opinions"][0]["verdict"]), (&json!("running"), &json!("approved")));
    assert_eq!(view["effects"][0]["reason"]["code"], json!("workflow.not_yet"));
    assert_eq!(told(&office), 0, "what it did before it was refused is undone");
    let task = office.task(XU_JING);
    let can = office.case(XU_JING, &case)["tasks"][0]["can"].clone();
    assert!(
        can.as_array().unwrap().contains(&json!("try_again")) && can.as_array().unwrap().contains(&json!("complete"))
    );
    office.app.as_(LIN_XIAO).post(&format!("/tasks/{task}/retry"), json!({})).refused(409);
    office.app.as_(XU_JING).post(&format!("/tasks/{task}/retry"), json!({})).ok();
    let again = office.task(XU_JING);
    assert_ne!(again, task, "nothing was mended, so he is asked again");
    office.app.clock.advance(SignedDuration::from_hours(25));
    office.app.as_(XU_JING).post(&format!("/tasks/{again}/retry"), json!({})).ok();
    assert_eq!(office.case(LIN_XIAO, &case)["status"], json!("completed"));
    assert_eq!((told(&office), kept(&office, &case)), (1, vec![("attendance.leave".into(), "done".into())]));
}

// proves: FLOW-40, FLOW-11
#[test]
fn who_saw_to_it_by_hand_says_so_in_words() {
    let office = Office::doing(&[LEAVE]);
    let case = submit(&office, "attendance.leave", json!({}));
    office.approve(ZHAO_QING);
    let task = office.task(XU_JING);
    let silent = office.app.as_(XU_JING).post(&format!("/tasks/{task}/completion"), json!({ "text": "" }));
    assert_eq!(silent.refused(409)["code"], json!("workflow.opinion_required"));
    office.app.as_(XU_JING).post(&format!("/tasks/{task}/completion"), json!({ "text": "已在纸质考勤表登记" })).ok();
    let view = office.case(LIN_XIAO, &case);
    assert_eq!((&view["status"], &view["effects"][0]["state"]), (&json!("completed"), &json!("by_hand")));
    assert!(view["effects"][0].get("reason").is_none());
}

// proves: FLOW-40
#[test]
fn what_no_module_does_yet_is_recorded_with_the_case() {
    let office = Office::new();
    let case = submit(&office, "attendance.leave", json!({}));
    office.approve(ZHAO_QING);
    let view = office.case(LIN_XIAO, &case);
    assert_eq!((&view["status"], &view["effects"][0]["state"]), (&json!("completed"), &json!("declared")));
    assert_eq!(kept(&office, &case), [("attendance.leave".into(), "declared".into())]);
}

// proves: FLOW-40
#[test]
fn what_hands_back_something_that_the_form_does_not_take_counts_as_refused() {
    let office = Office::doing(&[PAY]);
    let case = submit(&office, "finance.reserve", json!({ "results": { "amount": "reserved" } }));
    office.approve(ZHAO_QING);
    let view = office.case(XU_JING, &case);
    assert_eq!(view["effects"][0]["reason"]["code"], json!("workflow.call_results_refused"));
    assert!(view["values"].get("amount").is_none_or(Value::is_null));
}

/// Drafts an order: tells how often it did.
const DRAFT: Effect = Effect { name: "organisation.transfer", run: draft };
/// Records something that makes nothing by itself.
const NOTE: Effect = Effect { name: "attendance.leave", run: draft };

fn draft(tx: &mut Tx, asked: &Asked) -> Result<Outcome> {
    hanlin_notify::tell(tx, &[asked.initiator], &Notice::new("workflow.notice.completed", "/x".to_owned()))?;
    let label = Text::zh(format!("调整令：{}", asked.values["kind"].as_str().unwrap_or_default()));
    Ok(Outcome { made: Some(Made { label, link: None }), ..Outcome::default() })
}

fn withdrawn(_tx: &mut Tx, _by: &MadeBy) -> Result<Standing> {
    Ok(Standing::Gone)
}

fn keeps(_tx: &mut Tx, _by: &MadeBy) -> Result<()> {
    Ok(())
}

/// Done, and led back by Xu Jing, who notes it afterwards.
fn noted(office: &Office, effect: &str) -> String {
    let note = json!({ "kind": "handle", "key": "note", "name": { "zh": "登记" }, "who": person(XU_JING),
        "operations": ["return_to"] });
    let flow: engine::Flow = serde_json::from_value(json!({
        "id": "t-again",
        "name": { "zh": "调岗" },
        "category": "test",
        "form": { "fields": [{ "id": "kind", "label": { "zh": "类别" }, "type": "text" }],
                  "layout": { "columns": 4, "rows": [[{ "field": "kind", "span": 4 }]] } },
        "route": [
            { "kind": "approve", "key": "check", "name": { "zh": "审批" }, "who": person(ZHAO_QING) },
            { "kind": "act", "key": "enter", "name": { "zh": "起草" }, "effect": effect, "with": { "kind": "form.kind" } },
            note
        ],
    }))
    .unwrap();
    let id = office.app.write(move |tx| crate::import_and_publish(tx, QINGLAN, flow.clone(), "test"));
    let values = json!({ "kind": "调入" });
    let case = office.submit(LIN_XIAO, json!({ "flow": id.to_string(), "confirmed": true, "values": values }));
    office.approve(ZHAO_QING);
    case
}

fn lead_back(office: &Office, to: &str) {
    let task = office.task(XU_JING);
    let back = json!({ "to": to, "then": "walk_again", "text": "请再核对" });
    office.app.as_(XU_JING).post(&format!("/tasks/{task}/return"), back).ok();
}

// proves: FLOW-40, FLOW-22
#[test]
fn what_was_made_is_not_made_again_unless_what_it_reads_has_changed() {
    let office = Office::doing(&[DRAFT]);
    let case = noted(&office, "organisation.transfer");
    assert_eq!(told(&office), 1);
    lead_back(&office, "check");
    office.approve(ZHAO_QING);
    let effects = office.case(LIN_XIAO, &case)["effects"].clone();
    assert_eq!(told(&office), 1, "{effects}");
    let labels: Vec<&Value> = effects.as_array().unwrap().iter().map(|one| &one["made"]["label"]["zh"]).collect();
    assert_eq!(labels, [&json!("调整令：调入"), &json!("调整令：调入")], "the second visit names what the first made");
    let corrected = |kind: &str| {
        lead_back(&office, "start");
        let task = office.task(LIN_XIAO);
        let values = json!({ "values": { "kind": kind }, "confirmed": true, "text": "" });
        office.app.as_(LIN_XIAO).post(&format!("/tasks/{task}/resubmission"), values).ok();
        office.approve(ZHAO_QING);
    };
    corrected("调出");
    assert_eq!(told(&office), 2);
    corrected("调出");
    assert_eq!(told(&office), 2, "the same as the last time");
    corrected("调入");
    assert_eq!(told(&office), 3, "what counts is what was made last");
    assert_eq!(office.waiting(XU_JING), 1);
}

// proves: FLOW-40, FLOW-22
#[test]
fn what_makes_nothing_happens_again_and_what_is_gone_is_made_anew() {
    let office = Office::doing(&[NOTE]);
    noted(&office, "attendance.leave");
    lead_back(&office, "check");
    office.approve(ZHAO_QING);
    assert_eq!(told(&office), 2);

    let gone = Undo { name: "organisation.transfer", standing: withdrawn, undo: keeps, stays: keeps };
    let office = Office::with_ports(Ports::default().with(DRAFT).with(gone));
    noted(&office, "organisation.transfer");
    lead_back(&office, "check");
    office.approve(ZHAO_QING);
    assert_eq!(told(&office), 2, "somebody withdrew the first");
}

// proves: FLOW-24, FLOW-40
#[test]
fn who_asks_for_a_revocation_reads_what_stands_and_so_does_who_approves_it() {
    let office = Office::doing(&[NOTE]);
    let effect = |key: &str, effect: &str| {
        json!({ "kind": "act", "key": key, "name": { "zh": key }, "effect": effect, "with": { "kind": "form.kind" },
            "executor": person(XU_JING) })
    };
    let flow: engine::Flow = serde_json::from_value(json!({
        "id": "t-revocable",
        "name": { "zh": "请假" },
        "category": "test",
        "form": { "fields": [{ "id": "kind", "label": { "zh": "类别" }, "type": "text" }],
                  "layout": { "columns": 4, "rows": [[{ "field": "kind", "span": 4 }]] } },
        "route": [
            { "kind": "approve", "key": "check", "name": { "zh": "审批" }, "who": person(ZHAO_QING) },
            effect("enter", "attendance.leave"),
            effect("draft", "organisation.transfer")
        ],
        "settings": { "after_completion": { "revoke": true, "change": ["kind"] } }
    }))
    .unwrap();
    let id = office.app.write(move |tx| crate::import_and_publish(tx, QINGLAN, flow.clone(), "test"));
    let values = json!({ "kind": "年假" });
    let case = office.submit(LIN_XIAO, json!({ "flow": id.to_string(), "confirmed": true, "values": values }));
    office.approve(ZHAO_QING);
    let start = |kind: &str| office.app.as_(LIN_XIAO).get(&format!("/cases/{case}/follow_up?kind={kind}")).ok();
    let standing = start("revoke")["standing"].clone();
    let of = |at: usize, name: &str| standing[at][name].clone();
    assert_eq!((of(0, "state"), of(0, "standing")), (json!("done"), json!("firm")));
    assert_eq!((of(1, "state"), of(1, "standing")), (json!("declared"), json!("firm")));
    assert!(start("change").get("standing").is_none(), "a change takes nothing back");
    let words = json!({ "kind": "revoke", "confirmed": true, "values": { "follow_up_reason": "行程取消" } });
    let asked = office.app.as_(LIN_XIAO).post(&format!("/cases/{case}/follow_ups"), words).id();
    assert_eq!(office.case(ZHAO_QING, &asked)["standing"], standing);
    office.approve(ZHAO_QING);
    assert_eq!(office.case(LIN_XIAO, &asked)["standing"], standing, "and it stands afterwards");
    assert!(office.case(LIN_XIAO, &case).get("standing").is_none());
}

// proves: FLOW-40
#[test]
fn every_effect_of_the_catalogue_is_named_in_both_languages() {
    let all = crate::catalogue();
    assert!(all.len() > 40);
    for (name, known) in all {
        assert!(name.split_once('.').is_some_and(|(of, what)| !of.is_empty() && !what.is_empty()), "{name}");
        assert!(known.name.en.is_some() && known.module.en.is_some(), "{name}");
    }
}
