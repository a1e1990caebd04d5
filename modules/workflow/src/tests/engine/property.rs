//! Whatever the flow, whoever left or leaves meanwhile, and whatever is commanded: no case is stuck, nothing is lost, nothing
//! counts twice, nothing waits at who has left, and what is predicted is what happens.

use std::collections::{BTreeMap, BTreeSet};

use hanlin_kernel::PersonId;
use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};

use super::{
    counted::{secrets_are_kept, voted_enough},
    drawn::{flow, given, world},
    foretold::{all_agree, foretold, happened, predicted_is_what_happens},
    free,
    story::{self, Story, values},
    world::*,
};
use crate::engine::{
    Acting, ActivationState, Arrival, Awaiting, Case, CheckedFlow, Choices, Command, Intent, LaneState, Node, Reason,
    SignerPlace, Status, Target, TaskState, Values, Words,
    case::{
        Activation, ActivationNo, Among, Cause, Closing, CopyNo, End, Opinion, OpinionNo, Purpose, Task, TaskNo,
        Verdict,
    },
    is_on_paper, is_to_claim,
    model::{AfterReturn, Quorum, START},
    predict,
};

/// What somebody tries, as numbers to be read against the state of the case.
#[derive(Clone, Debug)]
pub(super) struct Try {
    what: u8,
    who: usize,
    which: usize,
    given: Values,
}

pub(super) fn tries() -> impl Strategy<Value = Vec<Try>> {
    let one = (0..84u8, 0..EVERYONE.len(), 0..50usize, given());
    vec(one.prop_map(|(what, who, which, given)| Try { what, who, which, given }), 0..25)
}

