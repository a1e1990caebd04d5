//! Cases through HTTP, on either engine: what a person does, and what others then see.

mod access;
mod acting;
mod admission;
mod calls;
mod concurrency;
mod drafts;
mod flows;
mod leave;
mod lists;
mod matrix;
mod office;
mod operations;
mod passing;
mod query;
mod votes;
mod waits;
