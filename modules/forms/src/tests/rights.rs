use rust_decimal::Decimal;
use serde_json::{Value as Json, json};

use crate::form::{CheckedForm, Durations, Facts, Form, Initiator, Mode, Period, Right, Rights, Values};

struct TwoDays;

impl Durations for TwoDays {
    fn between(&self, _: &Period) -> Option<(Decimal, Decimal)> {
        Some((2.into(), 16.into()))
    }
}

/// An entry application: the applicant writes his part, personnel the file number (档案号).
fn entry() -> CheckedForm {
    let form: Form = serde_json::from_value(json!({
        "fields": [
            { "id": "name", "label": { "zh": "姓名" }, "type": "text", "required": true },
            { "id": "salary", "label": { "zh": "月薪" }, "type": "money" },
            { "id": "yearly", "label": { "zh": "年薪" }, "type": "money", "computed": "form.salary * 12" },
            { "id": "trial", "label": { "zh": "试用期" }, "type": "period" },
            { "id": "file_number", "label": { "zh": "档案号" }, "type": "text", "required": true, "pattern": "9999" }
        ],
        "layout": { "columns": 1, "rows": [
            [{ "field": "name" }], [{ "field": "salary" }], [{ "field": "yearly" }], [{ "field": "trial" }], [{ "field": "file_number" }]
        ] }
    }))
    .expect("a form");
    form.checked().expect("without problems")
}

fn applicant() -> Rights {
    Rights::all(Right::Write).with("file_number", Right::Hidden)
}

fn personnel() -> Rights {
    Rights::all(Right::Read)
        .with("file_number", Right::Required)
        .with("salary", Right::Hidden)
        .with("yearly", Right::Hidden)
}

fn values(json: Json) -> Values {
    json.as_object().expect("an object").clone()
}

fn codes(errors: Vec<hanlin_kernel::FieldError>) -> Vec<(String, String)> {
    errors.into_iter().map(|error| (error.field, error.code)).collect()
}

fn accept(old: Json, patch: Json, rights: &Rights) -> Result<Json, Vec<(String, String)>> {
    let facts = Facts { initiator: &Initiator::default(), durations: &TwoDays, records: &crate::form::NoRecords };
    entry().accept(&values(old), &values(patch), rights, Mode::Submit, facts).map(Json::Object).map_err(codes)
}

// proves: FORM-05
#[test]
fn each_node_fills_its_own_fields() {
    let submitted =
        accept(json!({}), json!({ "name": "李四", "salary": "5000" }), &applicant()).expect("his part is complete");
    assert_eq!(submitted, json!({ "name": "李四", "salary": "5000.00", "yearly": "60000.00" }));

    let without = accept(submitted.clone(), json!({}), &personnel());
    assert_eq!(without, Err(vec![("values.file_number".into(), "forms.required".into())]));

    let concluded =
        accept(submitted, json!({ "file_number": "0042" }), &personnel()).expect("personnel's part is complete");
    assert_eq!(concluded["file_number"], "0042");
    assert_eq!(concluded["salary"], "5000.00", "what he does not see stays");
}

// proves: FORM-05
#[test]
fn what_one_may_not_write_is_refused_by_the_server() {
    let kept = json!({ "name": "李四", "salary": "5000.00", "yearly": "60000.00" });
    let refused = |field: &str| Err(vec![(format!("values.{field}"), "forms.not_writable".to_owned())]);

    assert_eq!(accept(kept.clone(), json!({ "name": "王五" }), &personnel()), refused("name"));
    assert_eq!(accept(kept.clone(), json!({ "salary": "9000.00" }), &personnel()), refused("salary"));
    assert_eq!(
        accept(kept.clone(), json!({ "salary": "5000.00" }), &personnel()),
        refused("salary"),
        "nor does it tell a hidden value"
    );
    assert_eq!(accept(kept.clone(), json!({ "name": null }), &personnel()), refused("name"));
    assert_eq!(
        accept(kept.clone(), json!({ "yearly": "1.00" }), &applicant()),
        refused("yearly"),
        "nobody writes what is computed"
    );
    let back = accept(kept, json!({ "name": "李四", "file_number": "0042" }), &personnel());
    assert!(back.is_ok(), "sending back what was shown is no change: {back:?}");
}

#[test]
fn an_unknown_field_is_refused_by_merging() {
    let sent = accept(json!({}), json!({ "name": "李四", "colour": "red" }), &applicant());
    assert_eq!(sent, Err(vec![("values".into(), "forms.unknown_field".into())]));
}

// proves: FORM-05
#[test]
fn hidden_fields_do_not_leave_the_server() {
    let kept = values(json!({ "name": "李四", "salary": "5000.00", "yearly": "60000.00", "once": "left over" }));
    assert_eq!(Json::Object(entry().redact(&kept, &personnel())), json!({ "name": "李四" }));
    assert_eq!(Json::Object(entry().redact(&kept, &Rights::all(Right::Hidden))), json!({}));
}

#[test]
fn null_takes_a_value_away_and_absence_leaves_it() {
    let kept = json!({ "name": "李四", "salary": "5000.00", "yearly": "60000.00" });
    assert_eq!(accept(kept.clone(), json!({ "salary": null }), &applicant()), Ok(json!({ "name": "李四" })));
    assert_eq!(accept(kept.clone(), json!({}), &applicant()), Ok(kept));
}

#[test]
fn working_time_comes_from_the_calendar_alone() {
    let period = json!({ "from": { "date": "2026-11-23" }, "to": { "date": "2026-11-24" }, "days": "99" });
    let got = accept(json!({ "name": "李四" }), json!({ "trial": period }), &applicant()).expect("a period");
    assert_eq!(
        got["trial"],
        json!({ "from": { "date": "2026-11-23" }, "to": { "date": "2026-11-24" }, "days": "2", "hours": "16" })
    );
}

