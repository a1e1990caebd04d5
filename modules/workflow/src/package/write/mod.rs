//! The one canonical form of a package.

mod calls;
mod cases;
mod effects;
mod form;
mod free;
mod waits;
mod webhooks;
mod yaml;

use std::collections::BTreeMap;

use hanlin_forms::form::Right;
use hanlin_kernel::Text;

use super::{
    FORMAT,
    model::{Package, Source},
    words::{self, word},
};
use crate::engine::{
    Node,
    model::{
        Absence, AfterCompletion, Approve, Authority, Branch, Copying, DepartmentLevel, Exclusive, FieldId, Function,
        Handle, Join, Lane, Lanes, LeadTime, Limit, OnReject, OnReturn, OpinionDuty, Opinions, Paper, PeopleSettings,
        Quorum, ReturnRule, Rule, Settings, Starter, Until, Vote, VoteUntil, Who,
    },
};
use yaml::{Doc, Entries};

/// The package as a file. Reading it gives the same package.
pub fn write(package: &Package) -> String {
    let Package { source, flow, cases } = package;
    let mut file = Entries::default();
    file.text("hanlin", FORMAT);
    file.text("id", &flow.id);
    file.put("name", Doc::words(&flow.name));
    file.text("category", &flow.category);
    file.maybe("source", source.as_ref().map(origin));
    let starters: Vec<Doc> = flow.may_start.iter().map(starter).collect();
    let everyone = starters.is_empty();
    file.put("may_start", if everyone { Doc::text("everyone") } else { Doc::one_or_row(starters) });
    file.put("form", form::form(&flow.form, &flow.settings.readers, &flow.route));
    file.put("route", route(&flow.route));
    file.maybe("settings", settings(&flow.settings));
    if !cases.is_empty() {
        file.put("cases", Doc::List(cases.iter().map(cases::case).collect()));
    }
    yaml::render(&file.map())
}

fn origin(source: &Source) -> Doc {
    match &source.clause {
        None => Doc::text(&source.document),
        Some(clause) => Doc::line([("document", Doc::text(&source.document)), ("clause", Doc::text(clause))]),
    }
}

fn starter(starter: &Starter) -> Doc {
    let mut entries = Entries::default();
    let (key, named, below) = match starter {
        Starter::Person { person } => ("person", person.to_string(), false),
        Starter::Unit { unit, below } => ("unit", unit.to_string(), *below),
        Starter::Department { department, below } => ("department", department.to_string(), *below),
        Starter::Post { post } => ("post", post.to_string(), false),
        Starter::Group { group } => ("group", group.to_string(), false),
        Starter::Rank { at_least } => ("rank", at_least.to_string(), false),
    };
    entries.text(key, named);
    entries.flag("below", below);
    entries.line()
}

fn settings(settings: &Settings) -> Option<Doc> {
    let mut entries = Entries::default();
    entries.maybe("people", people(&settings.people));
    entries.maybe("start_fields", rights(&settings.start_fields));
    if !settings.authority.is_empty() {
        let tables = settings
            .authority
            .iter()
            .map(|(table, rows)| (table.clone(), Doc::List(rows.iter().map(authority).collect())));
        entries.put("authority", Doc::Map(tables.collect()));
    }
    entries.maybe("withdraw", settings.withdraw.map(|may| Doc::text(may.to_string())));
    if !settings.limits.is_empty() {
        entries.put("limits", Doc::List(settings.limits.iter().map(limit).collect()));
    }
    entries.maybe("lead_time", settings.lead_time.as_ref().map(lead_time));
    entries.maybe("absence", settings.absence.as_ref().map(absence));
    entries.maybe("after_completion", after_completion(&settings.after_completion));
    (!entries.is_empty()).then(|| entries.map())
}

fn limit(limit: &Limit) -> Doc {
    Doc::line([("at_most", Doc::text(limit.at_most.to_string())), ("per", Doc::text(word(words::PER, &limit.per)))])
}

fn lead_time(lead: &LeadTime) -> Doc {
    let mut entries = Entries::default();
    entries.text("field", &lead.field);
    entries.text(if lead.working { "working_days" } else { "days" }, lead.days.to_string());
    entries.maybe("late", lead.late.as_ref().map(Doc::text));
    entries.line()
}

fn absence(absence: &Absence) -> Doc {
    let mut entries = Entries::default();
    entries.text("field", &absence.field);
    entries.flag("trip", absence.trip);
    entries.line()
}

