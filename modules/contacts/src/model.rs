use hanlin_directory::model::{Person, Place};
use hanlin_kernel::{PersonId, Text};
use hanlin_rulebook::Source;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What somebody can complete of his own profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ProfileField)]
pub enum Field {
    Mobile,
    OfficePhone,
    Email,
}

impl Field {
    /// The field of this word of the rulebook.
    pub fn of_word(word: &str) -> Option<Self> {
        match word {
            "mobile" => Some(Self::Mobile),
            "office_phone" => Some(Self::OfficePhone),
            "email" => Some(Self::Email),
            _ => None,
        }
    }

    pub fn of(self, person: &Person) -> Option<&str> {
        match self {
            Self::Mobile => person.mobile.as_deref(),
            Self::OfficePhone => person.office_phone.as_deref(),
            Self::Email => person.email.as_deref(),
        }
    }

    /// As a notification names it, in whichever language it is read.
    pub fn name(self) -> Text {
        match self {
            Self::Mobile => Text::new("手机", "mobile number"),
            Self::OfficePhone => Text::new("办公电话", "office phone"),
            Self::Email => Text::new("单位邮箱", "company mailbox"),
        }
    }
}

/// What the rules ask of a person's profile, and which clauses say so.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Due {
    pub required: Vec<Field>,
    /// None: a mailbox anywhere will do.
    pub domains: Vec<String>,
    pub required_by: Option<Source>,
    pub domains_by: Option<Source>,
}

/// A person in service with what his profile lacks.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Measured {
    pub person: PersonId,
    /// Of his main appointment.
    pub place: Place,
    pub missing: Vec<Field>,
}
