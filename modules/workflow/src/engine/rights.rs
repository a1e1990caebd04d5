//! Who may see and change which field of a case, and when (FORM-05).

use hanlin_kernel::PersonId;

use super::{
    case::{Case, Hanging, Purpose, Status, Task, TaskNo, TaskState},
    checked::CheckedFlow,
    facts::Facts,
    form::{Right, Rights},
    model::{Flow, Node, START},
    readers::concealed,
};

/// What a reader may do with each field; through `task`, if it is his and open, also what its node lets him write.
/// Who has no part in the case sees nothing: whoever may read it for another reason has [`as_told`] of
/// `Rights::all(Right::Read)`.
pub fn rights(checked: &CheckedFlow, case: &Case, reader: PersonId, task: Option<TaskNo>, facts: &dyn Facts) -> Rights {
    let flow = checked.flow();
    let hidden = concealed(flow, case, reader, facts);
    let told = |rights: Rights| checked.form().closed(&rights.without(hidden.iter().copied()));
    let views = views(flow, case, reader).into_iter().map(|view| to_read(&told(view)));
    let seen = views.fold(Rights::all(Right::Hidden), |all, view| all.join(&view));
    let own =
        task.and_then(|task| case.task(task)).filter(|task| case.is_his(task, reader) && task.state == TaskState::Open);
    match own {
        Some(task) => seen.join(&told(task_rights(flow, case, task))),
        None if case.status == Status::Draft && case.initiator.is(reader) => told(start_rights(flow)),
        None => seen,
    }
}

/// These rights, less what is not told to this reader and what would give it away: the one place through which whatever
/// is read or written of a case goes.
pub fn as_told(checked: &CheckedFlow, case: &Case, reader: PersonId, rights: Rights, facts: &dyn Facts) -> Rights {
    checked.form().closed(&rights.without(concealed(checked.flow(), case, reader, facts)))
}

/// Is a field read by whoever reads a case at all? Only such fields stand where a reader's rights are not asked: in the
/// rows of lists.
pub fn is_told_to_all(checked: &CheckedFlow, field: &str) -> bool {
    let flow = checked.flow();
    let desks = flow.nodes().into_iter().map(|node| at(flow, node.key()));
    let rules: Vec<&str> = flow.settings.readers.keys().map(String::as_str).collect();
    let mut all = desks.filter(|rights| *rights != hidden()).chain([start_rights(flow)]);
    all.all(|rights| checked.form().closed(&rights.without(rules.iter().copied())).of(field).reads())
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
        Some(Node::Free(node)) => &node.fields,
        // Whoever is asked about what failed, or did not come, must see what it is about.
        Some(Node::Call(_) | Node::Act(_) | Node::Webhook(_)) => return Rights::all(Right::Read),
        Some(Node::Wait(node)) if node.event().is_some() => return Rights::all(Right::Read),
        Some(Node::Exclusive(_) | Node::Parallel(_) | Node::Inclusive(_) | Node::Wait(_)) | None => return hidden(),
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
