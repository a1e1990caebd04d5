mod clauses;
mod lookup;
mod mailbox;
mod presets;
mod routes;
