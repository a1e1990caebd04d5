//! What a new password must be. Pure.

use hanlin_kernel::{FieldError, UnitId};
use hanlin_rulebook::{Class, Found, Mode, Rules, catalogue};
use jiff::Timestamp;

/// Longer ones make hashing dear and nothing safer.
const LONGEST: usize = 256;

/// The rules that hold for one account.
#[derive(Clone, Debug)]
pub struct PasswordRules {
    min_length: Found<usize>,
    composition: Found<catalogue::Composition>,
    blocked: Found<Vec<String>>,
    most_repeated: Found<usize>,
    most_consecutive: Found<usize>,
}

/// What is wrong with a password, and what the rule that says so asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Weakness {
    pub fault: FieldError,
    pub mode: Mode,
}

impl PasswordRules {
    pub fn of(rules: &Rules, unit: Option<UnitId>, at: Timestamp, class: Class) -> Self {
        Self {
            min_length: rules.parameter_for(unit, at, &catalogue::PASSWORD_MIN_LENGTH, class),
            composition: rules.parameter_for(unit, at, &catalogue::PASSWORD_COMPOSITION, class),
            blocked: rules.parameter(unit, at, &catalogue::PASSWORD_BLOCKED),
            most_repeated: rules.parameter(unit, at, &catalogue::PASSWORD_MOST_REPEATED),
            most_consecutive: rules.parameter(unit, at, &catalogue::PASSWORD_MOST_CONSECUTIVE),
        }
    }

    /// Everything that is weak about a password for the account of this login.
    pub fn weaknesses(&self, field: &str, password: &str, login: &str) -> Vec<Weakness> {
        let fault = |code: &str| FieldError::new(field, format!("access.password_{code}"));
        let folded = password.to_lowercase();
        let length = password.chars().count();
        let mut found = Vec::new();
        let mut note = |mode: Mode, fault: FieldError| found.push(Weakness { fault, mode });
        if length < self.min_length.value {
            note(self.min_length.mode, fault("too_short").with("characters", self.min_length.value));
        }
        if length > LONGEST {
            note(Mode::Block, fault("too_long").with("characters", LONGEST));
        }
        let missing = missing_kinds(password);
        match self.composition.value {
            catalogue::Composition::Required if missing => note(self.composition.mode, fault("too_uniform")),
            catalogue::Composition::Recommended if missing => note(Mode::Warn, fault("too_uniform")),
            _ => {}
        }
        if self.blocked.value.iter().any(|text| folded.contains(&text.to_lowercase())) {
            note(self.blocked.mode, fault("common"));
        }
        if longest_run(password, |one, next| one == next) > self.most_repeated.value {
            note(self.most_repeated.mode, fault("repeated").with("characters", self.most_repeated.value));
        }
        let rising = longest_run(password, follows);
        let falling = longest_run(password, |one, next| follows(next, one));
        if rising.max(falling) > self.most_consecutive.value {
            note(self.most_consecutive.mode, fault("consecutive").with("characters", self.most_consecutive.value));
        }
        if holds_login(&folded, login) {
            note(Mode::Block, fault("like_login"));
        }
        found
    }
}

/// Is one of the four kinds of characters missing: upper case, lower case, digits, others?
fn missing_kinds(password: &str) -> bool {
    let has = |kind: fn(char) -> bool| password.chars().any(kind);
    let other = |letter: char| !letter.is_uppercase() && !letter.is_lowercase() && !letter.is_numeric();
    !(has(char::is_uppercase) && has(char::is_lowercase) && has(char::is_numeric) && has(other))
}

/// How many characters in a row stand to each other like this.
fn longest_run(password: &str, pair: impl Fn(char, char) -> bool) -> usize {
    let letters: Vec<char> = password.chars().collect();
    let (mut run, mut longest) = (1, usize::from(!letters.is_empty()));
    for two in letters.windows(2) {
        run = if pair(two[0], two[1]) { run + 1 } else { 1 };
        longest = longest.max(run);
    }
    longest
}

/// `3` after `2`, `c` after `b`: only among digits and among the letters of the keyboard.
fn follows(one: char, next: char) -> bool {
    let (one, next) = (one.to_ascii_lowercase(), next.to_ascii_lowercase());
    let alike = one.is_ascii_digit() && next.is_ascii_digit() || one.is_ascii_lowercase() && next.is_ascii_lowercase();
    alike && u32::from(next) == u32::from(one) + 1
}

/// Does it contain the login, forwards or backwards? A login of one or two characters is no hint.
fn holds_login(folded: &str, login: &str) -> bool {
    let backwards: String = login.chars().rev().collect();
    login.chars().count() >= 3 && (folded.contains(login) || folded.contains(&backwards))
}
