//! What people's names are sorted and found by: pinyin, its first letters, and every ending of both.

use std::collections::BTreeSet;

use hanlin_kernel::Text;
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

/// Surnames of two characters that are read as they are written.
const DOUBLE: [&str; 10] = ["欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "慕容", "令狐", "司徒", "夏侯"];

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
        .filter(|letter| !letter.is_whitespace() && !"'-·()（）".contains(*letter))
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
    // 0571-8888-8001 is found by 8888-8001 and by its extension 8001, xiao.lin@… by lin.
    terms.extend(
        person.office_phone.iter().flat_map(|phone| endings(phone, &['-', ' ', '(', ')', '（', '）', '转', '#'])),
    );
    terms.extend(
        person.email.iter().flat_map(|email| endings(email, &['.', '_'])).filter(|ending| ending.contains('@')),
    );
    // People remember a mobile number by its last four digits.
    let last = |mobile: &String| mobile.len().checked_sub(4).and_then(|from| mobile.get(from..)).map(fold);
    terms.extend(person.mobile.iter().filter_map(last));
    terms.remove("");
    terms
}

/// Every ending that begins behind one of the marks.
fn endings<'a>(text: &'a str, marks: &'a [char]) -> impl Iterator<Item = String> + 'a {
    text.match_indices(marks).map(|(at, mark)| fold(&text[at + mark.len()..]))
}

/// A mobile number as it is kept, so that one number is written one way: without spaces, dashes and the code of China.
pub fn plain_mobile(typed: &str) -> String {
    let digits: String = typed.chars().filter(|letter| !letter.is_whitespace() && *letter != '-').collect();
    let national = digits.strip_prefix("+86").or(digits.strip_prefix("0086"));
    national.filter(|number| number.len() == 11 && number.starts_with('1')).map_or(digits.clone(), str::to_owned)
}

/// How the name of a post or a place sounds: what [`Heard::means`] compares.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    written: String,
    english: Option<String>,
    read: String,
    /// The bytes of the first two syllables; none where there is one only.
    opening: Option<usize>,
    initials: String,
}

impl Heard {
    pub(crate) fn of(name: &Text) -> Self {
        let parts = parts(&name.zh);
        let opening = parts.get(..2).map(|opening| opening.iter().map(|part| part.read.len()).sum());
        Self {
            written: fold(&name.zh),
            english: name.en.as_deref().map(fold),
            read: parts.iter().map(|part| part.read.as_str()).collect(),
            opening,
            initials: parts.iter().filter_map(|part| part.read.chars().next()).collect(),
        }
    }

    /// Does what was typed mean a post or a place of this name: a part of it as it is written, or its beginning read
    /// aloud, by two syllables or three initials at least? Less would find half the organisation when a person is looked
    /// for.
    pub(crate) fn means(&self, folded: &str) -> bool {
        if !folded.is_ascii() {
            return self.written.contains(folded);
        }
        let aloud = self.opening.is_some_and(|opening| folded.len() >= opening) && self.read.starts_with(folded);
        let part =
            || self.initials.starts_with(folded) || self.english.as_deref().is_some_and(|en| en.contains(folded));
        aloud || folded.len() > 2 && part()
    }
}

/// Family name and given name, as far as a name tells.
pub fn family_and_given(name: &str) -> (String, String) {
    if name.chars().next().is_some_and(|first| first.to_pinyin().is_some()) {
        let long = SURNAMES
            .iter()
            .map(|(written, _)| *written)
            .chain(DOUBLE)
            .find(|two| two.chars().count() == 2 && name.starts_with(two) && name.chars().count() > 2);
        let family = long.map_or_else(|| name.chars().take(1).collect(), str::to_owned);
        let given = name[family.len()..].trim().to_owned();
        return (family, given);
    }
    match name.trim().rsplit_once(' ') {
        Some((given, family)) => (family.to_owned(), given.trim().to_owned()),
        None => (name.trim().to_owned(), String::new()),
    }
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
