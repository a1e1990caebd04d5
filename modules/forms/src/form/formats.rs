//! Forms of writing that are checked by name, and patterns of one sign a character. No regular expressions:
//! a designer's pattern can then never take long to match.

use jiff::civil::Date;

use super::Format;

impl Format {
    /// The key of the sentence that says what is expected.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Mobile => "forms.format_mobile",
            Self::Email => "forms.format_email",
            Self::Phone => "forms.format_phone",
            Self::IdNumber => "forms.format_id_number",
            Self::Digits => "forms.format_digits",
            Self::Letters => "forms.format_letters",
        }
    }

    pub(super) fn accepts(self, text: &str) -> bool {
        match self {
            Self::Mobile => is_mobile(text),
            Self::Email => is_email(text),
            Self::Phone => is_mobile(text) || is_landline(text),
            Self::IdNumber => is_id_number(text),
            Self::Digits => !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()),
            Self::Letters => !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphabetic()),
        }
    }

    /// Takes out what people write between digits, and writes the check letter large.
    pub(super) fn normalise(self, text: String) -> String {
        match self {
            Self::Mobile => text.chars().filter(|letter| !matches!(letter, ' ' | '-')).collect(),
            Self::IdNumber => text.chars().filter(|letter| *letter != ' ').collect::<String>().replace('x', "X"),
            Self::Phone => normal_phone(text),
            Self::Email | Self::Digits | Self::Letters => text,
        }
    }
}

fn is_mobile(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 11 && bytes.iter().all(u8::is_ascii_digit) && bytes[0] == b'1' && (b'3'..=b'9').contains(&bytes[1])
}

/// `010-62345678`, `0571-8765432`, with an extension behind a second `-`: an area code of three or four digits that
/// begins with 0, seven or eight digits, one to six of an extension. Also ten digits that begin with 400 or 800.
fn is_landline(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    if parts.iter().any(|part| part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit())) {
        return false;
    }
    let is_area = |area: &str| area.starts_with('0') && matches!(area.len(), 3 | 4);
    let is_number = |number: &str| matches!(number.len(), 7 | 8);
    match parts[..] {
        ["400" | "800", number] => number.len() == 7,
        ["400" | "800", first, second] => first.len() + second.len() == 7,
        [area, number] => is_area(area) && is_number(number),
        [area, number, extension] => is_area(area) && is_number(number) && extension.len() <= 6,
        _ => false,
    }
}

/// A mobile number without what people write between its digits; a landline without blanks.
fn normal_phone(text: String) -> String {
    let plain: String = text.chars().filter(|letter| *letter != ' ').collect();
    let digits = Format::Mobile.normalise(plain.clone());
    if is_mobile(&digits) { digits } else { plain }
}

/// Of RFC 5321 what office addresses use: no quotes, no address literals, a domain of two labels or more.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let local_sign = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~.-".contains(&byte);
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= 254
        && (1..=64).contains(&local.len())
        && local.bytes().all(local_sign)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && domain.contains('.')
        && domain.split('.').all(label)
}

/// GB 11643-1999: six digits of a district, a date of birth, three digits, and a check character by ISO 7064 MOD 11-2.
fn is_id_number(text: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: &[u8; 11] = b"10X98765432";
    let bytes = text.as_bytes();
    if bytes.len() != 18 || !bytes[..17].iter().all(u8::is_ascii_digit) || bytes[0] == b'0' {
        return false;
    }
    let sum: u32 = bytes.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    is_date_of_birth(&text[6..14]) && bytes[17] == CHECKS[(sum % 11) as usize]
}

fn is_date_of_birth(digits: &str) -> bool {
    let (year, month, day) = (digits[..4].parse(), digits[4..6].parse(), digits[6..].parse());
    match (year, month, day) {
        (Ok(year), Ok(month), Ok(day)) => (1800..2200).contains(&year) && Date::new(year, month, day).is_ok(),
        _ => false,
    }
}

/// Does the text follow the pattern ([`super::Field::pattern`])?
pub(super) fn follows(pattern: &str, text: &str) -> bool {
    let mut signs = pattern.chars();
    let mut letters = text.chars();
    while let Some(sign) = signs.next() {
        let Some(letter) = letters.next() else { return false };
        let fits = match sign {
            '9' => letter.is_ascii_digit(),
            'A' => letter.is_ascii_uppercase(),
            'a' => letter.is_ascii_alphabetic(),
            'x' => letter.is_ascii_alphanumeric(),
            '*' => true,
            '\\' => signs.next() == Some(letter),
            itself => letter == itself,
        };
        if !fits {
            return false;
        }
    }
    letters.next().is_none()
}

/// A pattern that can be followed at all: some signs, and nothing cut off after `\`.
pub(super) fn is_pattern(pattern: &str) -> bool {
    let mut signs = pattern.chars();
    let mut whole = true;
    while let Some(sign) = signs.next() {
        whole = sign != '\\' || signs.next().is_some();
    }
    !pattern.is_empty() && pattern.chars().count() <= 100 && whole
}