impl Try {
    /// Mostly what the state allows, sometimes anything.
    pub(super) fn command(&self, case: &Case, flow: &CheckedFlow) -> Command {
        let someone = EVERYONE[self.who];
        let open: Vec<&Task> = case.open_tasks().collect();
        let task = open.get(self.which % open.len().max(1)).copied();
        let (id, holder) = task.map_or((TaskNo(self.which as u32 + 1), someone), |task| (task.id, task.person));
        let words = || Words::new("意见");
        let as_holder = |intent| Command::new(Acting::person(holder), intent);
        let nodes = flow.flow().nodes();
        let target = match self.which % 3 {
            0 => Target::Previous,
            1 => Target::First,
            _ => Target::Node(nodes.get(self.which % nodes.len().max(1)).map_or("start", |node| node.key()).into()),
        };
        let then = [None, Some(AfterReturn::StraightBack), Some(AfterReturn::SkipUnchanged)][self.who % 3];
        let to_claim = task.is_some_and(|task| is_to_claim(flow.flow(), case, task));
        let agreeing = match task.map(|task| task.purpose) {
            _ if to_claim => Intent::Claim { task: id },
            Some(Purpose::Mend) if self.which.is_multiple_of(3) => Intent::TryAgain { task: id },
            Some(Purpose::Handle) if self.which.is_multiple_of(2) && free::is_free(flow, case, id) => {
                free::pass_on(id, &[someone, EVERYONE[self.which % EVERYONE.len()]])
            }
            Some(Purpose::Handle | Purpose::Mend) => {
                Intent::Complete { task: id, words: words(), values: Values::new() }
            }
            Some(Purpose::Revise) => Intent::Resubmit {
                task: id,
                values: self.given.clone(),
                choices: None,
                confirmed: true,
                words: words(),
            },
            Some(Purpose::Assign) => Intent::HandOver { task: id, to: someone, words: words() },
            Some(Purpose::Advise) => Intent::Advise { task: id, words: words(), values: Values::new() },
            Some(Purpose::Approve) | None => Intent::Approve { task: id, words: words(), values: Values::new() },
        };
        let writing = Intent::Approve { task: id, words: words(), values: self.given.clone() };
        match self.what {
            0..=17 => Command::as_administrator(Acting::person(holder), agreeing),
            18..=23 => as_holder(Intent::ReturnTo { task: id, to: target, then, words: words() }),
            24..=25 => as_holder(writing),
            26..=28 => {
                let intent = Intent::HandOver { task: id, to: someone, words: words() };
                Command::as_administrator(Acting::person(ADMINISTRATOR), intent)
            }
            29 => as_holder(Intent::Reject { task: id, words: words() }),
            30 => Command::new(Acting::person(someone), Intent::Withdraw { words: words() }),
            31 => Command::new(Acting::person(someone), Intent::Urge { channel: "app".into(), words: words() }),
            32 => Command::new(Acting::person(someone), Intent::Comment { words: words() }),
            33 => Command::new(Acting::person(someone), Intent::Read { copy: CopyNo(self.which as u32 + 1) }),
            34 => {
                let any = TaskNo(self.which as u32 + 1);
                Command::new(
                    Acting::person(someone),
                    Intent::Complete { task: any, words: words(), values: Values::new() },
                )
            }
            35 => Command::new(Acting::person(someone), agreeing),
            36 => {
                let submit = Intent::Submit { values: self.given.clone(), choices: Choices::new(), confirmed: true };
                Command::new(Acting::person(CLERK), submit)
            }
            37..=39 => as_holder(Intent::Approve {
                task: TaskNo(self.which as u32 + 1),
                words: Words::default(),
                values: Values::new(),
            }),
            60..=62 => as_holder(Intent::Reject { task: id, words: words() }),
            66..=67 => {
                let no = OpinionNo((self.which % case.opinions.len().max(1)) as u32 + 1);
                let by = case.opinion(no).map_or(Acting::person(someone), |said| said.by);
                Command::new(by, Intent::CorrectOpinion { opinion: no, words: words() })
            }
            74 => Command::as_administrator(Acting::person(ADMINISTRATOR), Intent::Halt { words: words() }),
            75 => Command::as_administrator(
                Acting::person(ADMINISTRATOR),
                Intent::Repair { values: self.given.clone(), words: words() },
            ),
            76 => Command::as_administrator(Acting::person(ADMINISTRATOR), Intent::GoOn { words: words() }),
            70 => as_holder(Intent::Claim { task: id }),
            71..=73 => as_holder(Intent::GiveBack { task: id, words: words() }),
            68..=69 => as_holder(Intent::Comment { words: Words { mentions: vec![someone], ..words() } }),
            63..=65 => as_holder(Intent::Abstain { task: id, words: words() }),
            77..=79 => {
                let (visit, hoped) = case.hoped().unwrap_or((ActivationNo(self.which as u32 + 1), Arrival::Time));
                let arrival = match (self.which % 3, hoped) {
                    (0, Arrival::Opened { call, .. } | Arrival::Ended { call, .. }) => {
                        Arrival::Failed { call, reason: Reason::new("workflow.call_incomplete") }
                    }
                    (1, Arrival::Ended { call, case, values, .. }) => {
                        Arrival::Ended { call, case, status: Status::Rejected, values }
                    }
                    (0, Arrival::Done { .. }) => Arrival::Refused { reason: Reason::new("workflow.effect_of_nothing") },
                    (1, Arrival::Done { .. }) => Arrival::Declared,
                    (_, Arrival::Done { .. }) => {
                        Arrival::Done { made: None, values: values(json!({ "answer": "已记" })) }
                    }
                    (_, Arrival::Ended { call, case, status, .. }) => {
                        Arrival::Ended { call, case, status, values: values(json!({ "answer": "已办" })) }
                    }
                    (0, Arrival::Sent | Arrival::Answered { .. }) => {
                        Arrival::Unanswered { reason: Reason::new("workflow.webhook_timeout") }
                    }
                    (1, Arrival::Answered { .. }) => Arrival::Answered { values: values(json!({ "answer": 7 })) },
                    (0, Arrival::Event { .. }) => Arrival::Time,
                    (_, hoped) => hoped,
                };
                Command::of_system(Acting::person(CLERK), Intent::Arrived { activation: visit, arrival })
            }
            80 => {
                let visit = ActivationNo(self.which as u32 % 5 + 1);
                let intent = Intent::Arrived { activation: visit, arrival: Arrival::Time };
                Command::as_administrator(Acting::person(someone), intent)
            }
            81..=83 => Command::of_system(Acting::person(CLERK), Intent::Relieve),
            _ => self.passing(case, id, holder, someone),
        }
    }

