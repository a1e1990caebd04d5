//! Cases through HTTP, on either engine: what a person does, and what others then see.

mod access;
mod acting;
mod admission;
mod agency;
mod calls;
mod choices;
mod concurrency;
mod drafts;
mod effects;
mod flows;
mod halting;
mod leave;
mod lists;
mod matrix;
mod monitor;
mod office;
mod operations;
mod passing;
mod query;
mod related;
mod said;
mod votes;
mod waits;