fn after_completion(after: &AfterCompletion) -> Option<Doc> {
    let mut entries = Entries::default();
    entries.flag("revoke", after.revoke);
    if !after.change.is_empty() {
        entries.put("change", Doc::one_or_row(after.change.iter().map(Doc::text).collect()));
    }
    (!entries.is_empty()).then(|| entries.line())
}

fn authority(row: &Authority) -> Doc {
    let mut entries = Entries::default();
    entries.put("name", Doc::words(&row.name));
    entries.maybe("when", row.when.as_ref().map(|when| Doc::text(&when.0)));
    entries.put("who", who(&row.who));
    entries.maybe("from", row.from.map(|day| Doc::text(day.to_string())));
    entries.maybe("until", row.until.map(|day| Doc::text(day.to_string())));
    entries.line()
}

fn people(settings: &PeopleSettings) -> Option<Doc> {
    let mut entries = Entries::default();
    let text = |word: &'static str| Doc::text(word);
    entries.maybe("on_nobody", settings.on_nobody.map(|choice| text(word(words::ON_NOBODY, &choice))));
    entries.maybe("on_initiator", settings.on_initiator.map(|choice| text(word(words::ON_INITIATOR, &choice))));
    entries.maybe("on_repeat", settings.on_repeat.map(|choice| text(word(words::ON_REPEAT, &choice))));
    entries.maybe("on_left", settings.on_left.map(|choice| text(word(words::ON_LEFT, &choice))));
    (!entries.is_empty()).then(|| entries.line())
}

fn rights(rights: &BTreeMap<FieldId, Right>) -> Option<Doc> {
    let mut entries = Entries::default();
    for (field, right) in rights {
        entries.text(field, word(words::RIGHT, right));
    }
    (!entries.is_empty()).then(|| entries.line())
}

fn route(nodes: &[Node]) -> Doc {
    Doc::List(nodes.iter().map(node).collect())
}

fn node(node: &Node) -> Doc {
    match node {
        Node::Approve(node) => approve(node),
        Node::Handle(node) => handle(node),
        Node::Copy(node) => copy(node),
        Node::Wait(node) => waits::wait(node),
        Node::Call(node) => calls::call(node),
        Node::Free(node) => free::free(node),
        Node::Act(node) => effects::act(node),
        Node::Webhook(node) => webhooks::webhook(node),
        Node::Exclusive(node) => exclusive(node),
        Node::Parallel(node) => lanes("parallel", node),
        Node::Inclusive(node) => lanes("inclusive", node),
    }
}

/// How each node begins at which people act or which goes to people.
fn opening(kind: &'static str, key: &str, name: &Text, people: &Who) -> Entries {
    let mut entries = Entries::default();
    entries.text(kind, key);
    entries.put("name", Doc::words(name));
    entries.put("who", who(people));
    entries
}

/// How each ends at which people act.
fn closing(
    mut entries: Entries,
    fields: &BTreeMap<FieldId, Right>,
    return_to: &ReturnRule,
    settings: &PeopleSettings,
) -> Doc {
    entries.maybe("fields", rights(fields));
    entries.maybe("return", return_rule(return_to));
    entries.maybe("people", people(settings));
    entries.map()
}

fn approve(node: &Approve) -> Doc {
    let mut entries = opening("approve", &node.key, &node.name, &node.who);
    if node.function != Function::Approval {
        entries.text("function", word(words::FUNCTION, &node.function));
    }
    if node.quorum != Quorum::All {
        entries.put("quorum", quorum(node.quorum));
    }
    entries.maybe("vote", node.vote.as_ref().map(vote));
    entries.maybe("paper", node.paper.as_ref().map(paper));
    entries.maybe("opinions", opinions(node.opinions));
    entries.maybe("operations", operations(node.operations.as_ref()));
    entries.maybe("opinion", duty(&node.opinion));
    closing(entries, &node.fields, &node.return_rule, &node.people)
}

fn handle(node: &Handle) -> Doc {
    let mut entries = opening("handle", &node.key, &node.name, &node.who);
    if node.quorum != Quorum::Any {
        entries.put("quorum", quorum(node.quorum));
    }
    entries.maybe("paper", node.paper.as_ref().map(paper));
    entries.maybe("opinions", opinions(node.opinions));
    entries.maybe("operations", operations(node.operations.as_ref()));
    entries.maybe("result", duty(&node.result));
    closing(entries, &node.fields, &node.return_rule, &node.people)
}

