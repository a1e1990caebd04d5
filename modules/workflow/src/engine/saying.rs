//! What counts as saying something, and what a bare 已阅 means (FLOW-16, FLOW-17, FLOW-18).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    case::{Case, Task, Words},
    desk::{Desk, ruled},
    facts::{Facts, parameter},
    model::Flow,
};

/// What it means when somebody answers with 已阅 and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BareRead {
    /// It is no answer: he has to say whether he agrees.
    Refuse,
    /// It counts as disagreeing.
    Disagree,
    /// It counts as agreeing, with nothing said.
    Agree,
    /// It is taken as it stands: he was informed.
    Note,
}

/// What is left of words when signs and spaces are taken out, so that 好的。 and 好 的 are the same.
fn bare(text: &str) -> String {
    text.chars().filter(|sign| sign.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Is this one of those phrases? What holds no word at all is the same as 。。。
pub(crate) fn is_one_of(words: &Words, phrases: &[String]) -> bool {
    let said = bare(&words.text);
    !words.text.trim().is_empty() && phrases.iter().any(|phrase| bare(phrase) == said)
}

/// What a bare 已阅 means to the holder of this task. `None`: he can do nothing there.
pub fn bare_read(flow: &Flow, case: &Case, task: &Task, facts: &dyn Facts) -> Option<BareRead> {
    Some(flow.find(&case.activation(task.activation)?.node)?.node.desk()?.bare_read(facts))
}

impl Desk<'_> {
    /// Phrases that count as no words here: the rulebook's, and the node's own.
    pub(crate) fn empty_phrases(&self, facts: &dyn Facts) -> Vec<String> {
        let all: Vec<String> = ruled(facts, parameter::OPINION_EMPTY_PHRASES).unwrap_or_default();
        all.into_iter().chain(self.duty.forbidden.iter().cloned()).collect()
    }

    /// What a bare 已阅 means here: by the node, else by the rulebook for its kind, else it is refused where something is
    /// judged and taken as it stands elsewhere (FLOW-18).
    pub(crate) fn bare_read(&self, facts: &dyn Facts) -> BareRead {
        let (parameter, safe) = match self.is_judging() {
            true => (parameter::BARE_READ_WHERE_JUDGED, BareRead::Refuse),
            false => (parameter::BARE_READ_ELSEWHERE, BareRead::Note),
        };
        self.duty.bare_read.or_else(|| ruled(facts, parameter)).unwrap_or(safe)
    }

    /// Does he say no more than 已阅? Then what it means here.
    pub(crate) fn read_only(&self, words: &Words, facts: &dyn Facts) -> Option<BareRead> {
        let is_bare = words.attachments.is_empty() && is_one_of(words, &read_phrases(facts));
        is_bare.then(|| self.bare_read(facts))
    }
}

/// The ways of saying 已阅, as the rulebook has them.
pub fn read_phrases(facts: &dyn Facts) -> Vec<String> {
    ruled(facts, parameter::OPINION_READ_PHRASES).unwrap_or_else(|| vec!["已阅".to_owned()])
}
