//! Flows, worlds and values as chance has them, for properties that hold of all.

use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::{Value, json};

use super::{
    free,
    story::{flow_with, values},
    world::*,
};
use crate::engine::{CheckedFlow, Values};

/// A node without its key, which it gets by its place.
#[derive(Clone, Debug)]
enum Draft {
    Exclusive(Vec<(String, Vec<Draft>)>, Vec<Draft>),
    /// Its settings, its branches, and those of an inclusive node `otherwise`.
    Lanes(Value, Vec<(Option<String>, Vec<Draft>)>, Vec<Draft>),
    Leaf(Value),
}

fn rule() -> impl Strategy<Value = Value> {
    let person = select(&EVERYONE[..]).prop_map(|person| json!({ "rule": "person", "person": person }));
    let post = select(&["hr_manager", "general_manager", "cashier", "vacant"][..])
        .prop_map(|post| json!({ "rule": "post", "post": post }));
    let fixed = select(vec![
        json!({ "rule": "group", "group": "board" }),
        json!({ "rule": "head" }),
        json!({ "rule": "head", "of": { "up": 1 } }),
        json!({ "rule": "head_chain", "until": { "heads": 3 } }),
        json!({ "rule": "superior" }),
        json!({ "rule": "in_charge" }),
        json!({ "rule": "initiator" }),
        json!({ "rule": "field", "field": "contact" }),
        json!({ "rule": "heads_in_field", "field": "departments" }),
        json!({ "rule": "head_of_previous" }),
        json!({ "rule": "head_of_previous", "of": { "up": 1 } }),
        json!({ "rule": "chain_from_previous", "until": { "heads": 2 } }),
        json!({ "rule": "rank", "at_least": "manager" }),
        json!({ "rule": "authority", "table": "spending" }),
        json!({ "rule": "load_balance", "among": [
            { "rule": "post", "post": "cashier" },
            { "rule": "head_of_previous" },
            { "rule": "field", "field": "contact" },
        ] }),
    ]);
    let earlier = (0..6u8).prop_map(|node| json!({ "rule": "handler_of", "node": format!("n{node}") }));
    prop_oneof![3 => person, 2 => post, 6 => fixed, 1 => earlier]
}

fn settings() -> impl Strategy<Value = Value> {
    (
        option::of(select(&["skip", "to_admin", "block"][..])),
        option::of(select(&["skip", "superior", "allow"][..])),
        option::of(select(&["skip", "ask"][..])),
        option::of(select(&["successor", "superior"][..])),
    )
        .prop_map(|(on_nobody, on_initiator, on_repeat, on_left)| {
            json!({ "on_nobody": on_nobody, "on_initiator": on_initiator, "on_repeat": on_repeat, "on_left": on_left })
        })
}

fn quorum() -> impl Strategy<Value = Value> {
    let number = (select(&["at_least", "percent", "weight"][..]), 1..5u32)
        .prop_map(|(kind, number)| json!({ kind: if kind == "percent" { number * 25 } else { number } }));
    prop_oneof![3 => select(&["all", "any", "in_turn", "claim"][..]).prop_map(|word| json!(word)), 2 => number]
}

fn vote() -> impl Strategy<Value = Value> {
    let weighing = (vec(rule(), 1..3), 1..4u32).prop_map(|(who, weight)| json!({ "who": who, "weight": weight }));
    let settings = (vec(rule(), 0..2), vec(weighing, 0..3), any::<bool>(), any::<bool>());
    settings.prop_map(|(veto, weights, all, abstain)| {
        let until = if all { "all_voted" } else { "decided" };
        json!({ "veto": veto, "weights": weights, "until": until, "abstain": abstain })
    })
}

/// Some steps are signed on paper, by who has the task or by others.
fn paper() -> impl Strategy<Value = Value> {
    let by_others = vec(rule(), 1..3).prop_map(|signed_by| json!({ "signed_by": signed_by }));
    prop_oneof![6 => Just(Value::Null), 1 => Just(json!({})), 1 => by_others]
}

