//! Every code has its sentence in both languages, with the arguments it is given.

use std::collections::{BTreeMap, BTreeSet};

type Catalog = BTreeMap<String, String>;

const SOURCES: [&str; 18] = [
    include_str!("../expr/check.rs"),
    include_str!("../expr/error.rs"),
    include_str!("../expr/lexer.rs"),
    include_str!("../expr/parser.rs"),
    include_str!("../form/cells.rs"),
    include_str!("../form/changes.rs"),
    include_str!("../form/check.rs"),
    include_str!("../form/compute.rs"),
    include_str!("../form/declaration.rs"),
    include_str!("../form/fill.rs"),
    include_str!("../form/formats.rs"),
    include_str!("../form/layout.rs"),
    include_str!("../form/normalise.rs"),
    include_str!("../form/places.rs"),
    include_str!("../form/settings.rs"),
    include_str!("../form/table.rs"),
    include_str!("../form/validate.rs"),
    include_str!("../form/values.rs"),
];

fn catalogs() -> [Catalog; 2] {
    [include_str!("../../locales/zh-CN.json"), include_str!("../../locales/en.json")]
        .map(|text| serde_json::from_str(text).expect("a flat object"))
}

/// What the code says in quotes: whole codes, and the names that `forms.expr.` is put before.
fn codes_in_sources() -> BTreeSet<String> {
    let expressions = SOURCES[..4].iter().flat_map(|source| quoted(source)).filter(|text| is_name(text));
    let whole = SOURCES.iter().flat_map(|source| quoted(source)).filter(|text| text.starts_with("forms."));
    expressions.map(|name| format!("forms.expr.{name}")).chain(whole.map(str::to_owned)).collect()
}

fn quoted(source: &str) -> impl Iterator<Item = &str> {
    source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.split('"').skip(1).step_by(2))
}

fn is_name(text: &str) -> bool {
    text.contains('_') && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

#[test]
fn every_code_has_its_sentence_and_every_sentence_its_code() {
    let said = codes_in_sources();
    for catalog in catalogs() {
        // Functions and arguments are written like codes; only what the catalog does not know is asked for by name.
        let arguments = ["days_between", "is_null", "starts_with", "ends_with", "did_you_mean", "write_instead"];
        let unsaid: Vec<&String> = said
            .iter()
            .filter(|code| !catalog.contains_key(*code) && !arguments.iter().any(|name| code.ends_with(name)))
            .filter(|code| *code != "forms.expr.{code}")
            .collect();
        assert_eq!(unsaid, Vec::<&String>::new(), "codes without a sentence");
        let short = |code: &str| code.strip_prefix("forms.expr.").map(str::to_owned);
        let sources = SOURCES.concat();
        let unused: Vec<&String> = catalog
            .keys()
            .filter(|code| {
                !said.contains(*code) && !short(code).is_some_and(|name| sources.contains(&format!("\"{name}\"")))
            })
            .collect();
        assert_eq!(unused, Vec::<&String>::new(), "sentences without a code");
    }
}

#[test]
fn both_languages_use_the_same_arguments() {
    let arguments = |sentence: &str| -> BTreeSet<String> {
        sentence.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name.to_owned()).collect()
    };
    let [zh, en] = catalogs();
    assert_eq!(zh.keys().collect::<Vec<_>>(), en.keys().collect::<Vec<_>>());
    for (code, sentence) in &zh {
        assert_eq!(arguments(sentence), arguments(&en[code]), "{code}");
    }
}
