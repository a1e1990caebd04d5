//! Writing and reading again gives the same package, whatever an organisation puts into it.

mod alone;

use std::collections::BTreeMap;

use hanlin_forms::form::Right;
use hanlin_kernel::Text;
use proptest::{collection, option, prelude::*, sample::select};

use self::alone::{any_act, any_call, any_free, any_wait, any_webhook};
use super::{
    any_form::{any_form, value_of},
    besides::any_besides,
};
use crate::{
    engine::{
        BareRead, Flow, Node, Status, Values,
        model::{
            Absence, AfterCompletion, AfterReturn, Approve, Authority, Branch, Copying, DepartmentLevel, Exclusive,
            Expr, Function, Handle, Join, Lane, Lanes, LeadTime, Limit, OnInitiator, OnLeft, OnNobody, OnReject,
            OnRepeat, OnReturn, Operation, OpinionDuty, Opinions, Paper, PeopleSettings, Per, Quorum, Reader,
            ReaderRules, Readers, Ref, ReturnRule, Rule, Settings, Starter, Until, Vote, VoteUntil, Weighing, Who,
        },
    },
    package::{
        Act, Asked, Deed, Doing, Effected, Expect, Package, Refused, ReturnTo, Seen, Signed, Source, TestCase, Visit,
        examine, write,
    },
};

/// Texts with everything that YAML could take for something else.
pub(super) fn any_text() -> impl Strategy<Value = String> {
    const ODD: &[&str] = &[
        "true",
        "null",
        "~",
        "",
        "1.0",
        "- a",
        "a: b",
        "a #b",
        "#",
        "'",
        "\"",
        "\\",
        "[",
        "}",
        "&a",
        "*a",
        "!t",
        "|",
        ">",
        "%",
        "@",
        "`",
        "换行\n第二行",
        "\t",
        " 前后 ",
        "a,b",
        "?",
        ":",
        "...",
        "---",
        "a:",
        "😀",
        "\u{85}",
        "\u{2028}",
        "\u{7}",
        "no",
        "0x1F",
    ];
    prop_oneof![
        4 => "[a-z一-龥A-Z0-9 ,:#'\"{}\\[\\]&*!|>%@`?-]{0,12}",
        1 => select(ODD).prop_map(str::to_owned),
    ]
}

pub(super) fn any_name() -> impl Strategy<Value = Text> {
    (any_text(), option::of(any_text())).prop_map(|(zh, en)| Text { zh, en })
}

pub(super) fn any_code() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9_]{0,8}"
}

fn any_ref<T: ?Sized>() -> impl Strategy<Value = Ref<T>>
where
    Ref<T>: std::fmt::Debug,
{
    any_code().prop_map(Ref::Code)
}

fn any_rule() -> BoxedStrategy<Rule> {
    let simple = prop_oneof![
        any_ref().prop_map(|person| Rule::Person { person }),
        (any_ref(), option::of(any_ref())).prop_map(|(post, unit)| Rule::Post { post, unit }),
        any_ref().prop_map(|group| Rule::Group { group }),
        prop_oneof![
            Just(DepartmentLevel::Own),
            any::<u8>().prop_map(DepartmentLevel::Up),
            any_code().prop_map(DepartmentLevel::Level),
        ]
        .prop_map(|of| Rule::Head { of }),
        prop_oneof![
            Just(Until::Top),
            any::<u8>().prop_map(Until::Heads),
            any_code().prop_map(Until::Level),
            any_ref().prop_map(Until::Rank),
        ]
        .prop_map(|until| Rule::HeadChain { until }),
        select(vec![Rule::Superior, Rule::InCharge, Rule::Initiator]),
        any_code().prop_map(|field| Rule::Field { field }),
        any_code().prop_map(|node| Rule::HandlerOf { node }),
    ]
    .boxed();
    let choice = (collection::vec(simple.clone(), 0..3), 1u32..4, option::of(4u32..9))
        .prop_map(|(among, min, max)| Rule::InitiatorChoice { among, min, max });
    let later = (any_code(), collection::vec(simple.clone(), 0..3), 0u32..4, option::of(4u32..9))
        .prop_map(|(node, among, min, max)| Rule::ChosenBy { node, among, min, max });
    let simple = prop_oneof![8 => simple.clone(), 4 => beyond(simple)].boxed();
    prop_oneof![8 => simple, 1 => choice, 1 => later].boxed()
}