fn quorum(quorum: Quorum) -> Doc {
    let number = |name, number: u32| Doc::line([(name, Doc::text(number.to_string()))]);
    match quorum {
        Quorum::AtLeast(least) => number("at_least", least),
        Quorum::Percent(percent) => number("percent", percent),
        Quorum::Weight(weight) => number("weight", weight),
        Quorum::All | Quorum::Any | Quorum::InTurn | Quorum::Claim => Doc::text(word(words::QUORUM, &quorum)),
    }
}

fn vote(vote: &Vote) -> Doc {
    let mut entries = Entries::default();
    if !vote.veto.0.is_empty() {
        entries.put("veto", who(&vote.veto));
    }
    if !vote.weights.is_empty() {
        let weights = vote.weights.iter().map(|weighing| {
            Doc::line([("who", who(&weighing.who)), ("weight", Doc::text(weighing.weight.to_string()))])
        });
        entries.put("weights", Doc::row(weights));
    }
    if vote.until != VoteUntil::Decided {
        entries.text("until", word(words::VOTE_UNTIL, &vote.until));
    }
    entries.flag("abstain", vote.abstain);
    entries.line()
}

fn paper(paper: &Paper) -> Doc {
    match paper.signed_by.0.is_empty() {
        true => Doc::text("true"),
        false => Doc::line([("signed_by", who(&paper.signed_by))]),
    }
}

fn opinions(opinions: Opinions) -> Option<Doc> {
    (opinions != Opinions::AtOnce).then(|| Doc::text(word(words::OPINIONS, &opinions)))
}

fn copy(node: &Copying) -> Doc {
    let mut entries = opening("copy", &node.key, &node.name, &node.who);
    entries.flag("must_read", node.must_read);
    entries.maybe("fields", rights(&node.fields));
    entries.map()
}

fn exclusive(node: &Exclusive) -> Doc {
    let mut entries = Entries::default();
    entries.text("exclusive", &node.key);
    entries.put("name", Doc::words(&node.name));
    entries.put("branches", Doc::List(node.branches.iter().map(branch).collect()));
    entries.put("otherwise", route(&node.otherwise));
    entries.map()
}

fn branch(branch: &Branch) -> Doc {
    let mut entries = Entries::default();
    entries.text("branch", &branch.key);
    entries.put("name", Doc::words(&branch.name));
    entries.text("when", &branch.when.0);
    entries.put("route", route(&branch.route));
    entries.map()
}

fn lanes(kind: &'static str, node: &Lanes) -> Doc {
    let mut entries = Entries::default();
    entries.text(kind, &node.key);
    entries.put("name", Doc::words(&node.name));
    entries.put("branches", Doc::List(node.branches.iter().map(lane).collect()));
    if kind == "inclusive" {
        entries.put("otherwise", route(&node.otherwise));
    }
    match node.join {
        Join::All => {}
        Join::First => entries.text("join", "first"),
        Join::AtLeast(least) => entries.put("join", Doc::line([("at_least", Doc::text(least.to_string()))])),
    }
    if node.on_reject != OnReject::EndCase {
        entries.text("on_reject", word(words::ON_REJECT, &node.on_reject));
    }
    if node.on_return != OnReturn::AtOnce {
        entries.text("on_return", word(words::ON_RETURN, &node.on_return));
    }
    entries.map()
}

fn lane(lane: &Lane) -> Doc {
    let mut entries = Entries::default();
    entries.text("branch", &lane.key);
    entries.put("name", Doc::words(&lane.name));
    entries.maybe("when", lane.when.as_ref().map(|when| Doc::text(&when.0)));
    entries.put("route", route(&lane.route));
    entries.map()
}

fn operations(operations: Option<&std::collections::BTreeSet<crate::engine::model::Operation>>) -> Option<Doc> {
    operations.map(|all| Doc::row(all.iter().map(|one| Doc::text(word(words::OPERATION, one)))))
}

fn duty(duty: &OpinionDuty) -> Option<Doc> {
    let OpinionDuty { required, min_length, forbidden, bare_read } = duty;
    let is_plain = min_length.is_none() && forbidden.is_empty() && bare_read.is_none();
    match required {
        None if is_plain => None,
        Some(required) if is_plain => Some(Doc::text(if *required { "required" } else { "optional" })),
        _ => {
            let mut entries = Entries::default();
            entries.maybe("required", required.map(|required| Doc::text(required.to_string())));
            entries.maybe("min_length", min_length.map(|length| Doc::text(length.to_string())));
            if !forbidden.is_empty() {
                entries.put("forbidden", Doc::row(forbidden.iter().map(Doc::text)));
            }
            entries.maybe("bare_read", bare_read.map(|means| Doc::text(word(words::BARE_READ, &means))));
            Some(entries.line())
        }
    }
}

