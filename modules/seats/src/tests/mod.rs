mod routes;
mod rules;
mod words;
