//! What approving and handling nodes have in common: people get tasks there, and the node waits for them.

use std::collections::{BTreeMap, BTreeSet};

use hanlin_rulebook::{Found, Mode};
use serde_json::Value;

use super::form::Right;
use super::{
    case::{End, Purpose},
    facts::{Facts, parameter},
    model::{
        FieldId, Flow, Function, Node, OnInitiator, OnLeft, OnNobody, OnRepeat, Operation, OpinionDuty, Opinions,
        Paper, PeopleSettings, Quorum, ReturnRule, Rule, Vote, Who,
    },
};

/// A node that waits for people, as the engine sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Desk<'f> {
    pub key: &'f str,
    pub purpose: Purpose,
    pub who: &'f Who,
    pub quorum: Quorum,
    pub vote: Option<&'f Vote>,
    pub opinions: Opinions,
    pub paper: Option<&'f Paper>,
    pub fields: &'f BTreeMap<FieldId, Right>,
    pub return_rule: &'f ReturnRule,
    operations: Option<&'f BTreeSet<Operation>>,
    pub(super) duty: &'f OpinionDuty,
    function: Function,
    people: PeopleSettings,
}

/// The settings for people that hold at a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PeopleRules {
    pub on_nobody: OnNobody,
    pub on_initiator: OnInitiator,
    pub on_repeat: OnRepeat,
    pub on_left: OnLeft,
}

impl Node {
    pub(crate) fn desk(&self) -> Option<Desk<'_>> {
        match self {
            Self::Approve(node) => Some(Desk {
                key: &node.key,
                purpose: Purpose::Approve,
                who: &node.who,
                quorum: node.quorum,
                vote: node.vote.as_ref(),
                opinions: node.opinions,
                paper: node.paper.as_ref(),
                fields: &node.fields,
                return_rule: &node.return_rule,
                operations: node.operations.as_ref(),
                duty: &node.opinion,
                function: node.function,
                people: node.people,
            }),
            Self::Handle(node) => Some(Desk {
                key: &node.key,
                purpose: Purpose::Handle,
                who: &node.who,
                quorum: node.quorum,
                vote: None,
                opinions: node.opinions,
                paper: node.paper.as_ref(),
                fields: &node.fields,
                return_rule: &node.return_rule,
                operations: node.operations.as_ref(),
                duty: &node.result,
                function: Function::Collaboration,
                people: node.people,
            }),
            Self::Free(node) => Some(Desk {
                key: &node.key,
                purpose: Purpose::Handle,
                who: &node.who,
                quorum: node.quorum,
                vote: None,
                opinions: Opinions::AtOnce,
                paper: None,
                fields: &node.fields,
                return_rule: &node.return_rule,
                operations: node.operations.as_ref(),
                duty: &node.opinion,
                function: Function::Collaboration,
                people: node.people,
            }),
            Self::Exclusive(_)
            | Self::Parallel(_)
            | Self::Inclusive(_)
            | Self::Copy(_)
            | Self::Wait(_)
            | Self::Call(_)
            | Self::Act(_)
            | Self::Webhook(_) => None,
        }
    }
}

/// Does a rule ask how much waits for whom?
pub fn asks_for_loads(flow: &Flow) -> bool {
    let rules = flow.nodes().into_iter().filter_map(Node::who).flat_map(|who| flow.rules(who));
    let mut rules = rules;
    rules.any(|rule| matches!(rule, Rule::LoadBalance { .. }))
}

/// How many characters must be written, and the rule that may ask for more than it enforces.
#[derive(Default)]
pub(crate) struct Wanted {
    /// Less is refused; 0: nothing need be said.
    pub fewest: u32,
    pub rule: Option<Found<Value>>,
    /// What counts as no words.
    pub empty: Vec<String>,
}

impl Wanted {
    /// A reason, whatever it is, of who acts outside a node.
    pub(crate) fn reason(facts: &dyn Facts) -> Self {
        Self { fewest: 1, rule: None, empty: ruled(facts, parameter::OPINION_EMPTY_PHRASES).unwrap_or_default() }
    }
}