fn leaf() -> impl Strategy<Value = Value> {
    let who = || vec(rule(), 0..3);
    let then = || option::of(select(&["walk_again", "straight_back", "skip_unchanged"][..]));
    let opinions = || select(&["at_once", "after"][..]);
    let several = (quorum(), option::of(vote()), opinions(), paper());
    let approve =
        (who(), several, settings(), then(), any::<bool>()).prop_map(|(who, several, people, then, writes)| {
            let (quorum, vote, opinions, paper) = several;
            let fields = if writes {
                json!({ "amount": "write", "contact": "write", "departments": "write" })
            } else {
                json!({})
            };
            json!({ "kind": "approve", "who": who, "quorum": quorum, "vote": vote, "opinions": opinions,
            "paper": paper, "people": people, "return": { "then": then }, "fields": fields })
        });
    let handle = (who(), quorum(), settings(), then(), paper()).prop_map(|(who, quorum, people, then, paper)| {
        json!({ "kind": "handle", "who": who, "quorum": quorum, "paper": paper, "people": people, "return": { "then": then } })
    });
    let copy = (who(), any::<bool>())
        .prop_map(|(who, must_read)| json!({ "kind": "copy", "who": who, "must_read": must_read }));
    let span = (0..4u32, select(&["days", "hours", "working_days", "working_hours"][..]))
        .prop_map(|(amount, unit)| json!({ "kind": "for", "span": { "amount": amount, "unit": unit } }));
    let until = (-3..4i32, any::<bool>(), option::of(Just("09:30:00"))).prop_map(
        |(shift, working, at)| json!({ "kind": "until", "field": "day", "shift": shift, "working": working, "at": at }),
    );
    let limit = option::of(Just(json!({ "amount": 2, "unit": "days" })));
    let event = (any::<bool>(), limit, select(&["ask", "go_on"][..]), option::of(vec(rule(), 0..3))).prop_map(
        |(about, at_most, then, executor)| {
            let about = about.then_some("form.note");
            json!({ "kind": "event", "event": "a.b", "about": about, "at_most": at_most, "then": then, "executor": executor })
        },
    );
    let wait = prop_oneof![span, until, event].prop_map(|time| json!({ "kind": "wait", "time": time }));
    let call = (
        option::of(select(&["departments", "contact"][..])),
        select(&["each", "initiator"][..]),
        select(&["all", "first", "none"][..]),
        select(&["ask", "go_on", "end"][..]),
        any::<bool>(),
    );
    let call = call.prop_map(|(each, by, wait, on_failure, results)| {
        let values = if each.is_some() { json!({ "whom": "each" }) } else { json!({ "text": "form.note" }) };
        let results = if results { json!({ "note": "answer" }) } else { json!({}) };
        json!({ "kind": "call", "flow": "other", "each": each, "by": by, "wait": wait, "on_failure": on_failure,
            "values": values, "results": results })
    });
    let free = free::any(who(), quorum(), settings(), then());
    // One of them nobody can see to by hand.
    let effect = select(&["attendance.leave", "flows.delete_case"][..]);
    let act = (option::of(vec(rule(), 0..3)), any::<bool>(), effect).prop_map(|(executor, results, effect)| {
        let results = if results { json!({ "note": "answer" }) } else { json!({}) };
        json!({ "kind": "act", "effect": effect, "with": { "person": "initiator", "kind": "form.note" },
            "results": results, "executor": executor })
    });
    let webhook = (option::of(vec(rule(), 0..3)), any::<bool>(), select(&["at_once", "later"][..]));
    let webhook = webhook.prop_map(|(executor, results, answer)| {
        let results = if results { json!({ "note": "answer" }) } else { json!({}) };
        json!({ "kind": "webhook", "endpoint": "other", "send": { "amount": "form.amount" }, "results": results,
            "answer": answer, "executor": executor })
    });
    prop_oneof![5 => approve, 2 => handle, 1 => copy, 1 => wait, 1 => call, 1 => free, 1 => act, 1 => webhook]
}

fn condition() -> impl Strategy<Value = String> {
    select(vec![
        "form.amount > 1000".to_owned(),
        "form.amount <= 100".to_owned(),
        "form.days > 1 && form.amount > 10".to_owned(),
        "initiator.rank_level > 5".to_owned(),
        "is_null(form.note)".to_owned(),
        "size(form.contact) > 1".to_owned(),
    ])
}

fn route() -> impl Strategy<Value = Vec<Draft>> {
    let leaf = leaf().prop_map(Draft::Leaf).boxed();
    let node = leaf.prop_recursive(3, 14, 3, |inner| {
        let branches = vec((condition(), vec(inner.clone(), 0..3)), 1..3);
        prop_oneof![
            3 => leaf_again(),
            1 => (branches, vec(inner.clone(), 0..3))
                .prop_map(|(branches, otherwise)| Draft::Exclusive(branches, otherwise)),
            2 => lanes(inner),
        ]
    });
    vec(node, 0..5)
}

