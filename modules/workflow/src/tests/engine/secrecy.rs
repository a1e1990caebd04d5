//! Opinions that are told when the node is decided (FLOW-07).

use hanlin_kernel::PersonId;
use serde_json::{Value, json};

use super::{
    story::{Story, approve, flow, people, person, with},
    world::*,
};
use crate::engine::{
    Intent, Route, SignerPlace, Status, TaskState, Words,
    case::{Among, Closing},
    may_hear, route_for,
};

const THREE: [PersonId; 3] = [HR_MANAGER, VICE_MANAGER, CASHIER];

fn sealed(settings: Value) -> Story {
    let node = with(with(approve("vote", people(&THREE)), settings), json!({ "opinions": "after" }));
    let flow = flow(json!([node, approve("after", person(GENERAL_MANAGER))]));
    Story::submitted(flow, World::new(), CLERK, json!({}))
}

impl Story {
    /// What this reader is told that others said.
    fn heard(&self, reader: PersonId) -> Vec<String> {
        let heard = |said: &&crate::engine::case::Opinion| may_hear(self.flow.flow(), &self.case, said, &[reader]);
        self.case.opinions.iter().filter(heard).map(|said| said.words.text.clone()).collect()
    }

    fn seen(&self, reader: PersonId) -> Route {
        route_for(&self.flow, &self.case, &[reader], &self.world).expect("a route")
    }

    fn says(&mut self, person: PersonId, words: &str) {
        let task = self.task_of(person);
        let agree = Intent::Approve { task, words: Words::new(words), values: crate::engine::Values::new() };
        self.run(person, agree).expect("he may");
    }
}

fn closings(route: &Route) -> Vec<Closing> {
    let people = route.steps.iter().filter(|step| step.node == "vote").flat_map(|step| &step.people);
    let closed = |state: &TaskState| match state {
        TaskState::Closed { how, .. } => Some(*how),
        _ => None,
    };
    people.filter_map(|person| closed(person.state.as_ref()?)).collect()
}

// proves: FLOW-07
#[test]
fn nobody_hears_the_others_before_the_node_is_decided() {
    let mut story = sealed(json!({ "quorum": { "at_least": 2 }, "vote": { "until": "all_voted" } }));
    story.says(HR_MANAGER, "赞成");
    let task = story.task_of(CASHIER);
    story.run(CASHIER, Intent::Reject { task, words: Words::new("反对") }).expect("he may");
    story.run(VICE_MANAGER, Intent::Comment { words: Words::new("倾向赞成") }).expect("he may");
    assert_eq!(story.heard(HR_MANAGER), ["赞成"], "his own");
    assert_eq!(story.heard(CASHIER), ["反对"]);
    assert_eq!(story.heard(VICE_MANAGER), ["倾向赞成"]);
    for outsider in [CLERK, GENERAL_MANAGER, STRANGER] {
        assert!(story.heard(outsider).is_empty());
    }
    let route = story.seen(VICE_MANAGER);
    assert_eq!(closings(&route), [Closing::Undisclosed, Closing::Undisclosed]);
    assert!(route.steps.iter().all(|step| step.tally.is_none()), "the count would tell");
    assert_eq!(closings(&story.seen(CASHIER)), [Closing::Undisclosed, Closing::Rejected], "his own he knows");
    story.says(VICE_MANAGER, "赞成");
    assert_eq!(story.heard(CLERK), ["赞成", "反对", "倾向赞成", "赞成"]);
    assert_eq!(closings(&story.seen(CLERK)), [Closing::Approved, Closing::Approved, Closing::Rejected]);
}

// proves: FLOW-07, FLOW-38
#[test]
fn what_is_foretold_does_not_tell_how_others_voted() {
    let settings = json!({ "quorum": { "at_least": 3 }, "vote": { "until": "all_voted" } });
    let mut story = sealed(settings);
    let task = story.task_of(CASHIER);
    story.run(CASHIER, Intent::Reject { task, words: Words::new("反对") }).expect("he may");
    let ahead = |reader| story.seen(reader).steps.iter().any(|step| step.node == "after");
    assert!(ahead(HR_MANAGER), "for all he knows it goes on");
    assert!(!ahead(CASHIER), "he knows that it is lost");
}

// proves: FLOW-07, FLOW-15
#[test]
fn those_behind_one_vote_hear_one_another() {
    let mut story = sealed(json!({}));
    let task = story.task_of(HR_MANAGER);
    let (people, place) = (vec![COLLEAGUE], SignerPlace::Before);
    let add = Intent::AddSigner { task, people, place, among: Among::All, words: Words::new("请先看") };
    story.run(HR_MANAGER, add).expect("he may");
    assert_eq!(story.heard(COLLEAGUE), ["请先看"]);
    story.says(COLLEAGUE, "可行");
    assert_eq!(story.heard(HR_MANAGER), ["请先看", "可行"]);
    let task = story.task_of(HR_MANAGER);
    story.run(HR_MANAGER, Intent::Transfer { task, to: SECRETARY, words: Words::new("转给你") }).expect("he may");
    assert_eq!(story.heard(SECRETARY), ["请先看", "可行", "转给你"]);
    assert!(story.heard(CASHIER).is_empty());
}

// proves: FLOW-07, FLOW-22
#[test]
fn what_sends_it_back_is_told_to_whom_it_goes() {
    use crate::engine::{Target, model::AfterReturn};
    let mut story = sealed(json!({}));
    story.says(HR_MANAGER, "赞成");
    story.return_to(CASHIER, Target::First, AfterReturn::StraightBack);
    assert_eq!(story.heard(CLERK), ["请补充"]);
    story.resubmit(CLERK, json!({}));
    assert_eq!(story.heard(VICE_MANAGER), ["请补充", ""], "the vote that was given stays closed");
    let task = story.task_of(CASHIER);
    story.run(CASHIER, Intent::Reject { task, words: Words::new("不符合规定") }).expect("he may");
    assert_eq!(story.case.status, Status::Rejected);
    assert_eq!(story.heard(CLERK).len(), 4, "it is decided");
}
