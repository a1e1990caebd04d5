//! 明细表: what is wrong with a table, who may write it, and in which order it is computed.

use serde_json::{Value as Json, json};

use crate::form::{CheckedForm, Durations, Facts, Form, Initiator, Mode, Period, Right, Rights, Values};

struct NoCalendar;

impl Durations for NoCalendar {
    fn between(&self, _: &Period) -> Option<(rust_decimal::Decimal, rust_decimal::Decimal)> {
        None
    }
}

fn label() -> Json {
    json!({ "zh": "名" })
}

fn form(fields: Json) -> Form {
    let rows: Vec<Json> =
        fields.as_array().expect("fields").iter().map(|field| json!([{ "field": field["id"] }])).collect();
    serde_json::from_value(json!({ "fields": fields, "layout": { "columns": 1, "rows": rows } })).expect("a form")
}

/// Place and code of everything that is wrong.
fn problems(fields: Json) -> Vec<String> {
    form(fields).check().iter().map(|problem| format!("{}: {}", problem.place, problem.code)).collect()
}

fn claim() -> CheckedForm {
    let fields = json!([
        { "id": "items", "label": label(), "type": "table", "required": true, "columns": [
            { "id": "what", "label": label(), "type": "text", "required": true },
            { "id": "amount", "label": label(), "type": "money", "required": true }
        ] },
        { "id": "total", "label": label(), "type": "money", "computed": "sum(form.items.amount)" },
        { "id": "number", "label": label(), "type": "serial", "series": "BX-{seq:4}" }
    ]);
    form(fields).checked().expect("without problems")
}

fn values(json: Json) -> Values {
    json.as_object().expect("an object").clone()
}

fn accept(old: Json, patch: Json, rights: &Rights) -> Result<Json, Vec<String>> {
    let facts = Facts { initiator: &Initiator::default(), durations: &NoCalendar, records: &crate::form::NoRecords };
    let accepted = claim().accept(&values(old), &values(patch), rights, Mode::Submit, facts);
    accepted
        .map(Json::Object)
        .map_err(|errors| errors.into_iter().map(|error| format!("{}: {}", error.field, error.code)).collect())
}

// proves: FORM-01
#[test]
fn columns_are_fields_and_are_checked_like_them() {
    let found = problems(json!([
        { "id": "items", "label": label(), "type": "table", "indexed": true, "min_rows": 5, "max_rows": 3, "columns": [
            { "id": "a", "label": label(), "type": "period" },
            { "id": "a", "label": label(), "type": "text", "min": 1, "indexed": true },
            { "id": "b", "label": { "zh": "" }, "type": "money", "computed": "row.c + sum(form.items.b)" },
            { "id": "c", "label": label(), "type": "number", "computed": "row.b * 2" },
            { "id": "d", "label": label(), "type": "number", "computed": "row.nothing" },
            { "id": "e", "label": label(), "type": "serial", "series": "{seq:3}" },
            { "id": "f", "label": label(), "type": "record", "of": { "flow": "suppliers" }, "show": ["name"] },
            { "id": "g", "label": label(), "type": "case" }
        ] },
        { "id": "none", "label": label(), "type": "table" },
        { "id": "text", "label": label(), "type": "text", "max_rows": 2, "columns": [{ "id": "a", "label": label(), "type": "text" }] },
        { "id": "sum", "label": label(), "type": "money", "computed": "sum(form.items.c) + row.a" }
    ]));
    assert_eq!(
        found,
        [
            "fields.items.indexed: forms.misplaced_setting",
            "fields.items.columns.a.min: forms.misplaced_setting",
            "fields.items.columns.b.label: forms.no_label",
            "fields.items.max_rows: forms.bad_rows",
            "fields.items.columns.a.type: forms.not_in_table",
            "fields.items.columns.a.id: forms.duplicate_id",
            "fields.items.columns.e.type: forms.not_in_table",
            "fields.items.columns.f.type: forms.related_in_table",
            "fields.items.columns.g.type: forms.related_in_table",
            "fields.none.columns: forms.no_columns",
            "fields.text.columns: forms.misplaced_setting",
            "fields.text.max_rows: forms.misplaced_setting",
            "fields.items.columns.d.computed: forms.bad_expression",
            "fields.items.columns.b: forms.circle",
            "fields.sum.computed: forms.bad_expression",
            "fields.items: forms.circle"
        ]
    );
}

#[test]
fn a_row_that_reads_a_sum_over_the_rows_runs_in_a_circle() {
    let found = problems(json!([
        { "id": "items", "label": label(), "type": "table", "columns": [
            { "id": "amount", "label": label(), "type": "money" },
            { "id": "share", "label": label(), "type": "number", "computed": "row.amount / form.total" }
        ] },
        { "id": "total", "label": label(), "type": "money", "computed": "sum(form.items.share)" }
    ]));
    assert_eq!(found, ["fields.items: forms.circle"]);
}

// proves: FORM-05
#[test]
fn a_table_and_its_serial_number_keep_to_the_rights() {
    let rows = json!([{ "what": "车票", "amount": "12.00" }]);
    let sent = json!({ "items": rows });
    let writes = Rights::all(Right::Write);
    let kept = accept(json!({ "number": "BX-0001" }), sent.clone(), &writes).expect("complete");
    assert_eq!(
        kept,
        json!({ "items": rows, "total": "12.00", "number": "BX-0001" }),
        "the number stays as it was given"
    );

    let forged = accept(json!({ "number": "BX-0001" }), json!({ "items": rows, "number": "BX-9999" }), &writes);
    assert_eq!(forged, Err(vec!["values.number: forms.not_writable".into()]));
    let invented = accept(json!({}), json!({ "items": rows, "number": "BX-9999" }), &writes);
    assert_eq!(invented, Err(vec!["values.number: forms.not_writable".into()]));

    let reads = Rights::all(Right::Read);
    let changed = accept(kept.clone(), json!({ "items": [{ "what": "车票", "amount": "99.00" }] }), &reads);
    assert_eq!(changed, Err(vec!["values.items: forms.not_writable".into()]));
    assert_eq!(
        accept(kept.clone(), json!({ "items": rows }), &reads),
        Ok(kept.clone()),
        "what he was shown is no change"
    );

    let hidden = Rights::all(Right::Read).with("items", Right::Hidden);
    assert_eq!(claim().redact(&values(kept), &hidden).get("items"), None);
}

#[test]
fn errors_of_rows_name_the_row_as_people_count() {
    let sent = json!({ "items": [{ "what": "车票", "amount": "1" }, { "what": "住宿" }] });
    let refused = accept(json!({}), sent, &Rights::all(Right::Write));
    assert_eq!(refused, Err(vec!["values.items.2.amount: forms.required".into()]));
}