#[test]
fn changes_are_listed_in_the_order_of_the_form() {
    let old = values(json!({ "name": "李四", "salary": "5000.00" }));
    let new = values(json!({ "file_number": "0042", "salary": "6000.00", "name": "李四" }));
    let changes = serde_json::to_value(entry().diff(&old, &new)).expect("JSON");
    assert_eq!(
        changes,
        json!([
            { "field": "salary", "before": "5000.00", "after": "6000.00" },
            { "field": "file_number", "before": null, "after": "0042" }
        ])
    );
    assert_eq!(entry().diff(&old, &old), []);
}

#[test]
fn who_has_two_parts_has_the_larger_right_to_each_field() {
    let both = applicant().join(&personnel());
    assert_eq!(both.of("file_number"), Right::Required);
    assert_eq!(both.of("salary"), Right::Write);
    assert_eq!(both.of("name"), Right::Write);
}

// proves: FORM-13
#[test]
fn nothing_is_submitted_without_the_declaration() {
    let form = entry();
    let refusal = form.form().declare(false).expect_err("the box was not ticked");
    assert_eq!((refusal.field.as_str(), refusal.code.as_str()), ("confirmed", "forms.not_confirmed"));

    let declared = form.form().declare(true).expect("the box was ticked");
    assert_eq!(declared.statement, form.form().statement(), "kept are the words that were shown");
}

#[test]
fn all_values_together_are_bounded() {
    let form: Form = serde_json::from_value(json!({
        "fields": (0..11).map(|n| json!({ "id": format!("t{n}"), "label": { "zh": "文" }, "type": "long_text" })).collect::<Vec<_>>(),
        "layout": { "columns": 1, "rows": (0..11).map(|n| json!([{ "field": format!("t{n}") }])).collect::<Vec<_>>() }
    }))
    .expect("a form");
    let form = form.checked().expect("without problems");
    let facts = Facts { initiator: &Initiator::default(), durations: &TwoDays, records: &crate::form::NoRecords };
    let filled =
        |count: usize| -> Values { (0..count).map(|n| (format!("t{n}"), json!("x".repeat(99_000)))).collect() };
    let errors = |count| codes(form.validate(&filled(count), &Rights::all(Right::Write), Mode::Draft, facts));
    assert_eq!(errors(10), []);
    assert_eq!(errors(11), [("values".into(), "forms.too_big".into())]);
}

/// Which allowance somebody may choose follows from his salary, which personnel alone read.
fn allowances() -> CheckedForm {
    let option = |id: &str| json!({ "id": id, "label": { "zh": id } });
    let of = |id: &str, kind: &str| json!({ "id": id, "label": { "zh": id }, "type": kind });
    let with = |mut field: Json, setting: &str, value: Json| {
        field[setting] = value;
        field
    };
    let choice = |when: Json| {
        let options = json!([option("car"), option("flat"), option("none")]);
        with(with(of("allowance", "choice"), "options", options), "options_when", when)
    };
    let mut far =
        choice(json!({ "car": "row.cost > form.salary", "flat": "form.salary > 5000", "none": "row.cost > 1" }));
    far["id"] = json!("by");
    let form: Form = serde_json::from_value(json!({
        "fields": [
            of("salary", "money"),
            with(of("yearly", "money"), "computed", json!("form.salary * 12")),
            of("away", "switch"),
            with(of("badge", "text"), "computed", json!("form.away ? \"x\" : \"y\"")),
            choice(json!({
                "car": "form.yearly > 60000", "flat": "form.away && form.salary > 9000", "none": "form.badge == \"x\"" })),
            with(of("trips", "table"), "columns", json!([of("cost", "money"), far])),
        ],
        "layout": { "columns": 1, "rows": [
            [{ "field": "salary" }], [{ "field": "yearly" }], [{ "field": "away" }], [{ "field": "badge" }],
            [{ "field": "allowance" }], [{ "field": "trips" }]
        ] }
    }))
    .expect("a form");
    form.checked().expect("without problems")
}

// proves: FORM-05, FORM-04
#[test]
fn which_options_are_offered_is_told_without_what_decides_it() {
    let form = allowances();
    let told = |salary: &str, rights: &Rights| {
        let kept = form.compute(
            &values(json!({ "salary": salary })),
            Facts { initiator: &Initiator::default(), durations: &TwoDays, records: &crate::form::NoRecords },
        );
        form.told(&kept, rights, &Initiator::default())
    };
    let conditions = |form: &Form, at: &str| serde_json::to_value(&form.at(at).expect("a field").options_when).unwrap();
    let reader = Rights::all(Right::Write)
        .with("salary", Right::Hidden)
        .with("yearly", Right::Hidden)
        .with("badge", Right::Hidden);
    for (salary, car, far) in [("5001", "true", "true"), ("5000", "false", "false")] {
        let told = told(salary, &reader);
        // What he may still change decides with it: offered, and the server says.
        let expected = json!({ "car": car, "flat": "true", "none": "form.badge == \"x\"" });
        assert_eq!(conditions(&told, "allowance"), expected, "his own switch he can count himself");
        let expected = json!({ "car": "true", "flat": far, "none": "row.cost > 1" });
        assert_eq!(conditions(&told, "trips.by"), expected, "each row has its own cost");
        assert!(!serde_json::to_string(&told).unwrap().contains(salary));
    }
    // Who may change nothing is told the outcome of all of it; who reads all of it is told the rule.
    let only_reads = Rights { others: Right::Read, ..reader };
    assert_eq!(conditions(&told("9001", &only_reads), "allowance")["flat"], "false");
    assert_eq!(&told("5000", &Rights::all(Right::Read)), form.form());
}