/// Rules that begin elsewhere than at the initiator, or hold others.
fn beyond(simple: impl Strategy<Value = Rule> + 'static) -> BoxedStrategy<Rule> {
    prop_oneof![
        select(vec![DepartmentLevel::Own, DepartmentLevel::Up(1)]).prop_map(|of| Rule::HeadOfPrevious { of }),
        select(vec![Until::Top, Until::Heads(2)]).prop_map(|until| Rule::ChainFromPrevious { until }),
        (any_ref(), option::of(any_ref())).prop_map(|(at_least, unit)| Rule::Rank { at_least, unit }),
        any_code().prop_map(|field| Rule::HeadsInField { field }),
        any_code().prop_map(|table| Rule::Authority { table }),
        collection::vec(simple, 1..3).prop_map(|among| Rule::LoadBalance { among }),
    ]
    .boxed()
}

fn any_who() -> impl Strategy<Value = Who> {
    collection::vec(any_rule(), 1..3).prop_map(Who)
}

fn any_limit() -> impl Strategy<Value = Limit> {
    let per = select(vec![Per::Day, Per::Week, Per::Month, Per::Quarter, Per::Year]);
    (any::<u32>(), per).prop_map(|(at_most, per)| Limit { at_most, per })
}

fn any_lead_time() -> impl Strategy<Value = LeadTime> {
    (any_code(), any::<u32>(), any::<bool>(), option::of(any_code()))
        .prop_map(|(field, days, working, late)| LeadTime { field, days, working, late })
}

fn any_people() -> impl Strategy<Value = PeopleSettings> {
    (
        option::of(select(vec![OnNobody::Skip, OnNobody::ToAdmin, OnNobody::Block])),
        option::of(select(vec![OnInitiator::Skip, OnInitiator::Superior, OnInitiator::Allow])),
        option::of(select(vec![OnRepeat::Skip, OnRepeat::Ask])),
        option::of(select(vec![OnLeft::Successor, OnLeft::Superior])),
    )
        .prop_map(|(on_nobody, on_initiator, on_repeat, on_left)| PeopleSettings {
            on_nobody,
            on_initiator,
            on_repeat,
            on_left,
        })
}

pub(super) fn any_rights() -> impl Strategy<Value = BTreeMap<String, Right>> {
    let right = select(vec![Right::Hidden, Right::Read, Right::Write, Right::Required]);
    collection::btree_map(any_code(), right, 0..3)
}

fn any_duty() -> impl Strategy<Value = OpinionDuty> {
    let bare_read = select(vec![BareRead::Refuse, BareRead::Disagree, BareRead::Agree, BareRead::Note]);
    let forbidden = collection::vec(any_code(), 0..3);
    (option::of(any::<bool>()), option::of(1u32..99), forbidden, option::of(bare_read)).prop_map(
        |(required, min_length, forbidden, bare_read)| OpinionDuty { required, min_length, forbidden, bare_read },
    )
}

fn any_return() -> impl Strategy<Value = ReturnRule> {
    let then = select(vec![AfterReturn::WalkAgain, AfterReturn::StraightBack, AfterReturn::SkipUnchanged]);
    let names = || option::of(collection::btree_set(any_code(), 1..3));
    (names(), option::of(then), names()).prop_map(|(to, then, decides_on)| ReturnRule { to, then, decides_on })
}

fn any_quorum() -> impl Strategy<Value = Quorum> {
    prop_oneof![
        select(vec![Quorum::All, Quorum::Any, Quorum::InTurn, Quorum::Claim]),
        (1u32..9).prop_map(Quorum::AtLeast),
        (1u32..=100).prop_map(Quorum::Percent),
        (1u32..9).prop_map(Quorum::Weight),
    ]
}

fn any_vote() -> impl Strategy<Value = Vote> {
    let weighing = (any_who(), 1u32..9).prop_map(|(who, weight)| Weighing { who, weight });
    let veto = prop_oneof![Just(Who::default()), any_who()];
    let until = select(vec![VoteUntil::Decided, VoteUntil::AllVoted]);
    (veto, collection::vec(weighing, 0..3), until, any::<bool>()).prop_map(|(veto, weights, until, abstain)| Vote {
        veto,
        weights,
        until,
        abstain,
    })
}

