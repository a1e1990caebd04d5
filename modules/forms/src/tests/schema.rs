use expect_test::{Expect, expect};
use serde_json::{Value as Json, json};

use crate::{
    expr::{Type, Value},
    form::{Form, Initiator},
};

/// What is wrong with a form of these fields, each in its own row.
fn problems(fields: Json) -> String {
    let rows: Vec<Json> =
        fields.as_array().expect("fields").iter().map(|field| json!([{ "field": field["id"] }])).collect();
    told(json!({ "fields": fields, "layout": { "columns": 1, "rows": rows } }))
}

fn told(form: Json) -> String {
    let form: Form = serde_json::from_value(form).expect("a form");
    let line = |problem: &crate::form::Problem| {
        let expression = problem.expression.as_ref().map(|error| format!(" {error}")).unwrap_or_default();
        let args =
            if problem.args.is_empty() { String::new() } else { format!(" {}", Json::Object(problem.args.clone())) };
        format!("{}: {}{args}{expression}\n", problem.place, problem.code)
    };
    form.check().iter().map(line).collect()
}

fn says(fields: Json, expected: Expect) {
    expected.assert_eq(&problems(fields));
}

fn label() -> Json {
    json!({ "zh": "名" })
}

#[test]
fn ids_are_names_that_expressions_can_write() {
    says(
        json!([
            { "id": "Amount", "label": label(), "type": "money" },
            { "id": "金额", "label": label(), "type": "money" },
            { "id": "in", "label": label(), "type": "money" },
            { "id": "a", "label": label(), "type": "money" },
            { "id": "a", "label": { "zh": " " }, "type": "money" }
        ]),
        expect![[r#"
            fields.Amount.id: forms.bad_id
            fields.金额.id: forms.bad_id
            fields.in.id: forms.bad_id
            fields.a.label: forms.no_label
            fields.a.id: forms.duplicate_id {"name":"a"}
            fields.a.layout: forms.twice_in_layout
            fields.a.layout: forms.twice_in_layout
        "#]],
    );
}

#[test]
fn settings_belong_to_their_type_and_make_sense() {
    says(
        json!([
            { "id": "a", "label": label(), "type": "date", "max_length": 5, "options": [{ "id": "x", "label": label() }] },
            { "id": "b", "label": label(), "type": "text", "max_length": 10001, "pattern": "9\\" },
            { "id": "c", "label": label(), "type": "money", "scale": 7, "currency": "yuan" },
            { "id": "d", "label": label(), "type": "number", "scale": 0, "min": 5, "max": "0.5" },
            { "id": "e", "label": label(), "type": "number", "max": "1000000000000" },
            { "id": "f", "label": label(), "type": "attachment", "max_count": 0 },
            { "id": "g", "label": label(), "type": "date", "earliest": "2026-02-01", "latest": "2026-01-01" }
        ]),
        expect![[r#"
            fields.a.max_length: forms.misplaced_setting {"setting":"max_length"}
            fields.a.options: forms.misplaced_setting {"setting":"options"}
            fields.b.max_length: forms.bad_max_length
            fields.b.pattern: forms.bad_pattern
            fields.c.currency: forms.bad_currency
            fields.c.scale: forms.bad_scale
            fields.d.max: forms.bound_too_precise
            fields.d.max: forms.bounds_reversed
            fields.e.max: forms.bound_too_large
            fields.f.max_count: forms.bad_max_count
            fields.g.latest: forms.bounds_reversed
        "#]],
    );
}

#[test]
fn options_are_there_and_differ() {
    says(
        json!([
            { "id": "a", "label": label(), "type": "choice" },
            { "id": "b", "label": label(), "type": "choices", "options": [
                { "id": "x", "label": label() }, { "id": "x", "label": label() }, { "id": "y\"", "label": { "zh": "" } }
            ] }
        ]),
        expect![[r#"
            fields.a.options: forms.no_options {"option":""}
            fields.b.options: forms.duplicate_option {"option":"x"}
            fields.b.options: forms.bad_option_id {"option":"y\""}
            fields.b.options: forms.no_option_label {"option":"y\""}
        "#]],
    );
}

#[test]
fn expressions_are_checked_against_the_form() {
    says(
        json!([
            { "id": "kind", "label": label(), "type": "choice", "options": [{ "id": "sick", "label": label() }] },
            { "id": "a", "label": label(), "type": "text", "required_when": "form.kind == \"sik\"" },
            { "id": "b", "label": label(), "type": "text", "visible_when": "form.kin" },
            { "id": "c", "label": label(), "type": "money", "computed": "form.a" },
            { "id": "d", "label": label(), "type": "attachment", "computed": "1" },
            { "id": "e", "label": label(), "type": "money", "computed": "1 +", "required": true }
        ]),
        expect![[r#"
            fields.e.computed: forms.computed_and_required
            fields.a.required_when: forms.bad_expression 1:14: forms.expr.unknown_option {"option":"sik","name":"form.kind"} → "sick"
            fields.b.visible_when: forms.bad_expression 1:1: forms.expr.unknown_name {"name":"form.kin"} → form.kind
            fields.c.computed: forms.bad_expression 1:1: forms.expr.needs_number {"found":"form.a"}
            fields.d.computed: forms.not_computable
            fields.e.computed: forms.bad_expression 1:4: forms.expr.unexpected_end
        "#]],
    );
}

#[test]
fn what_runs_in_a_circle_is_shown() {
    says(
        json!([
            { "id": "free", "label": label(), "type": "number" },
            { "id": "a", "label": label(), "type": "number", "computed": "form.b + form.free" },
            { "id": "b", "label": label(), "type": "number", "computed": "form.c * 2" },
            { "id": "c", "label": label(), "type": "number", "visible_when": "form.b > 1" }
        ]),
        expect![[r#"
            fields.b: forms.circle {"path":"b → c → b"}
        "#]],
    );
    says(
        json!([{ "id": "a", "label": label(), "type": "number", "visible_when": "form.a > 1" }]),
        expect![[r#"
            fields.a: forms.circle {"path":"a → a"}
        "#]],
    );
}

#[test]
fn the_grid_holds_every_field_once() {
    let form = json!({
        "fields": [{ "id": "a", "label": label(), "type": "text" }, { "id": "b", "label": label(), "type": "text" }],
        "layout": { "columns": 2, "rows": [
            [{ "field": "a", "span": 2 }, { "text": { "zh": "注" } }],
            [{ "field": "c" }],
            [],
            [{ "opinions": "head", "label": { "zh": "部门意见" }, "span": 0 }]
        ] }
    });
    expect![[r#"
        layout.rows[0]: forms.row_too_wide {"width":3,"columns":2}
        layout.rows[2]: forms.empty_cell
        layout.rows[3]: forms.empty_cell
        layout.rows[1]: forms.unknown_in_layout {"name":"c"}
        fields.b.layout: forms.not_in_layout
    "#]]
    .assert_eq(&told(form));
    expect![[r#"
        fields: forms.no_fields
        layout.columns: forms.bad_columns
    "#]]
    .assert_eq(&told(json!({ "fields": [], "layout": { "columns": 0, "rows": [] } })));
}

#[test]
fn a_form_reads_back_as_it_was_written() {
    let written = json!({
        "fields": [
            { "id": "a", "label": { "zh": "甲", "en": "A" }, "type": "money", "required": true, "min": "0.01", "max": "5000" },
            { "id": "b", "label": { "zh": "乙" }, "type": "date", "earliest": "2026-01-01" }
        ],
        "layout": { "columns": 4, "rows": [
            [{ "field": "a", "span": 2 }, { "field": "b" }],
            [{ "text": { "zh": "说明" } }],
            [{ "opinions": "head", "label": { "zh": "意见" }, "span": 4 }]
        ] },
        "declaration": { "zh": "属实" }
    });
    let form: Form = serde_json::from_value(written.clone()).expect("a form");
    assert_eq!(form.check(), []);
    assert_eq!(serde_json::to_value(&form).expect("JSON"), written);
}

#[test]
fn settings_and_types_that_do_not_exist_are_refused() {
    let with = |field: Json| serde_json::from_value::<Form>(json!({ "fields": [field], "layout": { "rows": [] } }));
    assert!(with(json!({ "id": "a", "label": label(), "type": "text", "colour": "red" })).is_err());
    assert!(with(json!({ "id": "a", "label": label(), "type": "matrix" })).is_err());
    assert!(
        with(json!({ "id": "a", "label": label(), "type": "number", "max": 0.1 })).is_err(),
        "a float was rounded before"
    );
    assert!(with(json!({ "id": "a", "label": label(), "type": "number", "max": 3 })).is_ok());
}

#[test]
fn expressions_see_the_form_and_its_initiator() {
    let form: Form = serde_json::from_value(json!({
        "fields": [
            { "id": "amount", "label": label(), "type": "money", "indexed": true },
            { "id": "staff", "label": label(), "type": "person" },
            { "id": "note", "label": label(), "type": "text", "indexed": true }
        ],
        "layout": { "columns": 1, "rows": [[{ "field": "amount" }], [{ "field": "staff" }], [{ "field": "note" }]] }
    }))
    .expect("a form");
    let form = form.checked().expect("without problems");
    let values = json!({ "amount": "12.50" }).as_object().expect("an object").clone();
    let initiator = Initiator { unit: "hq".into(), rank_level: Some(3), ..Initiator::default() };
    let scope = form.scope(&values, &initiator);
    let get = |path: &str| crate::expr::Scope::get(&scope, path);

    assert_eq!(get("form.amount"), Value::Number("12.5".parse().expect("a number")));
    assert_eq!(get("form.staff"), Value::List(vec![]));
    assert_eq!(get("initiator.unit"), Value::text("hq"));
    assert_eq!(get("initiator.rank_level"), Value::Number(3.into()));
    assert_eq!([get("form.note"), get("initiator.post"), get("form.other"), get("amount")], [const { Value::Null }; 4]);
    assert_eq!(form.env().get("form.staff").map(|variable| variable.ty.name()), Some("list<person>".into()));
    assert_eq!(form.env().get("form.amount").map(|variable| &variable.ty), Some(&Type::Number));

    let indexed: Vec<(&str, Value)> = form.indexed(&values).map(|(field, value)| (field.id.as_str(), value)).collect();
    assert_eq!(indexed, [("amount", Value::Number("12.5".parse().expect("a number")))], "nothing of an empty field");
}

// proves: FORM-04
#[test]
fn a_condition_on_an_option_is_read_and_speaks_of_an_option_that_is_there() {
    says(
        json!([
            { "id": "kind", "label": label(), "type": "choice", "options": [{ "id": "sick", "label": label() }] },
            { "id": "a", "label": label(), "type": "choices", "options": [{ "id": "x", "label": label() }],
              "options_when": { "x": "form.kind == \"sik\"", "y": "true" } },
            { "id": "b", "label": label(), "type": "text", "options_when": { "x": "true" } },
            { "id": "c", "label": label(), "type": "table", "columns": [
                { "id": "d", "label": label(), "type": "choice", "options": [{ "id": "x", "label": label() }],
                  "options_when": { "x": "row.e" } }
            ] },
            { "id": "e", "label": label(), "type": "cascade", "options": [
                { "id": "x", "label": label(), "options": [{ "id": "y", "label": label() }] }
            ], "options_when": { "x": "true", "y": "is_null(form.kind)", "z": "true" } }
        ]),
        expect![[r#"
            fields.a.options_when: forms.no_such_option {"option":"y"}
            fields.b.options_when: forms.misplaced_setting {"setting":"options_when"}
            fields.e.options_when: forms.no_such_option {"option":"z"}
            fields.a.options_when.x: forms.bad_expression 1:14: forms.expr.unknown_option {"option":"sik","name":"form.kind"} → "sick"
            fields.c.columns.d.options_when.x: forms.bad_expression 1:1: forms.expr.unknown_name {"name":"row.e"} → row.d
        "#]],
    );
}
