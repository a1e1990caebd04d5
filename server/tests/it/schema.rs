use hanlin_testkit::engine_name;

use crate::support::{golden, house};

/// Every migration of every module applies on this engine, and gives the tables that are kept; one file for each engine.
// proves: OPS-01
#[test]
fn the_schema_is_the_kept_one() {
    let app = house();
    golden(&format!("schema.{}.txt", engine_name()), &app.read(hanlin_store::describe));
}
