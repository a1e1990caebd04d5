//! What a clause may say, and when two contradict each other.

use hanlin_kernel::Text;
use jiff::Timestamp;
use serde_json::json;

use crate::{
    Class, Given, Mode, Parameters, Policy, Provision, Setting,
    catalogue::{ALL, Default, Stricter},
    check, rules,
};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn provision(policy: Policy, parameters: serde_json::Value) -> Provision {
    Provision {
        text: Text::zh("条款"),
        policy,
        mode: Mode::Block,
        parameters: serde_json::from_value(parameters).unwrap(),
        valid_from: at("2026-03-01T00:00:00Z"),
        valid_to: None,
    }
}

fn codes(provision: &Provision) -> Vec<String> {
    check(provision).into_iter().map(|fault| format!("{} {}", fault.field, fault.code)).collect()
}

#[test]
fn what_a_clause_says_is_checked_against_the_catalogue() {
    let table: &[(serde_json::Value, &[&str])] = &[
        (json!({ "password.min_length": 8 }), &[]),
        (json!({ "password.min_length": { "business": 6, "system": 64 } }), &[]),
        (json!({ "password.min_length": 5 }), &["parameters.password.min_length rulebook.not_in_bounds"]),
        (json!({ "password.min_length": "8" }), &["parameters.password.min_length rulebook.not_in_bounds"]),
        (
            json!({ "password.min_length": { "key": 65 } }),
            &["parameters.password.min_length.key rulebook.not_in_bounds"],
        ),
        (json!({ "password.min_length": {} }), &["parameters.password.min_length rulebook.not_by_class"]),
        (json!({ "password.history": { "key": 3 } }), &["parameters.password.history rulebook.not_by_class"]),
        (json!({ "password.composition": "maybe" }), &["parameters.password.composition rulebook.not_a_choice"]),
        (json!({ "password.blocked": ["abc", ""] }), &["parameters.password.blocked rulebook.not_a_list"]),
        (json!({ "password.colour": 1 }), &["parameters.password.colour rulebook.parameter_unknown"]),
        (
            json!({ "session.idle_minutes": 5 }),
            &["parameters.session.idle_minutes rulebook.parameter_of_another_policy"],
        ),
        (json!({}), &["parameters rulebook.parameters_missing"]),
    ];
    for (parameters, faults) in table {
        assert_eq!(codes(&provision(Policy::Password, parameters.clone())), *faults, "{parameters}");
    }
}

#[test]
fn what_is_chosen_from_a_list_is_in_it_once() {
    let fault = "parameters.profile.required rulebook.not_some_of";
    for (chosen, sound) in
        [(json!([]), true), (json!(["email"]), true), (json!(["email", "email"]), false), (json!(["fax"]), false)]
    {
        let faults = codes(&provision(Policy::Profile, json!({ "profile.required": chosen })));
        assert_eq!(faults, if sound { vec![] } else { vec![fault.to_owned()] }, "{chosen}");
    }
}

#[test]
fn a_clause_needs_words_and_ends_after_it_begins() {
    let good = provision(Policy::Password, json!({ "password.history": 3 }));
    let silent = Provision { text: Text::zh("  "), ..good.clone() };
    assert_eq!(codes(&silent), ["text rulebook.text_missing"]);
    let backwards = Provision { valid_to: Some(at("2026-02-01T00:00:00Z")), ..good };
    assert_eq!(codes(&backwards), ["valid_to rulebook.ends_before_it_begins"]);
}

#[test]
fn clauses_clash_on_a_shared_parameter_class_and_time() {
    let all = provision(Policy::Password, json!({ "password.min_length": 8 }));
    let key = provision(Policy::Password, json!({ "password.min_length": { "key": 9 } }));
    let system = provision(Policy::Password, json!({ "password.min_length": { "system": 12 } }));
    let other = provision(Policy::Password, json!({ "password.history": 3 }));
    let later = Provision { valid_from: at("2026-04-01T00:00:00Z"), ..all.clone() };
    let until_then = Provision { valid_to: Some(at("2026-04-01T00:00:00Z")), ..all.clone() };
    assert_eq!(rules::clash(&all, &key).as_deref(), Some("password.min_length"));
    assert_eq!(rules::clash(&key, &system), None, "different classes");
    assert_eq!(rules::clash(&all, &other), None, "different parameters");
    assert_eq!(rules::clash(&all, &later).as_deref(), Some("password.min_length"), "the first has no end");
    assert_eq!(rules::clash(&until_then, &later), None, "one ends when the other begins");
}

#[test]
fn what_gives_way_keeps_what_was_not_taken() {
    let parameters = |json| provision(Policy::Password, json).parameters;
    let own = parameters(json!({ "password.min_length": 8, "password.history": 3 }));
    let taken = parameters(json!({ "password.min_length": { "key": 9, "system": 12 } }));
    let left = parameters(json!({ "password.min_length": { "business": 8 }, "password.history": 3 }));
    assert_eq!(rules::without(&own, &taken), left);
    assert_eq!(rules::without(&own, &own), Parameters::new());
    assert_eq!(rules::without(&own, &Parameters::new()), own);
}

#[test]
fn every_default_lies_in_the_bounds_of_its_parameter_and_names_what_it_serves() {
    for spec in ALL {
        assert!(Class::ALL.iter().all(|class| spec.kind.allows(&spec.default.of(*class))), "{}", spec.name);
        assert_eq!(spec.by_class, spec.by_class || matches!(spec.default, Default::ByClass(_)), "{}", spec.name);
        assert!(spec.name.starts_with(&format!("{}.", spec.policy.as_str())), "{}", spec.name);
        assert!(!spec.serves.is_empty(), "{}", spec.name);
    }
    let mut names: Vec<&str> = ALL.iter().map(|spec| spec.name).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), ALL.len(), "a name is used once");
}

// proves: ACC-09
#[test]
fn the_product_is_at_least_as_strict_as_any_document() {
    for preset in crate::presets() {
        for (name, given) in preset.clauses.iter().flat_map(|clause| &clause.parameters) {
            let spec = crate::catalogue::find(name).unwrap();
            for class in Class::ALL {
                let Some(asked) = given.of(class) else { continue };
                assert!(holds(spec.stricter, spec, class, asked), "{}: {name} of {class:?} is {asked}", preset.name);
            }
        }
    }
    fn holds(stricter: Stricter, spec: &crate::Spec, class: Class, asked: &Setting) -> bool {
        let place = |setting: &Setting| match (setting, spec.kind) {
            (Setting::Whole(number), _) => *number,
            (Setting::Word(word), crate::catalogue::Kind::Word { words }) => {
                words.iter().position(|known| known == word).unwrap() as i64
            }
            _ => 0,
        };
        let (own, asked) = (place(&spec.default.of(class)), place(asked));
        match stricter {
            Stricter::Higher => own >= asked,
            Stricter::Lower | Stricter::Earlier => own <= asked,
            Stricter::Neither => true,
        }
    }
}

#[test]
fn a_value_for_all_is_a_value_for_each_class() {
    assert!(Class::ALL.iter().all(|class| Given::whole(3).of(*class) == Some(&Setting::Whole(3))));
}
