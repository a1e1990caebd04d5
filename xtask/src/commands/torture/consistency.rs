//! Is a case whole? Its state, the rows taken from it, who may see it and its trace are written in one unit of work:
//! after any crash they tell the same, or the unit was torn.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;

/// A case as it lies in the database.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stored {
    pub id: String,
    pub status: String,
    /// How many units changed it.
    pub version: u64,
    pub state: State,
    pub tasks: Vec<TaskRow>,
    /// Who may see it.
    pub access: BTreeSet<String>,
    pub trace: Vec<Entry>,
}

/// What we read of the engine's state.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct State {
    /// How many events made it.
    pub version: u64,
    pub status: String,
    pub initiator: Acting,
    pub tasks: Vec<Task>,
    pub opinions: Vec<Opinion>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Acting {
    pub person: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Task {
    pub id: u64,
    pub person: String,
    pub state: TaskState,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct TaskState {
    pub state: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Opinion {
    pub verdict: String,
}

impl Opinion {
    pub(crate) fn is_decision(&self) -> bool {
        matches!(self.verdict.as_str(), "approved" | "rejected")
    }
}

#[derive(Clone, Debug)]
pub(crate) struct TaskRow {
    pub no: u64,
    pub person: String,
    pub waiting: bool,
}

/// An entry of the case's stream in the trace.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub seq: u64,
    pub payload: Value,
}

impl Entry {
    fn events(&self) -> &[Value] {
        self.payload["events"].as_array().map_or(&[], Vec::as_slice)
    }
}

/// What contradicts what in a case.
pub(crate) fn contradictions(case: &Stored) -> Vec<String> {
    let mut found = Vec::new();
    let mut hold = |is_right: bool, what: String| {
        if !is_right {
            found.push(format!("case {}: {what}", case.id));
        }
    };
    let state = &case.state;
    hold(case.status == state.status, format!("its row is {}, its state {}", case.status, state.status));

    let open: BTreeSet<u64> =
        state.tasks.iter().filter(|task| task.state.state == "open").map(|task| task.id).collect();
    let waiting: BTreeSet<u64> = case.tasks.iter().filter(|row| row.waiting).map(|row| row.no).collect();
    hold(open == waiting, format!("tasks {open:?} are open in its state and {waiting:?} in the lists"));
    hold(state.tasks.len() == case.tasks.len(), "its state and the lists have other tasks".to_owned());
    for (task, row) in state.tasks.iter().zip(&case.tasks) {
        hold((task.id, &task.person) == (row.no, &row.person), format!("task {} is another's in the lists", task.id));
    }
    if case.status == "running" {
        hold(!waiting.is_empty(), "it runs, and waits for nobody".to_owned());
    } else {
        hold(waiting.is_empty(), format!("it is {}, and tasks {waiting:?} are open", case.status));
    }

    let taking_part = state.tasks.iter().filter(|task| task.state.state != "waiting").map(|task| &task.person);
    for person in taking_part.chain([&state.initiator.person]) {
        hold(case.access.contains(person), format!("{person} takes part and may not see it"));
    }

    let numbers: Vec<u64> = case.trace.iter().map(|entry| entry.seq).collect();
    let gapless: Vec<u64> = (1..=case.version).collect();
    hold(numbers == gapless, format!("{} units changed it, and its trace has {numbers:?}", case.version));
    let events: Vec<&Value> = case.trace.iter().flat_map(Entry::events).collect();
    let n_events = events.len() as u64;
    hold(n_events == state.version, format!("{n_events} events are traced, and {} made its state", state.version));
    let said = |events: &[&Value]| events.iter().filter(|event| is_decision(event)).count();
    let given = state.opinions.iter().filter(|opinion| opinion.is_decision()).count();
    hold(said(&events) == given, format!("{} decisions are traced, {given} opinions given", said(&events)));
    found
}

fn is_decision(event: &Value) -> bool {
    matches!(event["event"].as_str(), Some("approved" | "rejected"))
}
