//! As whom somebody acts: the one place that says who may do what for another. Lists, cases, attachments and every command
//! ask here.

use hanlin_directory::{Snapshot, model::Place};
use hanlin_kernel::{Actor, PersonId, Result};
use hanlin_rulebook::{Rules, catalogue};
use hanlin_store::{ToValue, Tx, Value};
use jiff::Timestamp;

use super::{
    model::Agency,
    rules::{self, Categories, Hat, Refusal},
    store,
};
use crate::{
    cases::{CaseId, StoredCase, acts_as_administrator, find_case, require_part},
    engine::{
        self, Intent,
        case::{Purpose, Task, TaskState},
    },
    flows::{self, FlowId},
};

/// As whom somebody acts: himself (or the account of his department that he acts for), or one whose agent he is.
#[derive(Clone, Debug)]
pub(crate) struct Wearing {
    pub actor: Actor,
    pub as_agent: bool,
}

impl Wearing {
    pub(crate) fn himself(actor: &Actor) -> Self {
        Self { actor: actor.clone(), as_agent: false }
    }
}

/// For whom a person acts now.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hats {
    hats: Vec<Hat>,
    categories: Categories,
}

impl Hats {
    /// Nobody acts for another while he acts for his department's account.
    pub(crate) fn of(tx: &mut Tx, actor: &Actor) -> Result<Self> {
        let now = tx.now();
        if actor.on_behalf_of.is_some() || actor.external {
            return Ok(Self::default());
        }
        let standing = store::standing(tx)?;
        let mut hats: Vec<Hat> = standing.in_force_of_agent(actor.person, now).map(Hat::of).collect();
        if hats.is_empty() {
            return Ok(Self::default());
        }
        let rules = hanlin_rulebook::rules(tx)?;
        let mut next = 0;
        while let Some(hat) = hats.get(next).cloned() {
            next += 1;
            if passes_on(&rules, hat.principal, now) {
                let above = standing.in_force_of_agent(hat.principal, now);
                hats.extend(above.filter_map(|agency| hat.passed_on(agency)));
            }
        }
        hats.retain(|hat| hat.principal != actor.person && rules.directory.is_active(hat.principal, now));
        let categories = categories(tx, &hats)?;
        Ok(Self { hats, categories })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.hats.is_empty()
    }

    /// Those for whom he acts, each with what he may; one can be there more than once.
    pub(crate) fn list(&self) -> &[Hat] {
        &self.hats
    }

    fn covers(&self, hat: &Hat, flow: FlowId) -> bool {
        hat.is_everywhere() || self.categories.get(&flow).is_some_and(|category| hat.covers(flow, category))
    }

    /// May he do this task, as the agent of the one whose it is?
    pub(crate) fn does(&self, agent: PersonId, case: &StoredCase, task: &Task) -> bool {
        let wears = |hat: &Hat| hat.principal == task.person && hat.does(task.purpose) && self.covers(hat, case.flow);
        self.hats.iter().any(wears) && !rules::is_own_case(agent, &case.state, task)
    }

    /// Would he, were it not his own case?
    fn would_do(&self, case: &StoredCase, task: &Task) -> bool {
        let wears = |hat: &Hat| hat.principal == task.person && hat.does(task.purpose);
        self.hats.iter().any(|hat| wears(hat) && self.covers(hat, case.flow))
    }

    /// For whom he has something to do in this case now: as them too he reads it.
    pub(crate) fn in_case(&self, agent: PersonId, case: &StoredCase) -> Vec<PersonId> {
        let his = case.state.open_tasks().filter(|task| self.does(agent, case, task));
        let mut people: Vec<PersonId> = his.map(|task| task.person).collect();
        people.sort();
        people.dedup();
        people
    }

    /// May he hand in forms of this flow for that person?
    pub(crate) fn starts(&self, principal: PersonId, flow: FlowId) -> bool {
        self.hats.iter().any(|hat| hat.principal == principal && hat.may_start && self.covers(hat, flow))
    }

