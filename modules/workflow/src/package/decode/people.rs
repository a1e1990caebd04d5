//! Who: the rules for people, and what to do where they find nobody.

use crate::{
    engine::model::{DepartmentLevel, PeopleSettings, Rule, Until, Who},
    package::{
        nearest::nearest,
        problem::Problem,
        reader::{Kind, Reader},
        tree::Tree,
    },
};

/// Rules that need nothing further.
const BARE: [&str; 6] = ["head", "superior", "in_charge", "initiator", "initiator_choice", "head_of_previous"];
/// Rules that name something.
const NAMING: [&str; 15] = [
    "person",
    "post",
    "group",
    "rank",
    "head",
    "heads",
    "field",
    "heads_in_field",
    "handler_of",
    "chosen_by",
    "head_of_previous",
    "chain_from_previous",
    "authority",
    "load_balance",
    "initiator_choice",
];

pub(super) fn who(reader: &mut Reader, tree: &Tree) -> Who {
    let trees = reader.one_or_more(tree);
    if trees.is_empty() {
        reader.refuse(tree.at, "nobody_named");
    }
    Who(trees.into_iter().filter_map(|tree| rule(reader, tree)).collect())
}

fn rule(reader: &mut Reader, tree: &Tree) -> Option<Rule> {
    if let Some(word) = tree.scalar() {
        return bare(reader, tree, &word.text);
    }
    let mut keys = reader.map(tree, "who")?;
    let told: Vec<_> = NAMING.into_iter().filter_map(|name| keys.take(name).map(|tree| (name, tree))).collect();
    let unit = keys.take("unit");
    let choice = ChoiceOf { from: keys.take("from"), least: keys.take("at_least"), most: keys.take("at_most") };
    let at = keys.at;
    keys.finish(reader);
    let [(name, value)] = told[..] else {
        reader.problems.push(Problem::at(at, "one_of_keys").with("keys", NAMING.join(", ")));
        return None;
    };
    if let Some(unit) = unit
        && !["post", "rank"].contains(&name)
    {
        reader.refuse(unit.at, "unit_of_what");
    }
    if let Some(tree) = choice.first().filter(|_| name != "chosen_by") {
        reader.refuse(tree.at, "choice_of_what");
    }
    Some(match name {
        "chosen_by" => {
            let node = reader.string(value)?;
            chosen_by(reader, node, &choice)
        }
        "person" => Rule::Person { person: reader.reference(value, Kind::Person)? },
        "post" => Rule::Post {
            post: reader.reference(value, Kind::Post)?,
            unit: unit.and_then(|unit| reader.reference(unit, Kind::Unit)),
        },
        "group" => Rule::Group { group: reader.reference(value, Kind::Group)? },
        "head" => Rule::Head { of: level(reader, value)? },
        "heads" => Rule::HeadChain { until: until(reader, value)? },
        "field" => Rule::Field { field: reader.string(value)? },
        "handler_of" => Rule::HandlerOf { node: reader.string(value)? },
        "rank" => Rule::Rank {
            at_least: reader.reference(value, Kind::Rank)?,
            unit: unit.and_then(|unit| reader.reference(unit, Kind::Unit)),
        },
        "heads_in_field" => Rule::HeadsInField { field: reader.string(value)? },
        "head_of_previous" => Rule::HeadOfPrevious { of: level(reader, value)? },
        "chain_from_previous" => Rule::ChainFromPrevious { until: until(reader, value)? },
        "authority" => Rule::Authority { table: reader.string(value)? },
        "load_balance" => Rule::LoadBalance { among: who(reader, value).0 },
        _ => initiator_choice(reader, value)?,
    })
}

fn bare(reader: &mut Reader, tree: &Tree, word: &str) -> Option<Rule> {
    Some(match word {
        "head" => Rule::Head { of: DepartmentLevel::Own },
        "head_of_previous" => Rule::HeadOfPrevious { of: DepartmentLevel::Own },
        "superior" => Rule::Superior,
        "in_charge" => Rule::InCharge,
        "initiator" => Rule::Initiator,
        "initiator_choice" => Rule::InitiatorChoice { among: Vec::new(), min: 1, max: None },
        other => {
            let known = || BARE.into_iter().chain(NAMING);
            let problem = Problem::at(tree.at, "unknown_rule").with("found", other).with("known", BARE.join(", "));
            reader.problems.push(problem.meant(nearest(other, known())));
            return None;
        }
    })
}

