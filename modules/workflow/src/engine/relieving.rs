//! 离职移交: what waits at somebody who has left goes to who stands in for him (FLOW-05, ORG-13).
//!
//! It goes where the rules would have led that find one who left: to his successor or superior (`on_left`), and past the
//! initiator, whose own case it is. Where nobody stands in, or who does has his part at this step already, an
//! administrator of the flow names someone, so that no decision is lost. Advice that was asked of him is waited for no
//! longer then.

use super::{
    case::{ActivationNo, Case, Closing, Purpose, Task, TaskState},
    desk::PeopleRules,
    event::What,
    facts::{Acting, Chosen, Why},
    model::PeopleSettings,
    refusal::Refusal,
    walk::{NewTask, Run},
};

impl Case {
    /// Did it take the place of another task?
    pub(crate) fn is_in_place_of_another(&self, task: &Task) -> bool {
        self.tasks.iter().any(|other| other.replaced_by == Some(task.id))
    }

    /// Can it be done without, where nobody stands in? Advice can, and what others are asked as well who see to it alone.
    fn is_dispensable(&self, task: &Task) -> bool {
        let of_all = |task: &Task| match task.purpose {
            Purpose::Mend => true,
            Purpose::Assign => !self.is_in_place_of_another(task),
            _ => false,
        };
        let alike = |other: &&Task| other.purpose == task.purpose && of_all(other);
        let mut others = self.tasks_of(task.activation).filter(alike);
        let others_are_asked = of_all(task) && others.any(|other| other.id != task.id && !other.state.is_closed());
        task.purpose == Purpose::Advise || others_are_asked
    }
}

impl Run<'_> {
    /// Neither who has left does anything more, nor anybody for him.
    pub(crate) fn require_service(&self, by: Acting) -> Result<(), Refusal> {
        match [by.person, by.principal()].into_iter().find(|person| !self.facts.is_active(*person)) {
            Some(person) => Err(Refusal::NotInService { person }),
            None => Ok(()),
        }
    }

    /// Nothing waits at anybody who has left. Only the system says so, as soon as somebody has.
    pub(crate) fn relieve(&mut self, system: bool) -> Result<(), Refusal> {
        if !system {
            return Err(Refusal::NotTheSystem);
        }
        let visits = self.case.activations.iter().filter(|visit| visit.is_active()).map(|visit| visit.id);
        for id in visits.collect::<Vec<_>>() {
            let flow = self.flow;
            let here = self.case.activation(id).filter(|visit| visit.is_active());
            let desk = here.and_then(|visit| flow.desk_at(visit));
            if self.relieve_at(id)?
                && let Some(desk) = desk
            {
                let next = self.settle(id, desk)?;
                self.go_on(next)?;
            }
        }
        Ok(())
    }

    /// The same at one visit: was there anything? Where it is suspended, that is done when it resumes.
    pub(crate) fn relieve_at(&mut self, id: ActivationNo) -> Result<bool, Refusal> {
        let waits = |task: &&Task| matches!(task.state, TaskState::Open | TaskState::Waiting);
        let left = |task: &&Task| !self.facts.is_active(task.person);
        let tasks: Vec<Task> = self.case.tasks_of(id).filter(waits).filter(left).cloned().collect();
        tasks.iter().try_for_each(|task| self.relieve_of(task))?;
        Ok(!tasks.is_empty())
    }

    fn relieve_of(&mut self, task: &Task) -> Result<(), Refusal> {
        let stand_in = self.stand_in(task);
        if stand_in.is_none() && self.case.is_dispensable(task) {
            self.follow(What::TaskClosed { task: task.id, how: Closing::Settled });
            return Ok(());
        }
        let mut new = self.in_his_place(task, stand_in)?;
        // Somebody is named at once for a pool, also while another holds what is in it.
        let is_pooled = self.case.is_held_by_another(task) && !self.case.is_parked(task);
        new.open |= new.purpose == Purpose::Assign && is_pooled;
        self.follow(What::TaskClosed { task: task.id, how: Closing::HandedOver { to: new.person } });
        self.give(task.activation, new);
        Ok(())
    }

    /// What was done at this task, or spared, is to be done once more: by its holder, or by who has it in his place.
    pub(crate) fn ask_again(&mut self, task: &Task, why: Option<Why>, open: bool) -> Result<(), Refusal> {
        let himself = || NewTask { replaces: Some(task.id), ..NewTask::like(task, task.person) };
        let mut new = match self.facts.is_active(task.person) {
            true => himself(),
            false => self.in_his_place(task, self.stand_in(task))?,
        };
        new.why.extend(why);
        // Whoever is to be named is named at once.
        new.open = open || new.purpose == Purpose::Assign;
        self.give(task.activation, new);
        Ok(())
    }

    /// The task of who stands in for one who left; nobody does: that of an administrator, who names someone.
    fn in_his_place(&self, task: &Task, stand_in: Option<Chosen>) -> Result<NewTask, Refusal> {
        let (Chosen { person, why }, purpose) = match stand_in {
            Some(stand_in) => (stand_in, task.purpose),
            None => {
                let mut administrators = self.facts.administrators().into_iter();
                let found = administrators.find(|person| self.facts.is_active(*person));
                let node = || self.node_of(task).unwrap_or_default().to_owned();
                let person = found.ok_or_else(|| Refusal::NoAdministrator { node: node() })?;
                let asked = if task.purpose == Purpose::Mend { Purpose::Mend } else { Purpose::Assign };
                (Chosen::new(person, Why::Administrator), asked)
            }
        };
        Ok(NewTask { why, purpose, replaces: Some(task.id), ..NewTask::like(task, person) })
    }

    /// Who has it in his place, if he can.
    fn stand_in(&self, task: &Task) -> Option<Chosen> {
        // Who administers the flow is not asked by whose place he has.
        if task.purpose == Purpose::Assign {
            return None;
        }
        let desk = self.case.activation(task.activation).and_then(|visit| self.flow.desk_at(visit));
        let rules = match desk {
            Some(desk) => desk.people_rules(self.flow, self.facts),
            None => PeopleRules::of(PeopleSettings::default(), self.flow, self.facts),
        };
        let chosen = Chosen { person: task.person, why: task.why.clone() };
        let chosen = self.in_service(chosen, rules.on_left)?;
        let chosen = match task.purpose {
            Purpose::Approve => self.not_in_own_case(chosen, rules).ok()?,
            _ => chosen,
        };
        self.check_free(task, chosen.person, task.purpose).is_ok().then_some(chosen)
    }
}
