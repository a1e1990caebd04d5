//! What was expected against what came.

use hanlin_kernel::{Locale, PersonId};
use serde_json::{Map, Value};

use super::{Failure, House, effects, play::Play, play::person};
use crate::{
    engine::{
        Refusal, Route, Status, Step, When,
        case::{Activation, Closing, End},
        model::START,
        route,
    },
    package::{
        model::{Asked, Login, Refused, Seen, Visit},
        problem::sentence,
        words::{self, word},
    },
};

/// A refusal in words, for people who test in English.
pub(super) fn told(refusal: &Refusal) -> String {
    let (code, fields, args) = parts(refusal);
    let said = sentence(&format!("workflow.{code}"), &args);
    match fields.is_empty() {
        true => format!("{code} ({})", said.in_locale(Locale::En)),
        false => format!("{code} [{}]", fields.join(", ")),
    }
}

fn parts(refusal: &Refusal) -> (String, Vec<String>, Map<String, Value>) {
    let args = match serde_json::to_value(refusal) {
        Ok(Value::Object(args)) => args,
        _ => Map::new(),
    };
    let code = args.get("code").and_then(Value::as_str).unwrap_or_default().to_owned();
    let fields = match refusal {
        Refusal::InvalidValues { fields } => {
            fields.iter().map(|error| error.field.trim_start_matches("values.").to_owned()).collect()
        }
        _ => Vec::new(),
    };
    (code, fields, args)
}

pub(super) fn refusal(deed: &str, wanted: &Refused, refusal: &Refusal) -> Option<Failure> {
    let (code, mut fields, _) = parts(refusal);
    let mut wanted_fields = wanted.fields.clone();
    fields.sort();
    wanted_fields.sort();
    let alike = code == wanted.code && (wanted_fields.is_empty() || fields == wanted_fields);
    let wanted =
        || if wanted.fields.is_empty() { wanted.code.clone() } else { format!("{} {wanted_fields:?}", wanted.code) };
    let failure =
        || Failure::new("other_refusal", [("deed", deed.to_owned()), ("wanted", wanted()), ("refusal", told(refusal))]);
    (!alike).then(failure)
}

/// Every visit of a node, after the initiator's own first step.
pub(super) fn visits(wanted: &[Visit], play: &Play) -> Option<Failure> {
    let visits = play.case.activations.iter().skip(1).filter(|visit| !effects::is_at(play, visit));
    let came: Vec<(String, What)> = visits.map(|visit| came(play, visit)).collect();
    let expected: Result<Vec<(String, What)>, Failure> = wanted.iter().map(|visit| expected(play, visit)).collect();
    let expected = match expected {
        Ok(expected) => expected,
        Err(failure) => return Some(failure),
    };
    let line = |visits: &[(String, What)]| {
        let each = visits.iter().map(|(node, what)| format!("{node}: {}", what.told(&play.house)));
        each.collect::<Vec<_>>().join(" → ")
    };
    (came != expected).then(|| Failure::new("other_route", [("wanted", line(&expected)), ("came", line(&came))]))
}

#[derive(PartialEq)]
enum What {
    Branch(String),
    Branches(Vec<String>),
    /// A person, and whether his approval just before counted.
    People(Vec<(PersonId, bool)>),
}

impl What {
    fn told(&self, house: &House) -> String {
        match self {
            Self::Branch(branch) => branch.clone(),
            Self::Branches(branches) => format!("[{}]", branches.join(", ")),
            Self::People(people) => {
                let each = people.iter().map(|(person, repeated)| {
                    let login = house.login(*person);
                    if *repeated { format!("(repeated {login})") } else { login }
                });
                format!("[{}]", each.collect::<Vec<_>>().join(", "))
            }
        }
    }
}

fn came(play: &Play, visit: &Activation) -> (String, What) {
    let what = match &visit.branch {
        Some(branch) => What::Branch(branch.clone()),
        None if !visit.lanes.is_empty() => What::Branches(visit.lanes.iter().map(|lane| lane.branch.clone()).collect()),
        None => {
            let tasks = play.case.tasks_of(visit.id);
            let asked = tasks.map(|task| {
                (task.person, matches!(task.closing(), Some(Closing::Repeated { .. } | Closing::Unchanged { .. })))
            });
            let copies = play.case.copies.iter().filter(|copy| copy.activation == visit.id);
            What::People(asked.chain(copies.map(|copy| (copy.person, false))).collect())
        }
    };
    (visit.node.clone(), what)
}

fn expected(play: &Play, visit: &Visit) -> Result<(String, What), Failure> {
    let what = match &visit.what {
        Seen::Branch(branch) => What::Branch(branch.clone()),
        Seen::Branches(branches) => What::Branches(branches.clone()),
        Seen::People(people) => {
            let each = people.iter().map(|asked| match asked {
                Asked::Person(login) => Ok((person(&play.house, login)?, false)),
                Asked::Repeated(login) => Ok((person(&play.house, login)?, true)),
            });
            What::People(each.collect::<Result<_, Failure>>()?)
        }
    };
    Ok((visit.node.clone(), what))
}

