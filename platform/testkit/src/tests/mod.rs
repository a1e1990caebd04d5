//! What the platform promises, on either engine. They live here because the store cannot depend on its test kit.

mod http;
mod queue;
mod rehearsal;
mod remembered;
mod units;

use hanlin_store::Migration;

/// A table to write to.
const LEDGER: &[Migration] = &[Migration { module: "ledger", name: "0001_ledger", sqlite: SCHEMA, postgres: SCHEMA }];

const SCHEMA: &str =
    "create table ledger_line (id bigint primary key, name text not null, amount bigint not null, note text);
    create unique index ledger_line_name on ledger_line (name);
    insert into ledger_line (id, name, amount) values (0, 'counter', 0);";

fn ledger() -> hanlin_api::Module {
    hanlin_api::Module { migrations: LEDGER, ..hanlin_api::Module::named("ledger") }
}
