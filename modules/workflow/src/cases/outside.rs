//! A case as a person of an external organisation sees it (ORG-24): the form, the way so far and who acts in it with him;
//! nothing of how the house is built or of what it says to itself.

use hanlin_kernel::{Can, PersonId};

use super::view::{CaseView, OpinionView};
use crate::engine::{Case, Initiator, Route, Step, StepKind, When, case::Verdict};

/// What nobody from outside does in a case: bring in others, or look at who reads it.
const INSIDE: [&str; 9] =
    ["transfer", "delegate", "consult", "add_signer", "remove_signer", "pass_on", "hand_over", "copy", "list_readers"];

/// Takes out of a case what is not for this reader.
pub(crate) fn veil(view: &mut CaseView, reader: PersonId) {
    let own = view.initiator.is(reader);
    if !own {
        view.initiator = stranger(&view.initiator);
        view.choices.clear();
    }
    veil_route(&mut view.route, reader);
    view.copies.retain(|copy| copy.person == reader);
    view.copies.iter_mut().for_each(|copy| copy.why.clear());
    view.asked.clear();
    // An administrator's reasons are the house's own.
    view.repairs.clear();
    // The title of a case names whoever began it.
    view.cases.retain(|_, case| case.readable);
    view.records.retain(|_, record| record.link.is_some());
    view.destinations.clear();
    view.can = outside(&view.can);
    for task in &mut view.tasks {
        task.why.clear();
        task.can = outside(&task.can);
    }
    // Of other cases he is told of those only that he may open himself.
    view.called.retain(|other| other.may_open);
    view.called_by = view.called_by.take().filter(|other| other.may_open);
    view.effects.clear();
}

/// Takes out what was said and is not for this reader.
pub(crate) fn keep_opinions(opinions: &mut Vec<OpinionView>, case: &Case, reader: PersonId) {
    let asked_by = asked_by(case, reader);
    opinions.retain(|opinion| is_for(opinion, reader, &asked_by));
}

/// The way so far with those who act on it, and the way ahead without names. Nobody's reason is told: it names posts,
/// units and groups.
pub(crate) fn veil_route(route: &mut Route, reader: PersonId) {
    route.steps.iter_mut().for_each(|step| veil_step(step, reader));
    for ahead in route.fork.iter_mut().flat_map(|fork| &mut fork.branches) {
        veil_route(&mut ahead.route, reader);
    }
}

fn veil_step(step: &mut Step, reader: PersonId) {
    let shown = step.when != When::Future && step.kind != StepKind::Copy;
    step.people.retain(|person| shown || person.person == reader);
    step.people.iter_mut().for_each(|person| {
        person.why.clear();
        // Whose signature it is and who recorded it is told with the opinion, if at all.
        person.paper = None;
    });
    step.left_out.clear();
    // Which departments are asked, and who starts it there, is the house's own.
    step.waits.iter_mut().for_each(|waits| waits.cases.clear());
}

/// What he said himself, what he was asked, and what is said to whoever hands the form in or to all who take part. What is
/// said on agreeing, asking others or passing on stays in the house.
fn is_for(opinion: &OpinionView, reader: PersonId, asked_by: &[PersonId]) -> bool {
    let is_own = opinion.person == reader || opinion.on_behalf_of == Some(reader);
    is_own
        || match opinion.verdict {
            Verdict::Rejected
            | Verdict::Returned
            | Verdict::ReviewFailed
            | Verdict::Resubmitted
            | Verdict::Withdrawn
            | Verdict::Commented
            | Verdict::Terminated => true,
            Verdict::Consulted | Verdict::Delegated | Verdict::SignersAdded | Verdict::PassedOn => {
                asked_by.contains(&opinion.person)
            }
            _ => false,
        }
}

/// Those who had him asked.
fn asked_by(case: &Case, reader: PersonId) -> Vec<PersonId> {
    let hanging = case.tasks.iter().filter(|task| task.person == reader).filter_map(|task| task.hangs);
    let asked = hanging.filter_map(|hangs| case.task(hangs.on)).map(|task| task.person);
    let his =
        case.tasks.iter().filter(|task| task.person == reader).filter_map(|task| case.activation(task.activation));
    asked.chain(his.flat_map(|visit| case.senders(visit))).collect()
}

/// By name only: where he is placed and what he ranks is not told.
fn stranger(initiator: &Initiator) -> Initiator {
    let person = Initiator::of(initiator.person, initiator.described.name.clone());
    Initiator { on_behalf_of: initiator.on_behalf_of, ..person }
}

fn outside(can: &Can) -> Can {
    can.verbs().filter(|verb| !INSIDE.contains(verb)).fold(Can::none(), |kept, verb| kept.when(verb, true))
}