fn any_desk() -> impl Strategy<Value = Node> {
    let operation = select(vec![Operation::Reject, Operation::ReturnTo, Operation::Comment]);
    let paper = prop_oneof![
        Just(None),
        Just(Some(Paper::default())),
        any_who().prop_map(|signed_by| Some(Paper { signed_by }))
    ];
    let several = (any_quorum(), option::of(any_vote()), select(vec![Opinions::AtOnce, Opinions::After]), paper);
    let function =
        select(vec![Function::Approval, Function::FormReview, Function::Collaboration, Function::Countersign]);
    (
        (any_name(), any_who(), several, option::of(collection::btree_set(operation, 0..3)), any_duty()),
        (any_rights(), any_return(), any_people(), function, any::<bool>()),
    )
        .prop_map(|((name, who, several, operations, duty), (fields, return_rule, people, function, approve))| {
            let (quorum, vote, opinions, paper) = several;
            let key = String::new();
            if approve {
                let opinion = duty;
                Node::Approve(Box::new(Approve {
                    key,
                    name,
                    function,
                    who,
                    quorum,
                    vote,
                    paper,
                    opinions,
                    operations,
                    opinion,
                    fields,
                    return_rule,
                    people,
                }))
            } else {
                let result = duty;
                Node::Handle(Box::new(Handle {
                    key,
                    name,
                    who,
                    quorum,
                    paper,
                    opinions,
                    operations,
                    result,
                    fields,
                    return_rule,
                    people,
                }))
            }
        })
}

fn any_node() -> BoxedStrategy<Node> {
    let copy = (any_name(), any_who(), any::<bool>(), any_rights()).prop_map(|(name, who, must_read, fields)| {
        Node::Copy(Copying { key: String::new(), name, who, must_read, fields })
    });
    let leaf =
        prop_oneof![3 => any_desk().boxed(), 1 => copy.boxed(), 1 => any_wait().boxed(), 1 => any_call().boxed(), 1 => any_free().boxed(), 1 => any_act().boxed(), 1 => any_webhook().boxed()]
            .boxed();
    leaf.prop_recursive(3, 12, 3, |inner| {
        let route = collection::vec(inner, 0..3).boxed();
        let branch = (any_name(), any_text(), route.clone()).prop_map(|(name, when, route)| Branch {
            key: String::new(),
            name,
            when: Expr(when),
            route,
        });
        let exclusive = (any_name(), collection::vec(branch, 1..3), route.clone());
        let exclusive = exclusive.prop_map(|(name, branches, otherwise)| {
            Node::Exclusive(Exclusive { key: String::new(), name, branches, otherwise })
        });
        prop_oneof![exclusive, any_lanes(route)]
    })
    .boxed()
}

fn any_lanes(route: BoxedStrategy<Vec<Node>>) -> impl Strategy<Value = Node> {
    let join = prop_oneof![Just(Join::All), Just(Join::First), (1..9u32).prop_map(Join::AtLeast)];
    let on_reject = select(vec![OnReject::EndCase, OnReject::EndBranch, OnReject::Collect]);
    let on_return = select(vec![OnReturn::AtOnce, OnReturn::Collect]);
    let branches = collection::vec((any_name(), any_text(), route.clone()), 1..3);
    (any_name(), any::<bool>(), branches, route, (join, on_reject, on_return)).prop_map(
        |(name, inclusive, branches, otherwise, (join, on_reject, on_return))| {
            let lane = |(name, when, route)| {
                let when = inclusive.then_some(Expr(when));
                Lane { key: String::new(), name, when, route }
            };
            let branches = branches.into_iter().map(lane).collect();
            let otherwise = if inclusive { otherwise } else { Vec::new() };
            let lanes = Lanes { key: String::new(), name, branches, otherwise, join, on_reject, on_return };
            if inclusive { Node::Inclusive(lanes) } else { Node::Parallel(lanes) }
        },
    )
}

/// Gives each node and branch a key of its own.
fn numbered(route: &mut [Node], next: &mut u32) {
    for node in route {
        *next += 1;
        let own = format!("n{next}");
        match node {
            Node::Approve(node) => node.key = own,
            Node::Handle(node) => node.key = own,
            Node::Copy(node) => node.key = own,
            Node::Wait(node) => node.key = own,
            Node::Call(node) => node.key = own,
            Node::Free(node) => node.key = own,
            Node::Act(node) => node.key = own,
            Node::Webhook(node) => node.key = own,
            Node::Exclusive(node) => {
                node.key = own;
                for (index, branch) in node.branches.iter_mut().enumerate() {
                    branch.key = format!("b{index}");
                    numbered(&mut branch.route, next);
                }
                numbered(&mut node.otherwise, next);
            }
            Node::Parallel(node) | Node::Inclusive(node) => {
                node.key = own;
                for (index, branch) in node.branches.iter_mut().enumerate() {
                    branch.key = format!("b{index}");
                    numbered(&mut branch.route, next);
                }
                numbered(&mut node.otherwise, next);
            }
        }
    }
}