    /// Whoever leaves then. Somebody always administers the flow.
    fn leaver(&self) -> Option<PersonId> {
        let leaver = Some(EVERYONE[self.who]).filter(|person| *person != ADMINISTRATOR);
        leaver.filter(|_| (81..=83).contains(&self.what))
    }

    /// Making others take part, and second thoughts.
    fn passing(&self, case: &Case, task: TaskNo, holder: PersonId, someone: PersonId) -> Command {
        let words = || Words::new("意见");
        let others = || vec![someone, EVERYONE[self.which % EVERYONE.len()]];
        let place = [SignerPlace::Before, SignerPlace::Beside, SignerPlace::After][self.which % 3];
        let among = [Among::All, Among::Any, Among::InTurn][self.which / 3 % 3];
        let add = |people| Intent::AddSigner { task, people, place, among, words: words() };
        let any = case.tasks.get(self.which % case.tasks.len().max(1));
        let hanging = case.tasks.iter().rev().find(|task| task.hangs.is_some() && !task.state.is_closed());
        let as_holder = |intent| Command::new(Acting::person(holder), intent);
        match self.what {
            40..=43 => as_holder(add(vec![someone])),
            44..=46 => as_holder(add(others())),
            47..=48 => as_holder(Intent::Transfer { task, to: someone, words: words() }),
            49..=50 => as_holder(Intent::Delegate { task, to: someone, words: words() }),
            51 => as_holder(Intent::Consult { task, people: others(), words: words() }),
            52..=53 => {
                let of = |task: &Task| (task.hangs.map_or(task.id, |hangs| hangs.on), task.id);
                let (on, signer) = hanging.map_or((task, task), of);
                let by = case.task(on).map_or(holder, |task| task.person);
                Command::new(Acting::person(by), Intent::RemoveSigner { task: on, signer, words: words() })
            }
            54 => as_holder(Intent::Hold { task, words: words() }),
            55..=57 => {
                let (task, by) = any.map_or((task, holder), |any| (any.id, any.person));
                Command::new(Acting::person(by), Intent::TakeBack { task, words: words() })
            }
            58 => {
                let to = case.activations.get(self.which % case.activations.len().max(1));
                let to = to.map_or("start", |visit| visit.node.as_str()).to_owned();
                Command::as_administrator(Acting::person(ADMINISTRATOR), Intent::Jump { to, words: words() })
            }
            _ => as_holder(Intent::FailReview { task, words: words() }),
        }
    }
}

/// Counting, and the shape of the tree.
fn sound(story: &Story) {
    let case = &story.case;
    let said = story.events.iter().filter(|event| {
        let kind = event.kind().trim_start_matches("workflow.");
        let decisions = "approved completed passed_on rejected abstained returned resubmitted handed_over advised";
        let asking = "transferred delegated consulted signers_added signer_removed held taken_back given_back";
        let of_the_case = "commented withdrawn moved terminated deviation_reported opinion_corrected";
        let of_administrators = "halted continued repaired";
        let said = [decisions, asking, of_the_case, of_administrators];
        said.into_iter().flat_map(str::split_whitespace).any(|one| one == kind)
    });
    assert_eq!(case.opinions.len(), said.count(), "every decision is kept once");
    for task in &case.tasks {
        let visit = case.activation(task.activation).expect("a task belongs to a visit");
        let fits = match task.state {
            TaskState::Open => visit.is_active(),
            TaskState::Suspended => visit.state == ActivationState::Suspended,
            TaskState::Waiting => visit.end().is_none(),
            TaskState::Closed { .. } => true,
        };
        assert!(fits, "{task:?} in {visit:?}");
        let by_himself = matches!(task.closing(), Some(Closing::Approved | Closing::Completed));
        let decides = |verdict| matches!(verdict, Verdict::Approved | Verdict::Completed);
        let of_it = |opinion: &&Opinion| opinion.task == Some(task.id) && decides(opinion.verdict);
        let signed = case.opinions.iter().filter(of_it).count();
        assert_eq!(by_himself, by_himself && signed == 1, "his decision stands once: {task:?}");
        let on_paper = by_himself && is_on_paper(story.flow.flow(), case, task);
        assert!(!on_paper || task.paper.is_some(), "what is done on paper has its sheet: {task:?}");
    }
    one_front_in_each_branch(story);
    let mut counting: Vec<_> = case
        .activations
        .iter()
        .filter(|visit| !visit.superseded && visit.passed_on.is_empty())
        .map(|visit| &visit.node)
        .collect();
    counting.sort();
    assert!(counting.windows(2).all(|pair| pair[0] != pair[1]), "one visit of each node counts: {counting:?}");
    for visit in &case.activations {
        assert!(!(visit.superseded && visit.end().is_none()), "what no longer counts is closed: {visit:?}");
        if let Some(parent) = visit.parent {
            assert!(parent < visit.id);
        }
        decided_as_its_quorum_asks(story, visit);
    }
}

