//! What each keeps ready for his work.

use hanlin_directory::cast::{LIN_XIAO, QINGLAN, XU_JING, ZHAO_QING};
use hanlin_store::params;
use serde_json::{Value, json};

use super::office::Office;
use crate::desk::{SavedFilter, Sifted, admit_filters, admit_phrases};

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn filter(name: &str) -> Value {
    json!({ "name": name, "list": "waiting", "filter": { "q": "费用", "hat": "own" } })
}

// proves: FLOW-18
#[test]
fn what_one_keeps_ready_is_there_on_every_device() {
    let office = Office::new();
    let first = office.app.as_(ZHAO_QING).get("/own_phrases").ok();
    assert_eq!(first, json!({ "items": [], "most": 10, "longest": 40, "version": 0 }));
    let put = office.app.as_(ZHAO_QING).header("If-Match", json!("0"));
    let kept = put.put("/own_phrases", json!({ "items": [" 请周五前办结 ", "同意", "同意"] })).ok();
    assert_eq!((&kept["items"], &kept["version"]), (&json!(["请周五前办结", "同意"]), &json!(1)));
    assert_eq!(office.app.as_(ZHAO_QING).get("/own_phrases").ok(), kept, "another device asks");
    assert_eq!(office.app.as_(XU_JING).get("/own_phrases").ok()["items"], json!([]), "and nobody else is told");

    let put = office.app.as_(ZHAO_QING).header("If-Match", json!("0"));
    let kept = put.put("/own_filters", json!({ "items": [filter("报销")] })).ok();
    assert_eq!((&kept["items"], &kept["most"]), (&json!([filter("报销")]), &json!(12)));
    assert_eq!(office.app.as_(ZHAO_QING).get("/own_filters").ok(), kept);
    assert_eq!(office.app.as_(ZHAO_QING).get("/own_phrases").ok()["version"], 1, "each has a version of its own");
}

// proves: FLOW-18
#[test]
fn of_two_devices_the_second_is_told() {
    let office = Office::new();
    let put = |seen: &str, items: Value| {
        let ask = office.app.as_(LIN_XIAO).header("If-Match", json!(seen));
        ask.put("/own_phrases", json!({ "items": items }))
    };
    put("0", json!(["已核对"])).ok();
    put("0", json!(["请补充附件"])).refused(412);
    put("1", json!(["已核对", "请补充附件"])).ok();
    put("1", json!([])).refused(412);
    let without = office.app.as_(LIN_XIAO).put("/own_phrases", json!({ "items": [] }));
    assert_eq!(without.refused(422)["fields"][0]["code"], "api.if_match_required");
    let kept = office.app.as_(LIN_XIAO).get("/own_phrases").ok();
    assert_eq!((&kept["items"], &kept["version"]), (&json!(["已核对", "请补充附件"]), &json!(2)));
}

// proves: FLOW-18, RULE-01
#[test]
fn how_many_one_keeps_is_in_the_rulebook_and_who_has_more_may_take_out() {
    let office = Office::new();
    let put = |seen: u64, items: Value| {
        let ask = office.app.as_(LIN_XIAO).header("If-Match", json!(seen.to_string()));
        ask.put("/own_phrases", json!({ "items": items }))
    };
    put(0, json!(["一", "二", "三", "四"])).ok();
    office.app.grant(XU_JING, &[hanlin_rulebook::MANAGE]);
    let clause = json!({ "unit": QINGLAN, "number": "一1", "text": { "zh": "常用语从简" }, "policy": "workflow",
        "parameters": { "workflow.own_phrases": 2 } });
    office.app.as_(XU_JING).post("/clauses", clause).ok();
    let refused = put(1, json!(["一", "二", "三", "四", "五"])).refused(422);
    assert_eq!(
        (&refused["fields"][0]["code"], &refused["fields"][0]["args"]["limit"]),
        (&json!("workflow.own_too_many"), &json!(2))
    );
    assert_eq!(put(1, json!(["一", "二", "三"])).ok()["most"], 2);
    let strange = office.app.as_(LIN_XIAO).header("If-Match", json!("0"));
    strange
        .put("/own_filters", json!({ "items": [{ "name": "全部", "list": "everything", "filter": {} }] }))
        .refused(422);
}

// proves: FLOW-18
#[test]
fn what_is_no_phrase_and_no_filter_is_refused() {
    let code = |error: hanlin_kernel::Error| match error {
        hanlin_kernel::Error::Invalid(fields) => fields[0].code.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(admit_phrases(texts(&["好", " 好 "]), 1, 0).unwrap(), texts(&["好"]));
    assert_eq!(code(admit_phrases(texts(&["好", "行"]), 1, 0).unwrap_err()), "workflow.own_too_many");
    assert_eq!(admit_phrases(texts(&["好", "行"]), 1, 2).unwrap().len(), 2);
    assert_eq!(code(admit_phrases(texts(&["  "]), 9, 0).unwrap_err()), "workflow.own_phrase_length");
    let long = "长".repeat(41);
    assert_eq!(code(admit_phrases(vec![long.clone()], 9, 0).unwrap_err()), "workflow.own_phrase_length");
    let named: SavedFilter = serde_json::from_value(filter("报销")).unwrap();
    let with = |name: &str, filter: Sifted| SavedFilter { name: name.to_owned(), filter, ..named.clone() };
    assert_eq!(
        code(admit_filters(vec![named.clone(), with(" 报销 ", Sifted::default())], 9, 0).unwrap_err()),
        "workflow.own_filter_twice"
    );
    assert_eq!(
        code(admit_filters(vec![with(&long, Sifted::default())], 9, 0).unwrap_err()),
        "workflow.own_filter_length"
    );
    let endless = Sifted { q: Some("长".repeat(201)), ..Sifted::default() };
    assert_eq!(code(admit_filters(vec![with("长", endless)], 9, 0).unwrap_err()), "workflow.own_filter_part_length");
    assert_eq!(admit_filters(vec![named.clone(), with("其他", Sifted::default())], 1, 2).unwrap().len(), 2);
}

#[test]
fn what_people_of_the_sample_keep_goes_with_it() {
    let office = Office::new();
    let put = office.app.as_(LIN_XIAO).header("If-Match", json!("0"));
    put.put("/own_phrases", json!({ "items": ["已核对"] })).ok();
    let left = office.app.write(|tx| {
        let mut leaving = hanlin_store::Leaving::of([LIN_XIAO].into(), [].into(), [].into());
        crate::leaving::forget(tx, &mut leaving)?;
        tx.scalar::<u64>("select count(*) from workflow_desk", params![])
    });
    assert_eq!(left, 0);
}