fn lanes(inner: impl Strategy<Value = Draft> + Clone + 'static) -> impl Strategy<Value = Draft> {
    let settings = (
        prop_oneof![Just(json!("all")), Just(json!("first")), (1..4u32).prop_map(|k| json!({ "at_least": k }))],
        select(&["end_case", "end_branch", "collect"][..]),
        select(&["at_once", "collect"][..]),
        any::<bool>(),
    );
    let branches = vec((condition(), vec(inner.clone(), 0..4)), 2..4);
    (settings, branches, vec(inner, 0..2)).prop_map(|((join, on_reject, on_return, inclusive), branches, otherwise)| {
        let kind = if inclusive { "inclusive" } else { "parallel" };
        let branches = branches.into_iter().map(|(when, route)| (inclusive.then_some(when), route)).collect();
        let settings = json!({ "kind": kind, "join": join, "on_reject": on_reject, "on_return": on_return });
        Draft::Lanes(settings, branches, if inclusive { otherwise } else { Vec::new() })
    })
}

fn leaf_again() -> impl Strategy<Value = Draft> {
    leaf().prop_map(Draft::Leaf)
}

/// Names the nodes in the order of the route: n0, n1 …
fn named(route: Vec<Draft>, next: &mut u32) -> Value {
    let node = |draft: Draft| {
        let key = format!("n{next}");
        *next += 1;
        let mut node = match draft {
            Draft::Leaf(node) => node,
            Draft::Exclusive(branches, otherwise) => {
                let branches: Vec<Value> = branches
                    .into_iter()
                    .enumerate()
                    .map(|(index, (when, route))| {
                        json!({ "key": format!("b{index}"), "name": { "zh": "支" }, "when": when,
                                "route": named(route, next) })
                    })
                    .collect();
                json!({ "kind": "exclusive", "branches": branches, "otherwise": named(otherwise, next) })
            }
            Draft::Lanes(mut settings, branches, otherwise) => {
                let branches: Vec<Value> = branches
                    .into_iter()
                    .enumerate()
                    .map(|(index, (when, route))| {
                        json!({ "key": format!("l{index}"), "name": { "zh": "支" }, "when": when,
                                "route": named(route, next) })
                    })
                    .collect();
                settings["branches"] = Value::Array(branches);
                settings["otherwise"] = named(otherwise, next);
                settings
            }
        };
        node["key"] = json!(key);
        node["name"] = json!({ "zh": key });
        node
    };
    route.into_iter().map(node).collect()
}

pub(super) fn flow() -> impl Strategy<Value = CheckedFlow> {
    let row = (condition(), vec(rule(), 1..3))
        .prop_map(|(when, who)| json!({ "name": { "zh": "档" }, "when": when, "who": who }));
    (route(), settings(), vec(row, 0..3)).prop_map(|(route, people, rows)| {
        let after = json!({ "revoke": true, "change": ["note"] });
        let settings = json!({ "people": people, "authority": { "spending": rows }, "after_completion": after });
        flow_with(named(route, &mut 0), json!({ "settings": settings }))
    })
}

pub(super) fn world() -> impl Strategy<Value = World> {
    (vec(select(&EVERYONE[..]), 0..4), vec((select(&EVERYONE[..]), select(&EVERYONE[..])), 0..3)).prop_map(
        |(left, successors)| {
            let mut world = World::new();
            world.parameters.insert("workflow.urge_interval_minutes", json!(5));
            for person in left.into_iter().filter(|person| ![CLERK, ADMINISTRATOR].contains(person)) {
                world.leaves(person);
            }
            world.successors.extend(successors);
            world.loads.insert(CASHIER, 2);
            world
        },
    )
}

pub(super) fn given() -> impl Strategy<Value = Values> {
    let amount = option::of(select(&["5.00", "50.00", "5000.00"][..]));
    let days = option::of(select(&["0.5", "3.0"][..]));
    let note = option::of(Just("注"));
    let contact = option::of(vec(select(&EVERYONE[..]), 1..3));
    let departments = option::of(vec(select(&["sales", "personnel", "archive"][..]), 1..2));
    let day = option::of(select(&["2026-11-20", "2026-11-23", "2026-12-01"][..]));
    (amount, days, note, contact, departments, day).prop_map(|(amount, days, note, contact, departments, day)| {
        let given = json!({ "amount": amount, "days": days, "note": note, "contact": contact,
            "departments": departments, "day": day });
        values(given)
    })
}
