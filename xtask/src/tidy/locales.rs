//! What a module may say, it says in both languages, with the same arguments.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Finding;
use crate::sources::Source;

/// The source language, then the other.
const LOCALES: [&str; 2] = ["zh-CN", "en"];

/// Each folder with one locale has both, and both have the same codes with the same placeholders.
pub(crate) fn complete(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut folders = BTreeSet::new();
    for source in sources.iter().filter(|source| source.has_extension(&["json"])) {
        if let Some((folder, name)) = source.path.rsplit_once('/')
            && LOCALES.iter().any(|locale| name.strip_suffix(".json") == Some(locale))
        {
            folders.insert(folder);
        }
    }
    for folder in folders {
        let paths = LOCALES.map(|locale| format!("{folder}/{locale}.json"));
        let texts = paths.each_ref().map(|path| sources.iter().find(|source| source.path == *path));
        match texts {
            [Some(first), Some(second)] => findings.extend(differences(first, second)),
            _ => findings.push(Finding::new(folder, 0, format!("needs both {} and {}", paths[0], paths[1]))),
        }
    }
    findings
}

fn differences(first: &Source, second: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut parsed = Vec::new();
    for source in [first, second] {
        match serde_json::from_str::<serde_json::Map<String, Value>>(&source.text) {
            Ok(words) => parsed.push(words),
            Err(error) => findings.push(Finding::new(&source.path, error.line(), error.to_string())),
        }
    }
    let [ours, theirs] = parsed.as_slice() else { return findings };
    for (words, other, source) in [(ours, theirs, second), (theirs, ours, first)] {
        for code in words.keys().filter(|code| !other.contains_key(*code)) {
            findings.push(Finding::new(&source.path, 0, format!("has no sentence for \"{code}\"")));
        }
    }
    for (code, sentence) in ours {
        for (source, sentence) in [(first, Some(sentence)), (second, theirs.get(code))] {
            if sentence.is_some_and(|sentence| sentence.as_str().is_none_or(|text| text.trim().is_empty())) {
                findings.push(Finding::new(&source.path, 0, format!("\"{code}\" is no sentence")));
            }
        }
        if let Some(other) = theirs.get(code)
            && placeholders(sentence) != placeholders(other)
        {
            findings.push(Finding::new(
                &second.path,
                0,
                format!("\"{code}\" has other placeholders than {}", first.path),
            ));
        }
    }
    findings
}

/// The names in braces.
fn placeholders(sentence: &Value) -> BTreeSet<&str> {
    sentence
        .as_str()
        .unwrap_or_default()
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
        .collect()
}
