//! Cases through HTTP, on either engine: what a person does, and what others then see.

mod absence;
mod access;
mod acting;
mod admission;
mod agency;
mod calls;
mod choices;
mod concurrency;
mod drafts;
mod flows;
mod follow_ups;
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
