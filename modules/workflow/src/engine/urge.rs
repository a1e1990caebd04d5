//! 催办: who may urge whom, and how often (TIME-07).

use hanlin_kernel::PersonId;
use hanlin_rulebook::Mode;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{
    case::{Closing, Task, Words},
    event::What,
    facts::{Acting, parameter},
    refusal::Refusal,
    walk::Run,
};

impl Run<'_> {
    /// Urges everyone who is waited for and was not urged just now.
    pub(crate) fn urge(
        &mut self,
        by: Acting,
        administrator: bool,
        channel: String,
        words: Words,
    ) -> Result<(), Refusal> {
        let person = by.principal();
        if !administrator && !self.case.initiator.is(person) && !self.has_handled(person) {
            return Err(Refusal::MayNotUrge);
        }
        let waited_for: Vec<&Task> = self.case.open_tasks().filter(|task| task.person != person).collect();
        let again = waited_for.iter().map(|task| self.again_at(task));
        let soonest = again.clone().min().ok_or(Refusal::NobodyToUrge)?;
        let now = self.facts.now();
        let too_early = self.facts.rule(parameter::URGE_INTERVAL).filter(|_| soonest > now);
        if too_early.as_ref().is_some_and(|rule| rule.mode == Mode::Block) {
            return Err(Refusal::UrgedJustNow { again_at: soonest });
        }
        // Too early for all of them and let pass: then it is for all of them.
        let is_due = |at: &Timestamp| too_early.is_some() || *at <= now;
        let urged: Vec<_> = waited_for.iter().zip(again).filter(|(_, at)| is_due(at)).map(|(task, _)| *task).collect();
        let tasks = urged.iter().map(|task| task.id).collect();
        let people = urged.iter().map(|task| task.person).collect();
        self.act(by, What::Urged { tasks, people, channel, words });
        if let Some(rule) = too_early {
            self.broken(by, parameter::URGE_INTERVAL, rule, json!({ "again_at": soonest }));
        }
        Ok(())
    }

    fn has_handled(&self, person: PersonId) -> bool {
        let by_him = |how| matches!(how, Closing::Approved | Closing::Completed | Closing::Returned);
        self.case.tasks.iter().any(|task| task.person == person && task.closing().is_some_and(by_him))
    }

    /// From when on this task may be urged.
    fn again_at(&self, task: &Task) -> Timestamp {
        let last = self.case.urges.iter().rev().find(|urge| urge.tasks.contains(&task.id));
        last.map_or(Timestamp::MIN, |urge| urge.at.saturating_add(self.interval()).unwrap_or(Timestamp::MAX))
    }

    /// How long after an urge the same task may be urged again. The rulebook says it; without a rule there is no limit.
    fn interval(&self) -> SignedDuration {
        let minutes = self.facts.rule(parameter::URGE_INTERVAL).and_then(|rule| match rule.value {
            serde_json::Value::String(text) => text.parse().ok(),
            number => number.as_i64(),
        });
        SignedDuration::from_mins(minutes.unwrap_or(0).clamp(0, 60 * 24 * 366))
    }
}
