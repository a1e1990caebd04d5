use crate::support::golden;

/// The contract with clients: what the code says is what is kept, and what the web client's types are made from.
// proves: INT-01, OPS-13
#[test]
fn the_openapi_document_is_the_kept_one() {
    golden("openapi.json", &(hanlin_server::commands::document().unwrap() + "\n"));
}
