//! Who may see and change which field of a case, and when (FORM-05).

use std::collections::BTreeMap;

use hanlin_kernel::PersonId;

use super::{
    case::{Case, Purpose, Status, Task, TaskNo, TaskState},
    form::{self, Right},
    model::{FieldId, Flow, Node, START},
};

/// A right for every field of the form.
pub type Rights = BTreeMap<FieldId, Right>;

/// What a reader may do with each field; through `task`, if it is his and open, also what its node lets him write.
/// Who has no part in the case sees nothing: whoever may read it for another reason gets [`read_all`].
pub fn rights(flow: &Flow, case: &Case, reader: PersonId, task: Option<TaskNo>) -> Rights {
    let mut rights: Rights = every_field(flow, Right::Hidden);
    for given in views(flow, case, reader) {
        join(&mut rights, given, Right::Read);
    }
    let own =
        task.and_then(|task| case.task(task)).filter(|task| task.person == reader && task.state == TaskState::Open);
    if let Some(task) = own {
        join(&mut rights, task_rights(flow, case, task), Right::Required);
    } else if case.status == Status::Draft && case.initiator.is(reader) {
        join(&mut rights, start_rights(flow), Right::Required);
    }
    rights
}

/// All fields, to read: for administrators and inspectors, where their permission says so.
pub fn read_all(flow: &Flow) -> Rights {
    every_field(flow, Right::Read)
}

/// What the initiator may write while the case is his.
pub fn start_rights(flow: &Flow) -> Rights {
    named(flow, &flow.settings.start_fields, Right::Write)
}

/// What the holder of this task may do at its node.
pub(crate) fn task_rights(flow: &Flow, case: &Case, task: &Task) -> Rights {
    if task.purpose == Purpose::Revise {
        return start_rights(flow);
    }
    case.activation(task.activation).map_or_else(Rights::new, |visit| node_rights(flow, &visit.node))
}

fn node_rights(flow: &Flow, key: &str) -> Rights {
    if key == START {
        return start_rights(flow);
    }
    match flow.find(key).map(|place| place.node) {
        Some(Node::Approve(node)) => named(flow, &node.fields, Right::Read),
        Some(Node::Handle(node)) => named(flow, &node.fields, Right::Read),
        Some(Node::Copy(node)) => named(flow, &node.fields, Right::Read),
        Some(Node::Exclusive(_)) | None => Rights::new(),
    }
}

/// The rights of each part he has or had in the case.
fn views(flow: &Flow, case: &Case, reader: PersonId) -> Vec<Rights> {
    let initiator = case.initiator.is(reader).then(|| start_rights(flow));
    let tasks = case.tasks.iter().filter(|task| task.person == reader && task.opened_at.is_some());
    let copies = case.copies.iter().filter(|copy| copy.person == reader);
    let copied = copies.filter_map(|copy| case.activation(copy.activation)).map(|visit| node_rights(flow, &visit.node));
    initiator.into_iter().chain(tasks.map(|task| task_rights(flow, case, task))).chain(copied).collect()
}

/// The wider of both, up to a limit.
fn join(rights: &mut Rights, given: Rights, limit: Right) {
    for (field, right) in given {
        let own = rights.entry(field).or_insert(Right::Hidden);
        *own = (*own).max(right.min(limit));
    }
}

fn named(flow: &Flow, given: &BTreeMap<FieldId, Right>, otherwise: Right) -> Rights {
    let mut rights = every_field(flow, otherwise);
    rights.extend(given.iter().map(|(field, right)| (field.clone(), *right)));
    rights
}

fn every_field(flow: &Flow, right: Right) -> Rights {
    form::field_ids(&flow.form).map(|field| (field, right)).collect()
}
