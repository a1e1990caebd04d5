//! 待处理的差错: where a step that people do not do failed, somebody is asked. He mends what was wrong and has it tried
//! again, or sees to it by hand and says so in words; then the case goes on.

use hanlin_kernel::{FieldError, PersonId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{
    act::{EffectState, answer_refused},
    apply::on_calls,
    awaited_event::pass_event,
    awaiting::Awaiting,
    call::{Called, CalledState},
    case::{Activation, ActivationNo, Case, Closing, Purpose, Task, TaskNo, Words},
    checked::CheckedFlow,
    decide::require_words,
    desk::Wanted,
    event::What,
    facts::{Acting, Chosen, Facts},
    model::Node,
    parallel::Join,
    plan::{Lie, Place},
    refusal::Refusal,
    walk::{Choice, Next, Run},
    webhook::{WebhookState, mend_webhook},
};
use crate::effects::catalogue;

/// Why something failed: the code of a sentence with its arguments, and the fields it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reason {
    pub code: String,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[schema(value_type = Object)]
    pub args: Map<String, Value>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<ReasonField>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReasonField {
    pub field: String,
    pub code: String,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[schema(value_type = Object)]
    pub args: Map<String, Value>,
}

impl Reason {
    pub fn new(code: &str) -> Self {
        Self { code: code.to_owned(), args: Map::new(), fields: Vec::new() }
    }

    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.args.insert(name.to_owned(), value.into());
        self
    }

    pub fn of_fields(mut self, fields: &[FieldError]) -> Self {
        let each = fields.iter().cloned();
        self.fields =
            each.map(|error| ReasonField { field: error.field, code: error.code, args: error.args }).collect();
        self
    }
}

impl Run<'_> {
    /// Asks these people, unless somebody is asked here already.
    pub(crate) fn ask_to_mend(&mut self, id: ActivationNo, key: &str, mut people: Vec<Chosen>) -> Result<(), Refusal> {
        if self.case.tasks_of(id).any(|task| !task.state.is_closed()) {
            return Ok(());
        }
        people.retain(|one| self.facts.is_active(one.person));
        if people.is_empty() {
            return Err(Refusal::NoAdministrator { node: key.to_owned() });
        }
        for (turn, Chosen { person, why }) in (1..).zip(people) {
            self.give_task(id, person, why, Purpose::Mend, turn, true);
        }
        Ok(())
    }

    /// 重试: what failed is tried once more.
    pub(crate) fn try_again(&mut self, by: Acting, task: TaskNo) -> Result<(), Refusal> {
        let task = self.question(by, task)?;
        let starters = self.starters_now(task.activation);
        self.act(by, What::TriedAgain { task: task.id, starters });
        self.close_questions(task.activation, Some(task.id));
        self.wait_again(task.activation);
        let next = self.weigh(task.activation)?;
        self.go_on(next)
    }

    /// He saw to it by hand, or it can be done without.
    pub(crate) fn go_on_without(&mut self, by: Acting, task: TaskNo, words: Words) -> Result<(), Refusal> {
        let task = self.question(by, task)?;
        if !may_see_to_it(&self.case, &task) {
            return Err(Refusal::NotByHand);
        }
        require_words(&words, Wanted::reason(self.facts))?;
        self.act(by, What::Completed { task: task.id, words });
        self.close_questions(task.activation, Some(task.id));
        let next = self.weigh(task.activation)?;
        self.go_on(next)
    }

    pub(crate) fn is_question(&self, task: TaskNo) -> bool {
        self.case.task(task).is_some_and(|task| task.purpose == Purpose::Mend)
    }

    fn question(&self, by: Acting, task: TaskNo) -> Result<Task, Refusal> {
        let task = self.own_task(by, task)?;
        if task.purpose == Purpose::Mend { Ok(task) } else { Err(Refusal::WrongPurpose) }
    }

    /// What becomes of a visit that waits for no person, after something came or somebody answered.
    pub(crate) fn weigh(&mut self, id: ActivationNo) -> Result<Option<Next>, Refusal> {
        let key = self.case.activations[id.index()].node.clone();
        match self.place(&key)?.node {
            Node::Call(call) => self.weigh_calls(id, call),
            Node::Act(act) => self.weigh_act(id, act),
            Node::Webhook(webhook) => self.weigh_webhook(id, webhook),
            Node::Wait(wait) => self.weigh_event(id, wait),
            _ => Ok(Some(self.close_awaited(id, None))),
        }
    }

    /// Others who were asked need not answer any more.
    pub(crate) fn close_questions(&mut self, id: ActivationNo, decisive: Option<TaskNo>) {
        let open = self.case.tasks_of(id).filter(|task| !task.state.is_closed()).map(|task| task.id);
        for task in open.collect::<Vec<_>>() {
            let how = decisive.map_or(Closing::Settled, |task| Closing::DecidedByOther { task });
            self.follow(What::TaskClosed { task, how });
        }
    }
}

