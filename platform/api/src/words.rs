use std::collections::BTreeMap;

use hanlin_kernel::Locale;
use serde_json::{Map, Value};

/// The sentences of all modules: code → words, with `{name}` places for arguments.
#[derive(Clone, Debug, Default)]
pub struct Words {
    zh: BTreeMap<String, String>,
    en: BTreeMap<String, String>,
}

/// The platform's own sentences.
pub const PLATFORM: (&str, &str) = (include_str!("../locales/zh-CN.json"), include_str!("../locales/en.json"));

impl Words {
    /// Joins the catalogs of the platform and of these modules. An error names the catalog that does not read.
    pub fn of(catalogs: impl IntoIterator<Item = (&'static str, &'static str)>) -> anyhow::Result<Self> {
        let mut words = Self::default();
        for (zh, en) in std::iter::once(PLATFORM).chain(catalogs) {
            words.zh.extend(serde_json::from_str::<BTreeMap<String, String>>(zh)?);
            words.en.extend(serde_json::from_str::<BTreeMap<String, String>>(en)?);
        }
        Ok(words)
    }

    /// The sentence for a code with its arguments; the code itself where there is none (a test keeps that from happening).
    pub fn say(&self, locale: Locale, code: &str, args: &Map<String, Value>) -> String {
        let catalog = if locale == Locale::En { &self.en } else { &self.zh };
        let mut sentence = catalog.get(code).cloned().unwrap_or_else(|| code.to_owned());
        for (name, value) in args {
            let value = match value {
                Value::String(text) => text.clone(),
                Value::Object(text) => localized(text, locale),
                other => other.to_string(),
            };
            sentence = sentence.replace(&format!("{{{name}}}"), &value);
        }
        sentence
    }

    /// Codes that lack a sentence in one of the languages.
    pub fn one_sided(&self) -> Vec<&str> {
        let without = |a: &'_ BTreeMap<String, String>, b: &BTreeMap<String, String>| -> Vec<String> {
            a.keys().filter(|code| !b.contains_key(*code)).cloned().collect()
        };
        let missing = [without(&self.zh, &self.en), without(&self.en, &self.zh)].concat();
        self.zh.keys().chain(self.en.keys()).filter(|code| missing.contains(code)).map(String::as_str).collect()
    }

    pub fn knows(&self, code: &str) -> bool {
        self.zh.contains_key(code) && self.en.contains_key(code)
    }
}

/// An argument that is a `Text` in itself.
fn localized(text: &Map<String, Value>, locale: Locale) -> String {
    let wanted = if locale == Locale::En { ["en", "zh"] } else { ["zh", "en"] };
    wanted.iter().find_map(|name| text.get(*name).and_then(Value::as_str)).unwrap_or_default().to_owned()
}
