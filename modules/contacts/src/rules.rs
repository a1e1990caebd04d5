//! What is due and what is there. Pure.

use hanlin_directory::model::Person;
use hanlin_rulebook::is_company_mailbox;

use crate::model::{Due, Field};

/// What a person's profile lacks of what is due, in the order of the rule. A mailbox elsewhere is none.
pub fn missing(person: &Person, due: &Due) -> Vec<Field> {
    let there = |field: Field| match (field, field.of(person)) {
        (Field::Email, Some(email)) => is_company_mailbox(email, &due.domains),
        (_, value) => value.is_some(),
    };
    due.required.iter().copied().filter(|field| !there(*field)).collect()
}

/// Whole percents, 100 only when nobody is missing.
pub(crate) fn percent(complete: u64, people: u64) -> u64 {
    (complete * 100).checked_div(people).unwrap_or(100)
}