    /// Which tasks of others wait for him, as a condition on `t` (the task) and `c` (its case); those of one principal, if
    /// only he is asked for. The same as [`Hats::does`], for lists.
    pub(crate) fn condition(
        &self,
        agent: PersonId,
        of: Option<PersonId>,
        bind: &mut dyn FnMut(Value) -> String,
    ) -> String {
        let asked = self.hats.iter().filter(|hat| of.is_none_or(|principal| hat.principal == principal));
        let each: Vec<String> = asked
            .map(|hat| {
                let person = bind(hat.principal.to_value());
                let flow = match hat.is_everywhere() {
                    true => String::new(),
                    false => format!(" and {}", self.flows_of(hat, bind)),
                };
                let mut verbs = Vec::new();
                if hat.may_decide {
                    let agent = bind(agent.to_value());
                    verbs.push(format!(
                        "(t.purpose in ('approve', 'handle', 'advise') and not exists (select 1 from workflow_access o \
                         where o.case_id = t.case_id and o.person = {agent} and o.via = 'initiator'))"
                    ));
                }
                if hat.may_start {
                    verbs.push("t.purpose = 'revise'".to_owned());
                }
                format!("(t.person = {person}{flow} and ({}))", verbs.join(" or "))
            })
            .collect();
        if each.is_empty() { "1 = 0".to_owned() } else { format!("({})", each.join(" or ")) }
    }

    fn flows_of(&self, hat: &Hat, bind: &mut dyn FnMut(Value) -> String) -> String {
        let covered = self.categories.iter().filter(|(flow, category)| hat.covers(**flow, category));
        let bound: Vec<String> = covered.map(|(flow, _)| bind(flow.to_value())).collect();
        if bound.is_empty() { "1 = 0".to_owned() } else { format!("c.flow in ({})", bound.join(", ")) }
    }
}

/// The case, and as whom this person does that with it. What he can neither read nor do anything with is not there.
pub(crate) fn to_act(tx: &mut Tx, actor: &Actor, id: CaseId, intent: &Intent) -> Result<(StoredCase, Wearing)> {
    let case = find_case(tx, id)?;
    let hats = Hats::of(tx, actor)?;
    let directory = hanlin_directory::snapshot(tx)?;
    let task = intent.task().and_then(|no| case.state.task(no));
    if let Some(task) = task.filter(|task| task.person != actor.principal()) {
        if hats.does(actor.person, &case, task) {
            done_by_another(actor, task, intent, &directory)?;
            let worn = wear(actor, task.person, &directory, tx.now());
            return Ok((case, worn));
        }
        if hats.would_do(&case, task) {
            let person = directory.person_name(task.person);
            return Err(Refusal::AgentInOwnCase { person }.into());
        }
    }
    if let Some(principal) = filed_for(actor, &case, intent) {
        if !hats.starts(principal, case.flow) {
            let person = directory.person_name(principal);
            return Err(Refusal::NotHisAgent { person }.into());
        }
        let worn = wear(actor, principal, &directory, tx.now());
        return Ok((case, worn));
    }
    if let Some(principal) = hats.in_case(actor.person, &case).first().filter(|_| intent.task().is_none())
        && !acts_as_administrator(actor, &case)
        && !has_own_part(&case.state, actor.principal())
    {
        let worn = wear(actor, *principal, &directory, tx.now());
        return Ok((case, worn));
    }
    require_part(tx, actor, &case)?;
    if let Some(task) = task.filter(|task| task.person == actor.principal()) {
        done_by_another(actor, task, intent, &directory)?;
    }
    Ok((case, Wearing::himself(actor)))
}

/// As whom he fills in this case: himself where a task of it is his, else the first whose task he does.
pub(crate) fn to_fill(tx: &mut Tx, actor: &Actor, case: &StoredCase) -> Result<Actor> {
    let hats = Hats::of(tx, actor)?;
    let is_own = case.state.open_tasks().any(|task| task.person == actor.principal());
    let others = case.state.open_tasks().find(|task| !is_own && hats.does(actor.person, case, task));
    let Some(principal) = others.map(|task| task.person) else { return Ok(actor.clone()) };
    let directory = hanlin_directory::snapshot(tx)?;
    Ok(wear(actor, principal, &directory, tx.now()).actor)
}