pub(super) fn end(ends: Status, waits_for: &[Login], play: &Play) -> Vec<Failure> {
    let mut failures = Vec::new();
    let status = play.case.status;
    if status != ends {
        let name = |status| word(words::STATUS, &status).to_owned();
        failures.push(Failure::new("other_end", [("wanted", name(ends)), ("came", name(status))]));
    }
    if !waits_for.is_empty() {
        let mut open: Vec<String> = play.case.open_tasks().map(|task| play.house.login(task.person)).collect();
        let wanted = waits_for.iter().map(|login| person(&play.house, login).map(|id| play.house.login(id)));
        match wanted.collect::<Result<Vec<_>, _>>() {
            Ok(mut wanted) => {
                open.sort();
                wanted.sort();
                if open != wanted {
                    let args = [("wanted", wanted.join(", ")), ("came", open.join(", "))];
                    failures.push(Failure::new("waits_for_others", args));
                }
            }
            Err(failure) => failures.push(failure),
        }
    }
    failures
}

/// What was foretold before submitting, against what happens from here when everyone agrees.
pub(super) fn prediction(foretold: &Route, submitted: &Play) -> Option<Failure> {
    let mut undisturbed = submitted.clone();
    // Where someone must fill in what the case does not tell, the walk stops; so far it is compared.
    let whole = undisturbed.everyone_agrees().is_ok() && undisturbed.case.status.is_finished();
    let walked = match route(undisturbed.flow, &undisturbed.case, &undisturbed.world) {
        Ok(walked) => walked,
        Err(refusal) => return Some(Failure::new("no_prediction", [("refusal", told(&refusal))])),
    };
    let happened: Vec<&Step> =
        walked.steps.iter().filter(|step| step.when != When::Future && step.node != START).collect();
    let differs = if walks_at_the_same_time(submitted) {
        difference_in_any_order(foretold, &happened, whole)?
    } else {
        difference(foretold, &happened, whole)?
    };
    Some(Failure::new("prediction", [("difference", differs)]))
}

fn difference(foretold: &Route, happened: &[&Step], whole: bool) -> Option<String> {
    let steps: Vec<&Step> = foretold.steps.iter().filter(|step| step.node != START).collect();
    for (index, step) in steps.iter().enumerate() {
        match happened.get(index) {
            Some(other) if alike(step, other) => {}
            Some(other) => return Some(format!("foretold {}, came {}", brief(step), brief(other))),
            None if whole => return Some(format!("foretold {}, which did not come", brief(step))),
            None => return None,
        }
    }
    let rest = &happened[steps.len()..];
    match (&foretold.fork, rest.first()) {
        (None, Some(more)) => Some(format!("{} came unforetold", brief(more))),
        (Some(fork), Some(branch)) if branch.node == fork.node => {
            let way = fork.branches.iter().find(|way| Some(&way.branch) == branch.branch.as_ref());
            match way {
                Some(way) => difference(&way.route, &rest[1..], whole),
                None if fork.more => None,
                None => Some(format!("the branch {} was not foretold", brief(branch))),
            }
        }
        (Some(fork), Some(other)) => Some(format!("foretold a branch at {}, came {}", fork.node, brief(other))),
        (_, None) => None,
    }
}

fn walks_at_the_same_time(play: &Play) -> bool {
    play.flow.flow().nodes().iter().any(|node| node.lanes().is_some())
}

/// The same, where what is not known yet in one branch is told behind what is known in those beside it.
fn difference_in_any_order(foretold: &Route, happened: &[&Step], whole: bool) -> Option<String> {
    let mut told: Vec<&Step> = Vec::new();
    let mut left: Vec<&Step> = happened.to_vec();
    let mut route = Some(foretold);
    while let Some(part) = route {
        told.extend(part.steps.iter().filter(|step| step.node != START));
        route = None;
        if let Some(fork) = &part.fork {
            let Some(at) = left.iter().position(|step| step.node == fork.node) else { break };
            let taken = left.remove(at);
            match fork.branches.iter().find(|way| Some(&way.branch) == taken.branch.as_ref()) {
                Some(way) => route = Some(&way.route),
                None if fork.more => return None,
                None => return Some(format!("the branch {} was not foretold", brief(taken))),
            }
        }
    }
    // Which branches are opened is not known: what is told of them need not come.
    let open = told.iter().any(|step| step.kind.is_branching() && !step.depends_on.is_empty());
    for step in told {
        match left.iter().position(|other| alike(step, other)) {
            Some(at) => drop(left.remove(at)),
            None if whole && !open => return Some(format!("foretold {}, which did not come", brief(step))),
            None => {}
        }
    }
    left.first().filter(|_| !open).map(|more| format!("{} came unforetold", brief(more)))
}

fn alike(foretold: &Step, happened: &Step) -> bool {
    if foretold.node != happened.node || foretold.branch != happened.branch {
        return false;
    }
    let lanes = |step: &Step| step.lanes.iter().map(|lane| lane.branch.clone()).collect::<Vec<_>>();
    if foretold.depends_on.is_empty() && lanes(foretold) != lanes(happened) {
        return false;
    }
    let open = !foretold.depends_on.is_empty() || foretold.choose.is_some() || foretold.chosen_by.is_some();
    let people = |step: &Step| step.people.iter().map(|asked| asked.person).collect::<Vec<_>>();
    let passed = |step: &Step| !step.kind.is_branching() && step.end == Some(End::PassedOver);
    open || people(foretold) == people(happened) && passed(foretold) == passed(happened)
}

fn brief(step: &Step) -> String {
    let people: Vec<String> = step.people.iter().map(|asked| asked.person.to_string()).collect();
    match &step.branch {
        Some(branch) => format!("{}: {branch}", step.node),
        None => format!("{}: [{}]", step.node, people.join(", ")),
    }
}
