//! Every code that reading and rehearsing can say has its sentence in both languages.

use std::collections::{BTreeMap, BTreeSet};

const SOURCES: &[&str] = &[
    include_str!("../../package/check.rs"),
    include_str!("../../package/check/after.rs"),
    include_str!("../../package/check/authorities.rs"),
    include_str!("../../package/check/calls.rs"),
    include_str!("../../package/check/readers.rs"),
    include_str!("../../package/check/free.rs"),
    include_str!("../../effects.rs"),
    include_str!("../../package/check/effects.rs"),
    include_str!("../../package/check/waits.rs"),
    include_str!("../../package/check/webhooks.rs"),
    include_str!("../../package/names.rs"),
    include_str!("../../package/reader.rs"),
    include_str!("../../package/registers.rs"),
    include_str!("../../package/tree.rs"),
    include_str!("../../package/decode/mod.rs"),
    include_str!("../../package/decode/authority.rs"),
    include_str!("../../package/decode/calls.rs"),
    include_str!("../../package/decode/cases.rs"),
    include_str!("../../package/decode/effects.rs"),
    include_str!("../../package/decode/form.rs"),
    include_str!("../../package/decode/free.rs"),
    include_str!("../../package/decode/lanes.rs"),
    include_str!("../../package/decode/paper.rs"),
    include_str!("../../package/decode/people.rs"),
    include_str!("../../package/decode/readers.rs"),
    include_str!("../../package/decode/route.rs"),
    include_str!("../../package/decode/vote.rs"),
    include_str!("../../package/decode/waits.rs"),
    include_str!("../../package/decode/webhooks.rs"),
    include_str!("../../package/installation.rs"),
    include_str!("../../package/rehearse/mod.rs"),
    include_str!("../../package/rehearse/besides.rs"),
    include_str!("../../package/rehearse/compare.rs"),
    include_str!("../../package/rehearse/effects.rs"),
    include_str!("../../package/rehearse/house.rs"),
    include_str!("../../package/rehearse/paper.rs"),
    include_str!("../../package/rehearse/play.rs"),
];

/// The words in quotes of a source: whatever code it says is among them.
fn quoted() -> BTreeSet<&'static str> {
    SOURCES.iter().flat_map(|source| source.split('"').skip(1).step_by(1)).collect()
}

#[test]
fn every_sentence_of_packages_is_said_somewhere_and_in_both_languages() {
    let read = |text| serde_json::from_str::<BTreeMap<String, String>>(text).unwrap();
    let zh = read(include_str!("../../../locales/zh-CN.json"));
    let en = read(include_str!("../../../locales/en.json"));
    let of_packages = |catalog: &BTreeMap<String, String>| -> BTreeSet<String> {
        catalog.keys().filter_map(|code| code.strip_prefix("workflow.package.")).map(str::to_owned).collect()
    };
    assert_eq!(of_packages(&zh), of_packages(&en));
    let quoted = quoted();
    for code in of_packages(&en).iter().filter(|code| *code != "did_you_mean") {
        let last = code.rsplit('.').next().unwrap();
        assert!(quoted.contains(last), "nothing says workflow.package.{code}");
    }
}

#[test]
fn every_code_in_the_sources_has_a_sentence() {
    let en: BTreeMap<String, String> = serde_json::from_str(include_str!("../../../locales/en.json")).unwrap();
    let mut said = 0;
    for source in SOURCES {
        for (opening, prefix) in [
            ("Problem::at(", ""),
            ("Problem::warning(", ""),
            (".refuse(", ""),
            ("Failure::new(", "test."),
            ("reader.parsed(", ""),
            ("reader.map(", "what."),
            ("reader.list(", "what."),
        ] {
            for call in source.split(opening).skip(1) {
                let call = call.split(';').next().unwrap_or_default();
                let Some(code) = call.split('"').nth(1) else { continue };
                let plain = code.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_');
                let first = call.split(['"']).next().unwrap_or_default();
                // Only calls whose first words in quotes are the code itself.
                if plain && !first.contains("format!") && !first.contains(".with(") {
                    assert!(
                        en.contains_key(&format!("workflow.package.{prefix}{code}")),
                        "no sentence for {prefix}{code}"
                    );
                    said += 1;
                }
            }
        }
    }
    assert!(said > 60, "the sources were looked through: {said}");
}
