//! 子流程: a node that opens cases of another flow and waits for what comes of them (FLOW-39).
//!
//! The engine says which cases are to be opened, by whom and with which values; opening them is work of the shell, which
//! tells what came of it as [`Arrival`]s. What fails does not break the case: [`super::mend`] asks somebody about it.

use std::collections::BTreeMap;

use hanlin_forms::{expr::Scope, form::FieldType};
use hanlin_kernel::{PersonId, Text};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    awaiting::{Arrival, Awaiting},
    case::{ActivationNo, Closing, End, Status, TaskNo, Values},
    event::{Change, What},
    facts::{Chosen, Why},
    form::{self, Right, Rights},
    mend::Reason,
    model::{Expr, FieldId, Key, Node},
    people::Pending,
    refusal::Refusal,
    walk::{Next, Run},
};

/// What stands for the person or department of [`Call::each`] among the values that are handed in.
pub const EACH: &str = "each";

/// Most cases that one node opens.
pub const MOST_CALLS: usize = 50;

/// 子流程节点.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Call {
    pub key: Key,
    pub name: Text,
    /// The id of the flow, of the unit that owns this one or the nearest above.
    pub flow: String,
    /// One case for each person or department that this field names; absent: one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each: Option<FieldId>,
    /// Who starts them, where there is one for each.
    #[serde(default)]
    pub by: CallBy,
    /// Their field → an expression over ours, or [`EACH`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<FieldId, Expr>,
    /// Our field ← theirs, when it is completed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub results: BTreeMap<FieldId, FieldId>,
    #[serde(default)]
    pub wait: CallWait,
    #[serde(default)]
    pub on_failure: OnFailure,
}

/// Who starts a case that is opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallBy {
    /// The person whom it is for, or the head of the department; without `each`, the initiator.
    #[default]
    Each,
    /// The initiator of this case.
    Initiator,
}

/// What the case waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallWait {
    /// All of them have ended.
    #[default]
    All,
    /// One is completed; those that still run are called off then.
    First,
    /// They are open: it goes on without them.
    None,
}

/// What is done where one ends otherwise than completed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnFailure {
    /// The flow's administrators are asked.
    #[default]
    Ask,
    /// It counts as ended.
    GoOn,
    /// The case is terminated.
    End,
}

/// A case that is to be opened, or was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Called {
    /// From 1, in one visit.
    pub no: u32,
    /// For which person or department.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each: Option<String>,
    /// Who starts it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
    #[schema(value_type = Object)]
    pub values: Values,
    #[serde(flatten)]
    pub state: CalledState,
    /// It failed, and the case goes on without it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub passed: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum CalledState {
    /// It is about to be opened.
    Opening,
    Running {
        case: String,
    },
    Ended {
        case: String,
        status: Status,
    },
    /// It could not be opened, or what came of it could not be taken over.
    Failed {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        case: Option<String>,
        reason: Reason,
    },
}

impl CalledState {
    /// The case that was opened.
    pub fn case(&self) -> Option<&str> {
        match self {
            Self::Opening => None,
            Self::Running { case } | Self::Ended { case, .. } => Some(case),
            Self::Failed { case, .. } => case.as_deref(),
        }
    }
}

impl Called {
    pub(crate) fn is_pending(&self) -> bool {
        matches!(self.state, CalledState::Opening | CalledState::Running { .. })
    }

    pub(crate) fn is_completed(&self) -> bool {
        matches!(self.state, CalledState::Ended { status: Status::Completed, .. })
    }

    /// It went wrong, and nobody said yet what to do about it.
    pub(crate) fn is_failed(&self) -> bool {
        !self.is_pending() && !self.is_completed() && !self.passed
    }
}

impl Node {
    pub(crate) fn call(&self) -> Option<&Call> {
        match self {
            Self::Call(call) => Some(call),
            _ => None,
        }
    }
}

