//! What people's names are sorted and found by: pinyin, its first letters, and every ending of both.

use std::collections::BTreeSet;

use pinyin::ToPinyin;

use crate::model::Person;

/// Surnames read otherwise than the character usually is. Two characters first.
const SURNAMES: &[(&str, &[&str])] = &[
    ("万俟", &["mo", "qi"]),
    ("尉迟", &["yu", "chi"]),
    ("长孙", &["zhang", "sun"]),
    ("澹台", &["tan", "tai"]),
    ("单", &["shan"]),
    ("曾", &["zeng"]),
    ("仇", &["qiu"]),
    ("解", &["xie"]),
    ("查", &["zha"]),
    ("任", &["ren"]),
    ("区", &["ou"]),
    ("朴", &["piao"]),
    ("盖", &["ge"]),
    ("覃", &["qin"]),
    ("翟", &["zhai"]),
    ("缪", &["miao"]),
    ("种", &["chong"]),
    ("冼", &["xian"]),
    ("召", &["shao"]),
    ("黑", &["he"]),
    ("员", &["yun"]),
    ("乐", &["yue"]),
    ("尉", &["wei"]),
    ("祭", &["zhai"]),
    ("洗", &["xian"]),
];

/// One reading of a part of a name: a Chinese character with its pinyin, or a word in other letters as it stands.
struct Part {
    written: String,
    read: String,
}

/// The key that lists of people are sorted by: syllables with a space between, so that `li min` stands before `lian`.
pub fn sort_key(name: &str) -> String {
    parts(name).into_iter().map(|part| part.read).collect::<Vec<_>>().join(" ")
}

/// The first letter of each syllable or word.
pub fn initials(name: &str) -> String {
    parts(name).iter().filter_map(|part| part.read.chars().next()).collect()
}

/// What a query is made to before it is compared with terms: lower case, without spaces and dashes.
pub fn fold(query: &str) -> String {
    query
        .chars()
        .filter(|letter| !letter.is_whitespace() && !"'-·".contains(*letter))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Everything a person is found by; a query finds him if one of these begins with it.
pub(crate) fn terms(person: &Person) -> BTreeSet<String> {
    let parts = parts(&person.name);
    let mut terms = BTreeSet::new();
    for start in 0..parts.len() {
        let ending = &parts[start..];
        terms.insert(ending.iter().map(|part| part.written.as_str()).collect());
        terms.insert(ending.iter().map(|part| part.read.as_str()).collect());
        terms.insert(ending.iter().filter_map(|part| part.read.chars().next()).collect());
    }
    let numbers = [&person.employee_number, &person.mobile, &person.office_phone, &person.email];
    terms.extend(numbers.into_iter().flatten().map(|number| fold(number)));
    // The last part of a telephone number is its extension.
    terms.extend(person.office_phone.iter().filter_map(|phone| phone.rsplit(['-', ' ']).next()).map(fold));
    terms.remove("");
    terms
}

fn parts(name: &str) -> Vec<Part> {
    let surname = SURNAMES.iter().find(|(written, _)| name.starts_with(written));
    let mut parts: Vec<Part> = Vec::new();
    let mut word = false;
    for (index, letter) in name.chars().enumerate() {
        let special = surname.and_then(|(_, syllables)| syllables.get(index).copied());
        if let Some(syllable) = special.or_else(|| letter.to_pinyin().map(|pinyin| pinyin.plain())) {
            parts.push(Part { written: letter.to_string(), read: syllable.replace('ü', "v") });
            word = false;
        } else if letter.is_alphanumeric() {
            let lower: String = letter.to_lowercase().collect();
            match parts.last_mut() {
                Some(part) if word => {
                    part.written.push_str(&lower);
                    part.read.push_str(&lower);
                }
                _ => parts.push(Part { written: lower.clone(), read: lower }),
            }
            word = true;
        } else {
            word = false;
        }
    }
    parts
}
