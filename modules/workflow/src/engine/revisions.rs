//! What was written into the form after it was handed in, and whose decision still counts after a return because nothing
//! that he goes by has changed (FLOW-22).
//!
//! A return that passes over whoever is not concerned walks every node again, and marks the visits that it ends as *kept*:
//! whoever agreed there and is found again need not decide again, unless a field that he could read is another now.

use std::collections::BTreeMap;

use hanlin_kernel::PersonId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    case::{Activation, ActivationNo, Case, Closing, End, Purpose, Task, TaskNo},
    decide::require_words,
    desk::Wanted,
    event::{Change, Event, What},
    facts::Acting,
    form::{self, Right, Rights},
    model::{FieldId, Flow},
    people::Found,
    refusal::Refusal,
    rights::task_rights,
    walk::Run,
};
use crate::engine::{Values, Words};

/// Something that was written into the form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Revision {
    /// Of the case.
    pub version: u64,
    pub at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Acting>,
    pub changes: Vec<Change>,
    /// 修正: an administrator did it, for this reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repair: Option<String>,
}

impl Case {
    /// What is otherwise now than when the case was of that version, or at that time.
    fn changed_since(&self, is_later: impl Fn(&Revision) -> bool) -> Vec<Change> {
        let mut changed: BTreeMap<&FieldId, Change> = BTreeMap::new();
        for change in self.revisions.iter().filter(|revision| is_later(revision)).flat_map(|one| &one.changes) {
            changed.entry(&change.field).or_insert_with(|| change.clone()).after = change.after.clone();
        }
        changed.into_values().filter(|change| change.before != change.after).collect()
    }
}

/// For who has this task and decided at an earlier visit of its node: which fields that he may read are otherwise now.
pub fn changes_for(flow: &Flow, case: &Case, task: &Task) -> Vec<Change> {
    let node = |task: &Task| case.activation(task.activation).map(|visit| visit.node.as_str());
    let decided = |earlier: &&Task| {
        let heard = earlier.closing().is_some_and(|how| how.is_heard() || how == Closing::Returned);
        earlier.person == task.person && earlier.id < task.id && heard && node(earlier) == node(task)
    };
    let decides = matches!(task.purpose, Purpose::Approve | Purpose::Handle);
    let Some(earlier) = case.tasks.iter().rev().filter(|_| decides).find(decided) else { return Vec::new() };
    let rights = task_rights(flow, case, task);
    let changed = case.changed_since(|revision| earlier.closed_in > 0 && revision.version > earlier.closed_in);
    changed.into_iter().filter(|change| rights.of(&change.field) != Right::Hidden).collect()
}

impl Run<'_> {
    /// The visit of this node before this one, if its decisions still count where nothing changed.
    fn kept_before(&self, id: ActivationNo) -> Option<&Activation> {
        let visit = self.case.activation(id)?;
        let before = &self.case.activations[..id.index()];
        before.iter().rev().find(|other| other.node == visit.node).filter(|other| other.kept)
    }

    /// Whose agreement at the visit before counts here too, and in which task.
    pub(crate) fn unchanged_at(&self, id: ActivationNo) -> BTreeMap<PersonId, TaskNo> {
        let Some(before) = self.kept_before(id) else { return BTreeMap::new() };
        // Who is next at a free node was for its handlers to say: it begins anew.
        let node = self.flow.find(&before.node).map(|place| place.node).filter(|node| node.free().is_none());
        let Some(desk) = node.and_then(|node| node.desk()) else { return BTreeMap::new() };
        let matters = desk.return_rule.decides_on.as_ref();
        let agreed = self.case.slots(before.id).filter_map(|task| {
            let last = std::iter::successors(Some(task), |task| self.case.task(task.replaced_by?)).last()?;
            let counts = last.closing().is_some_and(Closing::is_agreement) && last.closed_in > 0;
            let cut_off =
                |other: &&Task| matches!(other.closing(), Some(Closing::Returned | Closing::CaseReturned { .. }));
            let whole = !self.case.below(last.id).iter().any(cut_off);
            (counts && whole).then_some((task.person, last))
        });
        let same = |task: &Task| {
            let rights = task_rights(self.flow, &self.case, task);
            let changed = self.case.changed_since(|revision| revision.version > task.closed_in);
            !changed.iter().any(|change| match matters {
                Some(fields) => fields.contains(&change.field),
                None => rights.of(&change.field) != Right::Hidden,
            })
        };
        agreed.filter(|(_, task)| same(task)).map(|(person, task)| (person, task.id)).collect()
    }

    /// Has what this visit waits for come at the visit before, and nothing changed since?
    pub(crate) fn has_come_before(&self, id: ActivationNo) -> bool {
        self.kept_before(id).is_some_and(|before| {
            let since = before.closed_at.unwrap_or(before.opened_at);
            before.end() == Some(End::Arrived) && self.case.changed_since(|revision| revision.at > since).is_empty()
        })
    }

    /// Who has a copy from the visit before, and would read nothing else now, gets none.
    pub(crate) fn not_copied_again(&self, id: ActivationNo, mut found: Found) -> Found {
        if self.kept_before(id).is_none() {
            return found;
        }
        let node = &self.case.activations[id.index()].node;
        let here = |visit: ActivationNo| self.case.activation(visit).is_some_and(|visit| visit.node == *node);
        found.chosen.retain(|one| {
            let copies = self.case.copies.iter().rev().filter(|copy| here(copy.activation));
            let mut his = copies.filter(|copy| copy.person == one.person);
            his.next().is_none_or(|copy| !self.case.changed_since(|revision| revision.at > copy.sent_at).is_empty())
        });
        found
    }

    /// 修正: an administrator puts right what stands in the form. What was said about it stays.
    pub(crate) fn repair(
        &mut self,
        by: Acting,
        administrator: bool,
        values: Values,
        words: Words,
    ) -> Result<(), Refusal> {
        if !administrator {
            return Err(Refusal::NotAdministrator);
        }
        require_words(&words, Wanted::reason(self.facts))?;
        let mut rights = Rights::all(Right::Read);
        for id in values.keys() {
            let field = self.flow.form.field(id).ok_or_else(|| Refusal::NoSuchField { field: id.clone() })?;
            if field.fills_itself() {
                return Err(Refusal::FillsItself { field: id.clone() });
            }
            rights.fields.insert(id.clone(), Right::Write);
        }
        let after = form::fill(self.checked, &self.case, &values, &rights, self.facts)?;
        let changed = self.checked.form().diff(&self.case.values, &after).into_iter();
        let changes: Vec<Change> =
            changed.map(|change| Change { field: change.field, before: change.before, after: change.after }).collect();
        if changes.is_empty() {
            return Err(Refusal::NothingRepaired);
        }
        self.act(by, What::Repaired { changes, words });
        Ok(())
    }
}

/// Puts the changes into the form, and keeps that it was done.
pub(crate) fn revise(case: &mut Case, event: &Event, changes: &[Change], repair: Option<&Words>) {
    put(case, changes);
    case.revisions.push(Revision {
        version: case.version,
        at: event.at,
        by: event.by,
        changes: changes.to_vec(),
        repair: repair.map(|words| words.text.clone()),
    });
}

/// Its values are these from now on.
pub(crate) fn put(case: &mut Case, changes: &[Change]) {
    for change in changes {
        match &change.after {
            Value::Null => case.values.shift_remove(&change.field),
            after => case.values.insert(change.field.clone(), after.clone()),
        };
    }
}