fn nothing_waits_at_who_has_left(story: &Story) {
    let mut under_way = story.case.tasks.iter().filter(|task| story.case.is_under_way(task));
    let left = under_way.find(|task| story.world.left.contains(&task.person));
    assert_eq!(left, None, "nothing waits at who has left");
}

/// What nobody can see to by hand ends as done, or comes again, or ends with its case or by a return.
fn only_its_module_does_it(before: &Case, story: &Story) {
    let deletes = |visit: &&Activation| matches!(&visit.awaiting, Some(Awaiting::Effect { effect, .. }) if effect == "flows.delete_case");
    for visit in before.activations.iter().filter(|visit| visit.end().is_none()).filter(deletes) {
        let after = story.case.activation(visit.id).expect("no visit is lost");
        if after.end() == Some(End::Jumped) {
            let flow = story.flow.flow();
            let leads_back = |key: &str| {
                let (there, here) = (flow.position(key), flow.position(&visit.node));
                key == START || there.zip(here).is_some_and(|(there, here)| there < here)
            };
            let to = story.case.activations.iter().rev().find(|other| other.cause == Cause::Jumped);
            assert!(to.is_some_and(|to| leads_back(&to.node)), "{visit:?} was passed over: {to:?}");
        }
    }
}

/// Every open branch of an open node has one visit at its front, every other none; and so has the whole route. Visits that
/// only answer a return stand at no front.
fn one_front_in_each_branch(story: &Story) {
    let case = &story.case;
    let flow = story.flow.flow();
    let mut fronts: BTreeMap<Option<(ActivationNo, String)>, Vec<&str>> = BTreeMap::new();
    for visit in case.activations.iter().filter(|visit| visit.end().is_none()) {
        let answers = visit.back_to().is_some();
        if let (Some(parent), false) = (visit.parent, answers) {
            let parent = case.activation(parent).expect("it exists");
            assert!(parent.is_active(), "what holds an open visit is open: {visit:?} in {parent:?}");
        }
        if visit.branch.is_some() || answers {
            continue;
        }
        let mut above = visit;
        let lane = loop {
            let branch = flow.find(&above.node).and_then(|place| place.inside).map(|(_, branch)| branch.to_owned());
            let Some((parent, branch)) = above.parent.zip(branch) else { break None };
            above = case.activation(parent).expect("it exists");
            if !above.lanes.is_empty() {
                break Some((parent, branch));
            }
        };
        fronts.entry(lane).or_default().push(&visit.node);
    }
    let mut expected: BTreeSet<Option<(ActivationNo, String)>> = BTreeSet::new();
    if case.status == Status::Running {
        expected.insert(None);
    }
    for visit in &case.activations {
        for lane in &visit.lanes {
            let pending = matches!(lane.state, LaneState::Open | LaneState::Returned { .. });
            assert!(!pending || visit.is_active(), "every branch of a closed node has ended: {visit:?}");
            if pending {
                expected.insert(Some((visit.id, lane.branch.clone())));
            }
        }
    }
    for (lane, front) in &fronts {
        assert_eq!(front.len(), 1, "one front in {lane:?}: {front:?}");
    }
    // A branch stands alone at the initiator, when it was walked again from the very beginning.
    let found: BTreeSet<_> = fronts.into_keys().collect();
    assert_eq!(found, expected, "each branch that is open has a front, and no other");
}

