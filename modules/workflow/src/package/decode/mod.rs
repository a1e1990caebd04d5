//! From the tree to a package: the head of the file here, its parts beside.

mod authority;
mod calls;
mod cases;
mod effects;
mod form;
mod free;
mod lanes;
mod paper;
mod people;
mod readers;
mod route;
mod vote;
mod waits;
mod webhooks;

use hanlin_kernel::Text;

pub(super) use form::name_of;

use super::{
    FORMAT,
    model::{Package, Source},
    problem::{Mark, Problem},
    reader::{Keys, Kind, Reader},
    tree::Tree,
    words,
};
use crate::engine::{
    Flow,
    form::Form,
    model::{Absence, AfterCompletion, LeadTime, Limit, Settings, Starter},
};

/// What can be read of the package, and all that cannot.
pub(super) fn package(reader: &mut Reader, root: &Tree) -> Option<Package> {
    let mut keys = reader.map(root, "package")?;
    if let Some(format) = keys.need(reader, "hanlin")
        && reader.string(format).is_some_and(|format| format != FORMAT)
    {
        reader.problems.push(Problem::at(format.at, "bad_format").with("known", FORMAT));
    }
    let id = keys.need(reader, "id").and_then(|tree| flow_id(reader, tree));
    let name = keys.need(reader, "name").and_then(|tree| reader.text(tree));
    let category = keys.need(reader, "category").and_then(|tree| reader.string(tree));
    let source = keys.take("source").and_then(|tree| source(reader, tree));
    let may_start = keys.take("may_start").map(|tree| starters(reader, tree)).unwrap_or_default();
    let form = keys.need(reader, "form");
    // Names of nodes stand in the form's opinion boxes too, so the route is read first.
    let route_tree = keys.need(reader, "route");
    reader.places.put("route", route_tree.map_or(Mark::START, |tree| tree.at));
    let route = route_tree.map(|tree| route::route(reader, tree)).unwrap_or_default();
    let form = form.and_then(|tree| form::form(reader, tree, &route));
    let settings = keys.take("settings").map(|tree| settings(reader, tree)).unwrap_or_default();
    let cases = keys.take("cases");
    if let Some(tree) = cases {
        reader.places.put("cases", tree.at);
    }
    let mut flow = Flow {
        id: id.unwrap_or_default(),
        name: name.unwrap_or_default(),
        category: category.unwrap_or_default(),
        form: Form::default(),
        route,
        may_start,
        settings,
    };
    flow.form = form.unwrap_or_default();
    flow.settings.readers = std::mem::take(&mut reader.readers);
    let cases = cases.map(|tree| cases::cases(reader, tree, &flow)).unwrap_or_default();
    keys.finish(reader);
    Some(Package { source, flow, cases })
}

/// Small letters, digits and `-`, beginning with a letter.
fn flow_id(reader: &mut Reader, tree: &Tree) -> Option<String> {
    let id = reader.string(tree)?;
    let legal = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    if !id.starts_with(|first: char| first.is_ascii_lowercase()) || !id.chars().all(legal) || id.len() > 60 {
        reader.problems.push(Problem::at(tree.at, "illegal_id").with("id", id.as_str()));
    }
    Some(id)
}

fn source(reader: &mut Reader, tree: &Tree) -> Option<Source> {
    if tree.scalar().is_some() {
        return reader.string(tree).map(|document| Source { document, clause: None });
    }
    let mut keys = reader.map(tree, "source")?;
    let document = keys.need(reader, "document").and_then(|tree| reader.string(tree));
    let clause = keys.take("clause").and_then(|tree| reader.string(tree));
    keys.finish(reader);
    Some(Source { document: document?, clause })
}

fn starters(reader: &mut Reader, tree: &Tree) -> Vec<Starter> {
    if tree.scalar().is_some_and(|scalar| scalar.text == "everyone") {
        return Vec::new();
    }
    let trees = reader.one_or_more(tree);
    trees.into_iter().filter_map(|tree| starter(reader, tree)).collect()
}

fn starter(reader: &mut Reader, tree: &Tree) -> Option<Starter> {
    let mut keys = reader.map(tree, "starter")?;
    let kinds = ["person", "unit", "department", "post", "group", "rank"];
    let told: Vec<_> = kinds.into_iter().filter_map(|kind| keys.take(kind).map(|tree| (kind, tree))).collect();
    let below = keys.take("below");
    let at = keys.at;
    keys.finish(reader);
    let [(kind, named)] = told[..] else {
        reader.problems.push(Problem::at(at, "one_of_keys").with("keys", kinds.join(", ")));
        return None;
    };
    if let Some(below) = below
        && !["unit", "department"].contains(&kind)
    {
        reader.refuse(below.at, "below_what");
    }
    let below = below.and_then(|tree| reader.boolean(tree)).unwrap_or(false);
    Some(match kind {
        "person" => Starter::Person { person: reader.reference(named, Kind::Person)? },
        "unit" => Starter::Unit { unit: reader.reference(named, Kind::Unit)?, below },
        "department" => Starter::Department { department: reader.reference(named, Kind::Department)?, below },
        "post" => Starter::Post { post: reader.reference(named, Kind::Post)? },
        "group" => Starter::Group { group: reader.reference(named, Kind::Group)? },
        _ => Starter::Rank { at_least: reader.reference(named, Kind::Rank)? },
    })
}

