//! Orders as records that forms name (FORM-01): whoever may read the orders of a unit names one that was issued.

use hanlin_forms::form::FieldType;
use hanlin_kernel::{Actor, Error, PageRequest, Result, Text};
use hanlin_store::Tx;
use hanlin_workflow::{Record, Register, RegisterColumn};
use serde_json::{Map, Value, json};

use crate::{
    effects::UNDER,
    model::{Order, State},
    policy::{ISSUE, READ, VERIFY},
    store,
};

pub(crate) const REGISTER: Register = Register {
    kind: "structure_order",
    columns: &[
        RegisterColumn { name: "title", label: ("标题", "Title"), kind: FieldType::Text },
        RegisterColumn { name: "basis", label: ("依据", "Basis"), kind: FieldType::Text },
        RegisterColumn { name: "effective_on", label: ("生效日期", "Takes effect on"), kind: FieldType::Date },
    ],
    search,
    find,
};

fn search(tx: &mut Tx, actor: &Actor, words: &str, most: usize) -> Result<Vec<Record>> {
    let mut found = Vec::new();
    let mut after = None;
    if !reads(actor) {
        return Ok(found);
    }
    loop {
        let page = store::list_for(tx, actor, &PageRequest { after, limit: Some(200) })?;
        for order in page.items.into_iter().filter(|order| is_in_force(order) && holds(order, words)) {
            found.push(record(tx, &order)?);
            if found.len() == most {
                return Ok(found);
            }
        }
        after = page.next;
        if after.is_none() {
            return Ok(found);
        }
    }
}

fn find(tx: &mut Tx, actor: &Actor, id: &str) -> Result<Option<Record>> {
    let Some(id) = id.parse().ok().filter(|_| reads(actor)) else { return Ok(None) };
    match store::find_for(tx, actor, id) {
        Ok(order) if is_in_force(&order) => record(tx, &order).map(Some),
        Ok(_) | Err(Error::NotFound) => Ok(None),
        Err(other) => Err(other),
    }
}

fn reads(actor: &Actor) -> bool {
    [READ, ISSUE, VERIFY].into_iter().any(|permission| actor.holds(permission))
}

/// A draft may still become something else, or nothing.
fn is_in_force(order: &Order) -> bool {
    matches!(order.state, State::Issued | State::Applied | State::Verified)
}

fn holds(order: &Order, words: &str) -> bool {
    let Text { zh, en } = order.title();
    let of = [Some(zh), en, Some(order.content.basis.clone())];
    of.into_iter().flatten().any(|text| text.to_lowercase().contains(&words.to_lowercase()))
}

fn record(tx: &mut Tx, order: &Order) -> Result<Record> {
    let zone = hanlin_worktime::calendar_of(tx, Some(order.unit))?.zone.clone();
    let day = order.content.effective_at.map(|at| at.to_zoned(zone).date().to_string());
    let basis = Some(&order.content.basis).filter(|basis| !basis.is_empty());
    let mut values = Map::new();
    values.insert("title".to_owned(), json!(order.title()));
    values.extend(basis.map(|basis| ("basis".to_owned(), Value::from(basis.as_str()))));
    values.extend(day.map(|day| ("effective_on".to_owned(), Value::from(day))));
    Ok(Record { id: order.id.to_string(), values, link: Some(format!("{UNDER}{}", order.id)) })
}
