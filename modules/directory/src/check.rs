//! Whether what somebody typed can be what it is meant to be. Each problem names its field.

use hanlin_kernel::{Error, FieldError, Result, Text};
use jiff::tz::TimeZone;

const LONGEST_NAME: usize = 200;
const LONGEST_CODE: usize = 64;
const LONGEST_PURPOSE: usize = 1_000;

/// Collects the problems of one intent.
#[derive(Default)]
pub(crate) struct Check(Vec<FieldError>);

impl Check {
    pub(crate) fn name(mut self, field: &str, name: &Text) -> Self {
        self = self.word(field, &name.zh);
        match &name.en {
            Some(en) => self.word(field, en),
            None => self,
        }
    }

    /// Not empty, not too long, nothing but letters one can see.
    pub(crate) fn word(mut self, field: &str, word: &str) -> Self {
        if word.trim().is_empty() {
            self.0.push(FieldError::new(field, "directory.name_missing"));
        } else if word.chars().count() > LONGEST_NAME {
            self.0.push(FieldError::new(field, "directory.too_long").with("limit", LONGEST_NAME));
        } else if word.chars().any(char::is_control) {
            self.0.push(FieldError::new(field, "directory.control_characters"));
        }
        self
    }

    /// A letter, then letters, digits, `_`, `-` and `.`: what flows can name.
    pub(crate) fn code(mut self, field: &str, code: Option<&str>) -> Self {
        let Some(code) = code else { return self };
        let sound = code.starts_with(|first: char| first.is_ascii_alphabetic())
            && code.len() <= LONGEST_CODE
            && code.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-.".contains(letter));
        if !sound {
            self.0.push(FieldError::new(field, "directory.not_a_code").with("limit", LONGEST_CODE));
        }
        self
    }

    /// An employee number: short, one word, whatever its letters.
    pub(crate) fn number(mut self, field: &str, number: Option<&str>) -> Self {
        let sound = |number: &str| {
            !number.is_empty()
                && number.len() <= LONGEST_CODE
                && !number.contains(|c: char| c.is_whitespace() || c.is_control())
        };
        if number.is_some_and(|number| !sound(number)) {
            self.0.push(FieldError::new(field, "directory.not_a_number").with("limit", LONGEST_CODE));
        }
        self
    }

    pub(crate) fn time_zone(mut self, field: &str, zone: Option<&str>) -> Self {
        if zone.is_some_and(|zone| TimeZone::get(zone).is_err()) {
            self.0.push(FieldError::new(field, "directory.time_zone_unknown"));
        }
        self
    }

    /// Digits, perhaps `+` before and spaces or dashes between.
    pub(crate) fn phone(mut self, field: &str, phone: Option<&str>) -> Self {
        let Some(phone) = phone else { return self };
        let digits = phone.chars().filter(char::is_ascii_digit).count();
        let rest = phone.strip_prefix('+').unwrap_or(phone);
        let plain = rest.chars().all(|letter| letter.is_ascii_digit() || letter == ' ' || letter == '-');
        if !plain || !(3..=20).contains(&digits) {
            self.0.push(FieldError::new(field, "directory.not_a_phone"));
        }
        self
    }

    pub(crate) fn email(mut self, field: &str, email: Option<&str>) -> Self {
        let Some(email) = email else { return self };
        let (name, domain) = email.rsplit_once('@').unwrap_or_default();
        let plain = !email.chars().any(|letter| letter.is_whitespace() || letter.is_control());
        if name.is_empty() || domain.is_empty() || !plain || email.len() > LONGEST_NAME {
            self.0.push(FieldError::new(field, "directory.not_an_email"));
        }
        self
    }

    /// What something is for, in a few sentences.
    pub(crate) fn purpose(mut self, field: &str, purpose: &str) -> Self {
        if purpose.trim().is_empty() {
            self.0.push(FieldError::new(field, "directory.purpose_missing"));
        } else if purpose.chars().count() > LONGEST_PURPOSE {
            self.0.push(FieldError::new(field, "directory.too_long").with("limit", LONGEST_PURPOSE));
        }
        self
    }

    pub(crate) fn done(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self.0)) }
    }
}