fn settings(reader: &mut Reader, tree: &Tree) -> Settings {
    let Some(mut keys) = reader.map(tree, "settings") else { return Settings::default() };
    let people = keys.take("people").map(|tree| people::people_settings(reader, tree)).unwrap_or_default();
    let start_fields = keys.take("start_fields");
    let start_fields =
        start_fields.map(|tree| route::rights(reader, tree, "settings.start_fields")).unwrap_or_default();
    let authority = keys.take("authority").map(|tree| authority::authorities(reader, tree)).unwrap_or_default();
    let withdraw = keys.take("withdraw").and_then(|tree| reader.boolean(tree));
    let limits = keys.take("limits").map(|tree| reader.one_or_more(tree)).unwrap_or_default();
    reader.places.put("settings.limits", keys.mark("limits").unwrap_or(tree.at));
    let limits = limits.into_iter().filter_map(|tree| limit(reader, tree)).collect();
    let lead_time = keys.take("lead_time").and_then(|tree| lead_time(reader, tree));
    let absence = keys.take("absence").and_then(|tree| absence(reader, tree));
    let after_completion = keys.take("after_completion").map(|tree| after_completion(reader, tree)).unwrap_or_default();
    keys.finish(reader);
    // The readers stand at the fields.
    let readers = Default::default();
    Settings { people, start_fields, authority, withdraw, limits, lead_time, readers, absence, after_completion }
}

/// `{ field: period, trip: true }`
fn absence(reader: &mut Reader, tree: &Tree) -> Option<Absence> {
    let mut keys = reader.map(tree, "absence")?;
    let named = keys.need(reader, "field");
    reader.places.put("settings.absence.field", named.map_or(tree.at, |named| named.at));
    let field = named.and_then(|named| reader.string(named));
    let trip = keys.take("trip").and_then(|tree| reader.boolean(tree)).unwrap_or(false);
    keys.finish(reader);
    Some(Absence { field: field?, trip })
}

/// `{ revoke: true, change: [period, reason] }`
fn after_completion(reader: &mut Reader, tree: &Tree) -> AfterCompletion {
    reader.places.put("settings.after_completion", tree.at);
    let Some(mut keys) = reader.map(tree, "after_completion") else { return AfterCompletion::default() };
    let revoke = keys.take("revoke").and_then(|tree| reader.boolean(tree)).unwrap_or(false);
    let change = keys.take("change").map(|tree| reader.one_or_more(tree)).unwrap_or_default();
    let mut field = |tree: &Tree| {
        let field = reader.string(tree)?;
        reader.places.put(format!("settings.after_completion.{field}"), tree.at);
        Some(field)
    };
    let change = change.into_iter().filter_map(&mut field).collect();
    keys.finish(reader);
    AfterCompletion { revoke, change }
}

/// `{ at_most: 2, per: month }`
fn limit(reader: &mut Reader, tree: &Tree) -> Option<Limit> {
    let mut keys = reader.map(tree, "limit")?;
    let at_most = keys.need(reader, "at_most").and_then(|tree| reader.parsed(tree, "not_a_count"));
    let per = keys.need(reader, "per").and_then(|tree| reader.one_of(tree, words::PER));
    keys.finish(reader);
    Some(Limit { at_most: at_most?, per: per? })
}

/// `{ field: period, working_days: 1, late: reason }`, or with `days`.
fn lead_time(reader: &mut Reader, tree: &Tree) -> Option<LeadTime> {
    let mut keys = reader.map(tree, "lead_time")?;
    let named = |key, reader: &mut Reader, keys: &mut Keys| {
        let tree = keys.take(key)?;
        reader.places.put(format!("settings.lead_time.{key}"), tree.at);
        reader.string(tree)
    };
    let late = named("late", reader, &mut keys);
    let field = named("field", reader, &mut keys);
    let (days, working_days) = (keys.take("days"), keys.take("working_days"));
    let (working, counted) = match (days, working_days) {
        (Some(days), None) => (false, days),
        (None, Some(days)) => (true, days),
        _ => {
            reader.problems.push(Problem::at(tree.at, "one_of_keys").with("keys", "days, working_days"));
            return None;
        }
    };
    let days = reader.parsed(counted, "not_a_count");
    if field.is_none() {
        reader.problems.push(Problem::at(tree.at, "missing_key").with("key", "field"));
    }
    keys.finish(reader);
    Some(LeadTime { field: field?, days: days?, working, late })
}

/// A name for what a package may leave unnamed.
fn branching() -> Text {
    Text::new("条件分支", "Branch")
}

fn side_by_side() -> Text {
    Text::new("并行分支", "Parallel branches")
}
