mod actions;
mod cast;
mod closure;
mod names;
mod rules;
mod store;
