//! What one may keep. Pure.

use hanlin_kernel::{Error, FieldError, Result};

use super::model::SavedFilter;

/// What is longer is an opinion on one matter, and no phrase.
pub(crate) const LONGEST_PHRASE: usize = 40;
/// What fits beside others over a list.
pub(crate) const LONGEST_NAME: usize = 20;
/// What is searched for is a word or two, and ids are shorter.
const LONGEST_PART: usize = 200;

/// Each phrase once, without the spaces around it. Who has more than the rules now allow may keep and take out.
pub(crate) fn admit_phrases(phrases: Vec<String>, most: usize, before: usize) -> Result<Vec<String>> {
    let mut admitted: Vec<String> = Vec::new();
    for phrase in phrases.into_iter().map(|phrase| phrase.trim().to_owned()) {
        if !has_length(&phrase, LONGEST_PHRASE) {
            return Err(refused("workflow.own_phrase_length", LONGEST_PHRASE));
        }
        if !admitted.contains(&phrase) {
            admitted.push(phrase);
        }
    }
    within(admitted.len(), most, before)?;
    Ok(admitted)
}

/// Each name once; the same holds.
pub(crate) fn admit_filters(filters: Vec<SavedFilter>, most: usize, before: usize) -> Result<Vec<SavedFilter>> {
    let mut admitted: Vec<SavedFilter> = Vec::new();
    for filter in filters {
        let filter = SavedFilter { name: filter.name.trim().to_owned(), ..filter };
        if !has_length(&filter.name, LONGEST_NAME) {
            return Err(refused("workflow.own_filter_length", LONGEST_NAME));
        }
        if filter.filter.parts().any(|part| !has_length(part, LONGEST_PART)) {
            return Err(refused("workflow.own_filter_part_length", LONGEST_PART));
        }
        if admitted.iter().any(|other| other.name == filter.name) {
            return Err(Error::invalid("items", "workflow.own_filter_twice"));
        }
        admitted.push(filter);
    }
    within(admitted.len(), most, before)?;
    Ok(admitted)
}

fn has_length(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.chars().count())
}

fn within(n_items: usize, most: usize, before: usize) -> Result<()> {
    if n_items > most.max(before) { Err(refused("workflow.own_too_many", most)) } else { Ok(()) }
}

fn refused(code: &str, limit: usize) -> Error {
    Error::Invalid(vec![FieldError::new("items", code).with("limit", limit)])
}
