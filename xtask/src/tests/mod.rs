mod clauses;
mod guard;
mod licences;
mod live;
mod new_module;
mod postgres;
mod served;
mod steps;
mod tidy;
mod tiers;
mod torture;

use crate::sources::Source;

/// A file of a tree that stands nowhere.
fn source(path: &str, text: &str) -> Source {
    Source { path: path.into(), text: text.into() }
}