/// As whom he hands in a form of this flow: himself, or the one he names.
pub(crate) fn to_start(tx: &mut Tx, actor: &Actor, of: Option<PersonId>, flow: FlowId) -> Result<Wearing> {
    let Some(principal) = of.filter(|principal| *principal != actor.principal()) else {
        return Ok(Wearing::himself(actor));
    };
    let directory = hanlin_directory::snapshot(tx)?;
    if !Hats::of(tx, actor)?.starts(principal, flow) {
        return Err(Refusal::NotHisAgent { person: directory.person_name(principal) }.into());
    }
    Ok(wear(actor, principal, &directory, tx.now()))
}

/// Of which flows' cases he who acts for another may know, as his agent. `None`: of all, or he is nobody's agent.
pub(crate) fn flows_as_agent(tx: &mut Tx, actor: &Actor) -> Result<Option<Vec<FlowId>>> {
    let Some(principal) = actor.on_behalf_of else { return Ok(None) };
    let hats = Hats::of(tx, &Actor::person(actor.person))?;
    let worn: Vec<&Hat> = hats.hats.iter().filter(|hat| hat.principal == principal).collect();
    if worn.is_empty() || worn.iter().any(|hat| hat.is_everywhere()) {
        return Ok(None);
    }
    let covered = hats.categories.iter().filter(|(flow, category)| worn.iter().any(|hat| hat.covers(**flow, category)));
    Ok(Some(covered.map(|(flow, _)| *flow).collect()))
}

/// One who acts for another now.
#[derive(Clone, Debug)]
pub(crate) struct Agent {
    pub agent: PersonId,
    pub hat: Hat,
}

/// Who acts for any of these people now, whatever they may.
pub(crate) fn agents_of(tx: &mut Tx, people: &[PersonId]) -> Result<Vec<Agent>> {
    let now = tx.now();
    let standing = store::standing(tx)?;
    let mut own: Vec<&Agency> = people.iter().flat_map(|person| standing.in_force_for(*person, now)).collect();
    if own.is_empty() {
        return Ok(Vec::new());
    }
    own.sort_by_key(|agency| (agency.valid_from, agency.id));
    own.dedup_by_key(|agency| agency.id);
    let rules = hanlin_rulebook::rules(tx)?;
    let mut agents: Vec<Agent> = own.iter().map(|agency| Agent { agent: agency.agent, hat: Hat::of(agency) }).collect();
    let mut next = 0;
    while let Some(middle) = agents.get(next).cloned() {
        next += 1;
        if passes_on(&rules, middle.agent, now) {
            for agency in standing.in_force_for(middle.agent, now) {
                let seen =
                    agency.agent == middle.hat.principal || agents.iter().any(|known| known.agent == agency.agent);
                if let Some(hat) = Hat::of(agency).passed_on_from(&middle.hat).filter(|_| !seen) {
                    agents.push(Agent { agent: agency.agent, hat });
                }
            }
        }
    }
    agents.retain(|each| {
        rules.directory.is_active(each.agent, now) && rules.directory.is_active(each.hat.principal, now)
    });
    Ok(agents)
}

impl Hat {
    /// The hat of one who acts for the wearer of that one.
    fn passed_on_from(&self, above: &Hat) -> Option<Hat> {
        let may = (self.may_start && above.may_start, self.may_decide && above.may_decide);
        (may.0 || may.1).then(|| Hat {
            principal: above.principal,
            scopes: [self.scopes.clone(), above.scopes.clone()].concat(),
            may_start: may.0,
            may_decide: may.1,
            until: self.until.min(above.until),
            through: [vec![self.principal], above.through.clone()].concat(),
        })
    }
}

/// Those of these agents to whom this task of their principal falls too.
pub(crate) fn doers<'a>(tx: &mut Tx, agents: &'a [Agent], case: &StoredCase, task: &Task) -> Result<Vec<&'a Agent>> {
    let flow = flows::find_flow(tx, case.flow)?;
    let does = |each: &&Agent| {
        let hat = &each.hat;
        hat.principal == task.person
            && hat.does(task.purpose)
            && hat.covers(case.flow, &flow.category)
            && !rules::is_own_case(each.agent, &case.state, task)
    };
    Ok(agents.iter().filter(does).collect())
}

/// Whether an agent may have an agent of his own, where he belongs.
fn passes_on(rules: &Rules, middle: PersonId, at: Timestamp) -> bool {
    let main = rules.directory.main_appointment(middle, at);
    let unit = main.and_then(|held| rules.directory.unit_of(held.place, at));
    rules.parameter(unit, at, &catalogue::WORKFLOW_AGENCY_CHAINS).value == catalogue::AgencyChains::Allowed
}

