mod clauses;
mod lookup;
mod presets;
mod routes;
