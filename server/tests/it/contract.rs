use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{golden, house};

/// The contract with clients: what the code says is what is kept, and what the web client's types are made from.
// proves: INT-01, OPS-13
#[test]
fn the_openapi_document_is_the_kept_one() {
    golden("openapi.json", &(hanlin_server::commands::document().unwrap() + "\n"));
}

/// It is made when somebody first asks, and told again to the next.
// proves: INT-01
#[test]
fn whoever_asks_the_server_is_given_the_whole_document() {
    let app = house();
    let first = app.nobody().get("/api/openapi.json").ok();
    let paths = |document: &Value| document["paths"].as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let kept: Value = serde_json::from_str(&hanlin_server::commands::document().unwrap()).unwrap();
    assert_eq!(paths(&first), paths(&kept));
    assert_eq!(first["components"], kept["components"]);
    assert_eq!(app.nobody().get("/api/openapi.json").ok(), first);
}

/// A reader's tool can make a client from the document: every operation has its own id, every reference leads somewhere.
// proves: INT-01
#[test]
fn operations_have_ids_of_their_own_and_references_lead_somewhere() {
    let document: Value = serde_json::from_str(&hanlin_server::commands::document().unwrap()).unwrap();
    let operations =
        document["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap().values());
    let mut seen = BTreeSet::new();
    for operation in operations {
        let id = operation["operationId"].as_str().unwrap();
        assert!(seen.insert(id.to_owned()), "two operations are called {id}");
    }
    assert!(seen.len() > 100, "{} operations were read", seen.len());
    let mut references = BTreeSet::new();
    collect_references(&document, &mut references);
    for reference in references {
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference} is not in the document");
    }
}

fn collect_references(part: &Value, found: &mut BTreeSet<String>) {
    match part {
        Value::Object(fields) => {
            found.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|field| collect_references(field, found));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, found)),
        _ => {}
    }
}
