//! The presets that ship.

use crate::{Class, catalogue::ALL, check, preset, presets};

// proves: RULE-21
#[test]
fn every_preset_reads_and_passes_the_check() {
    assert_eq!(presets().len(), 9);
    for preset in presets() {
        assert!(preset.title.en.is_some(), "{}", preset.name);
        for clause in &preset.clauses {
            let faults = check(&clause.provision("2026-03-01T00:00:00Z".parse().unwrap()));
            assert_eq!(faults, [], "{} {}", preset.name, clause.number);
            assert!(clause.text.en.is_some(), "{} {}", preset.name, clause.number);
        }
    }
}

#[test]
fn the_clauses_of_a_preset_do_not_contradict_each_other() {
    for preset in presets() {
        let now = "2026-03-01T00:00:00Z".parse().unwrap();
        for (index, one) in preset.clauses.iter().enumerate() {
            for other in &preset.clauses[index + 1..] {
                assert_eq!(crate::rules::clash(&one.provision(now), &other.provision(now)), None, "{}", preset.name);
                assert_ne!(one.number, other.number, "{}", preset.name);
            }
        }
    }
}

/// The list of blocked passwords stands in the catalogue only: as a clause it would hide additions of later versions.
#[test]
fn the_default_preset_says_what_the_catalogue_says() {
    let default = preset("default").unwrap();
    for spec in ALL.iter().filter(|spec| spec.name != "password.blocked") {
        let given = default.clauses.iter().find_map(|clause| clause.parameters.get(spec.name));
        let given = given.unwrap_or_else(|| panic!("{} is missing in default.yaml", spec.name));
        for class in Class::ALL {
            assert_eq!(given.of(class), Some(&spec.default.of(class)), "{}", spec.name);
        }
    }
}

#[test]
fn every_parameter_has_a_sentence_in_both_languages() {
    let module = crate::module();
    let words = hanlin_api::Words::of([module.words]).unwrap();
    assert_eq!(words.one_sided(), Vec::<&str>::new());
    for spec in ALL {
        assert!(words.knows(&format!("rulebook.parameter.{}", spec.name)), "{}", spec.name);
        assert!(words.knows(&format!("rulebook.policy.{}", spec.policy.as_str())), "{}", spec.name);
    }
}