/// May who is asked at this task see to it by hand? Not where only its module can do it, as the catalogue has it: then he
/// mends what was wrong, leads the case back or ends it.
pub fn may_see_to_it(case: &Case, task: &Task) -> bool {
    task.purpose != Purpose::Mend || case.activation(task.activation).is_none_or(can_be_seen_to)
}

/// The step without which the case would go on, were it moved there by an administrator, though only its module can do it.
pub fn passed_over<'f>(flow: &'f CheckedFlow, case: &Case, to: &str, facts: &dyn Facts) -> Option<&'f Node> {
    // Few flows have such a step at all.
    flow.flow().nodes().into_iter().find(|node| is_only_its_modules(node))?;
    let passed = Run::new(flow, facts, case.clone()).passed_over(to).map(Node::key)?.to_owned();
    flow.flow().find(&passed).map(|place| place.node)
}

fn is_only_its_modules(node: &Node) -> bool {
    node.act().is_some_and(|act| !is_by_hand(&act.effect))
}

impl<'a> Run<'a> {
    /// What is open ends with the move; what lies on the way is never come to. What lies ahead of the walk from there is
    /// not passed over, nor what was done when the case was there last.
    pub(crate) fn passed_over(&self, to: &str) -> Option<&'a Node> {
        let is_ahead =
            |node: &Node| matches!(self.flow.lie(node.key(), to), Some(Lie::Same | Lie::Behind | Lie::Inside));
        let only_theirs = self.flow.nodes().into_iter().filter(|node| is_only_its_modules(node));
        only_theirs.filter(|node| !is_ahead(node)).find(|node| {
            let visits = self.case.activations.iter().rev().filter(|visit| visit.node == node.key());
            match visits.clone().find(|visit| visit.awaiting.is_some()) {
                Some(last) if last.has_effect() => false,
                Some(last) if last.end().is_none() => true,
                _ => self.lies_on_the_way(node.key()),
            }
        })
    }

    /// Does whoever walks from the beginning come to it, as the form stands now?
    fn lies_on_the_way(&self, key: &str) -> bool {
        let Some(Place { inside, .. }) = self.flow.find(key) else { return false };
        let Some((around, branch)) = inside else { return true };
        let is_taken = match around {
            Node::Exclusive(exclusive) => {
                matches!(self.choice(exclusive), Ok(Choice::Branch(taken, _)) if taken == branch)
            }
            _ => {
                let all = around.lanes().is_some_and(|lanes| lanes.join == Join::All);
                all && self.opened(around).is_ok_and(|opened| opened.branches.iter().any(|taken| taken == branch))
            }
        };
        is_taken && self.lies_on_the_way(around.key())
    }
}

/// Is it no effect, or one that a person can see to?
fn can_be_seen_to(visit: &Activation) -> bool {
    match &visit.awaiting {
        Some(Awaiting::Effect { effect, .. }) => is_by_hand(effect),
        _ => true,
    }
}

fn is_by_hand(effect: &str) -> bool {
    catalogue().get(effect).is_none_or(|known| known.by_hand)
}

/// The case goes on without what failed, since whoever was asked about it saw to it.
pub(crate) fn pass_failed(case: &mut Case, task: TaskNo) {
    on_failed(case, task, |one| one.passed = true);
    on_refused(case, task, EffectState::ByHand, WebhookState::ByHand);
    if let Some(visit) = question_at(case, task) {
        pass_event(case, visit);
    }
}

/// What failed is tried again; what still nobody could start stays as it is.
pub(crate) fn try_failed_again(case: &mut Case, task: TaskNo, starters: &[(u32, PersonId)]) {
    on_failed(case, task, |one| {
        if let Some((_, person)) = starters.iter().find(|(no, _)| *no == one.no) {
            one.by = Some(*person);
            one.state = CalledState::Opening;
        }
    });
    on_refused(case, task, EffectState::Due, WebhookState::Sending);
}

fn on_refused(case: &mut Case, task: TaskNo, effect: EffectState, webhook: WebhookState) {
    if let Some(visit) = question_at(case, task) {
        answer_refused(case, visit, effect);
        mend_webhook(case, visit, webhook);
    }
}

/// Where somebody was asked about what failed.
fn question_at(case: &Case, task: TaskNo) -> Option<ActivationNo> {
    case.task(task).filter(|task| task.purpose == Purpose::Mend).map(|task| task.activation)
}

fn on_failed(case: &mut Case, task: TaskNo, change: impl FnMut(&mut Called)) {
    if let Some(visit) = question_at(case, task) {
        on_calls(case, visit, |calls| calls.iter_mut().filter(|one| one.is_failed()).for_each(change));
    }
}