/// `own`, `{ up: 1 }` or `{ level: division }`.
fn level(reader: &mut Reader, tree: &Tree) -> Option<DepartmentLevel> {
    if tree.scalar().is_some() {
        return reader.one_of(tree, &[("own", ())]).map(|()| DepartmentLevel::Own);
    }
    let mut keys = reader.map(tree, "head")?;
    let (up, level) = (keys.take("up"), keys.take("level"));
    keys.finish(reader);
    match (up, level) {
        (Some(up), None) => reader.parsed(up, "not_a_count").map(DepartmentLevel::Up),
        (None, Some(level)) => reader.reference::<String>(level, Kind::Level).map(DepartmentLevel::Level),
        _ => {
            reader.problems.push(Problem::at(tree.at, "one_of_keys").with("keys", "up, level"));
            None
        }
    }
}

/// `top`, a count, `{ level: division }` or `{ rank: manager }`.
fn until(reader: &mut Reader, tree: &Tree) -> Option<Until> {
    if let Some(scalar) = tree.scalar() {
        if scalar.text == "top" {
            return Some(Until::Top);
        }
        return reader.parsed(tree, "not_heads").map(Until::Heads);
    }
    let mut keys = reader.map(tree, "heads")?;
    let (level, rank) = (keys.take("level"), keys.take("rank"));
    keys.finish(reader);
    match (level, rank) {
        (Some(level), None) => reader.reference::<String>(level, Kind::Level).map(Until::Level),
        (None, Some(rank)) => reader.reference(rank, Kind::Rank).map(Until::Rank),
        _ => {
            reader.problems.push(Problem::at(tree.at, "one_of_keys").with("keys", "level, rank"));
            None
        }
    }
}

/// What stands beside `chosen_by`.
struct ChoiceOf<'t> {
    from: Option<&'t Tree>,
    least: Option<&'t Tree>,
    most: Option<&'t Tree>,
}

impl<'t> ChoiceOf<'t> {
    fn first(&self) -> Option<&'t Tree> {
        self.from.or(self.least).or(self.most)
    }
}

/// `{ chosen_by: check, from: { post: engineer }, at_least: 1, at_most: 3 }`
fn chosen_by(reader: &mut Reader, node: String, choice: &ChoiceOf) -> Rule {
    let among = choice.from.map(|tree| who(reader, tree).0).unwrap_or_default();
    let min = choice.least.and_then(|tree| reader.parsed(tree, "not_a_count")).unwrap_or(1);
    let max = choice.most.and_then(|tree| reader.parsed(tree, "not_a_count"));
    if let (Some(tree), Some(max)) = (choice.most, max)
        && max < min
    {
        reader.refuse(tree.at, "max_below_min");
    }
    Rule::ChosenBy { node, among, min, max }
}

fn initiator_choice(reader: &mut Reader, tree: &Tree) -> Option<Rule> {
    let mut keys = reader.map(tree, "initiator_choice")?;
    let among = keys.take("among").map(|tree| who(reader, tree).0).unwrap_or_default();
    let min = keys.take("min").and_then(|tree| reader.parsed(tree, "not_a_count")).unwrap_or(1);
    let max_tree = keys.take("max");
    let max = max_tree.and_then(|tree| reader.parsed(tree, "not_a_count"));
    keys.finish(reader);
    if let (Some(tree), Some(max)) = (max_tree, max)
        && max < min
    {
        reader.refuse(tree.at, "max_below_min");
    }
    Some(Rule::InitiatorChoice { among, min, max })
}

pub(super) fn people_settings(reader: &mut Reader, tree: &Tree) -> PeopleSettings {
    let Some(mut keys) = reader.map(tree, "people") else { return PeopleSettings::default() };
    let mut word = |key: &'static str| keys.take(key);
    let (nobody, initiator, repeat, left) =
        (word("on_nobody"), word("on_initiator"), word("on_repeat"), word("on_left"));
    keys.finish(reader);
    PeopleSettings {
        on_nobody: nobody.and_then(|tree| reader.one_of(tree, crate::package::words::ON_NOBODY)),
        on_initiator: initiator.and_then(|tree| reader.one_of(tree, crate::package::words::ON_INITIATOR)),
        on_repeat: repeat.and_then(|tree| reader.one_of(tree, crate::package::words::ON_REPEAT)),
        on_left: left.and_then(|tree| reader.one_of(tree, crate::package::words::ON_LEFT)),
    }
}
