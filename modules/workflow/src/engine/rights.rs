//! Who may see and change which field of a case, and when (FORM-05).

use hanlin_kernel::PersonId;

use super::{
    case::{Case, Hanging, Purpose, Status, Task, TaskNo, TaskState},
    form::{Right, Rights},
    model::{Flow, Node, START},
};

/// What a reader may do with each field; through `task`, if it is his and open, also what its node lets him write.
/// Who has no part in the case sees nothing: whoever may read it for another reason gets `Rights::all(Right::Read)`.
pub fn rights(flow: &Flow, case: &Case, reader: PersonId, task: Option<TaskNo>) -> Rights {
    let seen = views(flow, case, reader).iter().fold(Rights::all(Right::Hidden), |all, view| all.join(&to_read(view)));
    let own =
        task.and_then(|task| case.task(task)).filter(|task| case.is_his(task, reader) && task.state == TaskState::Open);
    match own {
        Some(task) => seen.join(&task_rights(flow, case, task)),
        None if case.status == Status::Draft && case.initiator.is(reader) => start_rights(flow),
        None => seen,
    }
}

/// What the initiator may do with the fields while the case is his.
pub fn start_rights(flow: &Flow) -> Rights {
    Rights { others: Right::Write, fields: flow.settings.start_fields.clone() }
}

/// What the holder of this task may do at its node.
pub(crate) fn task_rights(flow: &Flow, case: &Case, task: &Task) -> Rights {
    match task.purpose {
        Purpose::Revise => start_rights(flow),
        // Who names a handler, or sees to what failed, fills nothing in.
        Purpose::Assign | Purpose::Mend => {
            case.activation(task.activation).map_or_else(hidden, |visit| to_read(&at(flow, &visit.node)))
        }
        // Who is only asked reads what the asker may read; to whom it is delegated fills in what the asker could.
        Purpose::Advise if task.hangs.is_none_or(|hangs| hangs.how != Hanging::Delegated) => {
            case.activation(task.activation).map_or_else(hidden, |visit| to_read(&at(flow, &visit.node)))
        }
        Purpose::Approve | Purpose::Handle | Purpose::Advise => {
            case.activation(task.activation).map_or_else(hidden, |visit| at(flow, &visit.node))
        }
    }
}

fn at(flow: &Flow, key: &str) -> Rights {
    if key == START {
        return start_rights(flow);
    }
    let fields = match flow.find(key).map(|place| place.node) {
        Some(Node::Approve(node)) => &node.fields,
        Some(Node::Handle(node)) => &node.fields,
        Some(Node::Copy(node)) => &node.fields,
        Some(Node::Exclusive(_) | Node::Parallel(_) | Node::Inclusive(_) | Node::Wait(_)) | None => return hidden(),
        // Whoever is asked about what failed must see what it is about.
        Some(Node::Call(_) | Node::Act(_)) => return Rights::all(Right::Read),
    };
    Rights { others: Right::Read, fields: fields.clone() }
}

/// The rights of each part he has or had in the case.
fn views(flow: &Flow, case: &Case, reader: PersonId) -> Vec<Rights> {
    let initiator = case.initiator.is(reader).then(|| start_rights(flow));
    let is_part = |task: &&Task| task.person == reader && task.opened_at.is_some() || task.is_done_by(reader);
    let tasks = case.tasks.iter().filter(is_part);
    let copies = case.copies.iter().filter(|copy| copy.person == reader);
    let copied = copies.filter_map(|copy| case.activation(copy.activation)).map(|visit| at(flow, &visit.node));
    initiator.into_iter().chain(tasks.map(|task| task_rights(flow, case, task))).chain(copied).collect()
}

/// The same, without writing.
fn to_read(rights: &Rights) -> Rights {
    let fields = rights.fields.iter().map(|(field, right)| (field.clone(), (*right).min(Right::Read)));
    Rights { others: rights.others.min(Right::Read), fields: fields.collect() }
}

fn hidden() -> Rights {
    Rights::all(Right::Hidden)
}