fn return_rule(rule: &ReturnRule) -> Option<Doc> {
    let mut entries = Entries::default();
    entries.maybe("to", rule.to.as_ref().map(|targets| Doc::row(targets.iter().map(Doc::text))));
    entries.maybe("then", rule.then.map(|then| Doc::text(word(words::AFTER_RETURN, &then))));
    let fields = rule.decides_on.as_ref();
    entries.maybe("decides_on", fields.map(|fields| Doc::row(fields.iter().map(Doc::text))));
    (!entries.is_empty()).then(|| entries.line())
}

fn who(who: &Who) -> Doc {
    Doc::one_or_row(who.0.iter().map(rule).collect())
}

fn rule(rule: &Rule) -> Doc {
    match rule {
        Rule::Person { person } => Doc::line([("person", Doc::text(person.to_string()))]),
        Rule::Post { post, unit: None } => Doc::line([("post", Doc::text(post.to_string()))]),
        Rule::Post { post, unit: Some(unit) } => {
            Doc::line([("post", Doc::text(post.to_string())), ("unit", Doc::text(unit.to_string()))])
        }
        Rule::Group { group } => Doc::line([("group", Doc::text(group.to_string()))]),
        Rule::Head { of } => head("head", of),
        Rule::HeadChain { until } => Doc::line([("heads", chain(until))]),
        Rule::HeadOfPrevious { of } => head("head_of_previous", of),
        Rule::ChainFromPrevious { until } => Doc::line([("chain_from_previous", chain(until))]),
        Rule::Rank { at_least, unit } => {
            let mut entries = Entries::default();
            entries.text("rank", at_least.to_string());
            entries.maybe("unit", unit.as_ref().map(|unit| Doc::text(unit.to_string())));
            entries.line()
        }
        Rule::HeadsInField { field } => Doc::line([("heads_in_field", Doc::text(field))]),
        Rule::Authority { table } => Doc::line([("authority", Doc::text(table))]),
        Rule::LoadBalance { among } => {
            Doc::line([("load_balance", Doc::one_or_row(among.iter().map(self::rule).collect()))])
        }
        Rule::Superior => Doc::text("superior"),
        Rule::InCharge => Doc::text("in_charge"),
        Rule::Initiator => Doc::text("initiator"),
        Rule::InitiatorChoice { among, min: 1, max: None } if among.is_empty() => Doc::text("initiator_choice"),
        Rule::InitiatorChoice { among, min, max } => {
            let mut choice = Entries::default();
            if !among.is_empty() {
                choice.put("among", Doc::row(among.iter().map(self::rule)));
            }
            if *min != 1 {
                choice.text("min", min.to_string());
            }
            choice.maybe("max", max.map(|max| Doc::text(max.to_string())));
            Doc::line([("initiator_choice", choice.line())])
        }
        Rule::ChosenBy { node, among, min, max } => {
            let mut entries = Entries::default();
            entries.text("chosen_by", node);
            if !among.is_empty() {
                entries.put("from", Doc::one_or_row(among.iter().map(self::rule).collect()));
            }
            if *min != 1 {
                entries.text("at_least", min.to_string());
            }
            entries.maybe("at_most", max.map(|max| Doc::text(max.to_string())));
            entries.line()
        }
        Rule::Field { field } => Doc::line([("field", Doc::text(field))]),
        Rule::HandlerOf { node } => Doc::line([("handler_of", Doc::text(node))]),
    }
}

fn head(name: &str, of: &DepartmentLevel) -> Doc {
    match of {
        DepartmentLevel::Own => Doc::text(name),
        DepartmentLevel::Up(count) => Doc::line([(name, Doc::line([("up", Doc::text(count.to_string()))]))]),
        DepartmentLevel::Level(code) => Doc::line([(name, Doc::line([("level", Doc::text(code))]))]),
    }
}

fn chain(until: &Until) -> Doc {
    match until {
        Until::Top => Doc::text("top"),
        Until::Heads(count) => Doc::text(count.to_string()),
        Until::Level(code) => Doc::line([("level", Doc::text(code))]),
        Until::Rank(rank) => Doc::line([("rank", Doc::text(rank.to_string()))]),
    }
}