impl Run<'_> {
    pub(crate) fn open_call(&mut self, id: ActivationNo, call: &Call) -> Result<Option<Next>, Refusal> {
        let unknown = call.each.as_ref().filter(|field| self.is_undecided(field)).cloned();
        if let (Some(field), Some(assume)) = (unknown, &mut self.assume) {
            assume.pending.insert(id, Pending { fields: [field].into(), ..Pending::default() });
            return Ok(Some(self.close(id, End::Arrived)));
        }
        let calls = self.calls(call);
        if calls.is_empty() {
            return Ok(Some(self.close(id, End::PassedOver)));
        }
        let waited = call.wait != CallWait::None;
        let awaiting = Awaiting::Cases { flow: call.flow.clone(), calls, waited };
        self.follow(What::Awaited { activation: id, awaiting });
        self.weigh_calls(id, call)
    }

    /// The cases that are to be opened, each with who starts it; without anybody, it failed already.
    fn calls(&self, call: &Call) -> Vec<Called> {
        let own = self.case.initiator.principal();
        let Some(field) = &call.each else { return vec![self.called(call, 1, None, Some(own))] };
        let kind = self.flow.form.field(field).map(|field| field.kind);
        let targets: Vec<(String, Option<PersonId>)> = match kind {
            Some(FieldType::Person) => {
                let people = form::people(&self.case.values, field).into_iter();
                people.map(|person| (person.to_string(), Some(person))).collect()
            }
            _ => {
                let departments = form::options(&self.case.values, field).into_iter();
                let head = |code: &str| self.facts.head_of(code, &self.case.initiator).map(|(person, _)| person);
                departments.map(|code| (code.clone(), head(&code))).collect()
            }
        };
        let numbered = (1..).zip(targets.into_iter().take(MOST_CALLS));
        numbered
            .map(|(no, (each, person))| {
                let by = if call.by == CallBy::Initiator { Some(own) } else { person };
                self.called(call, no, Some(each), by)
            })
            .collect()
    }

    fn called(&self, call: &Call, no: u32, each: Option<String>, by: Option<PersonId>) -> Called {
        let reason = match by {
            None => Some(Reason::new("workflow.call_nobody")),
            Some(person) if !self.facts.is_active(person) => Some(Reason::new("workflow.call_not_in_service")),
            Some(_) => None,
        };
        let reason = reason.map(|reason| reason.with("department", each.clone().unwrap_or_default()));
        let state = match reason {
            Some(reason) => CalledState::Failed { case: None, reason },
            None => CalledState::Opening,
        };
        let values = self.handed_in(call, each.as_deref());
        Called { no, each, by, values, state, passed: false }
    }

    /// Their values, out of ours. A field that is named alone is handed in as it is.
    fn handed_in(&self, call: &Call, each: Option<&str>) -> Values {
        let scope = self.checked.form().scope(&self.case.values, &self.case.initiator.described);
        let value = |theirs: &FieldId, written: &Expr| -> Option<Value> {
            if written.0.trim() == EACH {
                let each = Value::from(each?);
                let is_person = call.each.as_ref().and_then(|field| self.flow.form.field(field));
                let is_person = is_person.is_some_and(|field| field.kind == FieldType::Person);
                return Some(if is_person { Value::from(vec![each]) } else { each });
            }
            self.written(&call.key, theirs, written, &scope)
        };
        let each_value = call.values.iter().filter_map(|(theirs, written)| {
            let value = value(theirs, written).filter(|value| !value.is_null())?;
            Some((theirs.clone(), value))
        });
        each_value.collect()
    }

    /// What is written for a name at this node: a field that stands alone as it is, all else as it is evaluated.
    pub(crate) fn written(&self, node: &str, name: &str, written: &Expr, scope: &dyn Scope) -> Option<Value> {
        let alone = written.0.trim().strip_prefix("form.").filter(|id| self.flow.form.field(id).is_some());
        match alone {
            Some(field) => self.case.values.get(field).cloned(),
            None => Some(self.checked.condition(node, name)?.eval(scope).to_json()),
        }
    }

    /// What becomes of this visit, as its cases stand.
    pub(crate) fn weigh_calls(&mut self, id: ActivationNo, call: &Call) -> Result<Option<Next>, Refusal> {
        let ended_badly = |one: &Called| one.is_failed() && matches!(one.state, CalledState::Ended { .. });
        if call.on_failure == OnFailure::End && self.called_at(id).iter().any(ended_badly) {
            self.end_case(Status::Terminated, End::Terminated, Closing::CaseTerminated);
            return Ok(None);
        }
        if call.on_failure == OnFailure::GoOn {
            let bad: Vec<u32> = self.called_at(id).iter().filter(|one| ended_badly(one)).map(|one| one.no).collect();
            if !bad.is_empty() {
                self.follow(What::CallsPassed { activation: id, calls: bad });
            }
        }
        let calls = self.called_at(id);
        let failed = calls.iter().any(Called::is_failed);
        let done = match call.wait {
            CallWait::All => !failed && !calls.iter().any(Called::is_pending),
            CallWait::First => {
                calls.iter().any(Called::is_completed) || !failed && !calls.iter().any(Called::is_pending)
            }
            CallWait::None => !failed && !calls.iter().any(|one| one.state == CalledState::Opening),
        };
        if done {
            return Ok(Some(self.close_awaited(id, None)));
        }
        if failed {
            let administrators = self.facts.administrators().into_iter();
            let asked = administrators.map(|person| Chosen::new(person, Why::Administrator)).collect();
            self.ask_to_mend(id, &call.key, asked)?;
        }
        Ok(None)
    }

    /// Who starts what nobody could start before, as things stand now.
    pub(crate) fn starters_now(&self, id: ActivationNo) -> Vec<(u32, PersonId)> {
        let node = self.case.activation(id).and_then(|visit| self.flow.find(&visit.node)).map(|place| place.node);
        let Some(call) = node.and_then(Node::call) else { return Vec::new() };
        let now = self.calls(call);
        let failed = self.called_at(id).iter().filter(|one| one.is_failed());
        let found = failed.filter_map(|one| {
            let again = now.iter().find(|again| again.each == one.each && again.state == CalledState::Opening)?;
            Some((one.no, again.by?))
        });
        found.collect()
    }

    fn called_at(&self, id: ActivationNo) -> &[Called] {
        match self.case.activation(id).and_then(|visit| visit.awaiting.as_ref()) {
            Some(Awaiting::Cases { calls, .. }) => calls,
            _ => &[],
        }
    }

    /// Does that fit how the cases stand? Else it came too late, or never was.
    pub(crate) fn fits_calls(&self, id: ActivationNo, arrival: &Arrival) -> bool {
        let find = |no: u32| self.called_at(id).iter().find(|one| one.no == no).map(|one| &one.state);
        match arrival {
            Arrival::Opened { call, .. } => find(*call) == Some(&CalledState::Opening),
            Arrival::Failed { call, .. } => {
                matches!(find(*call), Some(CalledState::Opening | CalledState::Running { .. }))
            }
            Arrival::Ended { call, status, .. } => {
                status.is_finished() && matches!(find(*call), Some(CalledState::Running { .. }))
            }
            _ => false,
        }
    }

    /// The results of a case that was completed, as changes of our fields; or why they cannot be taken over.
    pub(crate) fn results(&self, call: &Call, theirs: &Values) -> Result<Vec<Change>, Reason> {
        self.taken_over(&call.results, theirs, call.each.is_some())
    }

    /// `adds`: what comes stands in a line of its own below what is there.
    pub(crate) fn taken_over(
        &self,
        results: &BTreeMap<FieldId, String>,
        theirs: &Values,
        adds: bool,
    ) -> Result<Vec<Change>, Reason> {
        let mut ours = Values::new();
        for (field, from) in results {
            let Some(value) = theirs.get(from).filter(|value| !value.is_null()) else { continue };
            let before = self.case.values.get(field).and_then(Value::as_str);
            // Of several, each adds its line.
            let value = match (adds, before, value.as_str()) {
                (true, Some(before), Some(more)) => Value::from(format!("{before}\n{more}")),
                _ => value.clone(),
            };
            ours.insert(field.clone(), value);
        }
        let everything = Rights::all(Right::Write);
        let after = form::take_over(self.checked, &self.case, &ours, &everything, self.facts);
        let after = after.map_err(|fields| Reason::new("workflow.call_results_refused").of_fields(&fields))?;
        let changes = self.checked.form().diff(&self.case.values, &after).into_iter();
        Ok(changes.map(|change| Change { field: change.field, before: change.before, after: change.after }).collect())
    }

    /// Closes a visit that waits for nothing any more, with the questions that are open in it.
    pub(crate) fn close_awaited(&mut self, id: ActivationNo, decisive: Option<TaskNo>) -> Next {
        self.close_questions(id, decisive);
        self.close(id, End::Arrived)
    }
}

/// What a case does to the visit that waits for it.
pub(crate) fn note_arrival(calls: &mut [Called], arrival: &Arrival) {
    let (no, state) = match arrival {
        Arrival::Opened { call, case } => (*call, CalledState::Running { case: case.clone() }),
        Arrival::Ended { call, case, status, .. } => {
            (*call, CalledState::Ended { case: case.clone(), status: *status })
        }
        Arrival::Failed { call, reason } => {
            let case = calls.iter().find(|one| one.no == *call).and_then(|one| one.state.case().map(str::to_owned));
            (*call, CalledState::Failed { case, reason: reason.clone() })
        }
        _ => return,
    };
    if let Some(one) = calls.iter_mut().find(|one| one.no == no) {
        one.state = state;
    }
}
