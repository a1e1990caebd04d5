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
    let sources = [include_str!("../actions.rs"), include_str!("../events.rs"), include_str!("../rules.rs")].concat();
    let refusals =
        ["seated_already", "seat_taken", "not_in_service", "unit_not_in_use", "seat_not_in_force", "another_seat"];
    for code in zh.keys() {
        let last = code.rsplit('.').next().unwrap_or_default();
        assert!(sources.contains(&format!("\"{code}\"")) || refusals.contains(&last), "nothing says {code}");
    }
    for refusal in refusals {
        assert!(zh.contains_key(&format!("seats.{refusal}")), "no sentence for {refusal}");
    }
}
