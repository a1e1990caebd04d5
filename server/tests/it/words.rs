use std::collections::{BTreeMap, BTreeSet};

use hanlin_api::Words;
use hanlin_rulebook::catalogue::{ALL, Kind};
use hanlin_server::modules::modules;

/// No screen is half in one language: a code has a sentence in both, with the same places for arguments.
#[test]
fn every_sentence_is_there_in_both_languages() {
    let all = modules();
    let words = Words::of(all.iter().map(|module| module.words)).unwrap();
    assert_eq!(words.one_sided(), Vec::<&str>::new());
    for module in &all {
        let read = |text: &str| serde_json::from_str::<BTreeMap<String, String>>(text).unwrap();
        let (zh, en) = (read(module.words.0), read(module.words.1));
        for (code, sentence) in &zh {
            assert_eq!(places(sentence), places(&en[code]), "{}: {code}", module.name);
        }
    }
}

/// Every permission has a name that an administrator can read.
#[test]
fn every_permission_has_words() {
    let all = modules();
    let words = Words::of(all.iter().map(|module| module.words)).unwrap();
    for permission in all.iter().flat_map(|module| module.permissions) {
        assert!(words.knows(permission.0), "{permission} has no words");
    }
}

/// What an administrator chooses among is called something on the pages.
#[test]
fn every_choice_of_the_rulebook_has_words() {
    let page = include_str!("../../../web/src/modules/rulebook/parts/parameter.tsx");
    let choices = ALL.iter().flat_map(|spec| match spec.kind {
        Kind::Word { words } | Kind::SomeOf { words } => words,
        _ => &[],
    });
    let unnamed = choices.filter(|word| !page.contains(&format!("  {word}: \"rulebook.choice.{word}\",")));
    assert_eq!(unnamed.collect::<Vec<_>>(), Vec::<&&str>::new());
}

fn places(sentence: &str) -> BTreeSet<&str> {
    sentence.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).collect()
}