fn decided_as_its_quorum_asks(story: &Story, visit: &crate::engine::case::Activation) {
    let Some(End::Approved | End::Handled) = visit.end() else { return };
    let (quorum, vote) = match story.flow.flow().find(&visit.node).map(|place| place.node) {
        Some(Node::Approve(node)) => (node.quorum, node.vote.as_ref()),
        Some(Node::Handle(node)) => (node.quorum, None),
        Some(Node::Free(_)) => (story.flow.flow().desk_at(visit).expect("people act there").quorum, None),
        other => panic!("{other:?} has no quorum"),
    };
    let agreed = |task: &&Task| task.closing().is_some_and(Closing::is_agreement);
    let tasks: Vec<_> = story.case.tasks_of(visit.id).collect();
    let people: Vec<_> = tasks.iter().copied().filter(agreed).map(|task| task.person).collect();
    let mut distinct = people.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(people.len(), distinct.len(), "nobody counts twice at {}", visit.node);
    match quorum {
        _ if quorum.is_number() || vote.is_some() => voted_enough(story, visit, quorum),
        Quorum::Any | Quorum::Claim => assert!(!people.is_empty()),
        _ => {
            let overruled = |task: &&&Task| {
                let superfluous = matches!(task.closing(), Some(Closing::DecidedByOther { .. }));
                superfluous && task.purpose != Purpose::Assign && task.hangs.is_none()
            };
            assert!(!people.is_empty() && !tasks.iter().any(|task| overruled(&task)), "all agreed at {}", visit.node);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, max_shrink_iters: 2_000, ..ProptestConfig::default() })]

    // proves: FLOW-02, FLOW-03, FLOW-05, FLOW-06, FLOW-07, FLOW-11, FLOW-22, FLOW-23, FLOW-38, TRACE-03
    #[test]
    fn no_case_is_stuck_nothing_is_lost_and_what_is_predicted_happens(
        flow in flow(),
        world in world(),
        given in given(),
        tries in tries(),
    ) {
        let mut story = Story::new(flow, world, CLERK);
        let initiator = story.case.initiator.clone();
        let told = predict(&story.flow, &initiator, &given, &Choices::new(), &story.world).expect("a route");
        if story.submit(Value::Object(given)).is_err() {
            return Ok(());
        }
        let unknown = told.fork.is_some() || told.steps.iter().any(|step| !step.depends_on.is_empty());
        if let (false, Some(end)) = (unknown, all_agree(&story)) {
            prop_assert_eq!(foretold(&told), happened(&end.case, 1));
        }
        sound(&story);
        predicted_is_what_happens(&story);
        for attempt in tries {
            let command = attempt.command(&story.case, &story.flow);
            if let Intent::Arrived { activation, .. } = command.intent
                && command.system
                && let Some(Awaiting::Time { until } | Awaiting::Event { until: Some(until), .. }) = story.case.activation(activation).and_then(|visit| visit.awaits())
            {
                story.world.now.set(story.world.now.get().max(*until));
            }
            if let (Intent::Approve { task, .. } | Intent::Complete { task, .. }, true) = (&command.intent, attempt.which != 0) {
                story.sign(*task);
            }
            let before = story.case.clone();
            story.world.left.extend(attempt.leaver());
            if story.command(command).is_ok() {
                sound(&story);
                nothing_waits_at_who_has_left(&story);
                only_its_module_does_it(&before, &story);
                secrets_are_kept(&story);
                predicted_is_what_happens(&story);
            }
        }
        prop_assert!(story::ends(&story), "it can always be brought to an end");
    }
}
