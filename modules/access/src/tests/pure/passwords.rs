//! What a new password must be. No database.

use std::sync::Arc;

use hanlin_directory::cast::{self, QINGLAN};
use hanlin_kernel::Text;
use hanlin_rulebook::{Class, ClauseId, Mode, Policy, Provision, Rulebook, Rules, Source, Standing};
use jiff::Timestamp;

use crate::password::PasswordRules;

const NOW: &str = "2026-03-02T01:00:00Z";

fn rules(parameters: serde_json::Value, mode: Mode) -> Rules {
    let provision = Provision {
        text: Text::zh("口令"),
        policy: Policy::Password,
        mode,
        parameters: serde_json::from_value(parameters).unwrap(),
        valid_from: Timestamp::UNIX_EPOCH,
        valid_to: None,
    };
    let source = Source { clause: ClauseId::fixed(1), unit: QINGLAN, number: "1".into(), version: 1 };
    let standing = Standing { source, provision };
    Rules { rulebook: Arc::new(Rulebook::of(vec![standing])), directory: Arc::new(cast::snapshot()) }
}

fn codes(rules: &Rules, class: Class, password: &str) -> Vec<String> {
    let rules = PasswordRules::of(rules, Some(QINGLAN), NOW.parse().unwrap(), class);
    let weaknesses = rules.weaknesses("new", password, "linxiao");
    let code = |fault: &str| fault.strip_prefix("access.password_").unwrap().to_owned();
    weaknesses.iter().map(|weakness| code(&weakness.fault.code)).collect()
}

// proves: ACC-08, ACC-09, ACC-10
#[test]
fn weak_passwords_are_found_by_the_products_own_rules() {
    let rules = rules(serde_json::json!({ "password.history": 5 }), Mode::Block);
    let table: &[(&str, &[&str])] = &[
        ("Teich+Reiher4", &[]),
        ("清风 Mingyue 7", &[]),
        ("Ab1+x", &["too_short"]),
        ("teichreiher", &["too_uniform"]),
        ("Teich+Reiher", &["too_uniform"]),
        ("Xy+111111z", &["common", "repeated"]),
        ("Xy+123456z", &["common", "consecutive"]),
        ("Xy+7654+Zq", &["consecutive"]),
        ("Xy+abcd+9Q", &["consecutive"]),
        ("Xy+DcBa+9Q", &["consecutive"]),
        ("Xy+7777+Zq", &["repeated"]),
        ("My-PassWord-9", &["common"]),
        ("LinXiao-2+Q", &["like_login"]),
        ("Q-oaixnil-2", &["like_login"]),
        ("Xy+123+890Q", &[]),
    ];
    for (password, expected) in table {
        assert_eq!(codes(&rules, Class::Business, password), *expected, "{password}");
    }
}

// proves: ACC-02, ACC-08
#[test]
fn the_length_differs_between_classes_of_accounts() {
    let lengths = serde_json::json!({ "password.min_length": { "business": 6, "key": 8, "system": 11 } });
    let rules = rules(lengths, Mode::Block);
    for (class, long_enough) in [(Class::Business, "Xy+7Qz"), (Class::Key, "Xy+7Qz-4"), (Class::System, "Xy+7Qz-4/Wf")]
    {
        assert_eq!(codes(&rules, class, long_enough), Vec::<String>::new(), "{class:?}");
        let shorter: String = long_enough.chars().skip(1).collect();
        assert!(codes(&rules, class, &shorter).contains(&"too_short".to_owned()), "{class:?}");
    }
}

// proves: ACC-09
#[test]
fn a_recommendation_is_told_and_blocks_nothing() {
    let recommended = rules(serde_json::json!({ "password.composition": "recommended" }), Mode::Block);
    let of = PasswordRules::of(&recommended, Some(QINGLAN), NOW.parse().unwrap(), Class::Business);
    let weaknesses = of.weaknesses("new", "teichreiher", "linxiao");
    assert_eq!(weaknesses.iter().map(|weakness| weakness.mode).collect::<Vec<_>>(), [Mode::Warn]);
    let none = rules(serde_json::json!({ "password.composition": "none" }), Mode::Block);
    assert_eq!(codes(&none, Class::Business, "teichreiher"), Vec::<String>::new());
}

#[test]
fn a_password_as_long_as_a_book_is_refused() {
    let rules = rules(serde_json::json!({ "password.history": 5 }), Mode::Block);
    let long = "Teich+Reiher4".repeat(100);
    assert_eq!(codes(&rules, Class::Business, &long), ["too_long"]);
}
