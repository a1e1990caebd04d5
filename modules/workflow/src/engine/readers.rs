//! 读者: to whom a field, or a column of a table, is told at all, whatever his node lets him read (PERM-08, FORM-05).

use std::collections::BTreeMap;

use hanlin_kernel::PersonId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    case::{Case, Task},
    facts::Facts,
    model::{FieldId, Flow, Key, Starter},
};

/// By field, or by column as `items.price`.
pub type ReaderRules = BTreeMap<FieldId, Readers>;

/// Who reads a field. A reader is told it if one of `visible_to` is true of him, or nobody stands there, and none of
/// `hidden_from`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Readers {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub visible_to: Vec<Reader>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hidden_from: Vec<Reader>,
}

/// Some who read a case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "reader", rename_all = "snake_case", deny_unknown_fields)]
pub enum Reader {
    Initiator,
    /// Whoever has or had a task at this node.
    Handler {
        node: Key,
    },
    /// Whoever got a copy.
    Copies,
    /// By what he is in the organisation, under any of his appointments in force.
    One {
        of: Starter,
    },
}

impl Readers {
    fn tells(&self, is: &dyn Fn(&Reader) -> bool) -> bool {
        (self.visible_to.is_empty() || self.visible_to.iter().any(is)) && !self.hidden_from.iter().any(is)
    }

    /// Is it kept from some by their part in a case?
    pub(crate) fn depends_on_the_case(&self) -> bool {
        self.hidden_from.iter().any(|reader| !matches!(reader, Reader::One { .. }))
    }

    pub(crate) fn each(&self) -> impl Iterator<Item = &Reader> {
        self.visible_to.iter().chain(&self.hidden_from)
    }
}

/// What is not told to this reader of this case.
pub fn concealed<'f>(flow: &'f Flow, case: &Case, reader: PersonId, facts: &dyn Facts) -> Vec<&'f str> {
    let standings = match flow.settings.readers.is_empty() {
        true => Vec::new(),
        false => facts.standings_of(reader),
    };
    let is = |who: &Reader| match who {
        Reader::Initiator => case.initiator.is(reader),
        Reader::Handler { node } => case.tasks.iter().any(|task| is_at(case, task, node) && had(task, reader)),
        Reader::Copies => case.copies.iter().any(|copy| copy.person == reader),
        Reader::One { of } => standings.iter().any(|standing| facts.may_start(of, standing)),
    };
    let rules = flow.settings.readers.iter().filter(|(_, readers)| !readers.tells(&is));
    rules.map(|(key, _)| key.as_str()).collect()
}

fn is_at(case: &Case, task: &Task, node: &str) -> bool {
    case.activation(task.activation).is_some_and(|visit| visit.node == node)
}

fn had(task: &Task, reader: PersonId) -> bool {
    task.person == reader && task.opened_at.is_some() || task.is_done_by(reader)
}
