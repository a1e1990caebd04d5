//! Nodes at which no rule asks anybody to decide: a call, a wait, an effect, another system, and the one that is passed on.

use proptest::{collection, option, prelude::*, sample::select};

use super::{any_code, any_desk, any_name, any_text, any_who};
use crate::engine::{
    Free, Node,
    model::{
        Act, AnswerWhen, Approve, Call, CallBy, CallWait, EventWait, Expr, Handle, OnFailure, OnLate, Quorum, Span,
        SpanUnit, Wait, WaitTime, Webhook,
    },
};

pub(super) fn any_call() -> impl Strategy<Value = Node> {
    let by = select(vec![CallBy::Each, CallBy::Initiator]);
    let wait = select(vec![CallWait::All, CallWait::First, CallWait::None]);
    let on_failure = select(vec![OnFailure::Ask, OnFailure::GoOn, OnFailure::End]);
    let named = collection::btree_map(any_code(), any_text(), 0..3).boxed();
    let settings = (option::of(any_code()), by, wait, on_failure);
    (any_name(), any_code(), settings, named.clone(), named).prop_map(
        |(name, flow, (each, by, wait, on_failure), values, results)| {
            let values = values.into_iter().map(|(field, source)| (field, Expr(source))).collect();
            let call = Call { key: String::new(), name, flow, each, by, values, results, wait, on_failure };
            Node::Call(Box::new(call))
        },
    )
}

/// With all that it has in common with a handling node.
pub(super) fn any_free() -> impl Strategy<Value = Node> {
    let quorum = select(vec![Quorum::All, Quorum::Any, Quorum::InTurn]);
    (any_desk(), option::of(any_who()), 1..30u32, any::<bool>(), quorum).prop_map(
        |(desk, among, most_steps, send_back, quorum)| {
            let (name, who, operations, opinion, fields, return_rule, people) = match desk {
                Node::Handle(node) => {
                    let Handle { name, who, operations, result, fields, return_rule, people, .. } = *node;
                    (name, who, operations, result, fields, return_rule, people)
                }
                Node::Approve(node) => {
                    let Approve { name, who, operations, opinion, fields, return_rule, people, .. } = *node;
                    (name, who, operations, opinion, fields, return_rule, people)
                }
                other => panic!("{other:?} is no desk"),
            };
            let among = among.map(|who| who.0).unwrap_or_default();
            let key = String::new();
            Node::Free(Box::new(Free {
                key,
                name,
                who,
                quorum,
                among,
                most_steps,
                send_back,
                operations,
                opinion,
                fields,
                return_rule,
                people,
            }))
        },
    )
}

pub(super) fn any_act() -> impl Strategy<Value = Node> {
    let named = collection::btree_map(any_code(), any_text(), 0..3).boxed();
    (any_name(), any_text(), named.clone(), named, option::of(any_who())).prop_map(
        |(name, effect, with, results, executor)| {
            let with = with.into_iter().map(|(parameter, source)| (parameter, Expr(source))).collect();
            Node::Act(Box::new(Act { key: String::new(), name, effect, with, results, executor }))
        },
    )
}

pub(super) fn any_webhook() -> impl Strategy<Value = Node> {
    let named = collection::btree_map(any_code(), any_text(), 0..3).boxed();
    let answer = select(vec![AnswerWhen::AtOnce, AnswerWhen::Later]);
    (any_name(), any_text(), named.clone(), named, answer, option::of(any_who())).prop_map(
        |(name, endpoint, send, results, answer, executor)| {
            let send = send.into_iter().map(|(parameter, source)| (parameter, Expr(source))).collect();
            let key = String::new();
            Node::Webhook(Box::new(Webhook { key, name, endpoint, send, results, answer, executor }))
        },
    )
}

pub(super) fn any_wait() -> impl Strategy<Value = Node> {
    let unit = select(vec![SpanUnit::Days, SpanUnit::Hours, SpanUnit::WorkingDays, SpanUnit::WorkingHours]);
    let span = (0..99u32, unit).prop_map(|(amount, unit)| WaitTime::For { span: Span { amount, unit } });
    let at = option::of((0..24i8, 0..60i8).prop_map(|(hour, minute)| jiff::civil::time(hour, minute, 0, 0)));
    let until = (any_code(), -9..9i32, any::<bool>(), at).prop_map(|(field, shift, working, at)| WaitTime::Until {
        field,
        shift,
        working: working && shift != 0,
        at,
    });
    let unit = select(vec![SpanUnit::Days, SpanUnit::Hours, SpanUnit::WorkingDays, SpanUnit::WorkingHours]);
    let at_most = option::of((0..99u32, unit).prop_map(|(amount, unit)| Span { amount, unit }));
    let then = select(vec![OnLate::Ask, OnLate::GoOn]);
    let event = (any_text(), option::of(any_text()), at_most, then, option::of(any_who())).prop_map(
        |(event, about, at_most, then, executor)| {
            WaitTime::Event(Box::new(EventWait { event, about: about.map(Expr), at_most, then, executor }))
        },
    );
    (any_name(), prop_oneof![span, until, event])
        .prop_map(|(name, time)| Node::Wait(Wait { key: String::new(), name, time }))
}
