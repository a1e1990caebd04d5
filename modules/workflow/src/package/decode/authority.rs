//! 核决权限: tables of who must approve what.

use super::people::who;
use crate::{
    engine::{
        is_key,
        model::{Authorities, Authority, Expr},
    },
    package::{problem::Problem, reader::Reader, tree::Tree},
};

/// A map, table → rows.
pub(super) fn authorities(reader: &mut Reader, tree: &Tree) -> Authorities {
    let Some(keys) = reader.map(tree, "authority") else { return Authorities::new() };
    let mut tables = Authorities::new();
    for (word, tree) in keys.all() {
        let table = word.text.as_str();
        let path = format!("nodes.authority.{table}");
        reader.places.put(path.as_str(), word.at);
        if !is_key(table) {
            reader.problems.push(Problem::at(word.at, "illegal_key").with("key", table));
        }
        if reader.list(tree, "authority_rows").is_empty() {
            reader.problems.push(Problem::at(tree.at, "no_rows").with("table", table));
        }
        let items = reader.one_or_more(tree).into_iter().enumerate();
        let rows = items.filter_map(|(index, tree)| row(reader, tree, &format!("{path}.branches.{index}")));
        tables.insert(table.to_owned(), rows.collect());
    }
    tables
}

/// `{ name: …, when: …, who: …, from: …, until: … }`
fn row(reader: &mut Reader, tree: &Tree, path: &str) -> Option<Authority> {
    reader.places.put(path, tree.at);
    let mut keys = reader.map(tree, "authority_row")?;
    let name = keys.need(reader, "name").and_then(|tree| reader.text(tree));
    let when = keys.take("when");
    if let Some(tree) = when {
        reader.places.put_scalar(&format!("{path}.when"), tree);
    }
    let when = when.and_then(|tree| reader.string(tree)).map(Expr);
    let who_tree = keys.need(reader, "who");
    if let Some(tree) = who_tree {
        reader.places.put(format!("{path}.who"), tree.at);
    }
    let people = who_tree.map(|tree| who(reader, tree)).unwrap_or_default();
    let from = keys.take("from").and_then(|tree| reader.parsed(tree, "not_a_date"));
    let until = keys.take("until").and_then(|tree| reader.parsed(tree, "not_a_date"));
    keys.finish(reader);
    Some(Authority { name: name.unwrap_or_default(), when, who: people, from, until })
}
