//! Every code has its sentence in both languages, with the same places, and every sentence its code.

use std::collections::{BTreeMap, BTreeSet};

fn places(sentence: &str) -> BTreeSet<String> {
    sentence.split('{').skip(1).filter_map(|rest| rest.split('}').next()).map(str::to_owned).collect()
}

#[test]
fn every_code_has_its_sentence_and_every_sentence_its_code() {
    let read = |text: &str| serde_json::from_str::<BTreeMap<String, String>>(text).expect("a flat catalogue");
    let zh = read(include_str!("../../locales/zh-CN.json"));
    let en = read(include_str!("../../locales/en.json"));
    assert_eq!(zh.keys().collect::<Vec<_>>(), en.keys().collect::<Vec<_>>());
    for (code, sentence) in &zh {
        assert_eq!(places(sentence), places(&en[code]), "{code}");
    }
    let sources = [
        include_str!("../actions.rs"),
        include_str!("../consequences.rs"),
        include_str!("../effects.rs"),
        include_str!("../events.rs"),
        include_str!("../hand_over.rs"),
        include_str!("../policy.rs"),
        include_str!("../rules.rs"),
        include_str!("../views.rs"),
    ]
    .concat();
    let refusals = [
        "not_in_state",
        "effective_in_the_past",
        "change_refused",
        "not_all_ticked",
        "nothing_to_tick",
        "nothing_to_turn_back",
        "no_successor",
        "changes_missing",
        "not_reviewed",
        "own_draft",
        "nothing_to_review",
        "given_back",
        "no_appointment",
        "already_there",
        "flow_needed",
        "flow_not_ended",
        "flow_revoked",
    ];
    for code in zh.keys() {
        let last = code.rsplit('.').next().unwrap_or_default();
        let said = sources.contains(&format!("\"{code}\"")) || sources.contains(&format!("\"{last}\""));
        assert!(said || refusals.contains(&last), "nothing says {code}");
    }
    let literals = sources.split("\"orders.").skip(1).filter_map(|rest| rest.split('"').next());
    for code in literals.filter(|code| !code.contains("_due") && !code.contains('{')) {
        assert!(zh.contains_key(&format!("orders.{code}")), "no sentence for orders.{code}");
    }
}
