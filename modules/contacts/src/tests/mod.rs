mod routes;
mod rules;