impl Desk<'_> {
    /// How its visit ends when its people agreed.
    pub(crate) fn end(&self) -> End {
        if self.purpose == Purpose::Handle { End::Handled } else { End::Approved }
    }

    /// Besides agreeing and completing (FLOW-15).
    pub(crate) fn allows(&self, operation: Operation) -> bool {
        if operation == Operation::Abstain {
            return self.vote.is_some_and(|vote| vote.abstain);
        }
        match self.operations {
            Some(operations) => operations.contains(&operation),
            None => match operation {
                Operation::Reject => self.purpose == Purpose::Approve,
                Operation::FailReview => self.function == Function::FormReview,
                Operation::Terminate => false,
                _ => true,
            },
        }
    }

    /// What agreeing needs (FLOW-16, FLOW-18).
    pub(crate) fn words_to_agree(&self, facts: &dyn Facts) -> Wanted {
        if self.agreeing_needs_words() { self.words_otherwise(facts) } else { Wanted::default() }
    }

    /// What this operation needs (FLOW-16): where something is judged, every one but agreeing; elsewhere a reason for
    /// what stops the case or sends somebody away.
    pub(crate) fn words_for(&self, operation: Operation, facts: &dyn Facts) -> Wanted {
        let is_judged =
            self.is_judging() && !matches!(operation, Operation::Copy | Operation::TakeBack | Operation::Comment);
        let needs_reason = matches!(
            operation,
            Operation::Reject
                | Operation::ReturnTo
                | Operation::FailReview
                | Operation::Terminate
                | Operation::RemoveSigner
                | Operation::Hold
        );
        if is_judged || needs_reason { self.words_otherwise(facts) } else { Wanted::default() }
    }

    /// Is something approved or checked here, and not only worked on together?
    pub(super) fn is_judging(&self) -> bool {
        self.purpose == Purpose::Approve && matches!(self.function, Function::Approval | Function::FormReview)
    }

    /// What anything else needs: by the node, else by the rulebook, else one character.
    pub(crate) fn words_otherwise(&self, facts: &dyn Facts) -> Wanted {
        let empty = self.empty_phrases(facts);
        if let Some(fewest) = self.duty.min_length {
            return Wanted { fewest: fewest.max(1), rule: None, empty };
        }
        let Some(rule) = facts.rule(parameter::OPINION_MIN_LENGTH) else {
            return Wanted { fewest: 1, rule: None, empty };
        };
        let ruled = rule.value.as_u64().and_then(|fewest| fewest.try_into().ok()).unwrap_or(1).max(1);
        // A clause that lets pass what is too short still leaves that something must be said.
        let fewest = if rule.mode == Mode::Block { ruled } else { 1 };
        Wanted { fewest, rule: Some(rule), empty }
    }

    fn agreeing_needs_words(&self) -> bool {
        self.duty.required.unwrap_or(self.function == Function::FormReview)
    }

    /// May an approval given just before count here? Not where something must be written, or is signed on paper.
    pub(crate) fn takes_repeats(&self) -> bool {
        let demands = self.fields.values().any(|right| *right == Right::Required);
        self.purpose == Purpose::Approve && self.paper.is_none() && !demands && !self.agreeing_needs_words()
    }

    pub(crate) fn people_rules(&self, flow: &Flow, facts: &dyn Facts) -> PeopleRules {
        PeopleRules::of(self.people, flow, facts)
    }
}

impl PeopleRules {
    /// The node's, else the flow's, else the rulebook's, else the safe default.
    pub(crate) fn of(node: PeopleSettings, flow: &Flow, facts: &dyn Facts) -> Self {
        let all = flow.settings.people;
        Self {
            on_nobody: node
                .on_nobody
                .or(all.on_nobody)
                .or_else(|| ruled(facts, parameter::ON_NOBODY))
                .unwrap_or(OnNobody::ToAdmin),
            on_initiator: node
                .on_initiator
                .or(all.on_initiator)
                .or_else(|| ruled(facts, parameter::ON_INITIATOR))
                .unwrap_or(OnInitiator::Superior),
            on_repeat: node
                .on_repeat
                .or(all.on_repeat)
                .or_else(|| ruled(facts, parameter::ON_REPEAT))
                .unwrap_or(OnRepeat::Skip),
            on_left: node
                .on_left
                .or(all.on_left)
                .or_else(|| ruled(facts, parameter::ON_LEFT))
                .unwrap_or(OnLeft::Successor),
        }
    }
}

/// What the rulebook says, if it says something that exists.
pub(super) fn ruled<T: serde::de::DeserializeOwned>(facts: &dyn Facts, name: &str) -> Option<T> {
    serde_json::from_value(facts.rule(name)?.value).ok()
}
