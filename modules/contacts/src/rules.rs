//! What is due and what is there. Pure.

use hanlin_directory::model::Person;
use hanlin_kernel::{Error, FieldError, Result};

use crate::model::{Due, Field};

/// What a person's profile lacks of what is due, in the order of the rule. A mailbox elsewhere is none.
pub fn missing(person: &Person, due: &Due) -> Vec<Field> {
    let there = |field: Field| match (field, field.of(person)) {
        (Field::Email, Some(email)) => is_allowed(email, &due.domains),
        (_, value) => value.is_some(),
    };
    due.required.iter().copied().filter(|field| !there(*field)).collect()
}

/// A mailbox is in one of the domains, or below one; where none is named, anywhere.
pub(crate) fn mailbox(email: &str, domains: &[String]) -> Result<()> {
    if is_allowed(email, domains) {
        return Ok(());
    }
    let foreign = FieldError::new("email", "contacts.foreign_mailbox").with("domains", domains.join(", "));
    Err(Error::Invalid(vec![foreign]))
}

fn is_allowed(email: &str, domains: &[String]) -> bool {
    let host = email.rsplit('@').next().unwrap_or_default().to_lowercase();
    let within = |domain: &String| {
        let domain = domain.trim().trim_start_matches('@').to_lowercase();
        host == domain || host.strip_suffix(&domain).is_some_and(|above| above.ends_with('.'))
    };
    domains.is_empty() || domains.iter().any(within)
}

/// Whole percents, 100 only when nobody is missing.
pub(crate) fn percent(complete: u64, people: u64) -> u64 {
    (complete * 100).checked_div(people).unwrap_or(100)
}
