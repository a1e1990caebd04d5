//! Every code has its sentence in both languages, and every sentence its code.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// The codes that the source names, and those of the refusals.
fn codes() -> BTreeSet<String> {
    let sources = [
        include_str!("../events.rs"),
        include_str!("../plan/mod.rs"),
        include_str!("../plan/structure.rs"),
        include_str!("../plan/units.rs"),
        include_str!("../plan/ranks.rs"),
        include_str!("../plan/people.rs"),
        include_str!("../plan/heads.rs"),
        include_str!("../read/mod.rs"),
        include_str!("../read/workbook.rs"),
        include_str!("../routes.rs"),
        include_str!("../store.rs"),
    ];
    let literals = sources.iter().flat_map(|source| source.split("\"imports.").skip(1));
    let mut codes: BTreeSet<String> =
        literals.filter_map(|rest| rest.split('"').next()).map(|code| format!("imports.{code}")).collect();
    let body = include_str!("../refusal.rs").split("pub enum Refusal {").nth(1).unwrap().split("\n}").next().unwrap();
    let variants = body.lines().filter_map(|line| line.strip_prefix("    "));
    let named = variants.filter(|line| line.starts_with(|letter: char| letter.is_ascii_uppercase()));
    codes.extend(named.map(|line| {
        let name = line.split([' ', ',', '{']).next().unwrap();
        let snake: String = name
            .chars()
            .flat_map(|letter| {
                let gap = letter.is_ascii_uppercase().then_some('_');
                gap.into_iter().chain([letter.to_ascii_lowercase()])
            })
            .collect();
        format!("imports.{}", snake.trim_start_matches('_'))
    }));
    codes
}

#[test]
fn every_code_has_its_sentence_and_every_sentence_its_code() {
    for catalog in [include_str!("../../locales/zh-CN.json"), include_str!("../../locales/en.json")] {
        let catalog: Map<String, Value> = serde_json::from_str(catalog).unwrap();
        assert_eq!(catalog.keys().cloned().collect::<BTreeSet<_>>(), codes());
    }
}
