use hanlin_api::http::{Body, Method};
use hanlin_kernel::PersonId;
use serde_json::Value;

use crate::support::house;

/// Somebody who is signed in, belongs to nothing and was granted nothing.
const OUTSIDER: PersonId = PersonId::fixed(u64::MAX);

struct Operation {
    id: String,
    method: Method,
    path: String,
    guard: String,
}

fn operations() -> Vec<Operation> {
    let document: Value = serde_json::from_str(&hanlin_server::commands::document().unwrap()).unwrap();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let Ok(method) = method.to_uppercase().parse::<Method>() else { continue };
            operations.push(Operation {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                method,
                path: path.clone(),
                guard: operation["x-guard"].as_str().unwrap_or_default().to_owned(),
            });
        }
    }
    operations
}

/// A path whose places name things that are not there.
fn filled(path: &str) -> String {
    let nothing = PersonId::fixed(u64::MAX - 1).to_string();
    path.split('/')
        .map(|part| if part.starts_with('{') { nothing.as_str() } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

// proves: PERM-02
#[test]
fn every_operation_declares_its_guard() {
    let unguarded: Vec<String> =
        operations().into_iter().filter(|operation| operation.guard.is_empty()).map(|operation| operation.id).collect();
    assert_eq!(unguarded, Vec::<String>::new());
    assert!(operations().len() > 40, "the document lists the operations");
}

// proves: PERM-02, SEC-02
#[test]
fn nobody_passes_a_guarded_door_without_signing_in() {
    let app = house();
    for operation in operations().iter().filter(|operation| operation.guard != "anyone") {
        let said = app.nobody().send(operation.method.clone(), &filled(&operation.path), Body::from("{}"), true);
        assert_eq!(said.status, 401, "{} answered {}: {}", operation.id, said.status, said.text());
    }
}

/// Whoever was granted nothing gets nothing that belongs to others: not found, forbidden, refused, or an empty answer of
/// what is his own; never a server error.
// proves: PERM-02
#[test]
fn an_outsider_is_kept_out_and_nothing_falls_over() {
    let app = house();
    for operation in operations() {
        let said = app.as_(OUTSIDER).send(operation.method.clone(), &filled(&operation.path), Body::from("{}"), true);
        assert!(said.status < 500, "{} answered {}: {}", operation.id, said.status, said.text());
        let needs_grant = !matches!(operation.guard.as_str(), "anyone" | "opening" | "signed_in" | "external");
        if needs_grant {
            assert_eq!(said.status, 403, "{} answered {}: {}", operation.id, said.status, said.text());
        } else if said.status < 300 {
            let text = said.text();
            for person in ["林晓", "linxiao"] {
                assert!(!text.contains(person), "{} told an outsider of {person}: {text}", operation.id);
            }
        }
    }
}