/// The categories of all flows, where a scope asks for them.
fn categories(tx: &mut Tx, hats: &[Hat]) -> Result<Categories> {
    if hats.iter().all(Hat::is_everywhere) {
        return Ok(Categories::new());
    }
    Ok(flows::list_flows(tx)?.into_iter().map(|flow| (flow.id, flow.category)).collect())
}

/// The same person, doing the other's work: with none of his own rights.
fn wear(actor: &Actor, principal: PersonId, directory: &Snapshot, at: Timestamp) -> Wearing {
    let place = directory.main_appointment(principal, at).map(|held| held.place);
    let actor = Actor {
        on_behalf_of: Some(principal),
        unit: place.and_then(|place| directory.unit_of(place, at)),
        department: place.and_then(Place::department),
        ..Actor::person(actor.person)
    };
    Wearing { actor, as_agent: true }
}

/// Has he or had he anything of his own in it?
pub(crate) fn has_own_part(case: &engine::Case, person: PersonId) -> bool {
    case.initiator.is(person)
        || case.tasks.iter().any(|task| task.person == person && task.opened_at.is_some())
        || case.copies.iter().any(|copy| copy.person == person)
}

/// For whom he handed this case in, where he does what only its initiator may.
fn filed_for(actor: &Actor, case: &StoredCase, intent: &Intent) -> Option<PersonId> {
    let initiator = &case.state.initiator;
    let corrects = |task: &Task| task.purpose == Purpose::Revise && task.person != actor.principal();
    let initiates = match intent {
        Intent::Withdraw { .. } | Intent::Copy { .. } => !acts_as_administrator(actor, case),
        Intent::Resubmit { task, .. } => case.state.task(*task).is_some_and(corrects),
        _ => false,
    };
    let other = initiator.on_behalf_of.filter(|principal| *principal != actor.principal());
    other.filter(|_| initiates && initiator.person == actor.person)
}

/// Refuses, by name, what was done meanwhile by the one whose it was or by another for him.
fn done_by_another(actor: &Actor, task: &Task, intent: &Intent, directory: &Snapshot) -> Result<()> {
    let TaskState::Closed { by: Some(by), .. } = &task.state else { return Ok(()) };
    if matches!(intent, Intent::TakeBack { .. }) {
        // What was done for him he may take back himself; an agent only what he did.
        let may = by.person == actor.person || task.person == actor.principal();
        return if may { Ok(()) } else { Err(engine::Refusal::NotYourTask.into()) };
    }
    if by.person == actor.person || by.principal() != task.person {
        return Ok(());
    }
    Err(Refusal::DoneByAnother { person: directory.person_name(by.person) }.into())
}

/// May he read this case because he has something to do in it for another?
pub(crate) fn reads(tx: &mut Tx, actor: &Actor, case: &StoredCase) -> Result<bool> {
    Ok(!Hats::of(tx, actor)?.in_case(actor.person, case).is_empty())
}

impl Intent {
    /// The task that its holder does this with.
    pub(crate) fn task(&self) -> Option<engine::case::TaskNo> {
        match self {
            Self::Resubmit { task, .. }
            | Self::Approve { task, .. }
            | Self::Complete { task, .. }
            | Self::Reject { task, .. }
            | Self::Abstain { task, .. }
            | Self::ReturnTo { task, .. }
            | Self::FailReview { task, .. }
            | Self::PassOn { task, .. }
            | Self::Choose { task, .. }
            | Self::Print { task }
            | Self::SignOnPaper { task, .. }
            | Self::Transfer { task, .. }
            | Self::Delegate { task, .. }
            | Self::Consult { task, .. }
            | Self::Advise { task, .. }
            | Self::AddSigner { task, .. }
            | Self::RemoveSigner { task, .. }
            | Self::Hold { task, .. }
            | Self::EndHold { task }
            | Self::Claim { task }
            | Self::GiveBack { task, .. }
            | Self::TakeBack { task, .. }
            | Self::Terminate { task: Some(task), .. } => Some(*task),
            _ => None,
        }
    }
}
