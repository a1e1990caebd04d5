//! Rights on columns, and what is computed from what is hidden.

use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::{Value as Json, json};

use crate::form::{CheckedForm, Durations, Facts, Form, Initiator, Mode, Period, Right, Rights, Values};

struct NoCalendar;

impl Durations for NoCalendar {
    fn between(&self, _: &Period) -> Option<(Decimal, Decimal)> {
        None
    }
}

fn order() -> CheckedForm {
    let form: Form = serde_json::from_value(json!({
        "fields": [
            { "id": "rate", "label": { "zh": "费率" }, "type": "number" },
            { "id": "items", "label": { "zh": "明细" }, "type": "table", "columns": [
                { "id": "name", "label": { "zh": "品名" }, "type": "text", "required": true },
                { "id": "price", "label": { "zh": "单价" }, "type": "money" },
                { "id": "twice", "label": { "zh": "两倍" }, "type": "money", "computed": "row.price * 2" }
            ] },
            { "id": "total", "label": { "zh": "合计" }, "type": "money", "computed": "sum(form.items.twice)" },
            { "id": "fee", "label": { "zh": "费用" }, "type": "money", "computed": "form.total * form.rate" },
            { "id": "offer", "label": { "zh": "报价" }, "type": "money", "set": "form.total" }
        ],
        "layout": { "columns": 1, "rows": [
            [{ "field": "rate" }], [{ "field": "items" }], [{ "field": "total" }], [{ "field": "fee" }], [{ "field": "offer" }]
        ] }
    }))
    .expect("a form");
    form.checked().expect("without problems")
}

fn values(json: Json) -> Values {
    json.as_object().expect("an object").clone()
}

fn rows(rights: &Rights, old: Json, sent: Json) -> Result<Json, Vec<String>> {
    let facts = Facts { initiator: &Initiator::default(), durations: &NoCalendar, records: &crate::form::NoRecords };
    let accepted = order().accept(
        &values(json!({ "items": old })),
        &values(json!({ "items": sent })),
        rights,
        Mode::Submit,
        facts,
    );
    let told = |errors: Vec<hanlin_kernel::FieldError>| {
        errors.into_iter().map(|error| format!("{} {}", error.field, error.code)).collect()
    };
    accepted.map(|values| values.get("items").cloned().unwrap_or_default()).map_err(told)
}

// proves: FORM-05
#[test]
fn a_column_has_a_right_of_its_own() {
    let buyer = Rights::all(Right::Read).with("items.price", Right::Required);
    let kept = json!([{ "name": "纸" }, { "name": "笔", "price": "2.00" }]);
    let filled = rows(&buyer, kept.clone(), json!([{ "price": "3" }, { "name": "笔", "price": "2.00" }]));
    assert_eq!(
        filled,
        Ok(
            json!([{ "name": "纸", "price": "3.00", "twice": "6.00" }, { "name": "笔", "price": "2.00", "twice": "4.00" }])
        )
    );
    let refused = |sent: Json| rows(&buyer, kept.clone(), sent).expect_err("it is refused");
    assert_eq!(refused(json!([{}, { "price": "1" }])), ["values.items.1.price forms.required"]);
    assert_eq!(
        refused(json!([{ "name": "墨", "price": "3" }, { "price": "1" }])),
        ["values.items.1.name forms.not_writable"]
    );
    assert_eq!(refused(json!([{ "price": "3" }])), ["values.items forms.rows_fixed"]);
    assert_eq!(refused(json!(null)), ["values.items forms.rows_fixed"]);
    assert_eq!(refused(json!("x")), ["values.items forms.not_rows"]);
    let nobody = Rights::all(Right::Read).with("items.twice", Right::Write);
    assert_eq!(rows(&nobody, kept.clone(), json!([])), Err(vec!["values.items forms.not_writable".into()]));
}

// proves: FORM-05
#[test]
fn who_writes_the_rows_takes_away_nothing_that_others_wrote() {
    let asker = Rights::all(Right::Write).with("items.price", Right::Hidden);
    let kept = json!([{ "name": "纸", "price": "3.00" }, { "name": "笔" }]);
    let changed = rows(&asker, kept.clone(), json!([{ "name": "宣纸" }, { "name": "笔" }, { "name": "墨" }]));
    assert_eq!(
        changed,
        Ok(json!([{ "name": "宣纸", "price": "3.00", "twice": "6.00" }, { "name": "笔" }, { "name": "墨" }]))
    );
    let fewer = rows(&asker, kept.clone(), json!([{ "name": "纸" }]));
    assert_eq!(fewer, Err(vec!["values.items forms.rows_protected".into()]));
    let guessed = rows(&asker, kept, json!([{ "name": "纸", "price": "3.00" }, { "name": "笔" }]));
    assert_eq!(guessed, Err(vec!["values.items.1.price forms.not_writable".into()]), "nor does it tell a hidden value");
    let free = rows(&asker, json!([{ "name": "纸" }, { "name": "笔" }]), json!([{ "name": "笔" }]));
    assert_eq!(free, Ok(json!([{ "name": "笔" }])), "what holds nothing of others may go");
}

// proves: FORM-05
#[test]
fn what_is_computed_from_what_is_hidden_alone_is_hidden() {
    let form = order();
    let of = |rights: &Rights, key: &str| form.closed(rights).of(key);
    let reader = Rights::all(Right::Read).with("items.price", Right::Hidden);
    assert_eq!(["items.twice", "total", "offer"].map(|key| of(&reader, key)), [Right::Hidden; 3]);
    assert_eq!(of(&reader, "fee"), Right::Read, "it is computed from something else as well");
    assert_eq!(of(&reader, "items.name"), Right::Read);
    assert_eq!(
        of(&reader.clone().with("total", Right::Read), "total"),
        Right::Read,
        "what is named itself is as it says"
    );
    assert_eq!(
        of(&Rights::all(Right::Write).with("items.price", Right::Hidden), "offer"),
        Right::Write,
        "his own to fill in"
    );
    let none = Rights::all(Right::Read).with("items.name", Right::Write).without(["items"]);
    assert_eq!(["items", "items.name", "total"].map(|key| of(&none, key)), [Right::Hidden; 3]);
}

proptest! {
    // proves: FORM-05
    #[test]
    fn property_no_hidden_value_is_in_what_a_reader_gets(
        rights in proptest::collection::btree_map(
            proptest::sample::select(vec!["rate", "items", "items.name", "items.price", "items.twice", "total", "fee", "offer"]),
            proptest::sample::select(vec![Right::Hidden, Right::Read, Right::Write, Right::Required]),
            0..6,
        ),
        others in proptest::sample::select(vec![Right::Hidden, Right::Read]),
    ) {
        let form = order();
        let rights = rights.into_iter().fold(Rights::all(others), |all, (key, right)| all.with(key, right));
        let rights = form.closed(&rights);
        // Each value says whose it is.
        let kept = values(json!({
            "rate": "<rate>", "total": "<total>", "fee": "<fee>", "offer": "<offer>",
            "items": [{ "name": "<items.name>", "price": "<items.price>", "twice": "<items.twice>" }, {}]
        }));
        let got = Json::Object(form.redact(&kept, &rights)).to_string();
        for key in ["rate", "total", "fee", "offer", "items.name", "items.price", "items.twice"] {
            let table_is_told = !key.contains('.') || rights.of("items").reads();
            prop_assert_eq!(got.contains(&format!("<{key}>")), rights.of(key).reads() && table_is_told, "{} of {}", key, got);
        }
    }
}
