mod plan;
mod pure;
mod routes;
mod whole;
mod words;

use std::{collections::BTreeSet, sync::Arc};

use hanlin_directory::{MANAGE, READ, cast};
use hanlin_kernel::{Actor, Grant, Scopes};
use hanlin_rulebook::Rules;
use jiff::Timestamp;

use crate::{
    actions::judge,
    model::{Kept, Table, Verdict},
    plan::{Organisation, Plan},
    read::{self, Content},
};

pub(crate) fn now() -> Timestamp {
    hanlin_testkit::START.parse().unwrap()
}

pub(crate) fn actor(scopes: Scopes) -> Actor {
    let grants = [READ, MANAGE].map(|permission| Grant { permission: permission.0.into(), scopes: scopes.clone() });
    Actor { grants: grants.to_vec(), ..Actor::person(cast::GAO_XIANG) }
}

pub(crate) fn admin() -> Actor {
    actor(Scopes::everything())
}

pub(crate) fn sample() -> Organisation {
    let (rulebook, directory) = (Arc::default(), Arc::new(cast::snapshot()));
    Organisation::of(Rules { rulebook, directory }, now(), &BTreeSet::new())
}

pub(crate) fn kept(contents: Vec<Content>) -> (Vec<Table>, Vec<Kept>) {
    let mut rows = Vec::new();
    let mut tables = Vec::new();
    for content in contents {
        for (line, cells) in content.rows {
            let number = rows.len() as u64;
            rows.push(Kept { number, sheet: content.table.name.clone(), line, cells, verdict: Verdict::default() });
        }
        tables.push(content.table);
    }
    (tables, rows)
}

/// What these CSV files together would do to the sample.
pub(crate) fn planned(actor: &Actor, files: &[(&str, &str)]) -> (Plan, Vec<Kept>) {
    let read = |(name, text): &(&str, &str)| read::read(name, text.as_bytes()).unwrap();
    let (tables, mut rows) = kept(files.iter().flat_map(read).collect());
    let plan = judge(&sample(), actor, &tables, &mut rows);
    (plan, rows)
}