fn any_case(flow: Flow) -> impl Strategy<Value = TestCase> {
    let nodes: Vec<String> =
        flow.nodes().into_iter().filter(|node| node.desk().is_some()).map(|node| node.key().to_owned()).collect();
    let branches: Vec<(String, Seen)> = flow
        .nodes()
        .into_iter()
        .flat_map(|node| {
            let seen = move |branch: &str| match node.lanes() {
                Some(_) => Seen::Branches(vec![branch.to_owned()]),
                None => Seen::Branch(branch.to_owned()),
            };
            node.routes().into_iter().map(move |(branch, _)| (node.key().to_owned(), seen(branch)))
        })
        .collect();
    let node = if nodes.is_empty() { vec!["start".to_owned()] } else { nodes };
    let at_node = select(node.clone()).boxed();
    let refused =
        (any_code(), collection::vec(any_code(), 0..2)).prop_map(|(code, fields)| Refused { code, fields }).boxed();
    let doing = prop_oneof![
        select(vec![
            Doing::Approve,
            Doing::Reject,
            Doing::Abstain,
            Doing::Complete,
            Doing::Resubmit,
            Doing::Withdraw,
            Doing::Urge,
            Doing::Comment,
            Doing::Read
        ]),
        any_text().prop_map(|to| Doing::HandOver { to }),
        any_besides(node.clone()).prop_map(Doing::Besides),
        (
            prop_oneof![Just(ReturnTo::Previous), Just(ReturnTo::Start)],
            option::of(select(vec![AfterReturn::WalkAgain, AfterReturn::StraightBack])),
        )
            .prop_map(|(to, then)| Doing::Return { to, then }),
    ];
    let values = any_text().prop_map({
        let fields = flow.form.fields.clone();
        move |text| fields.iter().map(|field| (field.id.clone(), value_of(field, &text))).collect::<Values>()
    });
    let values = values.boxed();
    let signed = (collection::vec(any_text(), 1..3), option::of(any_text()), any::<bool>())
        .prop_map(|(scan, by, dated)| Signed { scan, by, on: dated.then_some(jiff::civil::date(2026, 11, 24)) });
    let act = (
        any_text(),
        doing,
        option::of(at_node.clone()),
        option::of(any_text()),
        values.clone(),
        option::of(refused.clone()),
        option::of(signed),
    )
        .prop_map(|(by, does, at, words, values, refused, signed)| {
            Deed::Act(Box::new(Act { by, does, at, words, values, signed, refused }))
        });
    let deed = prop_oneof![1 => Just(Deed::EveryoneAgrees), 1 => Just(Deed::TimePasses), 4 => act];
    let asked = prop_oneof![any_text().prop_map(Asked::Person), any_text().prop_map(Asked::Repeated)];
    let people = (at_node, collection::vec(asked, 0..3))
        .prop_map(|(node, people)| Visit { node, what: Seen::People(people) })
        .boxed();
    let visit = if branches.is_empty() {
        people
    } else {
        let branch = select(branches).prop_map(|(node, what)| Visit { node, what });
        prop_oneof![people, branch].boxed()
    };
    let route = (collection::vec(visit, 0..4), select(vec![Status::Completed, Status::Rejected, Status::Withdrawn]))
        .prop_map(|(visits, ends)| (visits, ends));
    let given = collection::btree_map(any_code(), any_text(), 0..3);
    let effect = (any_code(), given).prop_map(|(effect, given)| Effected { effect, given });
    let route = (route, collection::vec(effect, 0..3)).prop_map(|((visits, ends), effects)| Expect::Route {
        visits,
        ends,
        waits_for: Vec::new(),
        effects,
    });
    let expect = prop_oneof![4 => route, 1 => refused.prop_map(Expect::Refused)];
    let choosable = select(node).boxed();
    let filled = choosable.clone().boxed();
    (
        (any_name(), collection::vec(any_code(), 0..3), any::<bool>(), any_text(), option::of(any_code())),
        (values.clone(), collection::vec(deed, 0..4), expect),
        collection::btree_map(
            choosable.prop_filter("a node", |node| node != "start"),
            collection::vec(any_text(), 1..3),
            0..2,
        ),
        collection::btree_map(filled.prop_filter("a node", |node| node != "start"), values, 0..2),
    )
        .prop_map(|((name, proves, at, initiator, post), (values, then, expect), choices, fills)| TestCase {
            name,
            proves,
            earlier: if at { vec![jiff::civil::date(2026, 11, 3).at(9, 0, 0, 0)] } else { Vec::new() },
            at: at.then(|| jiff::civil::date(2026, 11, 23).at(14, 30, 5, 0)),
            initiator,
            post,
            values,
            records: Default::default(),
            choices,
            fills,
            then,
            expect,
        })
}

