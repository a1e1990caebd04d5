//! How flows are written and what keeps one from running.

use serde_json::{Value, json};

use super::story::{approve, copy, form, person, with};
use super::world::CLERK;
use crate::engine::{
    Flaw, Flow, is_key,
    model::{DepartmentRef, PersonRef, Ref},
};

fn written(route: Value) -> Value {
    let fields = json!([{ "id": "amount", "label": { "zh": "金额" }, "type": "money" }]);
    json!({ "id": "test", "name": { "zh": "测试" }, "category": "other", "form": form(fields), "route": route })
}

fn branch(key: &str, when: &str, route: Value) -> Value {
    json!({ "key": key, "name": { "zh": key }, "when": when, "route": route })
}

fn exclusive(key: &str, branches: Value) -> Value {
    json!({ "kind": "exclusive", "key": key, "name": { "zh": key }, "branches": branches })
}

// proves: FLOW-01
#[test]
fn a_flow_reads_back_as_it_was_written() {
    let node = with(
        approve(
            "check",
            json!([
                { "rule": "post", "post": "hr_manager", "unit": "group" },
                { "rule": "head", "of": { "level": "division" } },
                { "rule": "head_chain", "until": { "rank": "manager" } },
                { "rule": "initiator_choice", "among": [{ "rule": "group", "group": "board" }], "min": 1 },
            ]),
        ),
        json!({
            "function": "form_review",
            "quorum": "in_turn",
            "operations": ["reject", "return_to"],
            "opinion": { "required": true, "min_length": 10 },
            "fields": { "amount": "write" },
            "return": { "to": ["start"], "then": "straight_back" },
            "people": { "on_nobody": "block" },
        }),
    );
    let branches = json!([branch("big", "form.amount > 1000", json!([node]))]);
    let mut whole = written(json!([with(exclusive("size", branches), json!({ "otherwise": [] }))]));
    whole["may_start"] = json!([{ "of": "unit", "unit": "branch", "below": true }]);
    whole["settings"] = json!({ "people": { "on_left": "superior" }, "withdraw": false });
    let flow: Flow = serde_json::from_value(whole.clone()).expect("a flow");
    let again = serde_json::to_value(&flow).expect("a flow can be written");
    assert_eq!(serde_json::from_value::<Flow>(again.clone()).expect("and read"), flow);
    for part in ["route", "may_start", "settings"] {
        assert_eq!(again[part], whole[part], "{part}");
    }
    assert!(flow.checked().is_ok());
}

#[test]
fn a_misspelt_setting_is_refused_wherever_it_stands() {
    let misspelt = [
        with(approve("check", person(CLERK)), json!({ "quroum": "any" })),
        with(copy("tell", person(CLERK)), json!({ "mustread": true })),
        with(approve("check", person(CLERK)), json!({ "people": { "on_nobdy": "skip" } })),
        with(approve("check", person(CLERK)), json!({ "return": { "too": [] } })),
        approve("check", json!([{ "rule": "post", "post": "clerk", "unti": "branch" }])),
        approve("check", json!([{ "rule": "heads" }])),
        json!({ "kind": "aprove", "key": "check", "name": { "zh": "x" }, "who": [] }),
    ];
    for node in misspelt {
        let read = serde_json::from_value::<Flow>(written(json!([node])));
        assert!(read.is_err(), "{node}");
    }
}

#[test]
fn everything_that_keeps_a_flow_from_running_is_told() {
    let branches = json!([
        branch("one", "form.amount > ", json!([])),
        branch("one", "form.sum > 5", json!([approve("check", person(CLERK))])),
        branch("otherwise", "form.amount", json!([])),
    ]);
    let route = json!([exclusive("Size", branches), approve("check", person(CLERK)), approve("start", json!([]))]);
    let flow: Flow = serde_json::from_value(written(route)).expect("it can be read");
    let flaws = flow.checked().expect_err("it cannot be run");
    let told: Vec<String> = flaws
        .iter()
        .map(|flaw| match flaw {
            Flaw::Form { problem } => problem.code.clone(),
            Flaw::Condition { branch, error, .. } => format!("{branch}: {}", error.code),
            Flaw::DuplicateKey { key } => format!("twice {key}"),
            Flaw::IllegalKey { key } => format!("illegal {key}"),
        })
        .collect();
    let keys: Vec<&str> = told[..5].iter().map(String::as_str).collect();
    assert_eq!(keys, ["illegal Size", "twice check", "illegal start", "twice one", "illegal otherwise"]);
    assert_eq!(told[5..].len(), 3, "each condition has its mistake: {told:?}");
    assert!(told[6].starts_with("one: forms.expr.") && told[7].starts_with("otherwise: forms.expr."));
}

#[test]
fn a_reference_is_an_id_or_a_code() {
    let id: PersonRef = CLERK.into();
    assert_eq!(id.to_string().parse::<PersonRef>().expect("an id"), id);
    for code in ["hr_manager", "人事部", "a.b-c"] {
        assert_eq!(code.parse::<DepartmentRef>().expect("a code"), Ref::code(code));
    }
    for neither in ["", "1st", "hr manager", "_x", "0000000000e00800000000000u"] {
        assert!(neither.parse::<PersonRef>().is_err(), "{neither}");
    }
}

#[test]
fn keys_are_plain_words_that_mean_nothing_else() {
    for key in ["a", "hr_manager", "step2"] {
        assert!(is_key(key), "{key}");
    }
    for key in ["", "2step", "_a", "HR", "人事", "a-b", "start", "otherwise", &"a".repeat(41)] {
        assert!(!is_key(key), "{key}");
    }
}