fn any_authority() -> impl Strategy<Value = BTreeMap<String, Vec<Authority>>> {
    let day = || option::of(select(vec![jiff::civil::date(2026, 12, 1), jiff::civil::date(2027, 1, 31)]));
    let row = (any_name(), option::of(any_text()), any_who(), day(), day())
        .prop_map(|(name, when, who, from, until)| Authority { name, when: when.map(Expr), who, from, until });
    collection::btree_map(any_code(), collection::vec(row, 1..3), 0..2)
}

fn any_flow() -> impl Strategy<Value = Flow> {
    let starter = prop_oneof![
        any_ref().prop_map(|person| Starter::Person { person }),
        (any_ref(), any::<bool>()).prop_map(|(unit, below)| Starter::Unit { unit, below }),
        (any_ref(), any::<bool>()).prop_map(|(department, below)| Starter::Department { department, below }),
        any_ref().prop_map(|post| Starter::Post { post }),
        any_ref().prop_map(|group| Starter::Group { group }),
        any_ref().prop_map(|at_least| Starter::Rank { at_least }),
    ];
    (
        (any_code(), any_name(), any_text(), any_form()),
        (collection::vec(any_node(), 0..4), collection::vec(starter, 0..3)),
        (any_people(), any_rights(), option::of(any::<bool>()), any_authority()),
        (
            collection::vec(any_limit(), 0..3),
            option::of(any_lead_time()),
            any_after_completion(),
            option::of(any_absence()),
        ),
    )
        .prop_map(
            |(
                (id, name, category, form),
                (mut route, may_start),
                (people, start_fields, withdraw, authority),
                (limits, lead_time, after_completion, absence),
            )| {
                numbered(&mut route, &mut 0);
                let readers = any_readers(&form, &may_start);
                let settings = Settings {
                    people,
                    start_fields,
                    authority,
                    withdraw,
                    limits,
                    lead_time,
                    readers,
                    absence,
                    after_completion,
                };
                Flow { id, name, category, form, route, may_start, settings }
            },
        )
}

/// To whom the first field is told, and its first column.
fn any_readers(form: &hanlin_forms::form::Form, may_start: &[Starter]) -> ReaderRules {
    let Some(field) = form.fields.first() else { return ReaderRules::new() };
    let among = || may_start.iter().cloned().map(|of| Reader::One { of });
    let whole =
        Readers { visible_to: [Reader::Initiator].into_iter().chain(among()).collect(), hidden_from: Vec::new() };
    let node = Reader::Handler { node: "n1".into() };
    let part = Readers { visible_to: vec![node.clone()], hidden_from: vec![Reader::Copies, node] };
    let column = field.columns.first().map(|column| (field.key_of(column), part));
    [(field.id.clone(), whole)].into_iter().chain(column).collect()
}

fn any_absence() -> impl Strategy<Value = Absence> {
    (any_code(), any::<bool>()).prop_map(|(field, trip)| Absence { field, trip })
}

fn any_after_completion() -> impl Strategy<Value = AfterCompletion> {
    (any::<bool>(), collection::btree_set(any_code(), 0..3))
        .prop_map(|(revoke, change)| AfterCompletion { revoke, change })
}

fn any_package() -> impl Strategy<Value = Package> {
    let source = (any_text(), option::of(any_text())).prop_map(|(document, clause)| Source { document, clause });
    (option::of(source), any_flow()).prop_flat_map(|(source, flow)| {
        let has_desk = flow.nodes().iter().any(|node| node.desk().is_some());
        let cases = collection::vec(any_case(flow.clone()), if has_desk { 0..3 } else { 0..1 });
        (Just(source), Just(flow), cases).prop_map(|(source, flow, cases)| Package { source, flow, cases })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn reading_what_was_written_gives_the_same_package(package in any_package()) {
        let text = write(&package);
        // Random packages make no sense; what counts is what was read, not what the check says of it.
        let read = examine(&text, None).package;
        prop_assert_eq!(read.as_ref(), Some(&package), "{}", text);
        prop_assert_eq!(write(&package), text);
    }

    #[test]
    fn no_text_makes_reading_panic(text in any::<String>()) {
        let _ = examine(&text, None);
    }

    #[test]
    fn a_cut_or_damaged_package_is_refused_or_read_but_never_panics(at in any::<proptest::sample::Index>(), with in "[\\PC\n]{0,3}") {
        let sound = super::wrong::SOUND;
        let places: Vec<usize> = sound.char_indices().map(|(at, _)| at).collect();
        let at = *at.get(&places);
        let damaged = format!("{}{with}{}", &sound[..at], &sound[at..]);
        let _ = examine(&damaged, None);
        let _ = examine(&sound[..at], None);
    }
}
